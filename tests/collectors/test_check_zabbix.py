"""A real Zabbix with hosts that work, are silent, have problems or rest, read with a poor token."""

import json
import shutil
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from collectors.checks.zabbix import CHECK, Params
from collectors.observation import Observation, Outcome, Sighting
from collectors.target import Target, Token
from tests.collectors.conftest import SNMPD, free_port, new_snmpd
from tests.collectors.daemons import free_tcp_port
from tests.collectors.source_server import Answer, Request, SourceServer
from tests.collectors.zabbix_server import ZabbixServer, zabbix_server
from tests.conftest import require
from tests.waiting import wait_for

SYS_UP_TIME = "1.3.6.1.2.1.1.3.0"
PORT_ITEM = "net.tcp.service[tcp,,{$PORT}]"
SNMP, SIMPLE = 20, 3
TYPE_SNMP, UNSIGNED, USER_ROLE, READ_ONLY, ALL_YEARS_S = 2, 3, "1", 2, 880_000_000
HIGH, WARNING = 4, 2


@dataclass
class City:
    """What a Zabbix watches: hosts of the group Wi-Fi, and one that the token may not see."""

    zabbix: ZabbixServer
    group: str
    snmp_port: int
    closed_port: int
    token: str = ""

    def host(self, technical: str, port: int, **more: Any) -> str:
        details = {"version": 2, "community": "public"}
        place = {"type": TYPE_SNMP, "main": 1, "useip": 1, "ip": "127.0.0.1", "dns": ""}
        interface = {**place, "port": str(port), "details": details}
        groups = [{"groupid": self.group}]
        wanted = {"host": technical, "groups": groups, "interfaces": [interface], **more}
        return self.zabbix.create("host", **wanted)

    def item(self, host: str, key: str, kind: int, **more: Any) -> str:
        found = self.zabbix.call("hostinterface.get", {"hostids": host, "output": ["interfaceid"]})
        return self.zabbix.create(
            "item",
            name=key,
            key_=key,
            hostid=host,
            interfaceid=found[0]["interfaceid"],
            type=kind,
            value_type=UNSIGNED,
            delay="1s",
            **more,
        )

    def uptime_item(self, host: str) -> str:
        return self.item(host, "uptime", SNMP, snmp_oid=SYS_UP_TIME)

    def observe(self, token: str = "", deadline_s: float = 20, **params: Any) -> Observation:
        target = Target("zabbix", "127.0.0.1", credentials=Token(token or self.token))
        access = {"scheme": "http", "port": self.zabbix.port, "path": ""}
        return CHECK.observe(target, Params(**{**access, **params}), deadline_s)

    def by_name(self, **params: Any) -> dict[str, Sighting]:
        return {each.name: each for each in self.observe(**params).sightings}

    def outcomes(self, **params: Any) -> dict[str, Outcome | None]:
        return {name: each.outcome for name, each in self.by_name(**params).items()}


def reader(zabbix: ZabbixServer, group: str) -> str:
    """Return the token of a user who may read one host group, and do nothing else."""
    rights = [{"id": group, "permission": READ_ONLY}]
    users = zabbix.create("usergroup", name="netmon", rights=rights)
    user = zabbix.create(
        "user",
        username="netmon",
        passwd="Quite-l0ng-phrase",  # noqa: S106 - of a Zabbix that lives for this test
        roleid=USER_ROLE,
        usrgrps=[{"usrgrpid": users}],
    )
    token = zabbix.create("token", name="netmon", userid=user)
    return str(zabbix.call("token.generate", [token])[0]["token"])


def furnish(city: City) -> None:
    """Create the hosts, before the server starts: it looks for maintenance then at once."""
    inventory = {"inventory_mode": 0, "inventory": {"macaddress_a": "02-00-5E-50-00-01"}}
    ports = [{"macro": "{$PORT}", "value": str(city.zabbix.port)}]
    city.uptime_item(works := city.host("ap-works", city.snmp_port, macros=ports, **inventory))
    city.item(works, PORT_ITEM, SIMPLE)
    city.uptime_item(city.host("ap-silent", free_port()))
    city.host("ap-never-asked", free_port())
    ports = [{"macro": "{$PORT}", "value": str(city.closed_port)}]
    city.uptime_item(slow := city.host("ap-slow", city.snmp_port, macros=ports, name="Trage AP"))
    city.item(slow, PORT_ITEM, SIMPLE)
    expression = f"last(/ap-slow/{PORT_ITEM})=0"
    for severity, name in ((HIGH, "Geen pagina op {HOST.NAME}\n\u202e"), (WARNING, "Traag")):
        city.zabbix.create("trigger", description=name, expression=expression, priority=severity)
    city.uptime_item(rests := city.host("ap-rests", free_port()))
    begin = 1_262_304_000
    period = {"timeperiod_type": 0, "start_date": begin, "period": ALL_YEARS_S}
    city.zabbix.create(
        "maintenance",
        name="works",
        active_since=begin,
        active_till=begin + ALL_YEARS_S,
        hostids=[rests],
        timeperiods=[period],
    )
    city.host("ap-switched-off", free_port(), status=1)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    require("snmpd", SNMPD is not None)
    require("php-cli", shutil.which("php") is not None)
    with ExitStack() as stack:
        zabbix = stack.enter_context(zabbix_server())
        agent = new_snmpd(tmp_path_factory.mktemp("snmpd"))
        agent.start()
        stack.callback(agent.stop)
        group = zabbix.create("hostgroup", name="Wi-Fi")
        made = City(zabbix, group, agent.port, free_tcp_port())
        furnish(made)
        other = zabbix.create("hostgroup", name="Elsewhere")
        City(zabbix, other, agent.port, 0).host("not-ours", free_port())
        made.token = reader(zabbix, group)
        stack.enter_context(zabbix.monitoring())
        expected = {"ap-works": Outcome.OK, "ap-silent": Outcome.TIMEOUT}
        expected |= {"Trage AP": Outcome.CONTENT}
        wait_for(
            lambda: (
                expected.items() <= made.outcomes().items()
                and "maintenance" in made.by_name()["ap-rests"].detail
            ),
            within_s=90,
            what=f"Zabbix has made up its mind: {expected}",
        )
        yield made


def test_the_interfaces_say_what_works(city: City) -> None:
    seen = city.observe()
    assert (seen.outcome, seen.detail, seen.lists_all) == (Outcome.OK, "", False)
    assert city.outcomes() == {
        "ap-works": Outcome.OK,
        "ap-silent": Outcome.TIMEOUT,
        "ap-never-asked": None,
        "Trage AP": Outcome.CONTENT,
        "ap-rests": None,
        "ap-switched-off": None,
    }


def test_a_host_is_named_and_found_by_the_mac_of_its_inventory(city: City) -> None:
    found = city.by_name()["ap-works"]
    assert (found.mac, found.address, found.detail) == ("02:00:5e:50:00:01", "127.0.0.1", "")


def test_the_worst_problem_speaks_cleaned_and_dated(city: City) -> None:
    detail = city.by_name()["Trage AP"].detail
    assert detail.startswith("Geen pagina op Trage AP since 20") and detail.endswith(" UTC")
    assert detail.isprintable()


def test_problems_below_the_severity_do_not_count(city: City) -> None:
    assert city.by_name(min_severity=5)["Trage AP"].outcome is Outcome.OK
    assert city.by_name(min_severity=4)["Trage AP"].outcome is Outcome.CONTENT


def test_what_rests_and_what_nobody_watches_says_nothing(city: City) -> None:
    found = city.by_name()
    assert found["ap-rests"].detail == "in maintenance in Zabbix"
    assert found["ap-switched-off"].detail == "Zabbix does not monitor it"
    assert found["ap-never-asked"].detail == "Zabbix does not know whether it works"


def test_an_item_decides_where_it_is_named_and_dates_its_word(city: City) -> None:
    def both_are_known() -> dict[str, Sighting] | None:
        found = city.by_name(item=PORT_ITEM, min_severity=5)
        return found if found["ap-works"].outcome and found["Trage AP"].outcome else None

    found = wait_for(both_are_known, within_s=20, what="the items have values")
    assert found["ap-works"].outcome is Outcome.OK
    assert found["Trage AP"].outcome is Outcome.TIMEOUT
    assert found["ap-silent"].outcome is None
    seen = city.observe(item=PORT_ITEM)
    (at,) = [each.at for each in seen.sightings if each.name == "ap-works"]
    assert at is not None and timedelta(0) <= seen.at - at < timedelta(seconds=30)


def test_a_group_restricts_and_must_be_there(city: City) -> None:
    assert city.outcomes(group="Wi-Fi") == city.outcomes()
    for hidden in ("Elsewhere", "No such group"):
        seen = city.observe(group=hidden)
        assert seen.outcome is Outcome.CONTENT
        assert seen.detail == f"Zabbix shows this token no host group {hidden}"


@pytest.mark.parametrize("token", ["0" * 64, "short", "' OR 1=1 --", "é\n"])
def test_a_wrong_token_is_refused(city: City, token: str) -> None:
    seen = city.observe(token=token)
    assert seen.outcome is Outcome.AUTH and token not in seen.detail


def test_a_problem_that_ends_and_comes_back_is_seen(city: City) -> None:
    with socket.create_server(("127.0.0.1", city.closed_port)):
        wait_for(
            lambda: city.outcomes()["Trage AP"] is Outcome.OK, within_s=30, what="no problem left"
        )
    wait_for(
        lambda: city.outcomes()["Trage AP"] is Outcome.CONTENT, within_s=30, what="the problem"
    )


def test_a_token_that_is_taken_away_is_refused(city: City) -> None:
    """The last one: the token is not given back."""
    (token,) = city.zabbix.call("token.get", {"output": ["tokenid"]})
    city.zabbix.call("token.update", [{"tokenid": token["tokenid"], "status": 1}])
    assert city.observe().outcome is Outcome.AUTH


# Releases that Debian does not have: a server that refuses what they do not document


class Later:
    """Zabbix 6.4 and 7.0 as their manuals tell: the token is in a header, `auth` is refused."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.wrong: list[str] = []
        self.host: dict[str, Any] = {"hostid": "1", "host": "ap-1", "name": "ap-1", "status": "0"}
        self.host |= {"maintenance_status": "0", "interfaces": [], "inventory": []}
        self.host |= {"active_available": "1"}

    def __call__(self, request: Request) -> Answer:
        call = json.loads(request.body)
        why = self._fault(request, call)
        if why:
            self.wrong.append(f"{call.get('method')}: {why}")
            error = {"code": -32600, "message": "Invalid request.", "data": why}
            return Answer(body={"jsonrpc": "2.0", "error": error, "id": call.get("id")})
        return Answer(body={"jsonrpc": "2.0", "result": self._result(call), "id": call["id"]})

    def _fault(self, request: Request, call: dict[str, Any]) -> str:
        is_open = call.get("method") == "apiinfo.version"
        header = request.headers.get("authorization")
        rules = {
            "path": (request.method, request.path) == ("POST", "/zabbix/api_jsonrpc.php"),
            "type": request.headers.get("content-type") == "application/json-rpc",
            "members": set(call) == {"jsonrpc", "method", "params", "id"},
            "jsonrpc": call.get("jsonrpc") == "2.0",
            "params": isinstance(call.get("params"), list if is_open else dict),
            "token": header == (None if is_open else "Bearer a-token"),
        }
        return ", ".join(name for name, holds in rules.items() if not holds)

    def _result(self, call: dict[str, Any]) -> object:
        if call["method"] == "apiinfo.version":
            return self.version
        if call["method"] == "host.get":
            assert "active_available" in call["params"]["output"]
            return [self.host]
        assert call["method"] == "problem.get"
        assert call["params"]["severities"] == [3, 4, 5] and call["params"]["suppressed"] is False
        return []


@contextmanager
def later(version: str) -> Iterator[tuple[Later, SourceServer]]:
    zabbix = Later(version)
    server = SourceServer(zabbix, encrypted=False)
    try:
        yield zabbix, server
    finally:
        server.close()


def ask(server: SourceServer) -> Observation:
    params = Params(scheme="http", port=server.port)
    return CHECK.observe(server.target(Token("a-token")), params, 10)


@pytest.mark.parametrize("version", ["6.4.0", "7.0.3", "7.4.0rc1"])
def test_later_releases_get_the_token_in_a_header_alone(version: str) -> None:
    with later(version) as (zabbix, server):
        seen = ask(server)
    assert zabbix.wrong == []
    assert [(each.name, each.outcome) for each in seen.sightings] == [("ap-1", Outcome.OK)]


@pytest.mark.parametrize(
    ("interfaces", "active", "outcome"),
    [
        ("", "0", None),
        ("1", "0", Outcome.OK),
        ("2", "0", Outcome.TIMEOUT),
        ("12", "0", Outcome.CONTENT),
        ("01", "0", Outcome.OK),
        ("", "2", Outcome.TIMEOUT),
        ("2", "1", Outcome.CONTENT),
    ],
)
def test_interfaces_and_an_active_agent_are_looks_at_one_device(
    interfaces: str, active: str, outcome: Outcome | None
) -> None:
    with later("7.0.0") as (zabbix, server):
        zabbix.host["active_available"] = active
        zabbix.host["interfaces"] = [
            {"main": "1", "useip": "0", "dns": "ap.example", "available": state}
            for state in interfaces
        ]
        (found,) = ask(server).sightings
    assert found.outcome is outcome
    assert found.address == ("ap.example" if interfaces else None)


@pytest.mark.parametrize("version", ["5.4.12", "4.0.0"])
def test_a_release_without_tokens_is_told_apart(version: str) -> None:
    with later(version) as (_, server):
        seen = ask(server)
    assert seen.outcome is Outcome.CONTENT and "older than 6.0" in seen.detail


@pytest.mark.parametrize(
    "answer",
    [
        {"jsonrpc": "2.0", "result": "7.0.0", "id": 2},
        {"jsonrpc": "1.0", "result": "7.0.0", "id": 1},
        {"jsonrpc": "2.0", "id": 1},
        {"jsonrpc": "2.0", "result": "seven", "id": 1},
        {"jsonrpc": "2.0", "result": 7, "id": 1},
        {"jsonrpc": "2.0", "error": "no", "id": 1},
    ],
)
def test_an_answer_that_is_not_json_rpc_is_malformed(answer: dict[str, object]) -> None:
    server = SourceServer(lambda _: Answer(body=answer), encrypted=False)
    assert ask(server).outcome is Outcome.MALFORMED
    server.close()

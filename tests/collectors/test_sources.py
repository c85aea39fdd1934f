"""What holds for every source: failures are outcomes, secrets stay, JSON is not trusted."""

import json
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.observation import Observation, Outcome, Sighting
from collectors.registry import all_checks
from collectors.sources import fields
from collectors.sources.pages import MAX_DEVICES, MAX_PAGES, Page, read_pages
from collectors.sources.prometheus_answer import without_port
from collectors.sources.verdict import distinct, verdict
from collectors.target import Login, Target, Token
from collectors.web.failure import WebFailure
from tests.collectors.controllers import ARUBA_TOKEN, UNIFI_KEY, Aruba, Unifi
from tests.collectors.source_server import Answer, Request, SourceServer, certificate

FUZZ = 10 if os.environ.get("FUZZ") else 1
"""How many times the default share of mutated bodies is tried; `make fuzz` sets it."""

SECRET = "Zq9-secret"  # noqa: S105 - not one


def zabbix(request: Request) -> Answer:
    """Answer as Zabbix 6.0 does where all is well, whoever asks."""
    results: dict[str, object] = {
        "apiinfo.version": "6.0.14",
        "host.get": [
            {
                "hostid": "1",
                "host": "ap-1",
                "name": "ap-1",
                "status": "0",
                "maintenance_status": "0",
                "interfaces": [{"main": "1", "useip": "1", "ip": "192.0.2.1", "available": "1"}],
                "inventory": {"macaddress_a": "02:00:5e:00:00:01", "macaddress_b": ""},
            }
        ],
        "problem.get": [{"objectid": "7", "clock": "1795424400", "name": "Slow", "severity": "3"}],
        "trigger.get": [{"triggerid": "7", "hosts": [{"hostid": "1"}]}],
        "item.get": [{"hostid": "1", "lastclock": "1795424400", "lastvalue": "1"}],
    }
    call = json.loads(request.body)
    return Answer(body={"jsonrpc": "2.0", "result": results[call["method"]], "id": call["id"]})


def prometheus(request: Request) -> Answer:
    """Answer as Prometheus does: one device that is up, with an interface."""
    query = request.form()["query"]
    name = "ifHCInOctets" if "__name__" in query else "up"
    labels = {
        "__name__": name,
        "instance": "192.0.2.1:9116",
        "ifName": "eth0",
        "mac": "02005e000001",
    }
    value = "1795424400" if query.startswith("timestamp") else "1"
    sample = {"metric": labels, "value": [1795424401.5, value]}
    data = {"resultType": "vector", "result": [sample]}
    return Answer(body={"status": "success", "data": data})


@dataclass(frozen=True)
class Source:
    """A check, a server that serves it well, and the secret that both know."""

    kind: str
    serve: Callable[[Request], Answer]
    secret: str = SECRET
    params: tuple[tuple[str, object], ...] = ()


SOURCES = [
    Source("unifi", Unifi(), UNIFI_KEY, (("statistics", 2),)),
    Source("aruba_central", Aruba(), ARUBA_TOKEN),
    Source("zabbix", zabbix, params=(("item", "icmpping"),)),
    Source("prometheus", prometheus, params=(("mac_label", "mac"),)),
]
every_source = pytest.mark.parametrize("source", SOURCES, ids=[each.kind for each in SOURCES])


@contextmanager
def serving(
    answer: Callable[[Request], Answer], *, encrypted: bool = True
) -> Iterator[SourceServer]:
    server = SourceServer(answer, encrypted=encrypted)
    try:
        yield server
    finally:
        server.close()


def observe(
    source: Source, server: SourceServer, deadline_s: float = 10, **params: Any
) -> Observation:
    check = all_checks()[source.kind]
    access = {"scheme": "https", "ca_file": str(certificate()), "port": server.port}
    asked = check.params(**{**access, **dict(source.params), **params})
    return check.observe(server.target(Token(source.secret)), asked, deadline_s)


@every_source
def test_what_a_server_says_well_is_understood(source: Source) -> None:
    with serving(source.serve) as server:
        seen = observe(source, server)
    assert seen.outcome is Outcome.OK and seen.sightings
    assert seen.sightings[0].mac is not None


@every_source
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(401, {}), Outcome.AUTH),
        (Answer(403, {}), Outcome.AUTH),
        (Answer(404, {}), Outcome.CONTENT),
        (Answer(429, {}, {"Retry-After": "3600"}), Outcome.CONTENT),
        (Answer(500, b"<html>"), Outcome.CONTENT),
        (Answer(302, b"", {"Location": "https://192.0.2.1/login"}), Outcome.CONTENT),
        (Answer(200, b"<html>Welcome</html>"), Outcome.MALFORMED),
        (Answer(200, b""), Outcome.MALFORMED),
        (Answer(200, []), Outcome.MALFORMED),
        (Answer(200, {}), Outcome.MALFORMED),
        (Answer(200, None), Outcome.MALFORMED),
        (Answer(200, b"[" * 100_000), Outcome.MALFORMED),
        (Answer(200, b'{"a": NaN}'), Outcome.MALFORMED),
        (Answer(200, b"\xff\xfe{}"), Outcome.MALFORMED),
        (Answer(200, b" " * (16 << 20) + b"{}"), Outcome.MALFORMED),
    ],
    ids=lambda value: value if isinstance(value, Outcome) else f"{value.status}",
)
def test_a_failure_of_the_interface_is_an_outcome(
    source: Source, answer: Answer, outcome: Outcome
) -> None:
    with serving(lambda _: answer) as server:
        seen = observe(source, server)
    assert seen.outcome is outcome and seen.detail.isprintable() and seen.detail
    assert seen.sightings == () and not seen.lists_all


@every_source
def test_a_certificate_that_nobody_signed_is_refused_unless_told_otherwise(source: Source) -> None:
    with serving(source.serve) as server:
        assert observe(source, server, ca_file=None).outcome is Outcome.TLS
        assert server.asked == []
        assert observe(source, server, ca_file=None, verify=False).outcome is Outcome.OK


@every_source
def test_nothing_that_listens_is_refused(source: Source) -> None:
    with serving(source.serve) as server:
        pass
    assert observe(source, server).outcome is Outcome.REFUSED


@every_source
def test_a_server_that_never_answers_costs_the_deadline_and_no_more(source: Source) -> None:
    release = threading.Event()

    def stall(request: Request) -> Answer:
        release.wait(10)
        return source.serve(request)

    with serving(stall) as server:
        began = time.monotonic()
        seen = observe(source, server, deadline_s=0.5)
        took_s = time.monotonic() - began
        release.set()
    assert seen.outcome is Outcome.TIMEOUT and took_s < 1


@every_source
def test_a_secret_is_in_no_address_answer_or_log(
    source: Source, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    def echo(request: Request) -> Answer:
        sent = {**request.headers, "body": request.body.decode()}
        error = {"code": -32602, "message": "Invalid params.", "data": json.dumps(sent)}
        return Answer(200, {"error": error, "message": sent, "status": "error"})

    with serving(echo) as server:
        said = repr(observe(source, server))
        asked = "".join(f"{each.path}{each.query}" for each in server.asked)
    assert server.asked and source.secret not in said + asked + caplog.text


@pytest.mark.parametrize("kind", ["unifi", "aruba_central", "zabbix"])
@pytest.mark.parametrize("credentials", [None, Login("netmon", SECRET)], ids=["none", "a login"])
def test_without_a_token_nothing_is_asked(kind: str, credentials: Login | None) -> None:
    check = all_checks()[kind]
    seen = check.observe(Target("x", "127.0.0.1", credentials=credentials), check.params(port=9), 5)
    assert seen.outcome is Outcome.AUTH and SECRET not in repr(seen)


@every_source
def test_parameters_are_strict(source: Source) -> None:
    params = all_checks()[source.kind].params
    params()
    for wrong in ({"colour": 1}, {"port": 0}, {"scheme": "file"}, {"path": "/../x?y"}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            params(**wrong)


# Mutated bodies


leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=40)
    | st.sampled_from(["1", "0", "2", "NaN", "+Inf", "1e999", "9" * 300, "Up", "ONLINE", "\u202e"])
)
anything = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


@st.composite
def mutations(draw: st.DrawFn) -> Callable[[object], bytes]:
    """Return a change of a JSON body: one value replaced, dropped or doubled, or octets changed."""
    picks = draw(st.lists(st.integers(0, 50), min_size=1, max_size=9))
    value, kind = draw(anything), draw(st.sampled_from(["replace", "drop", "double", "octets"]))
    position, octet = draw(st.integers(0, 4000)), draw(st.binary(min_size=0, max_size=3))

    def mutate(body: object) -> bytes:
        if kind == "octets":
            raw = json.dumps(body).encode()
            at = position % len(raw)
            return raw[:at] + octet + raw[at + 1 :]
        return json.dumps(_mutated(body, picks, value, kind)).encode()

    return mutate


def _mutated(node: object, picks: list[int], value: object, kind: str) -> object:
    if not picks or not isinstance(node, dict | list) or not node:
        return value
    keys = list(node) if isinstance(node, dict) else list(range(len(node)))
    key = keys[picks[0] % len(keys)]
    changed: Any = dict(node) if isinstance(node, dict) else list(node)
    if len(picks) == 1 and kind == "drop":
        del changed[key]
    elif len(picks) == 1 and kind == "double" and isinstance(changed, list):
        changed.append(changed[key])
    else:
        changed[key] = _mutated(changed[key], picks[1:], value, kind)
    return changed


@every_source
def test_mutated_bodies_are_outcomes(source: Source) -> None:
    """Every answer of a look may be changed; nothing raises, and what comes out is clean."""
    current: list[Callable[[object], bytes]] = []
    turn = [0]

    def answer(request: Request) -> Answer:
        well = source.serve(request)
        turn[0] -= 1
        return Answer(well.status, current[0](well.body)) if turn[0] < 0 else well

    with serving(answer, encrypted=False) as server:

        @settings(
            max_examples=400 * FUZZ,
            deadline=None,
            suppress_health_check=[HealthCheck.function_scoped_fixture],
            database=None,
        )
        @given(mutate=mutations(), after=st.integers(0, 4))
        def tried(mutate: Callable[[object], bytes], after: int) -> None:
            current[:] = [mutate]
            turn[0] = after
            assert_clean(observe(source, server, scheme="http"))

        tried()


def assert_clean(seen: Observation) -> None:
    assert seen.outcome in {Outcome.OK, Outcome.AUTH, Outcome.MALFORMED, Outcome.CONTENT}
    assert seen.detail.isprintable() and len(seen.detail) < 400
    for each in seen.sightings:
        assert_clean_sighting(each)


def assert_clean_sighting(each: Sighting) -> None:
    assert each.name or each.mac
    for text in (each.name, each.detail, each.address or "", each.mac or ""):
        assert text.isprintable() and len(text) < 400
    assert each.at is None or each.at.utcoffset() is not None
    assert all(abs(number.value) < float("inf") for number in each.measurements)


# Laws of the parts


@given(total=st.integers(0, 300), sizes=st.lists(st.integers(1, 90), min_size=1))
def test_a_list_that_stands_still_is_read_whole_however_it_is_cut(
    total: int, sizes: list[int]
) -> None:
    asked: list[int] = []

    def ask(offset: int) -> Page:
        asked.append(offset)
        size = sizes[len(asked) % len(sizes)]
        numbers = range(offset, min(total, offset + size))
        return Page([{"number": number} for number in numbers], total)

    listing = read_pages(ask)
    assert [row["number"] for row in listing.rows] == list(range(total))
    assert listing.is_whole and len(asked) == len(set(asked))


def test_a_list_without_end_is_cut() -> None:
    endless = read_pages(lambda _: Page([{}] * 1_000, 10**9))
    assert len(endless.rows) == MAX_DEVICES and not endless.is_whole
    crumbs = read_pages(lambda _: Page([{}], 10**9))
    assert len(crumbs.rows) == MAX_PAGES and not crumbs.is_whole


@given(st.lists(st.booleans()))
def test_several_looks_agree_or_make_a_device_that_works_badly(looks: list[bool]) -> None:
    expected = {(): None, (True,): Outcome.OK, (False,): Outcome.TIMEOUT}
    assert verdict(looks) is expected.get(tuple(sorted(set(looks))), Outcome.CONTENT)


@given(st.lists(st.sampled_from("abcde")))
def test_every_device_is_kept_once_and_the_first_word_of_it_holds(names: list[str]) -> None:
    said = [Sighting(name, address=str(number)) for number, name in enumerate(names)]
    kept = distinct(said)
    assert [each.name for each in kept] == list(dict.fromkeys(names))
    assert all(each.address == str(names.index(each.name)) for each in kept)


@given(st.text() | anything)
def test_whatever_stands_in_a_field_is_a_clean_word_a_finite_number_or_nothing(
    value: object,
) -> None:
    assert fields.word(value).isprintable() and len(fields.word(value)) <= 255
    assert fields.number(value) is None or abs(fields.number(value) or 0) < float("inf")
    assert (found := fields.instant(value)) is None or found.utcoffset() is not None
    assert (mac := fields.hardware_address(value)) is None or len(mac) == 17


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_read_alike_as_json_and_as_text(number: float) -> None:
    assert fields.number(number) == fields.number(json.dumps(number)) == number


@pytest.mark.parametrize(
    ("instance", "name"),
    [
        ("ap-1.example:9100", "ap-1.example"),
        ("192.0.2.7:9116", "192.0.2.7"),
        ("192.0.2.7", "192.0.2.7"),
        ("[2001:db8::7]:9100", "2001:db8::7"),
        ("2001:db8::7", "2001:db8::7"),
        ("http://portal.example:80/x", "http://portal.example:80/x"),
        (":9100", ""),
        ("", ""),
    ],
)
def test_an_instance_is_named_without_its_port(instance: str, name: str) -> None:
    assert without_port(instance) == name


def test_an_entry_that_is_no_object_is_malformed() -> None:
    with pytest.raises(WebFailure, match="devices, an entry: expected an object, found a number"):
        fields.rows([{}, 7], "devices")


UNSENDABLE = [
    *(Token(f"TOPSECRET{each}") for each in ("\n", "\r\nX: y", " two", "\u00e9", "\udcff")),
    Login("jan", "TOPSECRET\udcff"),
]


@pytest.mark.parametrize(
    "kind", ["unifi", "aruba_central", "zabbix", "prometheus", "node_exporter"]
)
@pytest.mark.parametrize("credentials", UNSENDABLE, ids=range(len(UNSENDABLE)))
def test_a_credential_that_no_header_may_hold_is_told_and_not_shown(
    kind: str, credentials: Token | Login
) -> None:
    """It is our mistake, not the server's: `malformed` would send people to the wrong machine."""
    check = all_checks()[kind]
    server = SourceServer(lambda _: Answer(401), encrypted=False)
    try:
        params = {"port": server.port, **({} if kind == "node_exporter" else {"scheme": "http"})}
        seen = check.observe(server.target(credentials), check.params(**params), 5)
    finally:
        server.close()
    assert seen.outcome is Outcome.AUTH
    assert "TOPSECRET" not in f"{seen}{server.asked}"

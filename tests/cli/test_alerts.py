"""`netmon alerts`: who would be told, what is told, and whether a channel works."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from netmon.alerts.document import message_text, state_text
from netmon.alerts.plan import plan
from netmon.alerts.policy import Route
from netmon.alerts.state import NOTHING
from netmon.cli.wiring import now
from netmon.domain.intervals import epoch_s
from netmon.storage.outbox import Outgoing
from netmon.storage.record import RecordWriter
from tests.alerts.problems import START, at, blind, problem
from tests.alerts.test_webhook import SECRET, received
from tests.cli.asking import Call
from tests.collectors.web_server import Server, page, serving, silent_port
from tests.config.conftest import SETTINGS, CityFiles

ROUTES = """
[channels.hook]
kind = "webhook"
url = "{url}"
secret_env = "NETMON_TEST_SECRET"
[channels.broken]
kind = "webhook"
url = "http://127.0.0.1:{port}/"
secret_env = "NETMON_TEST_SECRET"
[[alerts.routes]]
name = "printers"
kinds = ["printer"]
channels = ["hook"]
[[alerts.routes]]
name = "calm"
severities = ["warning"]
channels = ["hook"]
quiet = "24/7"
[[alerts.routes]]
name = "it"
channels = ["hook", "broken"]
go_on = true
[[alerts.routes]]
name = "wall"
channels = ["hook"]
"""


@pytest.fixture
def hook() -> Iterator[Server]:
    with serving(page(b"", status="204 Thanks")) as server:
        yield server


@pytest.fixture(autouse=True)
def _routes(city: CityFiles, hook: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETMON_TEST_SECRET", SECRET)
    city.settings(SETTINGS + ROUTES.format(url=hook.url("/x"), port=silent_port()))


def test_a_route_says_why_it_does_not_tell(netmon: Call, city: CityFiles) -> None:
    answer = netmon("alerts", "routes", "--for", "pc-1", "-c", city.config, "--json")
    said = [(each["route"], each["tells"], each["why"]) for each in answer.document["routes"]]
    assert said == [
        ("printers", False, "for other kinds"),
        ("calm", False, "for another severity"),
        ("it", True, ""),
        ("wall", True, ""),
    ]
    assert answer.code == 0


def test_a_route_says_why_it_waits_and_that_an_earlier_one_tells(
    netmon: Call, city: CityFiles
) -> None:
    asked = ("alerts", "routes", "--for", "pc-1", "--status", "degraded", "-c", city.config)
    said = netmon(*asked)
    assert "waits: quiet hours" in said.out
    assert said.out.count("an earlier route tells of it") == 2


def test_the_routes_are_listed_in_their_order(netmon: Call, city: CityFiles) -> None:
    said = netmon("alerts", "routes", "-c", city.config).out.splitlines()
    assert [line.split()[0] for line in said] == ["route", "printers", "calm", "it", "wall"]


def test_nobody_is_told_where_there_is_no_route(netmon: Call, city: CityFiles) -> None:
    city.settings(SETTINGS)
    assert netmon("alerts", "routes", "--for", "pc-1", "-c", city.config).code == 1
    assert "alerts by route: none, so nobody is told" in netmon("check", "-c", city.config).out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("routes", "--for", "pc\x1b[2J"), "expected the id of a device or place"),
        (("test", "nobody\x1b[2J"), "expected one of: printers, calm, it, wall, hook, broken"),
        (("list",), "run `netmon run` first"),
    ],
    ids=["an unknown device", "an unknown channel", "no store"],
)
def test_wrong_input_is_refused_in_one_line(
    netmon: Call, city: CityFiles, arguments: tuple[str, ...], told: str
) -> None:
    assert told in netmon("alerts", *arguments, "-c", city.config).refused()


def test_a_test_message_goes_through_the_real_channel(
    netmon: Call, city: CityFiles, hook: Server
) -> None:
    answer = netmon("alerts", "test", "hook", "-c", city.config)
    assert (answer.code, answer.out) == (0, "hook: delivered\n")
    (request,) = hook.asked
    assert b'"type":"alert.test"' in received(request)[1]


def test_a_route_is_tested_through_each_of_its_channels(netmon: Call, city: CityFiles) -> None:
    answer = netmon("alerts", "test", "it", "-c", city.config)
    assert (answer.code, answer.out) == (1, "hook: delivered\n")
    assert answer.err == "broken: not delivered: nothing listens on that port\n"


def test_it_lists_what_is_told_what_waits_and_what_nobody_took(
    netmon: Call, city: CityFiles
) -> None:
    told, held = problem("ap-1"), problem("ap-2", acknowledged_until=at(10**9))
    route = Route("it", ("hook", "broken"))
    state, _ = plan(NOTHING, [told, held], START, [route])
    state, (message,) = plan(state, [told, held], at(30), [route])
    folder = city.load().settings.store.folder
    now_s = epoch_s(now())
    kept = Outgoing(
        message.key,
        is_end=False,
        at_s=now_s,
        channels=("hook", "broken"),
        document=message_text(message),
    )
    with closing(RecordWriter(folder, origin="real")) as record:
        outbox = record.outbox()
        outbox.keep(state_text(state), [kept])
        for channel, settle in (("hook", outbox.delivered), ("broken", None)):
            due = outbox.due(channel, now_s)
            assert due is not None
            settle(due, now_s) if settle else outbox.failed(due, now_s, "no answer")
    answer = netmon("alerts", "list", "-c", city.config, "--json")
    assert answer.code == 1
    document = answer.document
    assert [(each["route"], each["subject"]) for each in document["told"]] == [("it", "ap-1")]
    assert [(e["subject"], e["why"]) for e in document["waiting"]] == [("ap-2", "acknowledged")]
    (lost,) = document["undelivered"]
    assert (lost["channel"], lost["state"], lost["reason"]) == ("broken", "failed", "no answer")
    shown = netmon("alerts", "list", "-c", city.config).out
    assert all(word in shown for word in ("told", "not told yet", "not delivered", "given up"))


def test_while_netmon_sees_nothing_it_says_that_this_is_why_others_wait(
    netmon: Call, city: CityFiles
) -> None:
    route = Route("it", ("hook",))
    state, _ = plan(NOTHING, [blind(0), problem("ap-1")], START, [route])
    with closing(RecordWriter(city.load().settings.store.folder, origin="real")) as record:
        record.outbox().keep(state_text(state), [])
    waiting = netmon("alerts", "list", "-c", city.config, "--json").document["waiting"]
    why = {each["subject"]: each["why"] for each in waiting}
    assert why == {"netmon": "may end by itself", "ap-1": "netmon itself sees nothing"}


def test_it_says_that_nothing_is_told(netmon: Call, stored: CityFiles) -> None:
    answer = netmon("alerts", "list", "-c", stored.config)
    assert (answer.code, answer.out) == (0, "nothing is told, nothing waits\n")


def test_a_store_that_is_none_is_one_clear_line(netmon: Call, city: CityFiles) -> None:
    store = city.folder / "var" / "record.db"
    store.parent.mkdir()
    store.write_bytes(b"not a store " * 400)
    told = netmon("alerts", "list", "-c", city.config).refused()
    assert "store: expected one that netmon wrote, found NotADBError" in told

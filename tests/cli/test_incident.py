"""`netmon incident`: one incident with all around it, and what people say of it."""

import getpass
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta

import apsw
import pytest

from collectors.observation import Observation, Outcome
from netmon.domain.model import DeviceKind
from netmon.domain.state import lapse, step
from netmon.storage.desk import DeskReader
from netmon.storage.record import RecordWriter, Step
from tests.cli.asking import Call, process
from tests.cli.conftest import Netmon
from tests.cli.hourly import local
from tests.config.conftest import MECHELEN, CityFiles

PAST = "sw-1@20250330T100000Z"
NOTE = "the fuse of cabinet 4"


@pytest.fixture
def broken(stored: CityFiles) -> CityFiles:
    """The city of `stored`, and its switch has not answered since 28 October 2025."""
    settings = stored.load().settings
    policy = settings.policy(DeviceKind.SWITCH, "snmp")
    run, steps = None, []
    for minutes in range(60, 240, 20):
        at = local("2025-10-28") + timedelta(minutes=minutes)
        outcome = Outcome.OK if minutes == 60 else Outcome.TIMEOUT
        seen = Observation("sw-1", "snmp", at, outcome)
        edges = []
        if run is not None:
            run, edge = lapse(run, at, policy)
            edges += [edge] if edge else []
        run, edge = step(run, seen, policy)
        edges += [edge] if edge else []
        steps.append(Step(seen, run, tuple(edges)))
    with closing(RecordWriter(settings.store.folder, origin="real")) as record:
        record.write(steps)
    return stored


def options(city: CityFiles) -> tuple[object, ...]:
    return "-c", city.config, "--json"


def shown(netmon: Call, city: CityFiles, word: str = PAST) -> dict:
    answer = netmon("incident", "show", word, *options(city))
    assert (answer.code, answer.err) == (0, "")
    return answer.document


def said_on_desk(city: CityFiles) -> list[str]:
    with closing(DeskReader(city.folder / "var")) as desk:
        return [each.text for each in desk.annotations() if each.withdrawn_s is None]


def test_what_is_said_is_shown_with_the_incident(netmon: Call, stored: CityFiles) -> None:
    kept = netmon("incident", "note", PAST, NOTE, "--author", "Ann", *options(stored)).document
    assert kept["incident"] == PAST and kept["kept"]["at"] == "2025-03-30T10:59:59Z"
    url = "https://tickets.example.org/7"
    netmon("incident", "link", PAST, url, "--title", "ticket 7", *options(stored))
    document = shown(netmon, stored)
    assert document["row"]["notes"] == 2
    link, note = sorted(document["said"], key=lambda each: each["kind"])
    assert (note["text"], note["author"], note["kind"]) == (NOTE, "Ann", "note")
    assert (link["url"], link["text"]) == (url, "ticket 7")
    assert link["author"] == getpass.getuser(), "whoever is logged in"
    rows = netmon("incidents", "--from", "2025-03-30", "--to", "2025-03-31", *options(stored))
    assert [row["notes"] for row in rows.document["rows"]] == [2]


def test_people_get_all_of_it_in_local_time(netmon: Call, stored: CityFiles) -> None:
    netmon("incident", "note", PAST, NOTE, "--author", "Ann", "-c", stored.config)
    text = process("incident", "show", PAST, "-c", stored.config).out
    assert "PC 1 (sw-1)" in text and "2025-03-30 12:00:00" in text and "2 h 0 min" in text
    assert "what happened" in text and "✕ down" in text and "timeout" in text
    assert NOTE in text and "Ann" in text


def test_an_acknowledgement_expires(netmon: Call, broken: CityFiles) -> None:
    """The incident goes on: nobody has seen the switch work since."""
    kept = netmon("incident", "ack", "sw-1", "on my way", "--for", "2h", *options(broken))
    assert kept.code == 0
    row = shown(netmon, broken, "sw-1")["row"]
    assert row["ended_at"] is None
    assert row["acknowledged"]["until"] == kept.document["kept"]["until"]
    table = process("incidents", "-c", broken.config).out
    assert f"{getpass.getuser()} until 20" in table
    text = netmon("incident", "ack", "sw-1", "--until", "2099-01-01", "-c", broken.config).out
    assert text.endswith("until 2099-01-01 00:00:00\n")
    netmon("incident", "ack", "sw-1", "-c", broken.config)
    assert shown(netmon, broken, "sw-1")["row"]["acknowledged"]["until"] is None


def test_what_is_withdrawn_is_shown_no_more(netmon: Call, broken: CityFiles) -> None:
    kept = netmon("incident", "ack", "sw-1", *options(broken)).document["kept"]["uid"]
    answer = netmon("incident", "withdraw", kept, *options(broken))
    assert answer.document == {"withdrawn": kept}
    document = shown(netmon, broken, "sw-1")
    assert (document["row"]["acknowledged"], document["said"]) == (None, [])
    assert kept in netmon("incident", "withdraw", kept, "-c", broken.config).refused()


def test_what_nobody_is_known_to_have_said_can_be_withdrawn(
    netmon: Call, broken: CityFiles
) -> None:
    kept = netmon("incident", "note", "sw-1", NOTE, *options(broken)).document["kept"]["uid"]
    with closing(apsw.Connection(str(broken.folder / "var" / "desk.db"))) as db:
        db.execute("UPDATE annotation SET document = json_set(document, '$.author', '')")
    assert netmon("incident", "withdraw", kept, *options(broken)).document == {"withdrawn": kept}
    assert shown(netmon, broken, "sw-1")["said"] == []


@pytest.mark.parametrize("word", ["sw-1@00010101T000000Z", "sw-1@99991231T235959Z"])
def test_an_id_of_another_age_is_none(netmon: Call, stored: CityFiles, word: str) -> None:
    assert word in netmon("incident", "show", word, "-c", stored.config).refused()


@pytest.mark.parametrize("word", [PAST, "sw-1@20250330", "sw-1@2025", "sw-1@20250330T103000Z"])
def test_the_beginning_of_an_id_or_an_instant_in_it_will_do(
    netmon: Call, stored: CityFiles, word: str
) -> None:
    assert shown(netmon, stored, word)["row"]["id"] == PAST


def test_a_word_that_may_mean_two_is_refused_with_both(netmon: Call, broken: CityFiles) -> None:
    line = netmon("incident", "show", "sw-1@2025", "-c", broken.config).refused()
    assert PAST in line and "which may be sw-1@20251028T" in line


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "pc-1"), "a device that is broken, found 'pc-1'"),
        (("show", ""), "found ''"),
        (("show", "\x1b[31m"), "expected an id of `netmon incidents`"),
        (("note", PAST, ""), "text: expected 1 to 2000 printable characters"),
        (("note", PAST, " \n "), "text: expected 1 to 2000"),
        (("note", PAST, "x", "--author", ""), "author: expected 1 to 100"),
        (("ack", PAST), "which has ended: write a note"),
        (("ack", PAST, "--for", "2 weeks"), "expected 90m|2h|3d"),
        (("ack", PAST, "--for", "0h"), "expected 90m|2h|3d"),
        (("ack", PAST, "--for", "2h", "--until", "2099-01-01"), "--until or --for"),
        (("link", PAST, "javascript:alert(1)"), "expected an http or https address"),
        (("link", PAST, "https://ann:word@example.org"), "without a user name"),
        (("withdraw", "nothing"), "expected one that `show` or `orphans` gives"),
    ],
)
def test_what_cannot_be_said_is_one_clear_line(
    netmon: Call, stored: CityFiles, arguments: tuple[str, ...], words: str
) -> None:
    assert words in netmon("incident", *arguments, "-c", stored.config).refused()
    assert said_on_desk(stored) == []


def test_an_expiry_that_is_past_is_refused(netmon: Call, broken: CityFiles) -> None:
    line = netmon("incident", "ack", "sw-1", "--until", "2025-01-01", "-c", broken.config).refused()
    assert "expected a time after now" in line


def test_hostile_text_is_one_harmless_line(netmon: Call, stored: CityFiles) -> None:
    hostile = "a\x1b[2J\nb \N{RIGHT-TO-LEFT OVERRIDE}c" + "x" * 5000
    netmon("incident", "note", PAST, hostile, "--author", "\x07Ann\n", "-c", stored.config)
    (text,) = said_on_desk(stored)
    assert text.isprintable() and len(text) == 2000
    printed = netmon("incident", "show", PAST, "-c", stored.config).out
    assert all(line.isprintable() for line in printed.splitlines())


def test_what_work_entered_later_explains_leaves_its_notes_as_orphans(
    netmon: Call, stored: CityFiles
) -> None:
    netmon("incident", "note", PAST, NOTE, "-c", stored.config)
    assert netmon("incident", "orphans", *options(stored)).document["rows"] == []
    works = ("2025-03-30T11:00", "2025-03-30T15:00")
    netmon("maintenance", "add", "sw-1", *works, "-c", stored.config)
    (row,) = netmon("incident", "orphans", *options(stored)).document["rows"]
    assert row["text"] == NOTE
    assert NOTE in netmon("incident", "orphans", "-c", stored.config).out
    assert PAST in netmon("incident", "show", PAST, "-c", stored.config).refused()


def test_a_running_netmon_keeps_it_at_once(
    start_netmon: Callable[..., Netmon], broken: CityFiles
) -> None:
    for layer in MECHELEN.iterdir():
        if not (broken.folder / "city" / layer.name).exists():
            (broken.folder / "city" / layer.name).symlink_to(layer)
    running = start_netmon("run", "--no-collect", "-c", str(broken.config), "--port", "0")
    assert running.address
    added = process("incident", "ack", "sw-1", "on my way", *options(broken))
    assert (added.code, added.err) == (0, "")
    assert said_on_desk(broken) == ["on my way"]
    assert "on my way" not in "\n".join(running.said), "a log is kept by others"


def test_a_city_without_a_map_still_shows_its_incidents(netmon: Call, broken: CityFiles) -> None:
    found = shown(netmon, broken, "sw-1")
    assert (found["row"]["ended_at"], found["impact"]) == (None, None)

"""`status`, `incidents` and `availability`: what a store says, to people and to machines."""

import json
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta

import apsw
import pytest

from collectors.observation import Observation, Outcome
from netmon.domain.model import Status
from netmon.domain.sight import BLINDED, SIGHT
from netmon.domain.state import Run, Transition
from netmon.storage.record import RecordWriter, Step
from tests.cli.asking import Call, process
from tests.cli.hourly import HOURLY, LONG_NAME, write_store
from tests.config.conftest import SETTINGS, CityFiles, device, site

COMMANDS = ("status", "incidents", "availability")
ROW = {
    "id",
    "kind",
    "window_s",
    "up_s",
    "degraded_s",
    "down_s",
    "unreachable_s",
    "unknown_s",
    "maintenance_s",
    "expected_off_s",
    "availability",
}
SHARES = ROW - {"id", "kind", "window_s", "availability"}


def availability(netmon: Call, city: CityFiles, start: str, end: str) -> dict:
    answer = netmon("availability", "-c", city.config, "--json", "--from", start, "--to", end)
    assert (answer.code, answer.err) == (0, "")
    return answer.document


# --- availability ------------------------------------------------------------------------


def test_a_day_of_23_hours_is_divided_exactly(netmon: Call, stored: CityFiles) -> None:
    document = availability(netmon, stored, "2025-03-30", "2025-03-31")
    assert list(document) == ["from", "to", "rows"]
    assert (document["from"], document["to"]) == ("2025-03-29T23:00:00Z", "2025-03-30T22:00:00Z")
    switch, computer = document["rows"]
    assert switch == {
        "id": "sw-1",
        "kind": "switch",
        "window_s": 23 * 3600,
        "up_s": 21 * 3600,
        "degraded_s": 0,
        "down_s": 2 * 3600,
        "unreachable_s": 0,
        "unknown_s": 0,
        "maintenance_s": 0,
        "expected_off_s": 0,
        "availability": pytest.approx(21 / 23),
    }
    assert computer["expected_off_s"] == 23 * 3600, "closed on Sundays"
    assert computer["availability"] is None


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2025-03-30", "2025-03-31", 23),
        ("2025-10-26", "2025-10-27", 25),
        ("2025-10-26T02:30", "2025-10-26T03:30", 2),
        ("2025-03-30T01:30", "2025-03-30T03:30", 1),
        ("2025-10-26T02:30+02:00", "2025-10-26T02:30+01:00", 1),
        ("2025-03-30T00:00:00+00:00", "2025-03-30T00:00:00.9+01:00", -1),
    ],
)
def test_from_and_to_are_local_time(
    netmon: Call, stored: CityFiles, start: str, end: str, hours: int
) -> None:
    if hours < 0:
        options = ("-c", stored.config, "--from", start, "--to", end)
        assert "expected --from before --to" in netmon("availability", *options).refused()
        return
    document = availability(netmon, stored, start, end)
    assert {row["window_s"] for row in document["rows"]} == {hours * 3600}


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2024-01-01", "2024-02-01"),
        ("2025-03-29", "2025-04-01"),
        ("2025-03-29T13:37:11", "2025-03-30T12:00:01"),
        ("2025-03-30T13:59:59", "2025-03-30T14:00:00"),
        ("2025-10-01", "2025-11-01"),
        ("2025-12-31", "2026-01-02"),
        ("2025-01-01", "2027-01-01"),
        ("2099-01-01", "2099-01-02"),
    ],
)
def test_seven_shares_add_up_to_the_whole(
    netmon: Call, stored: CityFiles, start: str, end: str
) -> None:
    document = availability(netmon, stored, start, end)
    first, last = (datetime.fromisoformat(document[key]) for key in ("from", "to"))
    for row in document["rows"]:
        assert set(row) == ROW
        assert row["window_s"] == (last - first).total_seconds()
        assert sum(row[share] for share in SHARES) == row["window_s"]
        assert all(row[share] >= 0 for share in SHARES)


def test_two_halves_make_the_whole(netmon: Call, stored: CityFiles) -> None:
    edges = ("2025-03-29", "2025-03-30T13:00:07", "2025-04-01")
    first = availability(netmon, stored, edges[0], edges[1])["rows"]
    second = availability(netmon, stored, edges[1], edges[2])["rows"]
    whole = availability(netmon, stored, edges[0], edges[2])["rows"]
    for parts in zip(first, second, whole, strict=True):
        for share in SHARES:
            assert parts[0][share] + parts[1][share] == parts[2][share]


def test_what_nobody_looked_at_is_unknown(netmon: Call, stored: CityFiles) -> None:
    for start in ("2025-07-01", "2099-07-01"):
        switch, _ = availability(netmon, stored, start, f"{start[:4]}-07-02")["rows"]
        assert switch["unknown_s"] == switch["window_s"]
        assert switch["availability"] is None


def test_people_get_availability_as_a_table(stored: CityFiles) -> None:
    answer = process(
        "availability", "-c", stored.config, "--from", "2025-03-30", "--to", "2025-03-31"
    )
    assert (answer.code, answer.err) == (0, "")
    heading, switch, computer = answer.out.splitlines()
    assert heading.split() == [
        *("device", "kind", "availability", "failed", "unreachable", "unknown", "maintenance")
    ]
    assert switch.split()[:6] == ["sw-1", "switch", "91.304%", "2", "h", "0"]
    assert computer.split()[:3] == ["pc-1", "public_pc", "–"]


# --- incidents ---------------------------------------------------------------------------


def test_machines_get_incidents(netmon: Call, stored: CityFiles) -> None:
    answer = netmon(
        "incidents", "-c", stored.config, "--json", "--from", "2025-03-30", "--to", "2025-03-31"
    )
    assert (answer.code, answer.err) == (0, "")
    assert list(answer.document) == ["from", "to", "rows"]
    (row,) = answer.document["rows"]
    assert row == {
        "id": "sw-1@20250330T100000Z",
        "device_id": "sw-1",
        "device_name": "PC 1",
        "place_id": "bib",
        "place_name": LONG_NAME,
        "status": "down",
        "reason": "timeout",
        "began_at": "2025-03-30T10:00:00Z",
        "ended_at": "2025-03-30T12:00:00Z",
        "promised_s": 7200.0,
        "affected": [],
        "audience": "it",
        "places": ["bib"],
        "acknowledged": None,
        "notes": 0,
        "impact": None,
    }


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("2025-03-30T12:00", "2025-03-30T12:00:01", 1),
        ("2025-03-30T11:00", "2025-03-30T12:00", 0),
        ("2025-03-30T13:59:59", "2025-03-30T15:00", 1),
        ("2025-03-30T14:00", "2025-03-30T15:00", 0),
        ("2025-10-25", "2025-10-28", 0),
        ("2099-01-01", "2099-01-02", 0),
    ],
)
def test_incidents_that_touch_the_half_open_interval_are_listed(
    netmon: Call, stored: CityFiles, start: str, end: str, count: int
) -> None:
    answer = netmon("incidents", "-c", stored.config, "--json", "--from", start, "--to", end)
    assert len(answer.document["rows"]) == count


def test_people_get_incidents_in_local_time_and_whole_lines(stored: CityFiles) -> None:
    answer = process("incidents", "-c", stored.config, "--from", "2025-03-30", "--to", "2025-03-31")
    assert (answer.code, answer.err) == (0, "")
    _, row = answer.out.splitlines()
    assert LONG_NAME in row
    assert "2025-03-30 12:00:00" in row and "2025-03-30 14:00:00" in row
    assert "✕ down" in row and "2 h 0 min" in row


# --- status ------------------------------------------------------------------------------


def test_status_says_first_that_netmon_itself_sees_nothing(netmon: Call, stored: CityFiles) -> None:
    since = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)  # noqa: TID251 - the command reads the clock
    blind = Run(*SIGHT, BLINDED, since, since + timedelta(minutes=5))
    look = Observation(*SIGHT, blind.last_at, Outcome.TIMEOUT)
    edge = Transition(*SIGHT, since, Status.UP, BLINDED)
    with closing(RecordWriter(stored.folder / "var", origin="real")) as record:
        record.write([Step(look, blind, (edge,))])
    answer = netmon("status", "-c", stored.config)
    assert answer.out.startswith("netmon itself sees nothing since ")
    document = netmon("status", "-c", stored.config, "--json").document
    assert datetime.fromisoformat(document["blind_since"]) == since


def test_status_of_a_record_that_went_silent_is_unknown(netmon: Call, stored: CityFiles) -> None:
    document = netmon("status", "-c", stored.config, "--json").document
    assert list(document) == ["at", "blind_since", "places", "devices", "not_in_inventory"]
    assert document["blind_since"] is None
    assert datetime.fromisoformat(document["at"]).tzinfo is not None
    assert {row["status"] for row in document["devices"]} <= {"unknown", "expected_off"}
    (bib,) = [row for row in document["places"] if row["id"] == "bib"]
    assert bib["total"] == 1 and bib["working"] == 0
    assert bib["seen_at"] == "2025-10-27T23:00:00Z"


def test_people_get_places_and_devices_in_whole_lines(stored: CityFiles) -> None:
    places = process("status", "-c", stored.config)
    assert (places.code, places.err) == (0, "")
    assert places.out.splitlines()[0].split() == ["place", "status", "work", "since", "open"]
    assert sum(LONG_NAME in line for line in places.out.splitlines()) == 1
    devices = process("status", "--devices", "-c", stored.config)
    assert [line.split()[0] for line in devices.out.splitlines()] == ["device", "sw-1", "pc-1"]
    assert sum(LONG_NAME in line for line in devices.out.splitlines()) == 2


def test_a_terminal_that_knows_no_unicode_gets_something(stored: CityFiles) -> None:
    answer = process("status", "-c", stored.config, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert answer.code == 0
    assert "? unknown" in answer.out or "? expected_off" in answer.out


def test_a_reader_that_goes_away_gets_no_traceback(stored: CityFiles) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-m", "netmon", "status", "--json", "-c", str(stored.config)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert writer.stdout is not None and writer.stderr is not None
    writer.stdout.close()
    said = writer.stderr.read()
    writer.stderr.close()
    writer.wait(timeout=30)
    assert b"Traceback" not in said


def test_hostile_names_reach_no_terminal(netmon: Call, city: CityFiles) -> None:
    hostile = "\x1b]0;owned\x07 \x9b31m \u202e Bib\nliotheek"
    city.settings(SETTINGS + HOURLY)
    city.sites(site(name=hostile, synthetic=False))
    city.devices(device("sw-1", kind="switch", power="always_on", name=hostile, synthetic="false"))
    write_store(city.load())
    interval = ("--from", "2025-03-30", "--to", "2025-03-31")
    for command, options in (("status", ()), ("status", ("--devices",)), ("incidents", interval)):
        for form in ((), ("--json",)):
            answer = netmon(command, "-c", city.config, *options, *form)
            assert answer.code == 0
            assert all(letter.isprintable() or letter == "\n" for letter in answer.out)
    assert len(netmon("incidents", "-c", city.config, *interval).out.splitlines()) == 2


# --- bad input ---------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["incidents", "availability"])
@pytest.mark.parametrize(
    ("start", "end"),
    [("2025-03-31", "2025-03-30"), ("2025-03-30", "2025-03-30"), ("2099-01-01", None)],
)
def test_an_interval_that_ends_before_it_begins_is_refused(
    stored: CityFiles, command: str, start: str, end: str | None
) -> None:
    limits = ["--from", start, *(["--to", end] if end else [])]
    line = process(command, "-c", stored.config, *limits).refused()
    assert line.startswith(f"Error: Invalid value: expected --from before --to, found {start}")


@pytest.mark.parametrize("option", ["--from", "--to"])
@pytest.mark.parametrize(
    "text", ["yesterday", "2025-13-01", "0001-01-01", "9999-12-31", "", "\x1b"]
)
def test_a_date_that_is_none_is_refused(
    netmon: Call, stored: CityFiles, option: str, text: str
) -> None:
    answer = netmon("availability", "-c", stored.config, option, text)
    assert answer.code == 2 and answer.out == ""
    assert "expected a date like 2026-11-25 or 2026-11-25T14:00" in answer.err
    assert f"found {text!r}" in answer.err


@pytest.mark.parametrize("command", COMMANDS)
def test_no_store_yet_is_one_clear_line(city: CityFiles, command: str) -> None:
    line = process(command, "-c", city.config).refused()
    store = city.folder / "var" / "record.db"
    assert line == f"{store}: store: expected a file, found none: run `netmon run` first"


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", ["record.db", "desk.db"])
@pytest.mark.parametrize("content", [b"", b"no database" * 1000])
def test_a_store_that_is_none_is_one_clear_line(
    netmon: Call, stored: CityFiles, command: str, name: str, content: bytes
) -> None:
    (stored.folder / "var" / name).write_bytes(content)
    line = netmon(command, "-c", stored.config).refused()
    assert line.startswith(f"{stored.folder / 'var'}")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_store_without_an_inventory_is_one_clear_line(
    netmon: Call, stored: CityFiles, command: str
) -> None:
    db = apsw.Connection(str(stored.folder / "var" / "desk.db"))
    db.execute("DELETE FROM inventory_revision")
    db.close()
    assert netmon(command, "-c", stored.config).refused() == (
        f"{stored.folder / 'var'}: inventory: expected a revision, found none: run `netmon run`"
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_a_demo_store_is_not_read_as_a_real_one(
    netmon: Call, stored: CityFiles, command: str
) -> None:
    stored.settings(SETTINGS + HOURLY + "[store]\norigin = 'demo'\n")
    assert netmon(command, "-c", stored.config).refused() == (
        f"{stored.folder / 'var'}: origin: expected demo, found real"
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_reading_needs_no_secret_and_no_inventory_files(
    netmon: Call, stored: CityFiles, command: str
) -> None:
    for name in ("community", "devices.csv", "sites.geojson"):
        (stored.folder / name).unlink()
    answer = netmon(command, "-c", stored.config, "--json")
    assert (answer.code, answer.err) == (0, "")
    json.loads(answer.out)


def test_by_default_the_last_days_are_shown(netmon: Call, stored: CityFiles) -> None:
    for command, days in (("availability", 30), ("incidents", 7)):
        document = netmon(command, "-c", stored.config, "--json").document
        first, last = (datetime.fromisoformat(document[key]) for key in ("from", "to"))
        assert abs((last - first).total_seconds() - days * 86_400) <= 3600, "one may have 23 hours"
        assert last.tzinfo == UTC


@pytest.mark.parametrize("command", [*COMMANDS, "run"])
@pytest.mark.parametrize("folder", ["netmon.toml", "x" * 300])
def test_a_folder_that_cannot_be_one_is_one_clear_line(
    netmon: Call, city: CityFiles, command: str, folder: str
) -> None:
    city.settings(f"{SETTINGS}[store]\nfolder = '{folder}'\n")
    options = ["--no-web"] if command == "run" else []
    assert str(city.folder / folder) in netmon(command, *options, "-c", city.config).refused()


def test_a_place_without_devices_has_none_that_could_work(netmon: Call, stored: CityFiles) -> None:
    rows = netmon("status", "-c", stored.config).out.splitlines()[1:]
    bruul = next(row for row in rows if row.startswith("Bruul"))
    assert bruul.split() == ["Bruul", "?", "unknown", "–", "–", "yes"]


def test_whose_an_incident_is_stands_in_its_row(netmon: Call, stored: CityFiles) -> None:
    heading, *rows = netmon(
        "incidents", "-c", stored.config, "--from", "2025-03-29", "--to", "2025-04-01"
    ).out.splitlines()
    assert heading.split()[2] == "whose"
    assert [row.split()[0] for row in rows] == ["sw-1@20250330T100000Z"] and " IT " in rows[0]

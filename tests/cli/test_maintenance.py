"""Announcing work and other hours: by hand, from calendars, and while a netmon runs."""

import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from netmon.domain.maintenance import Effect
from netmon.storage.desk import DeskReader, DeskWriter
from netmon.storage.requests import FOLDER
from tests.cli.asking import Call, process
from tests.cli.conftest import Netmon
from tests.cli.hourly import LONG_NAME
from tests.config.conftest import MECHELEN, CityFiles
from tests.waiting import wait_for

WINTER = ("2099-11-26T08:00", "2099-11-26T10:00")

EVENT = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//
BEGIN:VEVENT
UID:fibre@example
DTSTAMP:20260101T000000Z
SUMMARY:New fibre
LOCATION:{location}
DTSTART;TZID=Europe/Brussels:20991126T080000
DTEND;TZID=Europe/Brussels:20991126T{end}0000
STATUS:{status}
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def running(start_netmon: Callable[..., Netmon], stored: CityFiles) -> Netmon:
    """The web side over the store, which writes the desk."""
    for layer in MECHELEN.iterdir():
        if not (stored.folder / "city" / layer.name).exists():
            (stored.folder / "city" / layer.name).symlink_to(layer)
    return start_netmon("run", "--no-collect", "-c", str(stored.config), "--port", "0")


def calendar(
    city: CityFiles, location: str = "bib", end: int = 10, status: str = "CONFIRMED"
) -> Path:
    path = city.folder / "works.ics"
    text = EVENT.format(location=location, end=end, status=status)
    path.write_bytes(text.replace("\n", "\r\n").encode())
    return path


def test_announced_work_is_kept_and_listed(netmon: Call, stored: CityFiles) -> None:
    options = ("-c", stored.config, "--json")
    added = netmon("maintenance", "add", "sw-1", *WINTER, "--note", " new\nfibre ", *options)
    assert (added.code, added.err) == (0, "")
    (row,) = added.document["kept"]
    assert {key: row[key] for key in ("effect", "subjects", "from", "to", "note")} == {
        "effect": "maintenance",
        "subjects": ["sw-1"],
        "from": "2099-11-26T07:00:00Z",
        "to": "2099-11-26T09:00:00Z",
        "note": "new fibre",
    }
    assert row["ahead_s"] > 0
    assert netmon("maintenance", "list", *options).document["rows"] == [], "not within 31 days"
    everything = netmon("maintenance", "list", "--all", *options).document["rows"]
    assert everything == [row]
    assert netmon("exception", "list", "--all", *options).document["rows"] == []
    table = netmon("maintenance", "list", "--all", "-c", stored.config).out
    assert "2099-11-26 08:00:00 – 2099-11-26 10:00:00" in table


def test_a_place_may_be_called_by_its_name(netmon: Call, stored: CityFiles) -> None:
    added = netmon("maintenance", "add", LONG_NAME.upper(), *WINTER, "-c", stored.config, "--json")
    assert added.document["kept"][0]["subjects"] == ["bib"]


def test_what_is_cancelled_wholly_was_never_said(netmon: Call, stored: CityFiles) -> None:
    options = ("-c", stored.config, "--json")
    interval = ("--from", "2025-03-30", "--to", "2025-03-31")
    before = netmon("availability", *interval, *options).out
    broken = ("2025-03-30T11:00", "2025-03-30T15:00")
    uid = netmon("maintenance", "add", "sw-1", *broken, *options).document["kept"][0]["uid"]
    switch, _ = netmon("availability", *interval, *options).document["rows"]
    assert (switch["maintenance_s"], switch["down_s"]) == (4 * 3600, 0)
    assert netmon("incidents", *interval, *options).document["rows"] == []
    netmon("maintenance", "cancel", uid, *options)
    assert netmon("incidents", *interval, *options).document["rows"] == [], "it is past"
    assert netmon("maintenance", "cancel", uid, "--wholly", *options).code == 0
    assert netmon("availability", *interval, *options).out == before
    (row,) = netmon("incidents", *interval, *options).document["rows"]
    assert row["id"] == "sw-1@20250330T100000Z"


def test_a_strike_entered_afterwards_changes_percentages(netmon: Call, stored: CityFiles) -> None:
    """2025-04-01 is a Tuesday: the library is open from 10 to 18."""
    options = ("-c", stored.config, "--json")
    interval = ("--from", "2025-03-29", "--to", "2025-03-30")
    _, computer = netmon("availability", *interval, *options).document["rows"]
    assert computer["expected_off_s"] == 17 * 3600, "open from 10 to 17 on a Saturday"
    strike = ("exception", "add", "bib", "2025-03-29", "2025-03-29T12:00", "--closed")
    netmon(*strike, *options)
    _, computer = netmon("availability", *interval, *options).document["rows"]
    assert computer["expected_off_s"] == 19 * 3600
    evening = ("exception", "add", "bib", "2025-03-29T17:00", "2025-03-29T21:00", "--open")
    netmon(*evening, *options)
    switch, computer = netmon("availability", *interval, *options).document["rows"]
    assert computer["expected_off_s"] == 15 * 3600
    assert switch["expected_off_s"] == 0, "what is always on has no hours"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("maintenance", "add", "sw-9", *WINTER), "expected a device, site or street"),
        (("maintenance", "add", "sw-1", *WINTER[::-1]), "end: expected one after the start"),
        (("maintenance", "add", "sw-1", *WINTER, "--repeat", "FREQ=HOURLY"), "DAILY or WEEKLY"),
        (("maintenance", "add", "sw-1", *WINTER, "--repeat", "FREQ=WEEKLY;BYDAY=MO"), "own start"),
        (
            ("maintenance", "add", "sw-1", "2099-03-29T02:30", "2099-03-29T04:00"),
            "that the clock does not skip",
        ),
        (
            (
                "maintenance",
                "add",
                "sw-1",
                "2099-11-26T08:00Z",
                WINTER[1],
                "--repeat",
                "FREQ=DAILY",
            ),
            "expected local times",
        ),
        (
            ("maintenance", "add", *(["sw-1"] * 2), "2099-01-01", "2199-01-01"),
            "between 2000 and 2100",
        ),
        (("maintenance", "cancel", "nothing"), "expected one that `list --all` shows"),
        (("exception", "add", "bib", *WINTER), "expected --closed or --open"),
        (("exception", "add", "bruul", *WINTER, "--closed"), "expected a site"),
        (("exception", "add", "sw-1", *WINTER, "--closed"), "expected a site"),
    ],
)
def test_what_cannot_be_announced_is_one_clear_line(
    netmon: Call, stored: CityFiles, arguments: tuple[str, ...], words: str
) -> None:
    assert words in netmon(*arguments, "-c", stored.config).refused()
    assert announced(stored) == []


def announced(city: CityFiles) -> list[str]:
    with closing(DeskReader(city.folder / "var")) as desk:
        return [each.uid for each in desk.announcements() if each.cut_s is None]


def test_a_calendar_imported_again_changes_cancels_and_never_doubles(
    netmon: Call, stored: CityFiles
) -> None:
    options = ("-c", stored.config, "--json")
    first = netmon("maintenance", "import", calendar(stored), *options).document
    assert [row["to"] for row in first["kept"]] == ["2099-11-26T09:00:00Z"]
    again = netmon("maintenance", "import", calendar(stored), *options).document
    assert again == {"kept": [], "unchanged": 1}
    longer = netmon("maintenance", "import", calendar(stored, end=12), *options).document
    assert [row["to"] for row in longer["kept"]] == ["2099-11-26T11:00:00Z"]
    assert announced(stored) == ["fibre@example"]
    netmon("maintenance", "import", calendar(stored, end=12, status="CANCELLED"), *options)
    assert announced(stored) == []


def test_an_event_of_nobody_knows_what_is_told_and_nothing_is_kept(
    netmon: Call, stored: CityFiles
) -> None:
    path = calendar(stored, location="the canteen")
    line = netmon("maintenance", "import", path, "-c", stored.config).refused()
    assert line == (
        f"{path}:event fibre@example: LOCATION, CATEGORIES: expected a device, site or street of"
        " the inventory, found the canteen"
    )
    skipped = netmon("maintenance", "import", path, "--skip-unknown", "-c", stored.config)
    assert skipped.code == 0 and "left out: " in skipped.err
    assert announced(stored) == []
    netmon("maintenance", "import", path, "--subject", "sw-1", "-c", stored.config)
    assert announced(stored) == ["fibre@example"]


def test_a_running_netmon_keeps_it_at_once(running: Netmon, stored: CityFiles) -> None:
    assert running.spot("bib")["announced"] == []
    options = ("-c", stored.config, "--json")
    added = process("maintenance", "add", "bib", "2025-01-01", "2025-01-02", *options)
    assert (added.code, added.err) == (0, "")
    folder = stored.folder / "var" / FOLDER
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(folder.iterdir()) == [], "a request that was kept is removed"
    assert announced(stored) == [added.document["kept"][0]["uid"]]
    begin, end = (f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%d}" for days in (-1, 2))  # noqa: TID251 - the process under test reads the clock
    closed = process("exception", "add", "bib", begin, end, "--closed", *options)
    assert closed.code == 0
    wait_for(
        lambda: running.spot("bib")["open_now"] is False, within_s=5, what="the page says closed"
    )
    (notice,) = running.spot("bib")["announced"]
    assert notice["effect"] == Effect.CLOSED
    assert closed.document["kept"][0]["uid"] not in str(notice)


def test_a_request_that_nobody_takes_waits_and_is_taken_by_the_next(
    netmon: Call, stored: CityFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netmon.cli.announcing.TAKEN_WITHIN_S", 0.2)
    folder = stored.folder / "var"
    with closing(DeskWriter(folder, origin="real")):  # holds the lock, and takes nothing
        line = netmon("maintenance", "add", "sw-1", *WINTER, "-c", stored.config).refused()
        assert "expected a running netmon that takes it within 0.2 s" in line
    assert announced(stored) == []
    later = ("2099-12-01", "2099-12-02")
    assert netmon("maintenance", "add", "bib", *later, "-c", stored.config).code == 0
    assert len(announced(stored)) == 2


def test_many_commands_at_once_are_all_heard(stored: CityFiles) -> None:
    """Each finds another that writes, or nobody; none is lost, and none waits for ever."""
    with ThreadPoolExecutor(4) as pool:
        days = [("2099-12-01", f"2099-12-{day:02d}") for day in range(2, 8)]
        command = ("maintenance", "add", "sw-1")
        answers = pool.map(lambda day: process(*command, *day, "-c", stored.config), days)
        assert {(each.code, each.err) for each in answers} == {(0, "")}
    assert len(announced(stored)) == len(days)


def test_a_request_that_is_none_is_put_aside_and_stops_nothing(
    running: Netmon, stored: CityFiles
) -> None:
    running.wait_until_said("netmon: http")
    folder = stored.folder / "var" / FOLDER
    folder.mkdir(mode=0o700)
    (folder / "2-link.json").symlink_to(os.devnull)
    (folder / "1-bad.json").write_text("[{}]")
    wait_for((folder / "1-bad.refused").exists, within_s=10, what="it is put aside")
    added = process("maintenance", "add", "sw-1", *WINTER, "-c", stored.config)
    assert added.code == 0 and len(announced(stored)) == 1
    assert (folder / "2-link.refused").is_symlink()

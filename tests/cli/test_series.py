"""Series from the command line, and in a netmon that runs."""

import csv
import io
import re
import urllib.request
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collectors.observation import Measurement, Observation, Outcome
from netmon.cli.keeping import SeriesKeeping, work_out
from netmon.cli.wiring import reading
from netmon.domain.intervals import epoch_s
from netmon.domain.maintenance import Announcement, Effect, Timing
from netmon.domain.state import Run
from netmon.domain.verdict import UP
from netmon.storage.desk import DeskWriter
from netmon.storage.record import Step
from netmon.storage.series import WRITE_S, Keeping, SeriesWriter
from netmon.storage.series_reader import SeriesReader
from tests.cli.asking import Call
from tests.cli.conftest import Netmon
from tests.cli.hourly import local
from tests.config.conftest import SETTINGS, CityFiles
from tests.waiting import wait_for

START = datetime(2025, 3, 29, 23, 0, tzinfo=UTC)
NIGHT = ("--from", "2025-03-30", "--to", "2025-03-31")
FORMULA = "=cmd|'/c calc'!A0"


@pytest.fixture
def told(stored: CityFiles) -> CityFiles:
    """A store with points of one night, in which the clock is put forward."""
    with opened(stored) as series:
        for minute in range(180):
            series.take([look("pc-1", START + timedelta(minutes=minute), minute)])
        series.turn(epoch_s(START))
        series.roll(epoch_s(START + timedelta(hours=8)))
    return stored


def opened(city: CityFiles) -> closing[SeriesWriter]:
    return closing(SeriesWriter(city.folder / "var", origin="real", keeping=Keeping()))


def look(device: str, at: datetime, value: float) -> Step:
    values = (Measurement("cpu_ratio", value / 1000), Measurement("ssid_stations", 2, FORMULA))
    seen = Observation(device, "snmp", at, Outcome.OK, values)
    return Step(seen, Run(device, "snmp", UP, at, at))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_points_are_printed_as_csv_that_no_spreadsheet_runs(netmon: Call, told: CityFiles) -> None:
    answer = netmon("series", "pc-1", "-c", told.config, *NIGHT)
    assert (answer.code, answer.err) == (0, "")
    found = rows(answer.out)
    assert len(found) == 2 * 180
    assert found[0] == {
        "at": "2025-03-29T23:00:00Z",
        "measurement": "cpu_ratio",
        "label": "",
        "value": "0.0",
    }
    assert found[7]["value"] == "0.007", "seven digits, not what binary32 makes of them"
    assert {row["label"] for row in found[180:]} == {f"'{FORMULA}"}


def test_from_and_to_are_local_and_half_open(netmon: Call, told: CityFiles) -> None:
    night = ("--from", "2025-03-30T01:30", "--to", "2025-03-30T03:30")
    found = rows(netmon("series", "pc-1", "-c", told.config, *night).out)
    instants = [row["at"] for row in found if row["measurement"] == "cpu_ratio"]
    # At two it was three: one hour passed.
    assert len(instants) == 60
    assert (instants[0], instants[-1]) == ("2025-03-30T00:30:00Z", "2025-03-30T01:29:00Z")


@pytest.mark.parametrize(("step", "count"), [("hour", 6), ("day", 2)])
def test_summaries_are_printed_by_hour_and_day(
    netmon: Call, told: CityFiles, step: str, count: int
) -> None:
    week = ("--from", "2025-03-25", "--to", "2025-04-01")
    found = netmon("series", "pc-1", "-c", told.config, *week, "--step", step, "--json").document
    assert (found["device"], found["step"], len(found["rows"])) == ("pc-1", step, count)
    sums = [row for row in found["rows"] if row["measurement"] == "ssid_stations"]
    assert all((row["low"], row["mean"], row["high"]) == (2, 2, 2) for row in sums)
    if step == "hour":
        assert found["rows"][0] | {"at": ""} == {
            "at": "",
            "measurement": "cpu_ratio",
            "label": "",
            "size": 60,
            "low": 0,
            "high": 0.059,
            "mean": 0.0295,
        }


def test_a_device_without_points_has_none_and_a_stranger_is_refused(
    netmon: Call, told: CityFiles
) -> None:
    answer = netmon("series", "sw-1", "-c", told.config)
    assert (answer.code, answer.out) == (0, "at,measurement,label,value\n")
    for key in ("nobody", "\x1b[31m", "../x"):
        line = netmon("series", key, "-c", told.config).refused()
        assert "expected the id of a device" in line and "\x1b" not in line


def test_rebuild_puts_sums_and_hours_right_bit_by_bit(netmon: Call, told: CityFiles) -> None:
    first = netmon("rebuild", "-c", told.config, "--json").document["series"]
    # Two series of three hours, and of the one with a label the two UTC days that these touch.
    assert first["sums of points"] == {"same": 2 * 3 + 2, "changed": 0, "added": 0}
    assert first["hours worked"]["added"] > 0
    again = netmon("rebuild", "-c", told.config, "--json").document["series"]
    assert (again["hours worked"]["changed"], again["hours worked"]["added"]) == (0, 0)
    assert again["hours worked"]["same"] == first["hours worked"]["added"]


def test_hours_worked_add_up_to_availability(netmon: Call, stored: CityFiles) -> None:
    """The week and `netmon availability` can never tell different stories."""
    assert netmon("rebuild", "-c", stored.config).code == 0
    reader = SeriesReader(stored.folder / "var")
    for start, end in (("2025-03-29", "2025-04-01"), ("2025-10-25", "2025-10-28")):
        asked = ("--from", start, "--to", end, "--json")
        found = netmon("availability", "-c", stored.config, *asked).document["rows"]
        bounds = epoch_s(local(start)), epoch_s(local(end))
        whole = [0, 0]
        for row in found:
            judged = ("up_s", "degraded_s", "down_s", "unreachable_s")
            judged_s = sum(row[part] for part in judged)
            hours = reader.device_hours(row["id"], *bounds)
            assert sum(hour.judged_s for hour in hours) == judged_s
            usable_s = sum(hour.usable_s for hour in hours)
            if judged_s:
                assert usable_s / judged_s == pytest.approx(row["availability"])
            whole = [whole[0] + usable_s, whole[1] + judged_s]
        fleet = reader.fleet_hours(*bounds)
        assert [sum(h.usable_s for h in fleet), sum(h.judged_s for h in fleet)] == whole
        assert whole[1] > 0


def test_a_strike_entered_afterwards_changes_the_hours_of_the_past(stored: CityFiles) -> None:
    at = datetime(2025, 11, 1, tzinfo=UTC)
    with reading(stored.config) as (_, views), opened(stored) as series:
        keeping = SeriesKeeping(series, views, lambda: at)
        keeping.roll()
        reader = SeriesReader(stored.folder / "var")
        day = epoch_s(local("2025-03-31")), epoch_s(local("2025-04-01"))
        before = sum(hour.judged_s for hour in reader.fleet_hours(*day))
        with closing(DeskWriter(stored.folder / "var", origin="real")) as desk:
            timing = Timing(datetime(2025, 3, 31), "Europe/Brussels", wall_s=86_400)  # noqa: DTZ001 - as entered
            works = Announcement("w", Effect.MAINTENANCE, ("sw-1", "pc-1"), timing, epoch_s(at))
            desk.announce([works], epoch_s(at))
        keeping.roll()
        assert before > 0
        assert sum(hour.judged_s for hour in reader.fleet_hours(*day)) == 0
        assert work_out(series, views, at).changed == 0


def test_what_is_switched_off_writes_nothing(netmon: Call, stored: CityFiles) -> None:
    text = stored.config.read_text("utf-8") + "\n[series]\nenabled = false\n"
    stored.config.write_text(text, encoding="utf-8")
    assert netmon("rebuild", "-c", stored.config, "--json").document["series"] == {}
    assert not (stored.folder / "var" / "series").exists()


def test_hours_are_kept_no_shorter_than_points(netmon: Call, city: CityFiles) -> None:
    city.settings(SETTINGS + "\n[series]\nraw_days = 30\nper_radio_days = 29\n")
    line = netmon("check", "-c", city.config).err
    assert re.search(r"series\.per_radio_days: expected at least raw_days = 30, found 29", line)


def test_a_restore_leaves_series_alone_and_a_backup_does_not_hold_them(
    netmon: Call, told: CityFiles, tmp_path: Path
) -> None:
    saved = tmp_path / "saved.zip"
    assert netmon("backup", saved, "-c", told.config).code == 0
    before = netmon("series", "pc-1", "-c", told.config, *NIGHT).out
    assert netmon("restore", saved, "-c", told.config, "--force").code == 0
    assert netmon("series", "pc-1", "-c", told.config, *NIGHT).out == before
    for path in (told.folder / "var" / "series").iterdir():
        path.unlink()
    assert netmon("series", "pc-1", "-c", told.config, *NIGHT).out.count("\n") == 1
    assert netmon("rebuild", "-c", told.config).code == 0


def test_a_running_netmon_draws_what_it_measures(demo: tuple[Netmon, Path]) -> None:
    running, folder = demo
    address = f"{running.address}/ops/devices/ap-bruul-01"

    def page() -> str:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own server
            return answer.read().decode()

    text = wait_for(
        lambda: text if "<figure" in (text := page()) else None,
        within_s=3 * WRITE_S,  # points are written a minute at a time
        what="a chart",
    )
    assert "verbonden" in text and "processor" in text
    assert list((folder / "store" / "series").glob("raw-*.db"))

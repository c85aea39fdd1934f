"""`rebuild`: what can be worked out is the same afterwards, whatever was kept of it."""

import re
from contextlib import closing
from datetime import timedelta

import apsw
import pytest

from collectors.observation import Observation, Outcome
from netmon.cli.wiring import now
from netmon.domain.intervals import epoch_s
from netmon.domain.model import DeviceKind
from netmon.domain.state import lapse, step
from netmon.storage.desk import DeskWriter
from netmon.storage.record import RecordWriter, Step
from tests.cli.asking import Call
from tests.config.conftest import CityFiles
from tests.waiting import wait_for

SPOIL = "UPDATE opening_year SET windows = '[]' WHERE year = strftime('%Y') + 0"
STALE = "INSERT INTO opening_year VALUES ('a rule of before', 2020, '[[1, 2]]')"
SHOW = ("incident", "show", "sw-1@20250330T100000Z")
INTERVAL = ("--from", "2025-03-29", "--to", "2025-11-01")


@pytest.fixture
def rebuilt(netmon: Call, stored: CityFiles) -> CityFiles:
    assert netmon("rebuild", "-c", stored.config).code == 0
    return stored


def on_desk(city: CityFiles, *statements: str) -> list[tuple[object, ...]]:
    with closing(apsw.Connection(str(city.folder / "var" / "desk.db"))) as db:
        for each in statements:
            db.execute(each)
        return list(db.execute("SELECT * FROM opening_year"))


def test_what_was_spoilt_lost_or_is_stale_is_put_right(netmon: Call, rebuilt: CityFiles) -> None:
    right = on_desk(rebuilt)
    assert len(right) == 3
    lost = "DELETE FROM opening_year WHERE year > strftime('%Y')"
    assert on_desk(rebuilt, SPOIL, STALE, lost) != right
    answer = netmon("rebuild", "-c", rebuilt.config, "--json")
    assert (answer.code, answer.err) == (0, "")
    assert answer.document["opening_years"] == {"same": 1, "changed": 1, "added": 1, "removed": 1}
    assert on_desk(rebuilt) == right, "bit by bit"


def test_a_second_time_there_is_nothing_to_put_right(netmon: Call, rebuilt: CityFiles) -> None:
    first, sums, worked, derived, last = netmon("rebuild", "-c", rebuilt.config).out.splitlines()
    assert first == "opening hours, by rule and year: 3 right, 0 wrong, 0 missing, 0 too many"
    assert sums == "sums of points: 0 right, 0 wrong, 0 missing"
    assert re.fullmatch(r"hours worked: [1-9]\d* right, 0 wrong, 0 missing", worked)
    assert derived == "status, incidents, availability: worked out whenever they are asked for"
    assert last == "said of incidents: 0 kept, 0 of them of none that there is now"


def test_what_a_running_netmon_would_have_caught_up_with_is_not_called_wrong(
    netmon: Call, stored: CityFiles
) -> None:
    at = now().replace(microsecond=0) - timedelta(seconds=30)
    seen = Observation("sw-1", "snmp", at, Outcome.OK)
    policy = stored.load().settings.policy(DeviceKind.SWITCH, "snmp")
    with closing(RecordWriter(stored.folder / "var", origin="real")) as record:
        gap, edge = lapse(record.open_runs()["sw-1", "snmp"], at, policy)
        run, other = step(gap, seen, policy)
        record.write([Step(seen, run, tuple(each for each in (edge, other) if each))])
    netmon("rebuild", "-c", stored.config)
    first_s = epoch_s(now())
    wait_for(lambda: epoch_s(now()) > first_s, within_s=5, what="another second")
    worked = netmon("rebuild", "-c", stored.config, "--json").document["series"]["hours worked"]
    assert worked["same"]
    assert (worked["changed"], worked["added"]) == (0, 0)


@pytest.mark.parametrize("command", [("incidents", *INTERVAL), ("availability", *INTERVAL), SHOW])
def test_answers_are_bit_equal_from_runs_alone(
    netmon: Call, stored: CityFiles, command: tuple[str, ...]
) -> None:
    """Nothing but runs, looks and what people decided and said is needed for an answer."""
    for said in (("note", "a fuse"), ("link", "https://example.org/ticket/1")):
        assert netmon("incident", said[0], SHOW[-1], said[1], "-c", stored.config).code == 0
    asked = (*command, "-c", stored.config, "--json")
    before = netmon(*asked).out
    assert '"rows": []' not in before
    assert command[0] == "availability" or '"notes": 2' in before
    for table in ("opening_year", "heartbeat", "heartbeat_instant", "heartbeat_nonce"):
        on_desk(stored, f"DELETE FROM {table}")  # noqa: S608 - our own names
    with closing(apsw.Connection(str(stored.folder / "var" / "record.db"))) as db:
        kept = {"meta", "run", "latest"}
        tables = {
            name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        }
        for table in tables - kept:
            db.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
    assert netmon(*asked).out == before
    done = netmon("rebuild", "-c", stored.config, "--json").document
    assert done["said_of_incidents"] == {"kept": 2, "orphans": 0}
    assert netmon(*asked).out == before


def test_beside_a_netmon_that_writes_nothing_is_rebuilt(netmon: Call, stored: CityFiles) -> None:
    with closing(DeskWriter(stored.folder / "var", origin="real")):
        line = netmon("rebuild", "-c", stored.config).refused()
    assert line.endswith("writer: expected none, found another netmon that writes this store")


def test_without_a_store_none_is_made(netmon: Call, city: CityFiles) -> None:
    assert "expected a file, found none" in netmon("rebuild", "-c", city.config).refused()
    assert not (city.folder / "var").exists()

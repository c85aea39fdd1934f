"""What a controller says of its access points, from its answer to the record."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collectors.observation import Measurement, Observation, Outcome, Sighting
from netmon.domain.model import Device, DeviceKind, Status
from netmon.domain.sightings import Stranger
from netmon.domain.state import Policy
from netmon.scheduler.judge import Judge
from netmon.scheduler.reports import MAX_STRANGERS
from netmon.storage.record import RecordReader, RecordWriter
from tests.runs import stored_runs

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BASE_S = int(START.timestamp())
POLICY = Policy(interval_s=60, retry_interval_s=20)
MAC_1, MAC_2 = "02:00:5e:00:00:01", "02:00:5e:00:00:02"


def access_point(key: str, mac: str | None = None, seen_by: Sequence[str] = ("wlc",)) -> Device:
    sources = tuple(seen_by)
    return Device(
        key, DeviceKind.ACCESS_POINT, f"Name of {key}", "bruul", "", mac=mac, seen_by=sources
    )


def controller(key: str) -> Device:
    return Device(key, DeviceKind.CONTROLLER, key, "bruul", "192.0.2.9")


INVENTORY = [
    controller("wlc"),
    controller("wlc-2"),
    access_point("ap-1", MAC_1, ("wlc", "wlc-2")),
    access_point("ap-2"),
]
UP_1 = Sighting("whatever", mac=MAC_1, outcome=Outcome.OK)
UP_2 = Sighting("name of AP-2", outcome=Outcome.OK)
DOWN_1 = replace(UP_1, outcome=Outcome.TIMEOUT)


def said(
    second: int, *sightings: Sighting, by: str = "wlc", outcome: Outcome = Outcome.OK
) -> Observation:
    at = START + timedelta(seconds=second)
    lists_all = outcome is Outcome.OK
    return Observation(by, "snmp", at, outcome, sightings=sightings, lists_all=lists_all)


@dataclass
class Town:
    """A judge over a real record, which can be restarted."""

    folder: Path

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.record = RecordWriter(self.folder, origin="real")
        self.judge = Judge(self.record, lambda _: POLICY)
        self.judge.know(INVENTORY)

    def stop(self) -> None:
        self.judge.keep()
        self.record.close()

    def hear(self, *answers: Observation) -> list[float]:
        waits = [self.judge.hear(each, POLICY).wait_s for each in answers]
        self.judge.keep()
        return waits

    def story(self, device_id: str) -> list[tuple[int, Status]]:
        return [
            (run.start_s - BASE_S, run.status)
            for run in stored_runs(self.folder)
            if (run.device_id, run.check) == (device_id, "reported")
        ]

    def strangers(self) -> list[Stranger]:
        with closing(RecordReader(self.folder)) as reader:
            return reader.strangers()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path)
    yield town
    town.stop()


def test_one_answer_tells_the_state_of_every_access_point_by_mac_then_by_name(town: Town) -> None:
    town.hear(said(0, UP_1, UP_2))
    assert town.story("ap-1") == town.story("ap-2") == [(0, Status.UP)]


def test_what_was_said_is_kept_with_its_source_and_its_age(town: Town) -> None:
    looked_at = START - timedelta(seconds=30)
    stations = Measurement("stations", 7.0)
    town.hear(said(0, replace(UP_1, at=looked_at, measurements=(stations,))))
    with closing(RecordReader(town.folder)) as reader:
        latest = {each.observation.target: each.observation for each in reader.latest()}
    assert latest["ap-1"].source == "wlc"
    assert latest["ap-1"].at == looked_at
    assert latest["ap-1"].measurements == (stations,)
    assert not latest["wlc"].source


def test_a_source_whose_clock_is_ahead_tells_of_the_present(town: Town) -> None:
    town.hear(said(0, replace(UP_1, at=START + timedelta(hours=1))))
    assert town.story("ap-1") == [(0, Status.UP)]


def test_an_access_point_that_vanishes_from_the_list_is_down_since_then(town: Town) -> None:
    town.hear(said(0, UP_1, UP_2), *(said(second, UP_1) for second in (60, 80, 100)))
    assert town.story("ap-2") == [(0, Status.UP), (60, Status.DOWN)]
    assert town.story("ap-1") == [(0, Status.UP)]


def test_one_that_vanished_is_remembered_over_a_restart(town: Town) -> None:
    town.hear(said(0, UP_1, UP_2))
    town.stop()
    town.start()
    town.hear(*(said(second, UP_1) for second in (60, 80, 100)))
    assert town.story("ap-2") == [(0, Status.UP), (60, Status.DOWN)]


def test_one_that_was_never_on_the_list_stays_unknown(town: Town) -> None:
    town.hear(*(said(second, UP_1) for second in (0, 60, 120, 180)))
    assert not town.story("ap-2")


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.AUTH, Outcome.MALFORMED])
def test_a_controller_that_does_not_answer_leaves_its_access_points_unknown(
    town: Town, outcome: Outcome
) -> None:
    silent = [said(second, outcome=outcome) for second in range(60, 600, 20)]
    town.hear(said(0, UP_1, UP_2), *silent, said(600, UP_1, UP_2))
    story = [(0, Status.UP), (150, Status.UNKNOWN), (600, Status.UP)]
    assert town.story("ap-1") == town.story("ap-2") == story


def test_an_answer_that_breaks_off_tells_of_whom_it_named_and_of_nobody_else(town: Town) -> None:
    """One site of twenty that fails must not make the devices of the others unknown."""
    attic = Sighting("AP in the attic", mac="02:00:5e:00:00:99")
    town.hear(said(0, UP_1, UP_2, attic))
    broken = [said(s, UP_1, outcome=Outcome.CONTENT) for s in range(60, 600, 60)]
    town.hear(*broken, said(600, UP_1, UP_2, attic))
    assert town.story("ap-1") == [(0, Status.UP)]
    assert town.story("ap-2") == [(0, Status.UP), (150, Status.UNKNOWN), (600, Status.UP)]
    assert [each.since for each in town.strangers()] == [START]


def test_a_half_list_makes_nobody_vanish(town: Town) -> None:
    town.hear(said(0, UP_1, UP_2))
    town.hear(*(replace(said(second, UP_1), lists_all=False) for second in (60, 80, 100)))
    assert town.story("ap-2") == [(0, Status.UP)]


def test_while_an_access_point_is_not_surely_down_its_controller_is_asked_sooner(
    town: Town,
) -> None:
    waits = town.hear(said(0, UP_1), *(said(second, DOWN_1) for second in (60, 80, 100)))
    assert waits == [60, 20, 20, 60]


def test_the_copy_of_a_second_controller_does_not_contradict_the_first(town: Town) -> None:
    for second in range(0, 300, 60):
        town.hear(said(second, UP_1), said(second + 1, DOWN_1, by="wlc-2"))
    assert town.story("ap-1") == [(0, Status.UP)]
    town.hear(*(said(second, by="wlc-2") for second in (301, 321, 341)))
    assert town.story("ap-1") == [(0, Status.UP)]


def test_a_good_word_holds_only_while_it_is_fresh(town: Town) -> None:
    town.hear(said(0, UP_1))
    town.hear(*(said(second, DOWN_1, by="wlc-2") for second in (60, 120, 151, 171, 191)))
    assert town.story("ap-1") == [(0, Status.UP), (150, Status.UNKNOWN), (151, Status.DOWN)]


def test_a_redundant_copy_says_nothing(town: Town) -> None:
    town.hear(said(0, replace(UP_1, outcome=None)))
    assert not town.story("ap-1")


def test_of_two_rows_for_one_access_point_the_better_counts(town: Town) -> None:
    town.hear(said(0, DOWN_1, UP_1), said(60, UP_1, DOWN_1, replace(UP_1, outcome=None)))
    assert town.story("ap-1") == [(0, Status.UP)]


def test_a_controller_says_nothing_of_itself(town: Town) -> None:
    town.hear(said(0, Sighting("wlc", outcome=Outcome.TIMEOUT)))
    assert not town.story("wlc")


def test_a_name_that_two_devices_have_is_nobodys(town: Town) -> None:
    twins = [replace(each, name="AP") for each in INVENTORY[2:]]
    town.judge.know([*INVENTORY[:2], *twins])
    town.hear(said(0, Sighting("ap", outcome=Outcome.OK)))
    assert not town.story("ap-1") and not town.story("ap-2")
    assert [each.name for each in town.strangers()] == ["ap"]


def test_what_the_inventory_lacks_is_kept_with_the_day_it_was_first_seen(town: Town) -> None:
    new = Sighting("AP in the attic", mac="02:00:5e:00:00:99", address="192.0.2.7")
    town.hear(said(0, UP_1, new), said(60, UP_1, new))
    town.stop()
    town.start()
    town.hear(said(120, UP_1, new, Sighting("another")))
    known = Stranger("wlc", new.name, new.mac, new.address, START)
    other = Stranger("wlc", "another", None, None, START + timedelta(seconds=120))
    assert town.strangers() == [known, other]
    town.hear(said(180, UP_1))
    assert not town.strangers()


def test_a_source_that_watches_another_city_does_not_fill_the_store(town: Town) -> None:
    town.hear(said(0, *(Sighting(f"AP {number}") for number in range(MAX_STRANGERS + 50))))
    assert len(town.strangers()) == MAX_STRANGERS


def test_a_source_that_a_device_does_not_name_says_nothing_of_it(town: Town) -> None:
    """Whoever names a host of Zabbix like a device must not hide its outage, nor invent one."""
    town.hear(said(0, UP_2, by="wlc-2"), said(1, DOWN_1), said(2, UP_1, by="zabbix"))
    assert not town.story("ap-2")
    town.hear(
        *(
            said(second, replace(UP_2, outcome=Outcome.TIMEOUT), by="wlc-2")
            for second in (9, 29, 49)
        )
    )
    assert not town.story("ap-2")
    assert not town.strangers()  # it is in the inventory, whoever speaks of it


def test_the_good_word_of_a_source_that_is_not_asked_does_not_hide_an_outage(town: Town) -> None:
    town.hear(said(0, UP_1))
    for second in (200, 220, 240):
        town.hear(said(second, UP_1, by="zabbix"), said(second + 1, DOWN_1))
    assert town.story("ap-1")[-1] == (201, Status.DOWN)


def test_an_access_point_that_bears_the_name_of_another_does_not_speak_for_it(town: Town) -> None:
    """Its hardware address is that of neither; the one that is ours is known by its own."""
    impostor = Sighting("Name of ap-1", mac="02:00:5e:00:00:66", outcome=Outcome.OK)
    town.hear(said(0, UP_1), *(said(second, DOWN_1, impostor) for second in (60, 80, 100)))
    assert town.story("ap-1") == [(0, Status.UP), (60, Status.DOWN)]


def test_one_whose_hardware_was_replaced_is_still_known_by_its_name(town: Town) -> None:
    town.hear(said(0, Sighting("name of AP-1", mac="02:00:5e:00:00:77", outcome=Outcome.OK)))
    assert town.story("ap-1") == [(0, Status.UP)]


def test_every_other_device_is_judged_as_if_nobody_spoke_of_it(town: Town) -> None:
    """A sighting changes the check `reported` alone."""
    town.hear(said(0, UP_1, UP_2))
    checks = {(run.device_id, run.check) for run in stored_runs(town.folder)}
    assert checks == {("wlc", "snmp"), ("ap-1", "reported"), ("ap-2", "reported")}

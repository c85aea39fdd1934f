"""What runs, parents, revisions and maintenance read like together, from real stores."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.observation import Outcome
from netmon.domain.model import Power, Status
from tests.analysis.town import BRUUL, START, IsDead, Town, access_point, at

HOUR = 3600
UP, DOWN, UNKNOWN = Status.UP, Status.DOWN, Status.UNKNOWN
UNREACHABLE, MAINTENANCE = Status.UNREACHABLE, Status.MAINTENANCE

CHAIN = [
    access_point("gw"),
    access_point("sw", "gw"),
    access_point("ap-1", "sw"),
    access_point("ap-2", "sw"),
    access_point("ap-elsewhere", "gw"),
]


def dead(device: str, from_s: float, until_s: float = 2**40) -> IsDead:
    return lambda each, second: each == device and from_s <= second < until_s


NAMES = st.lists(
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=8),
    min_size=6,
    max_size=6,
    unique=True,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(names=NAMES, failed_s=st.integers(900, 1000), lasted_s=st.integers(200, 2000))
def test_a_failed_switch_is_one_incident_whoever_was_looked_at_first(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], failed_s: int, lasted_s: int
) -> None:
    """Names decide the phases, so any order of looks occurs; the story is always the same."""
    gateway, switch, *behind = names
    devices = [
        access_point(gateway),
        access_point(switch, gateway),
        *(access_point(each, switch) for each in behind),
    ]
    end_s = failed_s + lasted_s + 700
    with Town(tmp_path_factory.mktemp("town")) as town:
        town.inhabit(devices)
        town.live(dead(switch, failed_s, failed_s + lasted_s), 0, end_s)
        during = town.views.incidents(at(end_s))
        assert [row.device_id for row in during] == [switch]
        (incident,) = during
        assert set(incident.affected) == set(behind)
        assert failed_s <= (incident.began_at - START).total_seconds() <= failed_s + 61
        assert incident.ended_at is not None
        back_s = failed_s + lasted_s
        assert back_s <= (incident.ended_at - START).total_seconds() <= back_s + 301
        assert set(town.status(end_s).values()) == {UP}
        for each in behind:
            assert {span[2] for span in town.read(each, end_s)} == {UP, UNREACHABLE}
        assert {span[2] for span in town.read(gateway, end_s)} == {UP}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(names=NAMES, failed_s=st.integers(900, 1000), looked_s=st.integers(130, 900))
def test_while_a_switch_is_down_its_children_never_become_incidents(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], failed_s: int, looked_s: int
) -> None:
    """At whatever second somebody looks, only the switch is ever blamed."""
    switch, *behind = names
    devices = [access_point(switch), *(access_point(each, switch) for each in behind)]
    with Town(tmp_path_factory.mktemp("town")) as town:
        town.inhabit(devices)
        town.live(dead(switch, failed_s), 0, failed_s + looked_s)
        now = at(failed_s + looked_s)
        assert [row.device_id for row in town.views.incidents(now)] == [switch]
        rows = {row.id: row for row in town.views.devices(now)}
        assert rows[switch].status is DOWN
        for each in behind:
            assert rows[each].status is UNREACHABLE
            assert rows[each].reason == f"behind {switch}"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(names=NAMES, failed_s=st.integers(900, 960))
def test_no_second_of_an_outage_blames_a_child(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], failed_s: int
) -> None:
    """From the first lost answer on, whatever second one looks at, no child reads as down."""
    switch, *behind = names
    devices = [access_point(switch), *(access_point(each, switch) for each in behind)]
    with Town(tmp_path_factory.mktemp("town")) as town:
        town.inhabit(devices)
        town.live(dead(switch, failed_s), 0, failed_s)
        for second in range(failed_s, failed_s + 130, 10):
            town.live(dead(switch, failed_s), second, second + 10)
            statuses = town.status(second + 10)
            assert DOWN not in {statuses[each] for each in behind}


def test_a_gateway_takes_along_those_behind_its_switch(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit(CHAIN)
        town.live(dead("gw", 1000, 2000), 0, 2600)
        (incident,) = town.views.incidents(at(2600))
        assert incident.device_id == "gw"
        assert set(incident.affected) == {"sw", "ap-1", "ap-2", "ap-elsewhere"}


def test_a_child_with_a_fault_of_its_own_has_its_own_incident(tmp_path: Path) -> None:
    """Down an hour before its switch, it is no victim of it; after it came back, it is again."""
    with Town(tmp_path) as town:
        town.inhabit(CHAIN)

        def is_dead(device: str, second: float) -> bool:
            own = device == "ap-1" and second >= 1000
            return own or (device == "sw" and 4600 <= second < 5600)

        town.live(is_dead, 0, 7000)
        assert town.status(7000)["ap-1"] is DOWN
        incidents = {row.device_id: row for row in town.views.incidents(at(7000))}
        assert set(incidents) == {"ap-1", "sw"}
        assert incidents["ap-1"].ended_at is None
        assert (incidents["ap-1"].began_at - START).total_seconds() < 1070


def test_children_that_are_hard_down_read_unreachable_while_the_parent_only_seems_to_fail(
    tmp_path: Path,
) -> None:
    with Town(tmp_path) as town:
        town.inhabit(CHAIN)
        for each in ("sw", "ap-1"):
            town.see(each, (0, 60, 120))
        town.see("ap-1", (180, 200, 220), Outcome.TIMEOUT)
        assert town.status(221)["ap-1"] is DOWN
        town.see("sw", (225,), Outcome.TIMEOUT)
        assert town.status(226)["sw"] is UP
        assert town.status(226)["ap-1"] is UNREACHABLE
        assert town.views.incidents(at(226)) == ()


def test_a_parent_that_answered_again_explains_nothing(tmp_path: Path) -> None:
    """One lost answer of the switch is over with its next answer, and the child is down."""
    with Town(tmp_path) as town:
        town.inhabit(CHAIN)
        for each in ("sw", "ap-1"):
            town.see(each, (0, 60, 120))
        town.see("ap-1", (180, 200, 220), Outcome.TIMEOUT)
        town.see("sw", (225,), Outcome.TIMEOUT)
        town.see("sw", (245,))
        assert town.status(246)["ap-1"] is DOWN


REDUNDANT = [access_point("left"), access_point("right"), access_point("ap", "left", "right")]


def test_one_of_two_parents_is_enough(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit(REDUNDANT)
        town.live(dead("left", 1000), 0, 2000)
        assert town.status(2000) == {"left": DOWN, "right": UP, "ap": UP}
        (incident,) = town.views.incidents(at(2000))
        assert incident.affected == ()


def test_when_both_parents_fail_the_child_is_out_of_reach(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit(REDUNDANT)
        town.live(lambda device, second: device != "ap" and second >= 1000, 0, 2000)
        assert town.status(2000) == {"left": DOWN, "right": DOWN, "ap": UNREACHABLE}
        assert {row.affected for row in town.views.incidents(at(2000))} == {("ap",)}


def test_maintenance_entered_afterwards_changes_what_is_read_and_no_row(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit(CHAIN)
        town.live(dead("sw", 1000, 2000), 0, 2600)
        before = town.rows()
        assert len(town.views.incidents(at(2600))) == 1
        town.announce("sw", 900, 2400)
        assert town.views.incidents(at(2600)) == ()
        assert (900, 2400, MAINTENANCE) in town.read("sw", 2600)
        assert (900, 2400, MAINTENANCE) in town.read("ap-1", 2600)
        assert {span[2] for span in town.read("ap-elsewhere", 2600)} == {UP}
        assert town.rows() == before


def test_works_on_one_of_two_parents_leave_a_child_that_works_alone(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit([access_point("a"), access_point("b"), access_point("ap", "a", "b")])
        town.live(dead("a", 1000, 2000), 0, 2600)
        town.announce("a", 900, 2400)
        assert {span[2] for span in town.read("ap", 2600)} == {UP}
        town.announce("b", 1200, 1500)
        assert (1200, 1500, MAINTENANCE) in town.read("ap", 2600)


def test_works_at_the_place_of_a_switch_are_no_fault_of_those_behind_it(tmp_path: Path) -> None:
    """Nobody below blames an access point elsewhere: its switch failed, announced or not."""
    station = [access_point("sw", place="station"), access_point("ap", "sw")]
    with Town(tmp_path) as town:
        town.inhabit(station, [BRUUL, replace(BRUUL, id="station")])
        town.live(dead("sw", 1000, 2000), 0, 2600)
        town.announce("station", 900, 2400)
        assert town.views.incidents(at(2600)) == ()
        assert {span[2] for span in town.read("ap", 2600)} == {UP, UNREACHABLE}


def both(*devices: str, from_s: float, until_s: float) -> IsDead:
    return lambda device, second: device in devices and from_s <= second < until_s


@pytest.mark.parametrize(("failing", "expected"), [("old", UNREACHABLE), ("new", DOWN)])
def test_an_outage_is_read_with_the_parents_of_its_time(
    tmp_path: Path, failing: str, expected: Status
) -> None:
    """Moved to another switch, the access point keeps its old excuse and gets no new one."""
    before = [access_point("old"), access_point("new"), access_point("ap", "old")]
    after = [access_point("old"), access_point("new"), access_point("ap", "new")]
    with Town(tmp_path) as town:
        town.inhabit(before)
        town.live(both(failing, "ap", from_s=1000, until_s=2000), 0, 2600)
        town.inhabit(after, second=2600)
        assert expected in {span[2] for span in town.read("ap", 2600)}
        town.live(both("new", "ap", from_s=3000, until_s=4000), 2600, 4600)
        late = [span for span in town.read("ap", 4600) if span[0] >= 2600]
        assert {span[2] for span in late} == {UP, UNREACHABLE}


def test_two_switches_that_changed_places_are_read_without_end(tmp_path: Path) -> None:
    """Each was the other's parent once; their revisions together are a loop."""
    with Town(tmp_path) as town:
        town.inhabit([access_point("a"), access_point("b", "a")])
        town.live(dead("a", 1000, 2000), 0, 2600)
        town.inhabit([access_point("a", "b"), access_point("b")], second=2600)
        town.live(dead("b", 3000, 4000), 2600, 4600)
        assert {row.device_id: row.affected for row in town.views.incidents(at(4600))} == {
            "a": ("b",),
            "b": ("a",),
        }, "each by what carried it then"
        assert DOWN not in {span[2] for span in town.read("b", 4600) if span[0] < 2600}


def test_a_retired_switch_still_explains_what_it_took_along(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit([access_point("old"), access_point("ap", "old")])
        town.live(dead("old", 1000, 2000), 0, 2600)
        town.inhabit([access_point("new"), access_point("ap", "new")], second=2600)
        assert set(town.timelines(2600)) == {"new", "ap"}
        assert {span[2] for span in town.read("ap", 2600)} == {UP, UNREACHABLE}
        assert town.views.incidents(at(2600)) == ()


def test_a_renamed_device_keeps_its_history(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit([access_point("old")])
        town.live(dead("old", 1000, 2000), 0, 3000)
        spans = town.read("old", 3000)
        town.inhabit([access_point("new", renamed_from="old")], second=3000)
        town.see("new", range(3010, 4000, 60))
        assert town.read("new", 4000)[:-1] == spans[:-1]
        assert town.read("new", 4000)[-1] == (spans[-1][0], 4001, UP)


def test_a_name_that_changed_twice_keeps_all_of_its_history(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit([access_point("a")])
        town.live(dead("a", 1000, 2000), 0, 3000)
        town.inhabit([access_point("b", renamed_from="a")], second=3000)
        town.see("b", range(3010, 4000, 60))
        town.inhabit([access_point("c", renamed_from="b")], second=4000)
        town.see("c", range(4010, 5000, 60))
        spans = town.read("c", 5000)
        assert [span[2] for span in spans] == [UP, DOWN, UP]
        assert spans[-1][1] == 5001


def test_renaming_a_switch_rewrites_no_past(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit(CHAIN)
        town.live(dead("sw", 1000, 2000), 0, 2600)
        before = town.read("ap-1", 2600)
        renamed = [
            access_point("gw"),
            access_point("switch", "gw", renamed_from="sw"),
            access_point("ap-1", "switch"),
            access_point("ap-3", "switch", renamed_from="ap-2"),
        ]
        town.inhabit(renamed, second=2600)
        assert town.read("ap-1", 2600) == before
        assert {span[2] for span in town.read("ap-3", 2600)} == {UP, UNREACHABLE}
        (incident,) = town.views.incidents(at(2600))
        assert (incident.device_id, set(incident.affected)) == ("switch", {"ap-1", "ap-3"})


def test_silence_becomes_unknown_though_nobody_writes(tmp_path: Path) -> None:
    """The collecting process died: readers see it by themselves, 2.5 intervals later."""
    with Town(tmp_path) as town:
        town.inhabit([access_point("ap")])
        town.see("ap", (0, 60))
        rows = town.rows()
        assert town.status(209)["ap"] is UP
        assert town.status(210)["ap"] is UNKNOWN
        assert town.read("ap", 400) == [(0, 210, UP), (210, 401, UNKNOWN)]
        assert town.rows() == rows


def test_silence_closes_no_incident(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit([access_point("ap")])
        town.see("ap", (0,))
        town.see("ap", (60, 80, 100), Outcome.TIMEOUT)
        town.see("ap", (HOUR,), Outcome.TIMEOUT)
        (incident,) = town.views.incidents(at(HOUR))
        assert incident.ended_at is None
        town.see("ap", (HOUR + 20, HOUR + 40))
        (incident,) = town.views.incidents(at(HOUR + 60))
        assert incident.ended_at == at(HOUR + 20)


def test_a_retired_device_vanishes(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit([access_point("ap"), access_point("gone")])
        town.see("ap", (0, 60))
        town.see("gone", (0, 20, 40), Outcome.TIMEOUT)
        town.inhabit([access_point("ap")], second=60)
        assert set(town.status(61)) == {"ap"}
        assert town.views.incidents(at(61)) == ()


@pytest.mark.parametrize(
    ("power", "reason"),
    [(Power.ON_DEMAND, "on_demand"), (Power.WITH_SITE, "hours_unknown")],
    ids=["on when somebody needs it", "on with a place without hours"],
)
def test_a_silent_device_without_hours_is_not_called_down(
    tmp_path: Path, power: Power, reason: str
) -> None:
    """It may rightly be off; when it answers it is up, and its last proof of health is shown."""
    with Town(tmp_path) as town:
        town.inhabit([access_point("pc", power=power)])
        town.see("pc", (0, 60))
        assert town.status(61)["pc"] is UP
        town.see("pc", (120, 140, 160), Outcome.TIMEOUT)
        (row,) = town.views.devices(at(161))
        assert (row.status, row.reason) == (UNKNOWN, reason)
        assert (row.seen_at, row.last_ok_at) == (at(160), at(120))
        assert town.views.incidents(at(161)) == ()


def test_a_device_that_nobody_looked_at_is_unknown(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit([access_point("ap")])
        (row,) = town.views.devices(START)
        assert (row.status, row.reason, row.since, row.seen_at) == (
            UNKNOWN,
            "never_seen",
            None,
            None,
        )


def test_an_incident_is_called_the_same_however_long_ago_it_is(tmp_path: Path) -> None:
    """A child down for days keeps the beginning it had, though its switch came back since."""
    day = 86_400
    with Town(tmp_path) as town:
        town.inhabit([access_point("sw"), access_point("ap", "sw")])

        def is_dead(device: str, second: float) -> bool:
            return second >= 1000 and (device == "ap" or second < 2000)

        town.live(is_dead, 0, 3000)
        (soon, *_), names = town.views.incidents(at(3000)), {"ap", "sw"}
        assert {row.device_id for row in town.views.incidents(at(3000))} == names
        town.see("ap", range(3000, 3 * day, 300), Outcome.TIMEOUT)
        town.see("sw", range(3000, 3 * day, 60))
        (late,) = town.views.incidents(at(3 * day))
        assert (late.id, late.began_at) == (soon.id, soon.began_at)

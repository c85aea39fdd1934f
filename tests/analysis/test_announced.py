"""What is announced is laid over every answer: hours, incidents, percentages, the page."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.observation import Outcome
from netmon.analysis.coming import net_changes
from netmon.analysis.hours import OpeningHours, expected_off
from netmon.analysis.rows import Notice
from netmon.analysis.timelines import DeviceTimeline
from netmon.config.calendar import HoursRule
from netmon.domain.incidents import Incident, incidents_of
from netmon.domain.intervals import (
    ALWAYS,
    Interval,
    Span,
    Windows,
    epoch_s,
    intersection,
    union,
)
from netmon.domain.maintenance import Announcement, Change, Effect, Timing, changed
from netmon.domain.model import Inventory, Offer, Power, Service, Status
from netmon.domain.presence import when
from netmon.domain.timeline import read_spans
from tests.analysis.test_timelines import dead
from tests.analysis.town import BRUUL, LOCAL, START, Town, access_point, at, calendar

HOUR, DAY = 3600, 86_400
OFFER = Offer(Service.COMPUTER, confirmed_on=START.date())
LIBRARY = replace(
    BRUUL, id="library", is_street=False, opening_hours="Mo-Su 09:00-17:00", offers=(OFFER,)
)
COMPUTER = access_point("pc", place="library", power=Power.WITH_SITE)

# --- incidents: announced work mutes their beginning, never their end -----------------------

LETTERS = {
    "U": (Status.UP, True, ""),
    "g": (Status.DEGRADED, True, "disk_full"),
    "D": (Status.DOWN, False, "timeout"),
    "?": (Status.UNKNOWN, False, "not_observed"),
}
rows = st.text(alphabet=[*LETTERS], max_size=24)
masks = st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24)), max_size=3).map(union)


def incidents(row: str, mask: Sequence[Interval]) -> list[Incident]:
    """Return the incidents of a device, a letter a second, with work announced."""
    own = [Span(slot, slot + 1, *LETTERS[letter]) for slot, letter in enumerate(row)]
    recorded = read_spans(own, maintenance=mask, windows=ALWAYS, until_s=len(row))
    worked = intersection(when(own, {Status.UP}), mask)
    seen = DeviceTimeline(
        access_point("ap"),
        BRUUL,
        recorded,
        ALWAYS,
        len(row),
        frozenset(),
        maintenance=mask,
        worked=worked,
    )
    return incidents_of("ap", seen.judged)


@given(rows, masks)
def test_no_incident_begins_during_announced_work(row: str, mask: list[Interval]) -> None:
    announced = Windows(mask)
    assert not any(announced.contain(each.began_s) for each in incidents(row, mask))


@given(rows, masks)
def test_announced_work_moves_no_end(row: str, mask: list[Interval]) -> None:
    """Whatever is still told ends at the very second at which it ends untold of."""
    plain = incidents(row, [])
    for each in incidents(row, mask):
        (whole,) = [
            other
            for other in plain
            if other.began_s <= each.began_s and (other.ended_s or 2**40) > each.began_s
        ]
        assert each.ended_s == whole.ended_s


@given(rows, masks)
def test_only_what_was_muted_wholly_is_not_told(row: str, mask: list[Interval]) -> None:
    announced = Windows(mask)
    broken = [slot for slot, letter in enumerate(row) if letter in "gD"]
    told = [slot for slot in broken if not announced.contain(slot)]
    found = incidents(row, mask)
    for slot in told:
        assert any(each.began_s <= slot < (each.ended_s or 2**40) for each in found)
    assert sum(each.promised_s for each in found) == len(told)


def test_a_device_that_comes_back_during_work_is_back(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit([access_point("ap")])
        town.live(dead("ap", 1000, 2000), 0, 6000)
        (before,) = town.views.incidents(at(6000))
        town.announce("ap", 1500, 5000)
        (incident,) = town.views.incidents(at(6000))
        assert (incident.id, incident.ended_at) == (before.id, before.ended_at)
        assert incident.promised_s < before.promised_s, "what was announced was not promised"
        assert (1500, 5000, Status.MAINTENANCE) in town.read("ap", 6000)


def test_what_fails_during_work_and_after_it_is_an_incident_of_after(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit([access_point("ap")])
        town.announce("ap", 900, 3000)
        town.live(dead("ap", 1000), 0, 4000)
        (incident,) = town.views.incidents(at(4000))
        assert (incident.began_at, incident.ended_at) == (at(3000), None)


# --- exceptions: a site's hours, changed for a time -----------------------------------------


def local(text: str) -> int:
    return epoch_s(datetime.fromisoformat(text).replace(tzinfo=LOCAL))


def except_at(town: Town, effect: Effect, start: str, end: str, said: str) -> None:
    """Announce other hours of the library, from and to local times."""
    begin = datetime.fromisoformat(start)
    timing = Timing(
        begin, LOCAL.key, wall_s=int((datetime.fromisoformat(end) - begin).total_seconds())
    )
    announcement = Announcement(f"{said}-{start}", effect, ("library",), timing, local(said))
    town.desk.announce([announcement], local(said))


def open_hours(town: Town, day: str) -> float:
    """Return for how many hours of a local day the library's computer should have been on."""
    begin = datetime.fromisoformat(day).replace(tzinfo=LOCAL)
    bounds = (epoch_s(begin), epoch_s(begin.replace(day=begin.day + 1)))
    (row,) = town.views.availability(bounds, datetime(2027, 12, 1, tzinfo=UTC))
    return (row.shares.window_s - row.shares.expected_off_s) / HOUR


def test_the_exception_announced_later_holds(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit([COMPUTER], [LIBRARY])
        assert open_hours(town, "2026-11-25") == 8
        except_at(town, Effect.CLOSED, "2026-11-25T12:00", "2026-11-26T00:00", "2026-11-20")
        assert open_hours(town, "2026-11-25") == 3
        except_at(town, Effect.OPEN, "2026-11-25T16:00", "2026-11-25T21:00", "2026-11-21")
        assert open_hours(town, "2026-11-25") == 8
        except_at(town, Effect.CLOSED, "2026-11-25", "2026-11-26", "2026-11-22")
        assert open_hours(town, "2026-11-25") == 0
        assert open_hours(town, "2026-11-24") == 8


@pytest.mark.parametrize(
    ("day", "start", "end", "hours"),
    [
        ("2026-10-25", "2026-10-25T01:00", "2026-10-25T04:00", 12),
        ("2027-03-28", "2027-03-28T01:00", "2027-03-28T04:00", 10),
        ("2026-11-25", "2026-11-25T01:00", "2026-11-25T04:00", 11),
    ],
)
def test_an_exception_is_right_where_the_clock_is_put(
    tmp_path: Path, day: str, start: str, end: str, hours: int
) -> None:
    with Town(tmp_path) as town:
        town.inhabit([COMPUTER], [LIBRARY])
        except_at(town, Effect.OPEN, start, end, "2026-01-01")
        assert open_hours(town, day) == hours


def test_lead_and_lag_hold_around_other_hours_too(tmp_path: Path) -> None:
    narrow = replace(LIBRARY, lead_s=-600, lag_s=-1200)
    with Town(tmp_path) as town:
        town.inhabit([COMPUTER], [narrow])
        assert open_hours(town, "2026-11-25") == 7.5
        except_at(town, Effect.CLOSED, "2026-11-25T12:00", "2026-11-25T13:00", "2026-11-20")
        assert open_hours(town, "2026-11-25") == 6
        except_at(town, Effect.OPEN, "2026-11-25T20:00", "2026-11-25T22:00", "2026-11-20")
        assert open_hours(town, "2026-11-25") == 7.5


pairs = st.lists(st.tuples(st.integers(-DAY, 3 * DAY), st.integers(-DAY, 3 * DAY)), max_size=4)
some = st.lists(st.builds(Change, st.booleans(), pairs.map(union).map(tuple)), max_size=3)


@given(some, st.integers(-DAY, 3 * DAY), st.sampled_from(["Mo-Su 09:00-17:00", "24/7", "off"]))
def test_hours_with_exceptions_are_those_without_and_then_changed(
    said: list[Change], second: int, text: str
) -> None:
    """Whichever way they are worked out: at each second the last exception decides."""
    begin_s = epoch_s(START)
    moved = tuple(
        Change(each.is_open, tuple((a + begin_s, b + begin_s) for a, b in each.times))
        for each in said
    )
    hours, rule, bounds = OpeningHours(calendar()), HoursRule(text), (begin_s, begin_s + DAY)
    plain, special = hours.windows(rule, *bounds), hours.windows(rule, *bounds, moved)
    assert plain is not None and special is not None
    at_s = begin_s + second
    held = [each.is_open for each in moved if Windows(each.times).contain(at_s)]
    assert special.contain(at_s) is (held[-1] if held else plain.contain(at_s))


@given(some)
def test_what_is_told_in_advance_is_what_will_hold(said: list[Change]) -> None:
    closed, opened = net_changes(tuple(said))
    assert intersection(closed, opened) == []
    assert changed([], said) == opened
    always = [(-2 * DAY, 4 * DAY)]
    assert changed(always, said) == changed(always, [Change(is_open=False, times=tuple(closed))])


def test_what_is_always_on_knows_no_exceptions(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit([replace(COMPUTER, power=Power.ALWAYS_ON)], [LIBRARY])
        except_at(town, Effect.CLOSED, "2026-11-25", "2026-11-26", "2026-11-20")
        assert open_hours(town, "2026-11-25") == 24


def test_a_closed_site_is_no_incident_and_reopened_afterwards_it_is(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit([COMPUTER], [LIBRARY])
        town.live(dead("pc", 1000, 2000), 0, 2600)
        before, rows_before = town.views.incidents(at(2600)), town.rows()
        assert len(before) == 1
        town.announce("library", 0, 7200, Effect.CLOSED)
        assert town.views.incidents(at(2600)) == ()
        assert town.status(2600)["pc"] is Status.EXPECTED_OFF
        (said,) = town.views._desk.announcements()
        town.desk.announce([replace(said, cut_s=0)], epoch_s(at(2600)))
        assert town.views.incidents(at(2600)) == before
        assert town.rows() == rows_before


def test_the_log_knows_who_may_be_silent() -> None:
    closing = Change(is_open=False, times=((epoch_s(START), epoch_s(START) + HOUR),))
    hours, inventory = OpeningHours(calendar()), Inventory((LIBRARY,), (COMPUTER,))
    ask = expected_off(inventory, hours, lambda *_: (closing,))
    assert ask("pc", at(60))
    assert not ask("pc", at(HOUR))


# --- what is told in advance ----------------------------------------------------------------


def notices(town: Town, place: str, second: float) -> list[tuple[str, float, float, bool]]:
    """Return what residents are told of a place, in seconds."""
    (row,) = [each for each in town.views.spots(at(second)) if each.id == place]
    return [
        (each.effect, *((when - START).total_seconds() for when in (each.starts_at, each.ends_at)),
         each.is_partial)
        for each in row.announced
    ]  # fmt: skip


def test_residents_are_told_from_seven_days_before_until_the_end(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit([access_point("ap")])
        town.announce("bruul", 8 * DAY, 8 * DAY + HOUR)
        assert notices(town, "bruul", DAY) == []
        told = [("maintenance", 8 * DAY, 8 * DAY + HOUR, False)]
        assert notices(town, "bruul", DAY + 1) == told
        assert notices(town, "bruul", 8 * DAY + HOUR - 1) == told
        assert notices(town, "bruul", 8 * DAY + HOUR) == []


def test_work_on_what_carries_a_street_is_told_of_the_street(tmp_path: Path) -> None:
    devices = [access_point("sw", place="cellar"), access_point("a", "sw"), access_point("b")]
    with Town(tmp_path) as town:
        town.inhabit(devices, [BRUUL, replace(BRUUL, id="cellar")])
        town.announce("sw", HOUR, 3 * HOUR)
        assert notices(town, "bruul", 0) == [("maintenance", HOUR, 3 * HOUR, True)]
        town.announce("b", HOUR, 3 * HOUR)
        assert notices(town, "bruul", 0) == [("maintenance", HOUR, 3 * HOUR, False)]


def test_a_place_without_devices_tells_of_its_own(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit([], [LIBRARY])
        town.announce("library", HOUR, 2 * HOUR)
        town.announce("library", 3 * HOUR, 4 * HOUR, Effect.CLOSED)
        assert notices(town, "library", 0) == [
            ("maintenance", HOUR, 2 * HOUR, False),
            ("closed", 3 * HOUR, 4 * HOUR, False),
        ]


@pytest.mark.parametrize("hours", [None, "Mo-Su 09:00-17:00"], ids=["unpublished", "unconfirmed"])
def test_what_was_announced_for_today_is_known_though_the_hours_are_not(
    tmp_path: Path, hours: str | None
) -> None:
    place = replace(LIBRARY, opening_hours=hours, offers=())
    with Town(tmp_path) as town:
        town.inhabit([COMPUTER], [place])

        def shown(second: float) -> tuple[bool | None, datetime | None]:
            (row,) = town.views.spots(at(second))
            return row.open_now, row.changes_at

        town.announce("library", 0, HOUR, Effect.OPEN)
        town.announce("library", 2 * HOUR, 3 * HOUR, Effect.CLOSED)
        assert shown(60) == (True, at(HOUR))
        assert shown(HOUR) == (None, None)
        assert shown(2 * HOUR) == (False, None)
        assert shown(3 * HOUR) == (None, None)


def test_the_page_says_when_a_closed_site_opens_again(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit([COMPUTER], [LIBRARY])
        except_at(town, Effect.CLOSED, "2026-11-25", "2026-11-27", "2026-11-20")
        (row,) = town.views.spots(START)
        assert row.open_now is False
        assert row.changes_at == datetime(2026, 11, 27, 9, tzinfo=LOCAL)
        starts, ends = (datetime(2026, 11, day, tzinfo=LOCAL) for day in (25, 27))
        assert row.announced == (Notice(Effect.CLOSED, starts, ends),)


def test_the_desk_sees_each_time_of_the_next_days_with_its_note(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit([access_point("ap")])
        daily = Timing(datetime(2026, 11, 25, 22), LOCAL.key, wall_s=HOUR, rule="FREQ=DAILY")  # noqa: DTZ001 - by the clock on the wall
        said = Announcement("u", Effect.MAINTENANCE, ("ap", "gone"), daily, 0, "restarts")
        town.desk.announce([said], 0)
        found = town.views.announced(START)
        assert len(found) == 7
        assert found[0].subjects == ("ap", "gone")
        assert (found[0].note, found[0].is_repeated) == ("restarts", True)
        assert found[1].starts_at - found[0].starts_at == timedelta(days=1)


def test_what_was_announced_goes_with_a_device_and_a_place_that_are_renamed(
    tmp_path: Path,
) -> None:
    with Town(tmp_path) as town:
        town.inhabit([COMPUTER], [LIBRARY])
        town.announce("pc", 1000, 2000)
        town.announce("library", 3000, 4000)
        renamed = replace(LIBRARY, id="library-2", renamed_from="library")
        moved = replace(COMPUTER, id="pc-2", place_id="library-2", renamed_from="pc")
        town.see("pc", range(0, 5000, 60))
        town.inhabit([moved], [renamed], second=5000)
        spans = town.read("pc-2", 5001)
        assert (1000, 2000, Status.MAINTENANCE) in spans
        assert (3000, 4000, Status.MAINTENANCE) in spans


def test_what_nobody_looked_at_is_unknown_during_work_as_well(tmp_path: Path) -> None:
    """Announced work covers what is recorded; it makes no record of its own."""
    with Town(tmp_path) as town:
        town.inhabit([access_point("ap")])
        town.see("ap", (0, 60), Outcome.OK)
        town.announce("ap", 1000, 2000)
        bounds = (epoch_s(START), epoch_s(at(3000)))
        (row,) = town.views.availability(bounds, at(3000))
        assert row.shares.maintenance_s + row.shares.unknown_s + row.shares.up_s == 3000
        assert row.shares.maintenance_s == 1000

"""Computers that go on with their site: closed doors, quiet nights, laptops in cupboards."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.observation import Measurement, Outcome
from netmon.analysis.hours import OpeningHours, expected_off
from netmon.analysis.rows import IncidentRow, Note
from netmon.config.calendar import device_rule
from netmon.config.settings import Settings
from netmon.domain.incidents import Audience
from netmon.domain.intervals import epoch_s
from netmon.domain.model import Device, DeviceKind, Inventory, Offer, Place, Power, Service, Status
from tests.analysis.town import BRUUL, LOCAL, START, IsDead, Town, access_point, at, calendar

HOUR = 3600
DAY = 24 * HOUR
OPENS_S, CLOSES_S = 1800, 2 * HOUR
"""The library opens at 10.30 and closes at 12.00; seconds count from 10.00."""

LIBRARY = replace(BRUUL, id="library", is_street=False, opening_hours="Mo-Fr 10:30-12:00; PH off")
COMPUTERS = ("pc-1", "pc-2", "pc-3")


def computer(key: str, *parents: str, power: Power = Power.WITH_SITE, **more: object) -> Device:
    device = access_point(key, *parents, place="library", power=power, **more)
    return replace(device, kind=DeviceKind.PUBLIC_PC)


def network(key: str, *parents: str, kind: DeviceKind = DeviceKind.GATEWAY) -> Device:
    return replace(access_point(key, *parents, place="library"), kind=kind)


WITH_LIMITS = Settings.model_validate({"store": {"origin": "real"}})
"""As a city has them that writes nothing."""

SITE = [network("gw"), *(computer(each, "gw") for each in COMPUTERS)]


def off_until(second: float, *computers: str) -> IsDead:
    """Return that computers are switched on at a second, and nothing else ever fails."""
    return lambda device, now: device in (computers or COMPUTERS) and now < second


def told(rows: tuple[IncidentRow, ...]) -> dict[str, Audience]:
    return {row.subject_id: row.audience for row in rows}


def test_a_site_that_nobody_opened_is_one_incident_of_its_owner(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit(SITE, [LIBRARY])
        town.live(off_until(2**40), 0, 4000)
        (incident,) = town.views.incidents(at(4000))
        assert (incident.device_id, incident.subject_name) == (None, LIBRARY.name)
        assert (incident.reason, incident.status) == ("site_not_opened", Status.DOWN)
        assert (incident.audience, incident.affected) == (Audience.OWNER, COMPUTERS)
        assert (incident.began_at, incident.ended_at) == (at(OPENS_S), None)
        assert incident.promised_s == 4000 + 1 - OPENS_S
        rows = {row.id: row for row in town.views.devices(at(4000))}
        assert {rows[each].reason for each in COMPUTERS} == {"site_not_opened"}
        assert rows["gw"].status is Status.UP


names = st.lists(st.text("abcdefgh", min_size=3, max_size=6), min_size=4, max_size=4, unique=True)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(names=names, opened_s=st.integers(OPENS_S + 60, CLOSES_S - 800))
def test_the_first_computer_that_answers_ends_it_and_the_others_are_no_faults(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], opened_s: int
) -> None:
    """Switched on together, they are found awake minutes apart: names decide the order."""
    gateway, *computers = names
    devices = [network(gateway), *(computer(each, gateway) for each in computers)]
    with Town(tmp_path_factory.mktemp("town")) as town:
        town.inhabit(devices, [LIBRARY])
        town.live(off_until(opened_s, *computers), 0, opened_s + 700)
        (incident,) = town.views.incidents(at(opened_s + 700))
        assert incident.subject_id == "library" and incident.ended_at is not None
        assert at(opened_s) <= incident.ended_at <= at(opened_s + 301)
        assert set(town.status(opened_s + 700).values()) == {Status.UP}


@pytest.mark.parametrize(
    "sure_s",
    [0, 61],
    ids=["its gateway is their parent", "nobody said so"],
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    names=names,
    failed_s=st.integers(OPENS_S + 300, OPENS_S + 400),
    looked_s=st.integers(0, 100) | st.integers(100, 700),
)
def test_a_power_cut_of_the_whole_site_is_never_its_owners_fault(
    tmp_path_factory: pytest.TempPathFactory,
    names: list[str],
    failed_s: int,
    looked_s: int,
    sure_s: int,
) -> None:
    """
    At whatever second one looks, whoever was looked at first.

    A parent is asked as soon as a child fails; another gateway only at its next turn, and
    so only from then on is it sure.
    """
    gateway, *computers = names
    parents = () if sure_s else (gateway,)
    devices = [network(gateway), *(computer(each, *parents) for each in computers)]
    with Town(tmp_path_factory.mktemp("town")) as town:
        town.inhabit(devices, [LIBRARY])
        town.live(lambda _, second: second >= failed_s, 0, failed_s + looked_s)
        rows = town.views.incidents(at(failed_s + looked_s))
        assert looked_s < sure_s or Audience.OWNER not in told(rows).values()


@pytest.mark.parametrize(
    ("devices", "dead", "expected"),
    [
        pytest.param(
            [computer(each) for each in COMPUTERS],
            COMPUTERS,
            set(COMPUTERS),
            id="no gateway is known",
        ),
        pytest.param(SITE, ("gw", *COMPUTERS), {"gw"}, id="the gateway does not answer either"),
        pytest.param(SITE, ("pc-1", "pc-2"), {"pc-1", "pc-2"}, id="one of three computers works"),
        pytest.param(SITE[:2], ("pc-1",), {"pc-1"}, id="the site has one computer only"),
        pytest.param(
            [*SITE, network("sw", "gw", kind=DeviceKind.SWITCH)],
            ("sw", *COMPUTERS),
            {"sw", *COMPUTERS},
            id="a switch that nobody named as their parent is down",
        ),
        pytest.param(
            [network("gw"), network("gw-2"), *(computer(each, "gw", "gw-2") for each in COMPUTERS)],
            ("gw-2", *COMPUTERS),
            {"gw-2", "library"},
            id="one of two gateways that carry them is enough",
        ),
        pytest.param(
            [network("gw"), *(computer(each) for each in COMPUTERS)],
            COMPUTERS,
            {"library"},
            id="the gateway of the site answers, though nobody named it as a parent",
        ),
        pytest.param(
            [*SITE, computer("kiosk", "gw", power=Power.ALWAYS_ON)],
            COMPUTERS,
            {"library"},
            id="what is always on says nothing of who opens",
        ),
    ],
)
def test_who_is_blamed(
    tmp_path: Path, devices: list[Device], dead: tuple[str, ...], expected: set[str]
) -> None:
    with Town(tmp_path) as town:
        town.inhabit(devices, [LIBRARY])
        town.live(lambda device, now: device in dead and now >= OPENS_S + 300, 0, OPENS_S + 1500)
        assert told(town.views.incidents(at(OPENS_S + 1500))).keys() == expected


@pytest.mark.parametrize(
    "place",
    [
        replace(LIBRARY, opening_hours="Mo-Fr 10:30-12:00; 2026 Nov 25 off"),
        replace(LIBRARY, opening_hours="Mo-Tu 10:30-12:00"),
        replace(LIBRARY, opening_hours=None),
        replace(LIBRARY, opening_hours=None, offers=(Offer(Service.WIFI, "Mo-Fr 10:30-12:00"),)),
    ],
    ids=["closed this once", "closed on Wednesdays", "hours unknown", "hours of the Wi-Fi only"],
)
def test_a_site_that_need_not_open_is_no_incident(tmp_path: Path, place: Place) -> None:
    with Town(tmp_path) as town:
        town.inhabit(SITE, [place])
        town.live(off_until(2**40), 0, 4000)
        assert town.views.incidents(at(4000)) == ()


def test_a_strike_announced_afterwards_takes_it_back(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit(SITE, [LIBRARY])
        town.live(off_until(2**40), 0, 4000)
        before = town.rows()
        assert told(town.views.incidents(at(4000))) == {"library": Audience.OWNER}
        town.announce("library", 0, 10 * HOUR)
        assert town.views.incidents(at(4000)) == ()
        assert town.rows() == before


def test_a_holiday_is_none_for_who_opens_a_site(tmp_path: Path) -> None:
    """Hours that say `PH off` promise nothing on Christmas Day, a Friday."""
    christmas_s = (datetime(2026, 12, 25, 10, tzinfo=LOCAL) - START).total_seconds()
    with Town(tmp_path) as town:
        town.inhabit(SITE, [LIBRARY])
        town.live(off_until(2**40), christmas_s, christmas_s + 4000)
        assert town.views.incidents(at(christmas_s + 4000)) == ()
        town.live(off_until(2**40), christmas_s + 3 * DAY, christmas_s + 3 * DAY + 4000)
        (incident,) = town.views.incidents(at(christmas_s + 3 * DAY + 4000))
        assert incident.began_at == at(christmas_s + 3 * DAY + OPENS_S)


def test_a_closed_day_counts_as_failed_for_residents(tmp_path: Path) -> None:
    """The promise was broken, whoever has to mend it; only the blame is another."""
    bounds = (epoch_s(at(OPENS_S)), epoch_s(at(4000)))
    with Town(tmp_path) as town:
        town.inhabit(SITE, [LIBRARY])
        town.live(off_until(2**40), 0, 4000)
        rows = {row.id: row.shares for row in town.views.availability(bounds, at(4000))}
        assert {rows[each].down_s for each in COMPUTERS} == {4000 - OPENS_S}
        assert {rows[each].availability for each in COMPUTERS} == {0.0}


def test_a_printer_that_goes_on_with_its_site_is_excused_like_the_computers(
    tmp_path: Path,
) -> None:
    """It does not decide: the site is open when a computer answers, and it is broken then."""
    printer = replace(computer("printer", "gw"), kind=DeviceKind.PRINTER)
    with Town(tmp_path) as town:
        town.inhabit([*SITE, printer], [LIBRARY])

        def is_dead(device: str, second: float) -> bool:
            return device == "printer" or (device in COMPUTERS and second < 4000)

        town.live(is_dead, 0, 3900)
        (closed,) = town.views.incidents(at(3900))
        assert (closed.subject_id, closed.affected) == ("library", COMPUTERS)
        town.live(is_dead, 3900, 5000)
        assert told(town.views.incidents(at(5000))) == {
            "printer": Audience.IT,
            "library": Audience.OWNER,
        }


def test_a_street_is_opened_by_nobody(tmp_path: Path) -> None:
    street = replace(LIBRARY, is_street=True)
    with Town(tmp_path) as town:
        town.inhabit(SITE, [street])
        town.live(off_until(2**40), 0, 4000)
        assert told(town.views.incidents(at(4000))).keys() == set(COMPUTERS)


def test_a_gateway_that_failed_and_came_back_since_is_remembered_with_its_site(
    tmp_path: Path,
) -> None:
    """Nobody named it as a parent, yet the old incident must not move when it is read again."""
    devices = [network("gw"), *(computer(each) for each in COMPUTERS)]
    with Town(tmp_path) as town:
        town.inhabit(devices, [LIBRARY])

        def is_dead(device: str, second: float) -> bool:
            return device in COMPUTERS or 4000 <= second < 4600

        town.live(is_dead, 0, 6000)
        (soon,) = (row for row in town.views.incidents(at(6000)) if row.device_id is None)
        for each in COMPUTERS:
            town.see(each, range(6000, 2 * DAY, 300), Outcome.TIMEOUT)
        town.see("gw", range(6000, 2 * DAY, 60))
        (late,) = (row for row in town.views.incidents(at(2 * DAY)) if row.device_id is None)
        assert (late.id, late.began_at) == (soon.id, soon.began_at)
        assert soon.began_at == at(OPENS_S)


def test_a_closed_site_reads_a_week_later_as_on_its_day(tmp_path: Path) -> None:
    """A computer that stayed broken since is no story of the day on which nobody opened."""
    with Town(tmp_path) as town:
        town.inhabit(SITE, [LIBRARY])

        def is_dead(device: str, second: float) -> bool:
            return device in COMPUTERS and (second < 4000 or device == "pc-1")

        town.live(is_dead, 0, 5000)
        during = {row.subject_id: row for row in town.views.incidents(at(5000))}
        assert during.keys() == {"library", "pc-1"}
        assert during["library"].ended_at is not None
        for day in range(1, 8):
            town.see("pc-1", range(day * DAY, day * DAY + 6000, 300), Outcome.TIMEOUT)
            for each in ("gw", "pc-2", "pc-3"):
                town.see(each, range(day * DAY, day * DAY + 6000, 60))
        later = {row.subject_id: row for row in town.views.incidents(at(7 * DAY + 5000))}
        assert later.keys() == {"pc-1"}
        assert (later["pc-1"].id, later["pc-1"].began_at) == (
            during["pc-1"].id,
            during["pc-1"].began_at,
        )
        whole = (epoch_s(START), epoch_s(at(8 * DAY)))
        between = town.views.incidents_between(whole, at(7 * DAY + 5000))
        assert {row.id for row in between} == {row.id for row in during.values()}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(early_s=st.integers(0, 2400), allowed_s=st.integers(0, 2400))
def test_computers_that_shut_down_before_closing_are_right_within_their_lag(
    tmp_path_factory: pytest.TempPathFactory, early_s: int, allowed_s: int
) -> None:
    """Twenty minutes before closing is no incident where the site's lag is minus 20 minutes."""
    place = replace(LIBRARY, lag_s=-allowed_s)
    off_s = CLOSES_S - early_s
    with Town(tmp_path_factory.mktemp("town")) as town:
        town.inhabit(SITE, [place])
        for each in COMPUTERS:
            town.see(each, range(0, off_s, 60))
            town.see(each, range(off_s, off_s + 60, 20), Outcome.TIMEOUT)
            town.see(each, range(off_s + 300, CLOSES_S + 300, 300), Outcome.TIMEOUT)
        town.see("gw", range(0, CLOSES_S + 300, 60))
        rows = town.views.incidents(at(CLOSES_S + 300))
        assert told(rows) == ({"library": Audience.OWNER} if early_s > allowed_s else {})
        assert {town.status(CLOSES_S + 300)[each] for each in COMPUTERS} == {Status.EXPECTED_OFF}


@pytest.mark.parametrize(("power", "count"), [(Power.WITH_SITE, 0), (Power.ALWAYS_ON, 1)])
def test_a_computer_may_restart_at_night_where_it_goes_on_with_its_site(
    tmp_path: Path, power: Power, count: int
) -> None:
    with Town(tmp_path) as town:
        town.inhabit([network("gw"), computer("pc-1", "gw", power=power)], [LIBRARY])
        night_s = 14 * HOUR
        town.see("pc-1", range(night_s, night_s + 600, 60))
        town.see("pc-1", range(night_s + 600, night_s + 700, 20), Outcome.TIMEOUT)
        town.see("pc-1", range(night_s + 700, night_s + 1000, 20))
        assert len(town.views.incidents(at(night_s + 1000))) == count


NIGHTS = {"25 hours": date(2026, 10, 25), "23 hours": date(2027, 3, 28), "24": date(2026, 11, 25)}


@pytest.mark.parametrize("day", NIGHTS.values(), ids=NIGHTS)
@settings(max_examples=15, deadline=None)
@given(
    lead_s=st.integers(-90, 90).map(lambda minutes: 60 * minutes),
    lag_s=st.integers(-90, 90).map(lambda minutes: 60 * minutes),
)
def test_a_computer_may_be_silent_at_each_minute_that_a_clock_on_the_wall_calls_closed(
    day: date, lead_s: int, lag_s: int
) -> None:
    """Open by the clock on the wall; lead and lag are seconds that really pass, both ways."""
    hours = "Mo-Su 01:00-05:00,09:00-12:00"
    place = replace(LIBRARY, opening_hours=hours, lead_s=lead_s, lag_s=lag_s)
    inventory = Inventory((place,), (computer("pc"),))
    may_be_silent = expected_off(inventory, OpeningHours(calendar()))
    opened = [
        (wall(day, first) - timedelta(seconds=lead_s), wall(day, last) + timedelta(seconds=lag_s))
        for first, last in ((1, 5), (9, 12))
    ]
    midnight = wall(day, 0)
    for minute in range(0, 16 * 60, 7):
        now = midnight + timedelta(minutes=minute)
        assert may_be_silent("pc", now) != any(start <= now < end for start, end in opened)


def wall(day: date, hour: int) -> datetime:
    """Return the instant at which a clock on a wall in Mechelen shows an hour."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=LOCAL).astimezone(UTC)


@pytest.mark.parametrize(
    ("device", "place", "expected"),
    [
        (computer("pc"), LIBRARY, [True, False, True]),
        (computer("pc", power=Power.ALWAYS_ON), LIBRARY, [False, False, False]),
        (computer("pc", power=Power.ON_DEMAND), LIBRARY, [True, True, True]),
        (computer("pc"), replace(LIBRARY, opening_hours=None), [True, True, True]),
    ],
    ids=["with its site", "always on", "on demand", "hours unknown"],
)
def test_a_device_may_be_silent_before_in_and_after_its_hours(
    device: Device, place: Place, expected: list[bool]
) -> None:
    may_be_silent = expected_off(Inventory((place,), (device,)), OpeningHours(calendar()))
    instants = (at(OPENS_S - 1), at(OPENS_S), at(CLOSES_S))
    assert [may_be_silent("pc", now) for now in instants] == expected
    assert not may_be_silent("a stranger", at(0))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 400 * DAY))
def test_what_may_be_silent_is_what_reads_as_expected_off(second: int) -> None:
    hours, device = OpeningHours(calendar()), computer("pc")
    windows = hours.windows(device_rule(device, LIBRARY), epoch_s(START), epoch_s(at(400 * DAY)))
    assert windows is not None
    may_be_silent = expected_off(Inventory((LIBRARY,), (device,)), hours)
    assert may_be_silent("pc", at(second)) != windows.contain(epoch_s(at(second)))


def test_a_computer_that_is_on_at_night_is_a_note_and_nothing_else(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit(SITE, [LIBRARY])
        for each in COMPUTERS[:2]:
            town.see(each, range(0, CLOSES_S, 60))
        town.see("pc-1", range(CLOSES_S, 13 * HOUR, 60))
        evening = {row.id: row for row in town.views.devices(at(13 * HOUR))}
        assert evening["pc-1"].note == Note("awake_outside_hours", at(CLOSES_S + 1800))
        assert evening["pc-1"].status is Status.EXPECTED_OFF
        assert (evening["pc-2"].note, evening["gw"].note) == (None, None)
        assert town.views.incidents(at(13 * HOUR)) == ()
        by_day = {row.id: row for row in town.views.devices(at(CLOSES_S - 60))}
        assert by_day["pc-1"].note is None


def test_a_laptop_in_a_cupboard_shows_its_last_proof_and_alarms_nobody(tmp_path: Path) -> None:
    laptop = computer("laptop", power=Power.ON_DEMAND)
    full = (Measurement("storage_used_ratio", 0.99),)
    with Town(tmp_path, WITH_LIMITS) as town:
        town.inhabit([laptop], [LIBRARY])
        town.see("laptop", range(0, 600, 60))
        town.see("laptop", range(600, 4000, 60), Outcome.TIMEOUT)
        (row,) = town.views.devices(at(4000))
        assert (row.status, row.reason, row.note) == (Status.UNKNOWN, "on_demand", None)
        assert row.last_ok_at == at(600)
        assert town.views.incidents(at(4000)) == ()
        town.see("laptop", range(4000, 4300, 20), values=full)
        (incident,) = town.views.incidents(at(4300))
        assert incident.reason == "disk_full", "what it says while it is on is believed"


def test_a_device_that_was_never_fine_has_no_proof_of_health(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit([computer("laptop", power=Power.ON_DEMAND)], [LIBRARY])
        town.see("laptop", (0, 20, 40), Outcome.TIMEOUT)
        (row,) = town.views.devices(at(60))
        assert row.last_ok_at is None


def test_the_last_proof_of_what_only_seems_to_fail_is_before_its_first_failure(
    tmp_path: Path,
) -> None:
    with Town(tmp_path) as town:
        town.inhabit([access_point("ap")])
        town.see("ap", (0, 60))
        town.see("ap", (120,), Outcome.TIMEOUT)
        (row,) = town.views.devices(at(130))
        assert (row.status, row.last_ok_at) == (Status.UP, at(120))
        town.see("ap", (140,))
        assert town.views.devices(at(150))[0].last_ok_at == at(140)


def test_a_name_that_is_not_found_makes_a_device_unknown_and_says_so(tmp_path: Path) -> None:
    """Netmon's own name service being ill is no outage of the city."""
    with Town(tmp_path) as town:
        town.inhabit([access_point("ap")])
        town.see("ap", (0, 60))
        town.see("ap", range(120, 600, 20), Outcome.DNS)
        (row,) = town.views.devices(at(600))
        assert (row.status, row.reason, row.since) == (Status.UNKNOWN, "dns", at(120))
        assert town.views.incidents(at(600)) == ()


def test_readers_see_the_newer_reason_in_status_and_incident(tmp_path: Path) -> None:
    full, late = Measurement("storage_used_ratio", 0.99), Measurement("clock_offset_s", 900)
    with Town(tmp_path, WITH_LIMITS) as town:
        town.inhabit([computer("pc", power=Power.ALWAYS_ON)], [LIBRARY])
        town.see("pc", (0,))
        town.see("pc", (60, 80, 100), values=(full,))
        town.see("pc", (160, 220, 280), values=(late,))
        (row,) = town.views.devices(at(281))
        (incident,) = town.views.incidents(at(281))
        assert (row.reason, row.since) == ("clock_wrong", at(160))
        assert (incident.reason, incident.began_at) == ("clock_wrong", at(60))

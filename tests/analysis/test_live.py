"""What residents and operations see at one instant, from real stores."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from collectors.observation import Measurement, Observation, Outcome
from netmon.analysis.hours import OpeningHours
from netmon.analysis.live import opening
from netmon.analysis.views import RecordViews
from netmon.domain.model import Device, DeviceKind, Offer, Place, Power, Service, Status
from netmon.storage.desk import DeskReader, DeskWriter
from netmon.storage.record import RecordReader, RecordWriter
from tests.analysis.town import BRUUL, LOCAL, START, Town, access_point, at, calendar, only_icmp

SITE = Place("library", "Library", is_street=False, lon=4.48, lat=51.03)
CONFIRMED = date(2026, 11, 1)
OK, TIMEOUT = Outcome.OK, Outcome.TIMEOUT


Moment = tuple[int, int, int, int, int]
"""Year, month, day, hour and minute on a clock in Mechelen."""


def local(moment: Moment) -> datetime:
    year, month, day, hour, minute = moment
    return datetime(year, month, day, hour, minute, tzinfo=LOCAL)


def offer(hours: str | None, service: Service = Service.COMPUTER, **more: object) -> Offer:
    return Offer(service, hours, **{"confirmed_on": CONFIRMED, **more})  # type: ignore[arg-type]  # checked by the constructor's own names


def opened(place: Place, now: datetime) -> tuple[bool | None, datetime | None]:
    _, is_open, changes_at = opening(place, OpeningHours(calendar()), now.astimezone(UTC))
    return is_open, changes_at


@pytest.mark.parametrize(
    ("hours", "now", "is_open", "changes_at"),
    [
        ("Mo-Fr 09:00-12:00", (2026, 11, 25, 10, 0), True, (2026, 11, 25, 12, 0)),
        ("Mo-Fr 09:00-12:00", (2026, 11, 25, 12, 0), False, (2026, 11, 26, 9, 0)),
        ("Mo-Fr 09:00-12:00; PH off", (2026, 12, 31, 13, 0), False, (2027, 1, 4, 9, 0)),
        ("Mo-Su 20:00-02:00", (2026, 12, 31, 23, 0), True, (2027, 1, 1, 2, 0)),
        ("Mo-Su 20:00-02:00", (2027, 1, 1, 0, 30), True, (2027, 1, 1, 2, 0)),
        ("Mo-Su 09:00-12:00", (2026, 10, 24, 13, 0), False, (2026, 10, 25, 9, 0)),
        ("Mo-Su 09:00-12:00", (2027, 3, 27, 13, 0), False, (2027, 3, 28, 9, 0)),
        ("Sa 22:00-04:00", (2026, 10, 25, 1, 0), True, (2026, 10, 25, 4, 0)),
        ("24/7", (2026, 11, 25, 10, 0), True, None),
        ("Mo-Su 00:00-24:00", (2026, 11, 25, 10, 0), True, None),
        ("Mo-Su 00:00-24:00", (2026, 12, 31, 23, 0), True, None),
        ("Mo-Su 00:00-24:00", (2027, 1, 1, 0, 30), True, None),
    ],
    ids=[
        "open until noon",
        "closed at noon sharp",
        "closed over New Year",
        "open into New Year",
        "open since last year",
        "the night of 25 hours",
        "the night of 23 hours",
        "open while the clock goes back",
        "always open",
        "open all day, every day",
        "open all day on New Year's Eve",
        "open all day on New Year's night",
    ],
)
def test_a_place_says_whether_it_is_open_and_when_that_changes(
    hours: str,
    now: Moment,
    is_open: bool,  # noqa: FBT001 - a column of the table
    changes_at: Moment | None,
) -> None:
    place = replace(SITE, offers=(offer(hours),))
    expected = None if changes_at is None else local(changes_at)
    assert opened(place, local(now)) == (is_open, expected)


@pytest.mark.parametrize(
    "place",
    [
        SITE,
        replace(SITE, opening_hours="24/7"),
        replace(SITE, offers=(offer("24/7", confirmed_on=None),)),
        replace(SITE, offers=(offer(None), offer("24/7", Service.LENDING, confirmed_on=None))),
    ],
    ids=["no hours", "hours of the house only", "hours nobody confirmed", "hours of other things"],
)
def test_where_nobody_confirmed_the_hours_one_has_to_call_first(place: Place) -> None:
    assert opened(place, START) == (None, None)


def test_the_hours_shown_are_those_of_what_residents_come_for() -> None:
    """Wi-Fi before computers before guidance, and only then the house."""
    offers = (offer("Mo 09:00-10:00", Service.GUIDED), offer("We 09:00-17:00"))
    place = replace(SITE, opening_hours="24/7", offers=offers)
    text, is_open, _ = opening(place, OpeningHours(calendar()), START)
    assert (text, is_open) == ("We 09:00-17:00", True)


def test_a_street_needs_nobody_to_confirm_it() -> None:
    assert opened(replace(BRUUL, opening_hours="24/7"), START) == (True, None)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with Town(tmp_path) as town:
        yield town


def test_a_street_counts_its_access_points_only(town: Town) -> None:
    switch = Device("sw", DeviceKind.SWITCH, "Switch", "bruul", "192.0.2.9")
    town.inhabit([switch, *(access_point(f"ap-{n}") for n in range(3))])
    town.see("sw", (0,), TIMEOUT)
    for n in range(3):
        town.see(f"ap-{n}", (0, 60))
    town.see("ap-2", (120, 140, 160), TIMEOUT)
    (spot,) = town.views.spots(at(161))
    assert (spot.working, spot.total, spot.status) == (2, 3, Status.DEGRADED)
    assert spot.since == at(120)
    assert spot.seen_at == at(160)
    assert spot.services == (Service.WIFI,)


def test_a_street_is_up_since_the_last_of_its_access_points_came_back(town: Town) -> None:
    town.inhabit([access_point("ap-1"), access_point("ap-2")])
    town.see("ap-1", range(0, 301, 60))
    town.see("ap-2", (0, 20, 40), TIMEOUT)
    town.see("ap-2", (100, 120, 180, 240, 300))
    (spot,) = town.views.spots(at(301))
    assert (spot.status, spot.since, spot.working) == (Status.UP, at(100), 2)


def test_one_access_point_in_maintenance_neither_counts_nor_dates_its_street(town: Town) -> None:
    town.inhabit([access_point("ap-1"), access_point("ap-2"), access_point("ap-3")])
    for each in ("ap-1", "ap-2", "ap-3"):
        town.see(each, range(0, 601, 60))
    town.announce("ap-1", 100, 5000)
    (spot,) = town.views.spots(at(601))
    assert (spot.status, spot.working, spot.total) == (Status.UP, 2, 2)
    assert spot.since == at(0)
    town.see("ap-2", (660, 680, 700), TIMEOUT)
    town.see("ap-3", (660,))
    (spot,) = town.views.spots(at(701))
    assert (spot.status, spot.working, spot.total) == (Status.DEGRADED, 1, 2)
    assert spot.since == at(660)


def test_a_complaint_that_leaves_a_device_usable_does_not_date_a_failure(tmp_path: Path) -> None:
    """Two of three work, one of them with a full disk since long: degraded since the third."""
    limits = [{"measurement": "storage_used_ratio", "at_least": 0.9, "reason": "disk_full"}]
    kinds = {"access_point": {"checks": ["icmp"], "deciding": "icmp", "limits": limits}}
    with Town(tmp_path, only_icmp().model_validate({"kinds": kinds})) as town:
        town.inhabit([access_point("ap-1"), access_point("ap-2"), access_point("ap-3")])
        full = (Measurement("storage_used_ratio", 0.97),)
        town.see("ap-1", (0, 20, 40, 100, 160), values=full)
        town.see("ap-2", (0, 60, 120))
        town.see("ap-3", (0, 60))
        town.see("ap-3", (120, 140, 160), TIMEOUT)
        (spot,) = town.views.spots(at(161))
        rows = {row.id: row for row in town.views.devices(at(161))}
    assert (spot.status, spot.working, spot.total) == (Status.DEGRADED, 2, 3)
    assert spot.since == at(120)
    assert (rows["ap-1"].status, rows["ap-1"].reason) == (Status.DEGRADED, "disk_full")
    assert rows["ap-1"].values == full


def test_a_closed_library_is_rightly_off_and_no_incident(town: Town) -> None:
    computer = access_point("pc", place="library", power=Power.WITH_SITE)
    library = replace(SITE, opening_hours="We 10:00-11:00", offers=(offer("We 10:00-11:00"),))
    town.inhabit([computer], [library])
    town.see("pc", range(0, 3600, 60))
    town.see("pc", (3660, 3680, 3700), TIMEOUT)
    (spot,) = town.views.spots(at(3701))
    assert (spot.status, spot.open_now) == (Status.EXPECTED_OFF, False)
    assert town.views.incidents(at(3701)) == ()


def test_a_device_row_tells_where_it_is_and_what_it_last_measured(town: Town) -> None:
    town.inhabit([access_point("ap", port=1161)])
    town.see("ap", (0,), values=(Measurement("rtt_s", 0.5),))
    town.see("ap", (60,), values=(Measurement("rtt_s", 0.004),))
    town.see("ap", (70,), check="snmp", values=(Measurement("stations", 7),))
    (row,) = town.views.devices(at(71))
    assert (row.address, row.place_name) == ("192.0.2.1:1161", "Bruul")
    assert set(row.values) == {Measurement("rtt_s", 0.004), Measurement("stations", 7)}
    assert (row.since, row.seen_at) == (at(0), at(70))


@pytest.mark.parametrize(
    ("host", "port", "address"),
    [
        ("192.0.2.1", 161, "192.0.2.1"),
        ("ap.example", 1161, "ap.example:1161"),
        ("2001:db8::1", 1161, "[2001:db8::1]:1161"),
        ("", 161, ""),
    ],
    ids=["the usual port", "another port", "an IPv6 address", "seen by others only"],
)
def test_an_address_is_what_one_would_type(town: Town, host: str, port: int, address: str) -> None:
    town.inhabit([replace(access_point("ap"), host=host, port=port)])
    (row,) = town.views.devices(at(1))
    assert row.address == address


def test_a_device_in_trouble_says_what_was_found(town: Town) -> None:
    town.inhabit([access_point("ap")])
    policy = town.settings.policy(DeviceKind.ACCESS_POINT, "icmp")
    for second in (0, 20, 40):
        lost = Observation("ap", "icmp", at(second), TIMEOUT, (), "no answer", source="wlc")
        town.judge.hear(replace(lost, source=""), policy)
        town.judge.hear(replace(lost, check="reported", detail="it is lost"), policy)
    town.judge.keep()
    (row,) = town.views.devices(at(41))
    assert sorted(row.detail.split("; ")) == ["icmp: no answer", "wlc: it is lost"]
    town.see("ap", (60, 80))
    (row,) = town.views.devices(at(81))
    assert (row.status, row.detail) == (Status.DEGRADED, "wlc: it is lost")
    town.see("ap", (100, 120), check="reported")
    (unknown,) = town.views.devices(at(9000))
    assert (unknown.status, unknown.detail) == (Status.UNKNOWN, ""), "all newest looks were fine"
    (row,) = town.views.devices(at(121))
    assert (row.status, row.detail) == (Status.UP, "")


def test_a_device_of_which_nothing_is_known_says_why(town: Town) -> None:
    town.inhabit([access_point("ap")])
    policy = town.settings.policy(DeviceKind.ACCESS_POINT, "icmp")
    nameless = Observation("ap", "icmp", at(0), Outcome.DNS, (), "the name has no address")
    town.judge.hear(nameless, policy)
    town.judge.hear(replace(nameless, check="snmp"), policy)
    town.judge.keep()
    (row,) = town.views.devices(at(1))
    assert (row.status, row.detail) == (Status.UNKNOWN, "icmp, snmp: the name has no address")


def test_a_device_that_nobody_knows_does_not_date_a_failure(town: Town) -> None:
    town.inhabit([access_point("ap-1"), access_point("ap-2"), access_point("ap-3")])
    town.see("ap-1", (0, 60))
    town.see("ap-2", (60, 80, 100), TIMEOUT)
    (spot,) = town.views.spots(at(101))
    assert (spot.status, spot.working, spot.total) == (Status.DEGRADED, 1, 3)
    assert spot.since == at(60)


def test_pages_of_one_instant_agree_and_follow_every_commit(town: Town) -> None:
    town.inhabit([access_point("ap")])
    town.see("ap", (0,))
    before = town.views.version()
    assert town.status(41)["ap"] is Status.UP
    town.see("ap", (10, 30, 40), TIMEOUT)
    assert town.views.version() != before
    (spot,) = town.views.spots(at(41))
    assert (town.status(41)["ap"], spot.status) == (Status.DOWN, Status.DOWN)


SYNTHETIC = replace(SITE, id="invented", name="Invented", synthetic=True)


@pytest.mark.parametrize(
    ("origin", "ids", "totals"),
    [("real", ["bruul"], [1]), ("demo", ["bruul", "invented"], [2, 1])],
)
def test_what_is_synthetic_shows_only_in_a_demo(
    tmp_path: Path, origin: str, ids: list[str], totals: list[int]
) -> None:
    with Town(tmp_path, only_icmp(origin)) as town:
        town.inhabit(
            [
                access_point("ap"),
                access_point("made-up", synthetic=True),
                access_point("there", place="invented", synthetic=True),
            ],
            [BRUUL, SYNTHETIC],
        )
        for each in ("ap", "made-up", "there"):
            town.see(each, (0,))
        spots = town.views.spots(at(1))
        health = town.views.health(at(1))
    assert [spot.id for spot in spots] == ids
    assert [spot.total for spot in spots] == totals
    assert [spot.synthetic for spot in spots] == [origin == "demo"] * len(ids)
    assert health.origin == origin


def test_health_is_ok_as_long_as_looks_come_in(town: Town) -> None:
    town.inhabit([access_point("ap")])
    assert not town.views.health(START).is_ok
    assert town.views.health(START).lag_s is None
    town.see("ap", (0, 60))
    assert town.views.health(at(60 + 150)).is_ok
    late = town.views.health(at(60 + 151))
    assert (late.is_ok, late.lag_s, late.devices, late.revision) == (False, 151, 1, 1)
    assert late.store_bytes >= sum(
        (town.folder / name).stat().st_size for name in ("record.db", "record.db-wal")
    )


def test_looks_that_hang_are_no_health_though_others_come_in(town: Town) -> None:
    town.inhabit([access_point("ap")])
    town.see("ap", (0, 60))
    town.record.keep_vitals({"poll_lag_s": 149})
    assert town.views.health(at(61)).is_ok
    town.record.keep_vitals({"poll_lag_s": 151})
    assert not town.views.health(at(61)).is_ok


def test_a_look_from_a_clock_that_runs_ahead_has_no_negative_age(town: Town) -> None:
    town.inhabit([access_point("ap")])
    town.see("ap", (60,))
    assert town.views.health(at(0)).lag_s == 0


def test_stores_without_an_inventory_show_nothing(tmp_path: Path) -> None:
    """A web side may start before anybody imported a file."""
    RecordWriter(tmp_path, origin="real").close()
    DeskWriter(tmp_path, origin="real").close()
    record, desk = RecordReader(tmp_path), DeskReader(tmp_path)
    views = RecordViews(only_icmp(), calendar(), record, desk)
    assert (views.spots(START), views.devices(START), views.incidents(START)) == ((), (), ())
    assert not views.health(START).is_ok
    assert views.incidents_between((0, 10), START + timedelta(days=1)) == []
    record.close()
    desk.close()


def test_a_street_whose_radios_are_on_works_badly_when_no_page_comes(tmp_path: Path) -> None:
    probe = replace(access_point("probe"), kind=DeviceKind.PROBE)
    with Town(tmp_path) as town:
        town.inhabit([access_point("ap"), probe])
        town.see("ap", range(0, 1200, 60))
        (spot,) = town.views.spots(at(300))
        assert (spot.status, spot.verified) == (Status.UP, None)
        town.see("probe", [0, 60], OK)
        (spot,) = town.views.spots(at(61))
        assert (spot.status, spot.verified) == (Status.UP, True)
        town.see("probe", [120, 140, 160, 180], Outcome.CONTENT)
        (spot,) = town.views.spots(at(181))
        assert (spot.status, spot.verified) == (Status.DEGRADED, False)
        assert spot.since == at(120)
        assert (spot.working, spot.total) == (1, 1)
        (spot,) = town.views.spots(at(900))
        assert (spot.status, spot.verified) == (Status.UP, None), "a probe that fell silent"


def test_a_device_that_no_source_ever_named_says_so(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit([access_point("wlc"), access_point("ap", seen_by=("wlc",))])
        town.see("wlc", [0, 60])
        reasons = {row.id: row.reason for row in town.views.devices(at(61))}
        assert reasons == {"wlc": "", "ap": "not_listed"}

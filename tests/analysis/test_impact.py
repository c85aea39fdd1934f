"""What an incident is charged with is what comes back if it alone is repaired."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from geodata.stretches import Stretch
from netmon.analysis.impact import (
    Band,
    Standing,
    hit_place,
    lost_services,
    lost_stretches,
    metres_lost,
    middle_of,
    out_by,
    standing,
)
from netmon.analysis.next_spot import Where
from netmon.analysis.people import OfferPoint
from netmon.analysis.rows import IncidentRow
from netmon.analysis.without import OfferNow, Without, offers_of_sites, offers_of_streets
from netmon.domain.model import DeviceKind, Service, Status
from tests.analysis.test_next_spot import device, spot

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
AP = DeviceKind.ACCESS_POINT
NAMES = [f"ap-{n}" for n in range(5)]
STRETCHES = [f"bruul:{n:02}" for n in range(4)]
LENGTHS = dict(zip(STRETCHES, (25.0, 20.0, 30.0, 0.0), strict=True))
PIECES = [
    Stretch(key, "bruul", (0.0, 0.0), shapely.box(0, 0, 10, 10), length)
    for key, length in LENGTHS.items()
]

SOME = st.frozensets(st.sampled_from(NAMES))
SERVING = st.fixed_dictionaries(dict.fromkeys(STRETCHES, SOME))


def row(*affected: str, **more: object) -> IncidentRow:
    found = IncidentRow(
        "sw@1", "sw", "Switch", "bruul", "Bruul", Status.DOWN, "timeout", NOW, None, 0.0,
        affected, places=("bruul", "veemarkt"),
    )  # fmt: skip
    return replace(found, **more)


def stands(failed: frozenset[str], other: frozenset[str]) -> Standing:
    return Standing(failed, other - failed)


@given(SERVING, SOME, SOME, SOME)
def test_a_stretch_is_charged_where_repairing_the_incident_alone_brings_it_back(
    serving: dict[str, frozenset[str]],
    failed: frozenset[str],
    usable: frozenset[str],
    some: frozenset[str],
) -> None:
    now, out = stands(failed, usable), some & failed
    lost_m, lost_m2 = metres_lost(PIECES, [lost_stretches(serving, now)], out)
    works_then = now.usable_or_unknown | out
    back = [
        key
        for key, ids in serving.items()
        if not ids & now.usable_or_unknown and ids & works_then
    ]  # fmt: skip
    assert lost_m.planned == sum(LENGTHS[key] for key in back)
    assert lost_m2.planned == pytest.approx(100.0 * (STRETCHES[3] in back))


@given(SERVING, SERVING, SOME, SOME)
def test_the_planned_value_lies_in_its_range(
    planned: dict[str, frozenset[str]],
    at_best: dict[str, frozenset[str]],
    failed: frozenset[str],
    usable: frozenset[str],
) -> None:
    lost = [lost_stretches(each, stands(failed, usable)) for each in (planned, at_best)]
    for band in metres_lost(PIECES, lost, failed):
        assert band.low <= band.planned <= band.high


@given(SERVING, SOME, SOME, SOME)
def test_two_incidents_together_lose_no_more_than_both_and_no_less_than_either(
    serving: dict[str, frozenset[str]],
    failed: frozenset[str],
    one: frozenset[str],
    other: frozenset[str],
) -> None:
    lost = [lost_stretches(serving, stands(failed, frozenset()))]
    first, second, both = (
        metres_lost(PIECES, lost, out & failed)[0].planned for out in (one, other, one | other)
    )
    assert max(first, second) <= both <= first + second


def test_what_is_off_or_unknown_or_works_has_not_failed() -> None:
    rows = [
        device("bruul", AP, id=status, status=status, reason="no_page" * (status == "degraded"))
        for status in Status
    ]
    now = standing([*rows, device("bruul", DeviceKind.SWITCH, id="sw", status=Status.DOWN)])
    assert now.failed == {Status.DOWN, Status.UNREACHABLE, Status.DEGRADED}
    assert now.usable_or_unknown == {Status.UP, Status.UNKNOWN}


def test_an_incident_has_out_what_it_took_and_is_still_out() -> None:
    assert out_by(row("ap-1", "ap-2"), {"ap-2", "ap-3"}) == {"ap-2"}
    assert out_by(row("ap-1", ended_at=NOW), {"ap-1"}) == frozenset()


def test_where_it_hurts_is_where_most_of_what_residents_use_is_out() -> None:
    rows = [device("bruul", AP), device("veemarkt", AP, id="a"), device("veemarkt", AP, id="b")]
    assert hit_place(row(), rows, {"a", "b", "bruul-access_point"}) == "veemarkt"
    assert hit_place(row(), rows, frozenset()) == "bruul"
    assert lost_services(rows, {"a"}) == {Service.WIFI}


def test_a_service_is_lost_amid_the_devices_that_are_out() -> None:
    where = Where({"a": (4.0, 51.0), "b": (4.2, 51.2)}, {})
    assert middle_of(None, ["a", "b", "nowhere"], where) == pytest.approx((4.1, 51.1))
    assert middle_of(spot("bib", 4.5), ["nowhere"], where) == (4.5, 51.028)
    assert middle_of(None, [], where) is None


# --- people without ----------------------------------------------------------------------


class Walkers:
    """Residents at three points; a row for each: which offers they reach, by id."""

    near = ({"a"}, {"a", "b"}, {"b", "c"})

    def reach(self, offers: list[OfferPoint], group: str) -> csr_array:
        assert group == "all"
        return csr_array([[each.id in ids for each in offers] for ids in self.near])


PEOPLE = np.array([10.0, 200.0, 3000.0])


def offer(key: str, failed: str = "", *, is_there: bool = False) -> OfferNow:
    return OfferNow(OfferPoint(key, Service.WIFI, key, 0, 0), is_there, frozenset(failed.split()))


def test_people_are_without_where_all_that_they_reach_failed() -> None:
    a, b, c = offer("a", "ap-1"), offer("b", "ap-2"), offer("c")
    found = Without.among(Walkers(), PEOPLE, [a, b, c])
    assert found.because_of(frozenset({"ap-1"})) == 210
    assert found.because_of(frozenset({"ap-2"})) == 3200
    assert found.because_of(frozenset({"ap-1", "ap-2"})) == 3210
    assert found.because_of(frozenset()) == 0


def test_people_who_have_another_offer_or_might_have_are_not_without() -> None:
    found = Without.among(Walkers(), PEOPLE, [offer("a", "ap-1"), offer("b", is_there=True)])
    assert found.because_of(frozenset({"ap-1"})) == 10


def test_a_closed_site_takes_nothing_and_gives_nothing() -> None:
    rows = [device("bib", status=Status.DOWN)]
    now = standing(rows)
    library = spot("bib", 4.5, services=(Service.COMPUTER, Service.PRINT))
    (out,) = offers_of_sites([library], rows, now)
    assert (out.is_there, out.failed) == (False, {"bib-public_pc"})
    assert offers_of_sites([replace(library, open_now=False)], rows, now) == []
    assert offers_of_sites([replace(library, lon=None)], rows, now) == []


def test_what_nobody_watches_might_be_there() -> None:
    (might,) = offers_of_sites([spot("bib", 4.5, open_now=None)], [], standing([]))
    assert might.is_there


def test_a_stretch_that_no_access_point_serves_is_no_offer() -> None:
    serving = {**dict.fromkeys(STRETCHES, frozenset[str]()), STRETCHES[0]: frozenset(NAMES)}
    now = Standing(frozenset(NAMES[:2]), frozenset(NAMES[3:]))
    (only,) = offers_of_streets(PIECES, serving, now)
    assert (only.is_there, only.failed) == (True, set(NAMES[:2]))


def test_a_band_that_is_no_range_is_one_number() -> None:
    lost = {STRETCHES[0]: frozenset(NAMES)}
    assert metres_lost(PIECES, [lost, lost], frozenset(NAMES))[0] == Band(25, 25, 25)

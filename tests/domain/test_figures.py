"""Device-seconds of many devices: they add up, in any order, and nothing observed is no ratio."""

from dataclasses import astuple

from hypothesis import given
from hypothesis import strategies as st

from netmon.domain.availability import Shares
from netmon.domain.figures import NO_FIGURES, Figures, figures_of, total


@st.composite
def shares(draw: st.DrawFn) -> Shares:
    parts = draw(st.lists(st.integers(0, 2_678_400), min_size=7, max_size=7))
    return Shares(sum(parts), *parts, usable_s=draw(st.integers(0, parts[0] + parts[1])))


@given(st.lists(shares()), st.booleans())
def test_the_seven_add_up_to_the_interval(each: list[Shares], is_promised: bool) -> None:  # noqa: FBT001 - drawn
    found = total(figures_of(one, is_promised=is_promised) for one in each)
    assert found.window_s == sum(astuple(found)[1:]) == sum(one.window_s for one in each)


@given(shares())
def test_one_device_has_its_own_availability(one: Shares) -> None:
    assert figures_of(one, is_promised=True).availability == one.availability


@given(shares())
def test_without_a_promise_nothing_is_available_and_nothing_unknown(one: Shares) -> None:
    found = figures_of(one, is_promised=False)
    assert (found.availability, found.unknown_ratio, found.promised_s) == (None, None, 0)


@given(st.lists(shares()), st.randoms())
def test_the_order_of_devices_makes_no_difference(each: list[Shares], random: object) -> None:
    parts = [figures_of(one, is_promised=True) for one in each]
    mixed = list(parts)
    random.shuffle(mixed)  # type: ignore[attr-defined]  # drawn by hypothesis
    assert total(mixed) == total(parts)


def test_nothing_observed_is_no_availability() -> None:
    assert NO_FIGURES.availability is None
    assert Figures(window_s=60, unknown_s=60).availability is None
    assert Figures(window_s=60, unknown_s=60).unknown_ratio == 1


def test_announced_work_lowers_nothing() -> None:
    """Maintenance stands apart: neither usable nor failed, nor promised."""
    quiet = Figures(window_s=100, usable_s=99, failed_s=1)
    worked = Figures(window_s=200, usable_s=99, failed_s=1, maintenance_s=100)
    assert (quiet.availability, quiet.promised_s) == (worked.availability, worked.promised_s)

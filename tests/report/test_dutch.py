"""Figures in words: what is printed can be checked by whoever reads it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.report.dutch import aim, moment, percent, points

BRUSSELS = ZoneInfo("Europe/Brussels")


def printed(text: str) -> float:
    return float(text.removesuffix(" %").replace(",", ".").replace("\N{MINUS SIGN}", "-"))


@given(st.floats(0.0002, 1), st.floats(0.0002, 1))
def test_who_subtracts_two_printed_figures_finds_the_printed_difference(
    now: float, past: float
) -> None:
    difference = printed(percent(now)) - printed(percent(past))
    assert printed(points(now, past)) == pytest.approx(difference, abs=1e-6)


@pytest.mark.parametrize(
    ("now", "past", "text"),
    [
        (0.928762, 0.932209, "\N{MINUS SIGN}0,35"),
        (1.0, 0.9123, "+8,77"),
        (0.99501, 0.99509, "0,00"),
        (None, 1.0, "–"),
        (1.0, None, "–"),
    ],
)
def test_a_difference_has_its_sign(now: float | None, past: float | None, text: str) -> None:
    assert points(now, past) == text


@pytest.mark.parametrize(
    ("target", "text"),
    [(0.995, "99,50 %"), (0.99995, "99,995 %"), (1.0, "100,00 %"), (0.1, "10,00 %")],
)
def test_a_target_is_printed_as_it_is_written(target: float, text: str) -> None:
    assert aim(target) == text


def test_another_year_is_named() -> None:
    at = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    assert moment(at, BRUSSELS, 2026) == "1 januari 0.30 uur"
    assert moment(at, BRUSSELS, 2025) == "1 januari 2026 0.30 uur"
    assert moment(at, BRUSSELS) == "1 januari 0.30 uur"

"""Instants and lengths of time, in each language."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from netmon.words.language import Language
from netmon.words.moments import duration, moment

ZONE = ZoneInfo("Europe/Brussels")
NOW = datetime(2026, 10, 14, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-10-14T08:02", ("10.02 uur", "10:02", "10h02")),
        ("2026-10-13T22:30", ("0.30 uur", "00:30", "0h30")),
        ("2026-10-13T08:02", ("gisteren 10.02 uur", "yesterday 10:02", "hier 10h02")),
        ("2026-10-15T07:00", ("morgen 9.00 uur", "tomorrow 09:00", "demain 9h00")),
        ("2026-05-03T08:00", ("3 mei 10.00 uur", "3 May 10:00", "3 mai 10h00")),
        ("2025-12-31T09:00", ("31 december 2025 10.00 uur", "31 December 2025 10:00",
                              "31 décembre 2025 10h00")),
    ],
)  # fmt: skip
def test_an_instant_has_its_day_where_it_is_not_today(at: str, said: tuple[str, ...]) -> None:
    instant = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert tuple(moment(instant, NOW, ZONE, each) for each in Language) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, ("minder dan 1 min", "less than 1 min", "moins de 1 min")),
        (-5, ("minder dan 1 min", "less than 1 min", "moins de 1 min")),
        (11_520, ("3 u 12 min", "3 h 12 min", "3 h 12 min")),
        (90_000, ("1 d 1 u", "1 d 1 h", "1 j 1 h")),
    ],
)
def test_a_length_of_time_has_two_units(seconds: float, said: tuple[str, ...]) -> None:
    assert tuple(duration(seconds, each) for each in Language) == said

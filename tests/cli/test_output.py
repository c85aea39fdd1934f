"""What is printed is one line a row, harmless to a terminal, and JSON that any reader takes."""

import json
import math
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netmon.cli.output import (
    bounds,
    brief_text,
    duration_text,
    local_text,
    number_text,
    print_json,
    print_table,
    ratio_text,
)

BRUSSELS = ZoneInfo("Europe/Brussels")
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(st.text(max_size=300), st.text(max_size=20)), max_size=4))
def test_a_row_is_one_printable_line(
    capsys: pytest.CaptureFixture[str], rows: list[tuple[str, str]]
) -> None:
    print_table(("first", "second"), rows)
    lines = capsys.readouterr().out.split("\n")
    assert len(lines) == len(rows) + 2 and lines[-1] == ""
    assert all(line.isprintable() for line in lines)


def test_a_wide_cell_is_whole_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("a", "b"), [("x" * 5000, "[bold]end[/bold]")])
    assert f"{'x' * 5000}  [bold]end[/bold]" in capsys.readouterr().out


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=st.dictionaries(st.text(), JSON, max_size=3))
def test_json_is_strict_harmless_and_says_the_same(
    capsys: pytest.CaptureFixture[str], document: dict[str, Any]
) -> None:
    print_json(document)
    out = capsys.readouterr().out
    assert all(letter.isascii() and (letter.isprintable() or letter == "\n") for letter in out)
    assert json.loads(out, parse_constant=pytest.fail) == _without_infinity(document)


def _without_infinity(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_infinity(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_without_infinity(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


@given(st.integers(0, 10**7))
def test_a_duration_says_what_it_is(seconds: int) -> None:
    units = {"h": 3600, "min": 60, "s": 1}
    words = duration_text(seconds).split()
    said = sum(
        int(count) * units[unit] for count, unit in zip(words[::2], words[1::2], strict=True)
    )
    smallest = 60 if seconds >= 3600 else 1
    assert said == seconds // smallest * smallest


def test_no_instant_is_a_dash_and_the_others_are_local() -> None:
    assert local_text(None, BRUSSELS) == "–"
    assert local_text(NOW, BRUSSELS) == "2026-11-25 10:00:00"


@given(
    start=st.datetimes(datetime(2001, 1, 1), datetime(2099, 1, 1)),  # noqa: DTZ001 - local, as typed
    length=st.integers(-(10**8), 10**8),
)
def test_an_interval_is_half_open_in_local_time_or_refused(start: datetime, length: int) -> None:
    end = start + timedelta(seconds=length)
    expected = [at.replace(tzinfo=BRUSSELS).timestamp() // 1 for at in (start, end)]
    if expected[0] >= expected[1]:
        with pytest.raises(click.BadParameter, match="expected --from before --to"):
            bounds(start, end, BRUSSELS, NOW, 7)
    else:
        assert list(bounds(start, end, BRUSSELS, NOW, 7)) == expected


def test_without_limits_it_is_the_last_days_until_now() -> None:
    start_s, end_s = bounds(None, None, BRUSSELS, NOW, 7)
    assert (end_s, end_s - start_s) == (int(NOW.timestamp()), 7 * 86_400)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (6.4288e-05, "0.00006429"),
        (0.5068878024, "0.5069"),
        (5307558.0, "5307558"),
        (1e20, "100000000000000000000"),
        (-0.04622, "-0.04622"),
        (math.inf, "–"),
    ],
)
def test_a_number_is_four_figures_without_an_exponent(value: float, said: str) -> None:
    assert number_text(value) == said


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9))
def test_a_number_that_is_told_is_near_the_number(value: float) -> None:
    said = number_text(value)
    assert "e" not in said
    assert float(said) == pytest.approx(value, rel=1e-3, abs=1e-9)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NOW, "10:00:00"),
        (NOW.replace(hour=0), "01:00:00"),
        (NOW.replace(day=24, hour=23, minute=30), "00:30:00"),
        (NOW.replace(day=24, hour=22), "2026-11-24 23:00:00"),
        (None, "–"),
    ],
    ids=["now", "this night", "after midnight here", "yesterday here", "never"],
)
def test_a_time_of_today_has_no_date(at: datetime | None, said: str) -> None:
    assert brief_text(at, BRUSSELS, NOW) == said


@pytest.mark.parametrize(
    ("ratio", "said"),
    [
        (1 - 10 / 2_592_000, "99.999%"),
        (1.0, "100.000%"),
        (0.9953, "99.530%"),
        (0.0, "0.000%"),
        (None, "–"),
    ],
)
def test_what_is_not_all_never_reads_as_all(ratio: float | None, said: str) -> None:
    assert ratio_text(ratio) == said

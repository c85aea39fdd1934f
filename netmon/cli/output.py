"""Tables for eyes, JSON for machines, and times as people of the city write them."""

import json
import math
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from netmon.config.complaints import printable
from netmon.domain.intervals import Interval, epoch_s
from netmon.domain.model import Status

GLYPHS = {
    Status.UP: "●",
    Status.DEGRADED: "▲",
    Status.DOWN: "✕",
    Status.UNREACHABLE: "◐",
    Status.UNKNOWN: "?",
    Status.MAINTENANCE: "⚙",
    Status.EXPECTED_OFF: "○",
}
STYLES = {
    Status.UP: "blue",
    Status.DEGRADED: "yellow",
    Status.DOWN: "red",
    Status.UNREACHABLE: "magenta",
    Status.MAINTENANCE: "cyan",
}

PIPE_WIDTH = 1_000_000
WHOLE_FROM = 10_000.0
FIGURES, MOST_DECIMALS = 4, 9
FIRST_YEAR, LAST_YEAR = 2000, 2100


def print_json(document: dict[str, Any]) -> None:
    """
    Print one JSON object: ASCII, instants in ISO 8601 and UTC.

    JSON knows no infinity; where a device says so much, nothing is known: null.
    """
    click.echo(json_text(document))


def json_text(document: dict[str, Any]) -> str:
    """Return a document as `print_json` prints it."""
    return json.dumps(_finite(document), allow_nan=False, indent=2, default=_plain)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; every cell is one printable line, whatever a device put into it."""
    table = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(
            *(cell if isinstance(cell, Text) else Text(printable(str(cell))) for cell in row)
        )
    print_whole(table)


def print_whole(table: Table) -> None:
    """Print a table that a terminal wraps to its width, and that a pipe gets line by line."""
    if sys.stdout.isatty():
        Console().print(table)
        return
    console = Console(width=PIPE_WIDTH)
    with console.capture() as drawn:
        console.print(table)
    # Not by click: it would write UTF-8 to a stream that was said to be something else.
    sys.stdout.writelines(f"{line.rstrip()}\n" for line in drawn.get().splitlines())


def status_cell(status: Status) -> Text:
    """Return shape, word and colour of a status."""
    return Text(f"{GLYPHS[status]} {status.value}", style=STYLES.get(status, ""))


def local_text(at: datetime | None, timezone: ZoneInfo) -> str:
    """Return an instant as local date and time, a dash where there is none."""
    return "–" if at is None else at.astimezone(timezone).strftime("%Y-%m-%d %H:%M:%S")


def brief_text(at: datetime | None, timezone: ZoneInfo, now: datetime) -> str:
    """Return an instant as local time, with the date where that is not today's."""
    is_today = at and at.astimezone(timezone).date() == now.astimezone(timezone).date()
    return f"{at.astimezone(timezone):%H:%M:%S}" if at and is_today else local_text(at, timezone)


def duration_text(seconds: float) -> str:
    """Return a duration as people say it: `3 h 12 min`."""
    hours, rest = divmod(round(seconds), 3600)
    minutes, whole = divmod(rest, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {whole} s" if minutes else f"{whole} s"


def ratio_text(ratio: float | None) -> str:
    """Return a ratio in per cent, cut and not rounded: 100.000% is all of it."""
    if ratio is None:
        return "–"
    # A product such as 0.9953 * 100_000 may fall a hair short of the whole number that is meant.
    return f"{math.floor(round(ratio * 100_000, 6)) / 1000:.3f}%"


def number_text(value: float) -> str:
    """Return a number as people read it: no exponent, four figures where it has a fraction."""
    if not math.isfinite(value):
        return "–"
    if value == round(value) or abs(value) >= WHOLE_FROM:
        return f"{value:.0f}"
    decimals = max(0, FIGURES - 1 - math.floor(math.log10(abs(value))))
    return f"{value:.{min(decimals, MOST_DECIMALS)}f}".rstrip("0").rstrip(".")


class LocalInstant(click.ParamType[datetime]):
    """A local date, or date and time; which zone is known only once the city is."""

    name = "YYYY-MM-DD[THH:MM[:SS]]"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return a naive or an explicitly offset instant."""
        if isinstance(value, datetime):
            return value
        expected = "a date like 2026-11-25 or 2026-11-25T14:00"
        try:
            at = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"expected {expected}, found {value!r}", param, ctx)
        if not FIRST_YEAR <= at.year <= LAST_YEAR:
            years = f"between {FIRST_YEAR} and {LAST_YEAR}"
            self.fail(f"expected {expected}, {years}, found {value!r}", param, ctx)
        return at


def bounds(
    start: datetime | None, end: datetime | None, timezone: ZoneInfo, now: datetime, days: int
) -> Interval:
    """Return the half-open interval asked for; by default the last `days` days until now."""
    last = _aware(end, timezone) if end else now
    first = _aware(start, timezone) if start else last - timedelta(days=days)
    if first >= last:
        raise click.BadParameter(f"expected --from before --to, found {first} and {last}")
    return epoch_s(first), epoch_s(last)


def _aware(at: datetime, timezone: ZoneInfo) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=timezone)


def _finite(value: object) -> object:
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    raise TypeError(f"JSON: expected a plain value, found {type(value).__name__}")

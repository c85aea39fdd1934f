"""`netmon series`: what was measured over time, as CSV or JSON."""

import csv
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from netmon.cli.output import LocalInstant, bounds, print_json
from netmon.cli.wiring import config_option, json_option, now, reading
from netmon.config.complaints import printable
from netmon.domain.intervals import Interval, instant
from netmon.domain.series import Series
from netmon.domain.week import DAY_S, HOUR_S
from netmon.storage.series_reader import SeriesReader

DEFAULT_DAYS = 1
STEPS = {"point": 0, "hour": HOUR_S, "day": DAY_S}
COLUMNS = {
    "point": ("at", "measurement", "label", "value"),
    "hour": ("at", "measurement", "label", "size", "low", "high", "mean"),
    "day": ("at", "measurement", "label", "size", "low", "high", "mean"),
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Row = tuple[object, ...]


@click.command()
@click.argument("device")
@config_option
@json_option
@click.option("--from", "start", type=LocalInstant(), help="Local start, included. [1 day ago]")
@click.option("--to", "end", type=LocalInstant(), help="Local end, excluded. [now]")
@click.option(
    "--step",
    type=click.Choice([*STEPS]),
    default="point",
    show_default=True,
    help="Every point; or summaries by the hour, or (of what has a label) by the UTC day.",
)
def series(  # noqa: PLR0913 - one argument for each option
    device: str,
    config: Path,
    start: datetime | None,
    end: datetime | None,
    step: str,
    *,
    as_json: bool,
) -> None:
    """Print what was measured on DEVICE over time, as CSV; instants are UTC.

    Points are kept for some days, hourly summaries of a device for ever. Counters of octets
    are rates; where a rate is not known there is no point.
    """
    at = now()
    with reading(config) as (settings, views):
        interval = bounds(start, end, ZoneInfo(settings.city.timezone), at, DEFAULT_DAYS)
        reader = SeriesReader(settings.store.folder)
        rows = [*_rows(reader, device, step, interval)]
        if not rows and device not in {row.id for row in views.devices(at)}:
            found = printable(repr(device))
            raise click.BadParameter(f"expected the id of a device, found {found}")
    if as_json:
        documents = [dict(zip(COLUMNS[step], row, strict=True)) for row in rows]
        first, last = map(instant, interval)
        print_json({"device": device, "from": first, "to": last, "step": step, "rows": documents})
        return
    _print_csv(COLUMNS[step], rows)


def _rows(reader: SeriesReader, device: str, step: str, interval: Interval) -> Iterable[Row]:
    if step == "point":
        for series in reader.series(device, *interval):
            for trace in reader.traces([series], *interval).values():
                for at_s, value in zip(*trace, strict=True):
                    yield instant(at_s), *_named(series), _figure(value)
        return
    for series, sums in sorted(reader.summaries(device, STEPS[step], *interval).items()):
        yield from ((instant(at_s), *_named(series), *map(_figure, each)) for at_s, each in sums)


def _figure(value: float) -> float:
    """Return a number with the seven digits that are kept of it."""
    return value if isinstance(value, int) else float(f"{value:.7g}")


def _named(series: Series) -> tuple[str, str]:
    return series.measurement, printable(series.label)


def _print_csv(columns: Sequence[str], rows: Iterable[Row]) -> None:
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(columns)
    for at, measurement, label, *numbers in rows:
        # A label comes from a device: a spreadsheet must not take it for a formula.
        text = f"'{label}" if str(label).startswith(_FORMULA) else label
        iso = at.isoformat().replace("+00:00", "Z") if isinstance(at, datetime) else at
        out.writerow((iso, measurement, text, *numbers))

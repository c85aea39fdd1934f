"""`netmon coverage`: how many metres of each Wi-Fi street hear the network."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from geodata.link import ServiceClass
from geodata.obstacles import WallsOf
from netmon.analysis.coverage_views import CoverageReport, CoverageViews, StreetCoverage
from netmon.analysis.radio_maps import RadioMaps
from netmon.analysis.street_figures import Band, StreetFigures
from netmon.cli.output import LocalInstant, bounds, local_text, print_json, print_table
from netmon.cli.wiring import config_option, json_option, now, reading
from netmon.domain.intervals import instant

DEFAULT_DAYS = 30
WALLS = {
    WallsOf.BUILDINGS: "walls of the imported buildings",
    WallsOf.CORRIDORS: "walls at the edges of the Wi-Fi streets: no buildings were imported",
}
NAMED = 5
"""Access points named in a line; the others are counted."""


@click.command()
@config_option
@json_option
@click.option("--from", "start", type=LocalInstant(), help="Local start of a past window.")
@click.option("--to", "end", type=LocalInstant(), help="Its local end, excluded. [now]")
@click.option("--street", metavar="ID", help="One street only, with metres and square metres.")
def coverage(
    config: Path,
    start: datetime | None,
    end: datetime | None,
    street: str | None,
    *,
    as_json: bool,
) -> None:
    """Show how much of each Wi-Fi street hears the network: now, or on average over a window.

    Metres of the middle line of a street, square metres of a square, at each service class; two
    numbers are the planned and the best case. `perhaps` counts access points of which nothing is
    known. What is lost is what all access points together would cover more.
    """
    at = now()
    with reading(config) as (settings, views):
        zone = ZoneInfo(settings.city.timezone)
        asked = CoverageViews(views, RadioMaps.of_settings(settings))
        if start is None and end is None:
            report = asked.now(at)
        else:
            window = bounds(start, end, zone, at, DEFAULT_DAYS)
            if instant(window[0]) >= at:
                raise click.BadParameter(f"expected --from in the past, found {start}")
            report = asked.between(window, at)
    rows = _wanted(report, street)
    if as_json:
        print_json(document(report, rows))
        return
    click.echo(_when(report, zone))
    _print_rows(report, rows, is_single=street is not None)
    for line in remarks(report):
        click.echo(line)


def _wanted(report: CoverageReport, street: str | None) -> tuple[StreetCoverage, ...]:
    if street is None:
        return report.streets
    found = tuple(each for each in report.streets if street and each.planned.id == street)
    if not found:
        known = ", ".join(each.planned.id for each in report.streets[:-1])
        raise click.BadParameter(f"expected one of {known}, found {street[:80]!r}")
    return found


def document(report: CoverageReport, rows: tuple[StreetCoverage, ...]) -> dict[str, Any]:
    """Return the JSON of a report; the row of all streets together has an empty id."""
    span = report.bounds
    return {
        "at": report.at,
        "from": instant(span[0]) if span else None,
        "to": instant(span[1]) if span else None,
        "level_dbm": int(report.level),
        "calibrated": report.is_calibrated,
        "measured": list(report.measured),
        "error_db": list(report.error_db),
        "walls": report.walls.value,
        "precision_m": report.precision_m,
        "synthetic": report.is_synthetic,
        "access_points": {
            "working": list(report.working),
            "failed": list(report.failed),
            "unknown": list(report.unknown),
            "unplaced": list(report.unplaced),
            "moved": list(report.moved),
        },
        "streets": [_row(each) for each in rows],
    }


def _row(street: StreetCoverage) -> dict[str, Any]:
    planned = street.planned
    return {
        "id": planned.id,
        "name": planned.name,
        "length_m": planned.length_m,
        "area_m2": planned.area_m2,
        "precision_m": planned.precision_m,
        "synthetic": planned.is_synthetic,
        "classes": [
            {
                "level_dbm": int(level),
                "planned": _figures(street.planned, level),
                "sure": _figures(street.sure, level),
                "perhaps": _figures(street.perhaps, level),
                "lost": {
                    "length_m": _pair(street.lost_m(level)),
                    "area_m2": _pair(street.lost_m2(level)),
                },
            }
            for level in _levels()
        ],
    }


def _levels() -> list[ServiceClass]:
    return sorted(ServiceClass, reverse=True)


def _figures(figures: StreetFigures, level: ServiceClass) -> dict[str, dict[str, float]]:
    found = figures.at(level)
    return {"length_m": _pair(found.length_m), "area_m2": _pair(found.area_m2)}


def _pair(band: Band) -> dict[str, float]:
    return {"planning": band.planning, "optimistic": band.optimistic}


def _when(report: CoverageReport, zone: ZoneInfo) -> str:
    if report.bounds is None:
        return f"Coverage on {local_text(report.at, zone)}"
    first, last = (local_text(instant(each), zone) for each in report.bounds)
    return f"Mean coverage from {first} to {last}"


def _print_rows(
    report: CoverageReport, rows: tuple[StreetCoverage, ...], *, is_single: bool
) -> None:
    levels = _levels()
    lost = f"lost at {int(report.level)}"
    heading = ("street", "of", *(f"{int(level)} dBm" for level in levels), lost)
    cells = [cell for each in rows for cell in _cells(each, report.level, is_both=is_single)]
    print_table(heading, cells)


def _cells(
    street: StreetCoverage, level: ServiceClass, *, is_both: bool
) -> Iterator[tuple[str, ...]]:
    """Yield a line in metres and one in square metres; a street needs one, a square the other."""
    planned, name = street.planned, street.planned.name or "all streets"
    is_whole = is_both or not planned.id
    if planned.length_m > 0:
        shown = [_shown(street, each, is_length=True) for each in _levels()]
        yield name, f"{planned.length_m:.0f} m", *shown, _text(street.lost_m(level))
    if planned.length_m == 0 or is_whole:
        shown = [_shown(street, each, is_length=False) for each in _levels()]
        yield name, f"{planned.area_m2:.0f} m²", *shown, _text(street.lost_m2(level))


def _shown(street: StreetCoverage, level: ServiceClass, *, is_length: bool) -> str:
    found = [street.sure.at(level), street.perhaps.at(level)]
    sure, perhaps = (_text(each.length_m if is_length else each.area_m2) for each in found)
    return sure if sure == perhaps else f"{sure}, perhaps {perhaps}"


def _text(band: Band) -> str:
    planning, optimistic = f"{band.planning:.0f}", f"{band.optimistic:.0f}"
    return planning if planning == optimistic else f"{planning}–{optimistic}"


def remarks(report: CoverageReport) -> list[str]:
    """Return what whoever reads the figures must know about them, a line each."""
    count = len(report.working) + len(report.failed) + len(report.unknown)
    said = [f"{len(report.working)} of {count} access points work"]
    for ids, what in (
        (report.failed, "fail"),
        (report.unknown, "unknown"),
        (report.unplaced, "without a place, heard nowhere"),
        (report.moved, "moved to the nearest wall"),
    ):
        if ids:
            said.append(f"{len(ids)} {what}: {_named(ids)}")
    low, high = report.error_db
    if report.measured and not report.is_calibrated:
        said.append(f"{len(report.measured)} of {count} calibrated by a walk test")
    said.append(
        f"calibrated: ±{low:.0f} dB at single places"
        if report.is_calibrated
        else f"±{low:.0f}–{high:.0f} dB at single places until calibrated"
    )
    said.append(f"{WALLS[report.walls]}; positions to ±{report.precision_m:.0f} m")
    if report.is_synthetic:
        said.append("synthetic: made with invented access points or layers")
    return said


def _named(ids: tuple[str, ...]) -> str:
    more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
    return ", ".join(ids[:NAMED]) + more

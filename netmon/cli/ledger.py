"""`netmon ledger`: what became of every hour in which somebody might want to go online."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from netmon.analysis.calendar_months import Month
from netmon.analysis.ledger_report import CITY, SERVICES, LedgerNote
from netmon.cli.ledger_document import Document, areas_by_word, ledger_document, picked
from netmon.cli.ledger_kept import kept_or_new
from netmon.cli.ledgers import ledger_views
from netmon.cli.month_option import MonthType
from netmon.cli.output import LocalInstant, bounds, print_json, print_table, ratio_text
from netmon.cli.wiring import config_option, json_option, now, reading
from netmon.config.groups_file import load_groups
from netmon.config.settings import Settings
from netmon.domain.intervals import Interval
from netmon.domain.model import Service

DEFAULT_DAYS = 30
NOTHING = 1
MOST_COSTS = 20
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
NOTES: Mapping[LedgerNote, str] = {
    LedgerNote.SYNTHETIC: "synthetic: people, places or access points in it are invented",
    LedgerNote.PRECISION: "places, people and streets are known to within {precision}",
    LedgerNote.STRAIGHT: "walks are straight lines times 1.3: no walking network is imported",
    LedgerNote.TO_BE_LOCATED: "in nobody's reach, for nobody says where they are: {lost}",
    LedgerNote.UNPUBLISHED: "hours not published or not confirmed, so unverified: {unpublished}",
    LedgerNote.NO_HOST_SAID: "no host was checked in (netmon host in), so no help is delivered",
    LedgerNote.CORRIDORS: "walls are the edges of the streets: no buildings are imported",
    LedgerNote.UNCALIBRATED: "Wi-Fi is a band, planned to optimistic: no walk test was imported",
    LedgerNote.NOT_OVER: "not over yet: what lies ahead is unverified",
    LedgerNote.BEGINS_LATER: "the record begins later: what was before is unverified",
}


@click.command()
@config_option
@json_option
@click.option("--from", "start", type=LocalInstant(), help="Local start, included. [30 days ago]")
@click.option("--to", "end", type=LocalInstant(), help="Local end, excluded. [now]")
@click.option("--month", type=MonthType(), help="A month, kept once it is over: 2026-10.")
@click.option("--anew", is_flag=True, help="Work a kept month out again.")
@click.option(
    "--service",
    "services",
    multiple=True,
    type=click.Choice([str(each) for each in SERVICES]),
    help="Only this service, may be repeated.",
)
@click.option("--group", "groups", multiple=True, help="Only this group, may be repeated.")
@click.option(
    "--area", "areas", multiple=True, help="Only this area, by id or name, may be repeated."
)
@click.option(
    "--by",
    type=click.Choice(["area", "street", "site", "hour"]),
    help="Divide the table; JSON always holds all of it.",
)
def ledger(  # noqa: PLR0913 - one argument for each option
    config: Path,
    *,
    start: datetime | None,
    end: datetime | None,
    month: Month | None,
    services: tuple[str, ...],
    groups: tuple[str, ...],
    areas: tuple[str, ...],
    by: str | None,
    anew: bool,
    as_json: bool,
) -> None:
    """Show who was served and who was not, and why: in person-hours.

    Each hour in which a person might want to go online is delivered, unverified (nobody knows),
    lost to an outage, to the schedule (all in reach are closed) or to planning (nothing is in
    reach). Services and groups never add up: people may use several, and belong to several.
    A month that is over is kept, and printed as it was. Exit code 1 where there is nothing to show.
    """
    if month is not None and (start or end):
        raise click.BadParameter("expected --month alone, found --from or --to beside it")
    if anew and month is None:
        raise click.BadParameter("expected --anew with a --month, found none")
    at = now()
    with reading(config) as (settings, views):
        zone = ZoneInfo(settings.city.timezone)
        _check_groups(settings, groups)

        def made(interval: Interval, *, is_whole: bool) -> Document:
            asked = None if is_whole or not services else [Service(each) for each in services]
            named = None if is_whole or not groups else groups
            return ledger_document(
                ledger_views(settings, views).between(interval, at, asked, named)
            )

        if month is None:
            whole = made(bounds(start, end, zone, at, DEFAULT_DAYS), is_whole=False)
        else:
            interval = month.bounds(zone)
            whole = kept_or_new(
                settings.store.folder,
                month,
                at,
                lambda: made(interval, is_whole=True),
                is_anew=anew,
            )
    found = picked(whole, services, groups, _areas(whole, areas))
    if as_json:
        print_json(found)
    elif found["rows"]:
        _print(found, by or ("area" if areas else None))
    if not found["rows"]:
        click.echo("nothing to show: nobody offers it, or nobody of the group is known", err=True)
        sys.exit(NOTHING)


def _check_groups(settings: Settings, groups: Iterable[str]) -> None:
    known = sorted(load_groups(settings))
    for each in groups:
        if each not in known:
            raise click.BadParameter(f"--group: expected one of {', '.join(known)}, found {each!r}")


def _areas(document: Document, words: Sequence[str]) -> list[str]:
    known = areas_by_word(document)
    for each in words:
        if each not in known and each.casefold() not in known:
            expected = ", ".join(sorted({*known.values()}))
            raise click.BadParameter(f"--area: expected one of {expected}, found {each!r}")
    return [known.get(each) or known[each.casefold()] for each in words]


def _print(document: Document, by: str | None) -> None:
    if by in {"street", "site"}:
        _print_places(row for row in document["places"] if row["street"] == (by == "street"))
    elif by == "hour":
        _print_hours(document["hours"])
    else:
        _print_rows(document, is_by_area=by == "area")
        _print_costs(document["incidents"])
    for note in document["notes"]:
        click.echo(f"- {_note(LedgerNote(note), document)}")


def _print_rows(document: Document, *, is_by_area: bool) -> None:
    rows = document["rows"]
    names = {each["id"]: each["name"] for each in document["areas"]}
    shown = [row for row in rows if is_by_area or row["area"] == CITY] or rows
    print_table(
        (
            *("service", "group", "area", "people", "person-hours", "delivered", "unverified"),
            *("outage", "schedule", "of it announced", "planning"),
        ),
        (
            (
                row["service"],
                row["group"],
                names.get(row["area"], row["area"]),
                f"{row['people']:.0f}",
                f"{row['total_h']:.0f}",
                *(
                    _share(row, key)
                    for key in ("delivered_h", "unverified_h", "outage_h", "schedule_h")
                ),
                _share(row, "announced_h"),
                _share(row, "planning_h"),
            )
            for row in shown
        ),
    )


def _share(row: Mapping[str, Any], key: str) -> str:
    """Return a part in per cent; of Wi-Fi from what is planned with to what may be at best."""
    told = [row] if row.get("optimistic") is None else [row, row["optimistic"]]
    texts = [ratio_text(each[key] / each["total_h"] if each["total_h"] else None) for each in told]
    return " – ".join(dict.fromkeys(texts))


def _print_costs(incidents: Sequence[Mapping[str, Any]]) -> None:
    if not incidents:
        return
    click.echo()
    print_table(
        ("lost to", "service", "group", "cause", "place", "person-hours"),
        (
            (
                *(row[key] for key in ("id", "service", "group", "cause", "place")),
                f"{row['cost_h']:.1f}",
            )
            for row in incidents[:MOST_COSTS]
        ),
    )
    if len(incidents) > MOST_COSTS:
        click.echo(f"and {len(incidents) - MOST_COSTS} more: --json holds them")
    click.echo()


def _print_places(rows: Iterable[Mapping[str, Any]]) -> None:
    print_table(
        (
            *("service", "place", "seat-hours promised", "working", "failed", "unknown"),
            "person-hours lost, by group",
        ),
        (
            (
                row["service"],
                row["name"],
                *(
                    f"{row[key]:.1f}"
                    for key in ("promised_h", "working_h", "failed_h", "unknown_h")
                ),
                ", ".join(f"{name} {cost:.1f}" for name, cost in row["cost_h"].items()) or "–",
            )
            for row in rows
        ),
    )


def _print_hours(rows: Iterable[Mapping[str, Any]]) -> None:
    parts = ("delivered_h", "unverified_h", "outage_h", "timetable_h", "announced_h")
    print_table(
        ("service", "group", "hour", "person-hours", *(each[:-2] for each in parts), "planning"),
        (
            (
                row["service"],
                row["group"],
                f"{DAYS[row['hour_of_week'] // 24]} {row['hour_of_week'] % 24:02}",
                f"{row['total_h']:.0f}",
                *(ratio_text(row[key] / row["total_h"]) for key in parts),
                ratio_text((row["distance_h"] + row["eligibility_h"]) / row["total_h"]),
            )
            for row in rows
        ),
    )


def _note(note: LedgerNote, document: Document) -> str:
    precision_m = document["precision_m"]
    return NOTES[note].format(
        precision="nobody says how far" if precision_m is None else f"{precision_m:.0f} m",
        lost=", ".join(document["to_be_located"]),
        unpublished=", ".join(document["unpublished"]),
    )

"""`netmon rebuild`: what is kept although it could be worked out, worked out anew."""

import dataclasses
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import click

from netmon.analysis.hours import OpeningHours
from netmon.analysis.views import RecordViews
from netmon.cli.keeping import LATELY_S, open_series, work_out
from netmon.cli.output import print_json
from netmon.cli.revision import missing_years
from netmon.cli.wiring import city_calendar, config_option, json_option, now, reading
from netmon.config.settings import Settings
from netmon.domain.intervals import epoch_s
from netmon.storage.desk import DeskReader, DeskWriter
from netmon.storage.rollups import Redone

DERIVED = ("status", "incidents", "availability")
"""Worked out from runs whenever they are asked for: nothing of them is kept."""


@click.command()
@config_option
@json_option
def rebuild(config: Path, *, as_json: bool) -> None:
    """Work out anew all that is kept although it could be worked out; netmon must not run.

    That is opening hours as windows; hourly and daily sums of those points that there still
    are; and how much of each hour was worked. Status, incidents and availability are worked out
    from runs whenever they are asked for, so there is nothing of them to rebuild.
    """
    with reading(config) as (settings, views), closing(DeskReader(settings.store.folder)) as reader:
        newest = reader.revisions()[-1].inventory
        series = _series(settings, views)
        said = _said(reader)
        orphans = len(views.incident_views.orphans(epoch_s(now())))
    years = missing_years(newest, OpeningHours(city_calendar(settings)), now())
    with closing(DeskWriter(settings.store.folder, origin=settings.store.origin)) as desk:
        done = desk.replace_opening_years(years)
    if as_json:
        document = {"opening_years": dataclasses.asdict(done), "derived_when_read": DERIVED}
        sums = {name: dataclasses.asdict(each) for name, each in series.items()}
        kept = {"kept": said, "orphans": orphans}
        print_json({**document, "series": sums, "said_of_incidents": kept})
        return
    found = (
        f"{done.same} right, {done.changed} wrong, {done.added} missing, {done.removed} too many"
    )
    click.echo(f"opening hours, by rule and year: {found}")
    for name, each in series.items():
        click.echo(f"{name}: {each.same} right, {each.changed} wrong, {each.added} missing")
    click.echo(f"{', '.join(DERIVED)}: worked out whenever they are asked for")
    click.echo(f"said of incidents: {said} kept, {orphans} of them of none that there is now")


def _said(reader: DeskReader) -> int:
    return sum(1 for each in reader.annotations() if each.withdrawn_s is None)


def _series(settings: Settings, views: RecordViews) -> Mapping[str, Redone]:
    """Work sums and hours out anew; empty where series are not kept."""
    series, at = open_series(settings), now()
    if series is None:
        return {}
    with closing(series):
        sums = series.rebuild(epoch_s(at))
        # What a running netmon would have caught up with since it stopped was never wrong.
        work_out(series, views, at, epoch_s(at) - LATELY_S)
        return {"sums of points": sums, "hours worked": work_out(series, views, at)}

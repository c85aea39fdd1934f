"""`netmon report`: a month on paper, the same for whoever asks, and what changed since."""

import dataclasses
import sys
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from netmon.analysis.calendar_months import Month
from netmon.analysis.month_report import MonthReport
from netmon.cli.month_option import MonthType
from netmon.cli.output import print_json
from netmon.cli.wiring import config_option, json_option, now, reading
from netmon.config.settings import Settings
from netmon.config.settings_file import load_settings
from netmon.domain.smoothing import MOST_S
from netmon.report.edition import Edition
from netmon.report.issue import FORMATS, Issued, edition_of, files_of, issue
from netmon.report.letter import put
from netmon.storage.issued import IssuedReports


@click.command()
@config_option
@json_option
@click.option("--month", type=MonthType(), help="The month, such as 2026-10. [last month]")
@click.option(
    "--out",
    type=click.Path(file_okay=False, exists=True, writable=True, path_type=Path),
    default=Path(),
    show_default=True,
    help="Folder that gets the files.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice([*FORMATS, "all"]),
    default="all",
    show_default=True,
    help="Which files to write.",
)
@click.option(
    "--smooth",
    "smoothing_s",
    type=click.IntRange(0, MOST_S),
    help="Leave out states shorter than so many seconds; other than configured, it is a draft.",
)
@click.option("--revision", type=click.IntRange(1), help="An edition that was issued before.")
def report(  # noqa: PLR0913 - one argument for each option
    config: Path,
    month: Month | None,
    out: Path,
    form: str,
    smoothing_s: int | None,
    *,
    revision: int | None,
    as_json: bool,
) -> None:
    """Write a month's report: PDF, CSV for Excel, and JSON.

    The report of a month that is over is issued and kept in the store's folder: the same figures
    give the same files, other figures a new revision that lists what changed. A month that goes
    on, or another --smooth than configured, gives a draft that is not kept. Exit code 1 where
    nothing is known of the month.
    """
    settings = load_settings(config)
    at = now()
    chosen = _chosen(month, settings, at)
    reports = IssuedReports(settings.store.folder)
    if revision is None:
        found = _worked_out(config, chosen, smoothing_s, reports, at)
    else:
        found = Issued(_issued(reports, chosen, revision), is_new=False)
    files = _files(reports, found.edition)
    wanted = {ending: files[ending] for ending in FORMATS if form in {ending, "all"}}
    paths = put(out, found.edition, wanted)
    if as_json:
        _print_document(found, paths)
    else:
        _print_lines(found, paths)


def _chosen(month: Month | None, settings: Settings, at: datetime) -> Month:
    """Return the month to report; one that lies ahead is refused."""
    present = Month.at(at, ZoneInfo(settings.city.timezone))
    if month is not None and month > present:
        raise click.BadParameter(
            f"expected {present} or before, found {month}", param_hint="--month"
        )
    return month or present.plus(-1)


def _issued(reports: IssuedReports, month: Month, revision: int) -> Edition:
    known = reports.revisions(str(month))
    if revision not in known:
        expected = ", ".join(map(str, known)) or "none: no report of that month was issued"
        text = f"expected one of {month}: {expected}, found {revision}"
        raise click.BadParameter(text, param_hint="--revision")
    return edition_of(reports, str(month), revision)


def _worked_out(
    config: Path,
    month: Month,
    smoothing_s: int | None,
    reports: IssuedReports,
    at: datetime,
) -> Issued:
    click.echo(f"working out {month}", err=True)
    with reading(config) as (settings, views):
        usual_s = settings.reports.smooth_s
        chosen_s = usual_s if smoothing_s is None else smoothing_s
        made = views.month_report(month, at, chosen_s)
    if not is_anything_known(made):
        click.echo(f"{month}: nothing is known: the record has no promised time in it", err=True)
        sys.exit(1)
    click.echo("setting the paper", err=True)
    if made.is_complete and chosen_s == usual_s:
        return issue(reports, made, version("netmon"), at)
    return Issued(Edition(None, version("netmon"), made), is_new=True)


def is_anything_known(made: MonthReport) -> bool:
    """Tell whether there is anything to report: what was promised, or muted by announced work."""
    figures = made.total.figures
    return bool(figures.promised_s or figures.maintenance_s)


def _files(reports: IssuedReports, edition: Edition) -> dict[str, bytes]:
    """Return the files of an edition: those that are kept, even where we print otherwise now."""
    if edition.revision is None:
        return files_of(edition)
    month, number = edition.report.month, edition.revision
    return {ending: reports.read(month, number, ending) for ending in FORMATS}


def _print_lines(found: Issued, paths: tuple[Path, ...]) -> None:
    edition = found.edition
    which = f"revision {edition.revision}" if edition.revision else "draft, not kept"
    news = "" if not edition.revision else ", new" if found.is_new else ", as issued before"
    click.echo(f"{edition.report.month}: {which}{news}")
    for each in edition.changes if found.is_new else ():
        click.echo(f"  {each.section}, {each.what}, {each.column}: {each.old} -> {each.new}")
    for path in paths:
        click.echo(path)


def _print_document(found: Issued, paths: tuple[Path, ...]) -> None:
    edition = found.edition
    facts = dataclasses.asdict(edition)
    document = {
        "month": edition.report.month,
        "is_new": found.is_new,
        "files": [str(path) for path in paths],
        **{key: value for key, value in facts.items() if key != "report"},
        "availability": edition.report.total.figures.availability,
        "unknown_ratio": edition.report.total.figures.unknown_ratio,
        "report": facts["report"],
    }
    print_json(document)

"""What most commands need first: settings, calendar, inventory, stores."""

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import apsw
import click

from collectors.base import Check
from collectors.registry import all_checks
from collectors.target import Credentials
from netmon.alerts.channels.apprise_channel import apprise_problems
from netmon.analysis.views import RecordViews
from netmon.config.alert_problems import alert_problems
from netmon.config.authorities import authority_problems
from netmon.config.calendar import Calendar, load_calendar
from netmon.config.channels import Channel, dead_man_url, load_channels
from netmon.config.groups_file import wrong_targets
from netmon.config.inventory import load_inventory
from netmon.config.objective_settings import unknown_places
from netmon.config.report_settings import report_problems
from netmon.config.secrets import heartbeat_secret, load_credentials
from netmon.config.settings import Settings
from netmon.config.settings_file import load_settings, with_lines
from netmon.domain.errors import ConfigError, Problem, StoreError
from netmon.domain.model import Inventory
from netmon.scheduler.duties import check_problems
from netmon.scheduler.garbage import collect_seldom
from netmon.storage.desk import DeskReader
from netmon.storage.record import RecordReader

config_option = click.option(
    "-c",
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("netmon.toml"),
    envvar="NETMON_CONFIG",
    show_default=True,
    help="The configuration file.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")

Command = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything that files say, found free of problems."""

    path: Path
    settings: Settings
    calendar: Calendar
    inventory: Inventory
    credentials: Mapping[str, Credentials]
    checks: Mapping[str, Check]
    heartbeat_secret: str | None = field(default=None, repr=False)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    dead_man_url: str | None = field(default=None, repr=False)


def now() -> datetime:
    """Return the present instant; the clock of every command is read here."""
    return datetime.now(UTC)


def load(
    path: Path, *, with_secrets: bool = True, receives: bool = False, tells: bool = False
) -> Loaded:
    """
    Read configuration and inventory; raises `ConfigError` with every problem at once.

    Only who asks devices needs `with_secrets`, only who `receives` heartbeats theirs, and only
    who `tells` people the channels.
    """
    settings = load_settings(path)
    checks = all_checks()
    credentials, problems = load_credentials(settings, os.environ, str(path))
    problems = problems if with_secrets else []
    secret, missing = heartbeat_secret(settings, os.environ, str(path))
    problems += missing if receives else []
    channels, dead_man, wrong = _ways_out(settings, str(path)) if tells else ({}, None, [])
    problems += wrong
    problems += authority_problems(settings, str(path)) if with_secrets else []
    problems = with_lines([*problems, *check_problems(settings, checks, str(path))], path)
    try:
        calendar = city_calendar(settings)
    except ConfigError as error:
        problems += error.problems
        # Refused already: with an empty calendar, all other problems are told too.
        city = settings.city
        calendar = Calendar(ZoneInfo(city.timezone), city.country, frozenset(), ())
    try:
        inventory = load_inventory(settings, calendar)
    except ConfigError as error:
        raise ConfigError([*problems, *error.problems]) from None
    found = unknown_places(settings.objectives, inventory, str(path))
    found += alert_problems(settings, inventory, str(path))
    found += report_problems(settings.reports, settings.channels, str(path))
    try:
        found += wrong_targets(settings, str(path))
    except ConfigError as error:
        problems += error.problems
    problems += with_lines(found, path)
    if problems:
        raise ConfigError(problems)
    return Loaded(
        path, settings, calendar, inventory, credentials, checks, secret, channels, dead_man
    )


def _ways_out(
    settings: Settings, file: str
) -> tuple[dict[str, Channel], str | None, list[Problem]]:
    """Return channels and the address of the dead man's switch, and what is wrong with them."""
    channels, problems = load_channels(settings, os.environ, file)
    url, wrong = dead_man_url(settings, os.environ, file)
    return channels, url, [*problems, *wrong, *apprise_problems(channels.values(), file)]


def city_calendar(settings: Settings) -> Calendar:
    """Return the calendar of the configured city."""
    city = settings.city
    return load_calendar(
        city.folder / "holidays.toml", timezone=city.timezone, country=city.country
    )


@contextmanager
def reading(path: Path) -> Iterator[tuple[Settings, RecordViews]]:
    """
    Open both stores for reading, and close them again.

    Raises
    ------
    StoreError
        If there is no store yet, it holds no inventory, has another origin than the
        settings say, or cannot be read.
    """
    settings = load_settings(path)
    calendar = city_calendar(settings)
    folder = settings.store.folder
    collect_seldom()
    with (
        readable(folder),
        closing(RecordReader(folder)) as record,
        closing(DeskReader(folder)) as desk,
    ):
        check_store(settings, desk)
        yield settings, RecordViews(settings, calendar, record, desk, follows_record=True)


@contextmanager
def readable(folder: Path) -> Iterator[None]:
    """Turn what SQLite raises for stores that are damaged, or none, into a `StoreError`."""
    try:
        yield
    except apsw.Error as error:
        found = f"{type(error).__name__}: {error}"
        raise StoreError(
            f"{folder}: store: expected one that netmon wrote, found {found}"
        ) from None


def check_store(settings: Settings, desk: DeskReader) -> None:
    """Refuse a desk of another origin, or one without an inventory, with a `StoreError`."""
    origin, folder = desk.origin(), settings.store.folder
    if origin != settings.store.origin:
        raise StoreError(f"{folder}: origin: expected {settings.store.origin}, found {origin}")
    if not desk.revisions():
        raise StoreError(f"{folder}: inventory: expected a revision, found none: run `netmon run`")


def configure_logging(level: int) -> None:
    """Log to stderr, key=value; the only place where logging is configured."""
    logging.basicConfig(
        level=level,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    for noisy in ("apscheduler", "waitress"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # A line for each request that waits: anybody could fill the disk with them.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)

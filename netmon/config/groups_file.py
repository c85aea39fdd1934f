"""The groups of a city: the usual ones, then its `groups.toml`, then `netmon.toml`."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from netmon.config.complaints import Complaints
from netmon.config.group_settings import GroupId, GroupSettings, target_problems
from netmon.config.settings import Settings
from netmon.domain.errors import ConfigError, Problem
from netmon.domain.groups import EVERYBODY, Group

FILE = "groups.toml"

USUAL = {
    EVERYBODY: GroupSettings(name="Iedereen"),
    "older": GroupSettings(name="Ouderen", ages=(65, 120)),
    "low_income": GroupSettings(name="Laag inkomen of opleidingsniveau"),
    "disability": GroupSettings(name="Personen met een beperking"),
    "job_seekers": GroupSettings(name="Werkzoekenden", ages=(18, 64)),
    "newcomers": GroupSettings(name="Anderstalige nieuwkomers"),
    "young": GroupSettings(name="Jongeren", ages=(12, 25)),
    "staff": GroupSettings(name="Stadsmedewerkers", at="workplaces"),
}
"""Everybody and the seven target groups; no share, for nobody knows it of every city."""

_BY_AGE_ALONE = frozenset({EVERYBODY, "older", "young"})
"""Groups to which everybody of their ages belongs."""

_FILE = TypeAdapter(dict[GroupId, GroupSettings])


def load_groups(settings: Settings) -> Mapping[str, Group]:
    """
    Return the groups of a city by id, everybody first.

    Raises
    ------
    ConfigError
        With every problem of the city's file, of hours that end before they begin, and of
        targets for groups that there are not.
    """
    path = settings.city.folder / FILE
    told = [USUAL, _read(path), settings.groups]
    names = list(dict.fromkeys(name for each in told for name in each))
    merged = {name: _merged([each[name] for each in told if name in each]) for name in names}
    complaints = Complaints()
    for name, each in merged.items():
        file = Path("netmon.toml") if name in settings.groups else path
        _check(each, (file, name), complaints)
    complaints.raise_any()
    return {name: _group(name, each) for name, each in merged.items()}


def wrong_targets(settings: Settings, file: str) -> list[Problem]:
    """
    Return the targets that cannot be meant so.

    Raises
    ------
    ConfigError
        Where the groups themselves are not as they should be.
    """
    return target_problems(settings.targets, load_groups(settings), file)


def _read(path: Path) -> Mapping[str, GroupSettings]:
    if not path.is_file():
        return {}
    try:
        return _FILE.validate_python(tomllib.loads(path.read_text("utf-8")))
    except ValidationError as error:
        complaints = Complaints()
        complaints.add_invalid((path, ""), error)
        raise ConfigError(complaints.problems) from error
    except (OSError, ValueError) as error:
        raise ConfigError([Problem(str(path), "", "file", "readable TOML", str(error))]) from error


def _merged(told: list[GroupSettings]) -> GroupSettings:
    """Return one group of several tables: what a later one says holds."""
    said: dict[str, Any] = {}
    for each in told:
        own = each.model_dump(exclude_unset=True)
        if own.keys() & {"share", "people"}:  # each of them excludes the other
            said.update(share=None, people=None, invented=False, source="")
        said.update(own)
    return GroupSettings.model_validate(said)


def _check(each: GroupSettings, at: tuple[Path, str], complaints: Complaints) -> None:
    if _minutes(each.active_from) >= _minutes(each.active_to):
        expected = f"a time after active_from = {each.active_from}"
        complaints.add(at, "active_to", expected, each.active_to)
    if each.share is not None and each.people is not None:
        complaints.add(at, "people", "no number beside a share", f"{each.people:g}")


def _group(name: str, told: GroupSettings) -> Group:
    share = told.share
    if share is None and told.people is None and name in _BY_AGE_ALONE:
        share = 1.0
    return Group(
        name,
        told.name or name,
        told.reach_m,
        _minutes(told.active_from),
        _minutes(told.active_to),
        told.ages,
        share,
        told.people,
        frozenset(told.meets),
        told.workplaces,
        told.at == "workplaces",
        told.invented,
        told.source,
    )


def _minutes(moment: str) -> int:
    hours, minutes = moment.split(":")
    return int(hours) * 60 + int(minutes)

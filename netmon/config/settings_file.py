"""Reading `netmon.toml`, and telling everything that is wrong with it at once."""

import difflib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from netmon.config.alert_settings import AlertSettings, RouteSettings
from netmon.config.channel_settings import ChannelSettings
from netmon.config.complaints import brief, wanted
from netmon.config.coverage_settings import CoverageSettings
from netmon.config.dead_man_settings import DeadManSettings
from netmon.config.group_settings import GroupSettings, TargetSettings
from netmon.config.objective_settings import ObjectiveSettings, contradictions
from netmon.config.report_settings import ReportSettings
from netmon.config.section import Section
from netmon.config.series_settings import SeriesSettings
from netmon.config.settings import (
    CheckSettings,
    CitySettings,
    CredentialSettings,
    HeartbeatSettings,
    InventorySettings,
    KindSettings,
    LimitSettings,
    NotificationSettings,
    Settings,
    StoreSettings,
    WebSettings,
)
from netmon.config.sight_settings import SightSettings
from netmon.config.toml_lines import line_of
from netmon.domain.errors import ConfigError, Problem

SECRET_KEYS = frozenset(
    {
        "community",
        "password",
        "passphrase",
        "auth_passphrase",
        "priv_passphrase",
        "secret",
        "key",
        "token",
    }
)
HOLDING_SECRETS = frozenset({"credentials", "channels", "dead_man"})
"""Tables of whose values none is shown."""

ADVICE = "no secret here: name a variable (…_env) or a private file (…_file)"
LONGEST_KEY = 50
SECTIONS = (
    CitySettings,
    InventorySettings,
    StoreSettings,
    WebSettings,
    CredentialSettings,
    CheckSettings,
    KindSettings,
    LimitSettings,
    ReportSettings,
    HeartbeatSettings,
    NotificationSettings,
    AlertSettings,
    RouteSettings,
    ChannelSettings,
    DeadManSettings,
    ObjectiveSettings,
    GroupSettings,
    TargetSettings,
    SeriesSettings,
    SightSettings,
    CoverageSettings,
)
_NAMES = sorted(
    {name for section in SECTIONS for name in section.model_fields} | set(Settings.model_fields)
)
_FIXED = {
    "missing": ("a value", "none"),
    "tuple_type": ("a list", None),
    "too_short": ("a list that is not empty", "an empty one"),
}


def load_settings(path: Path) -> Settings:
    """
    Read `netmon.toml`; relative paths in it are relative to its folder.

    Raises
    ------
    ConfigError
        With every problem at once: unknown keys, wrong values, and secrets in the file,
        which are named but never shown.
    """
    try:
        text = path.read_text("utf-8")
        document = tomllib.loads(text)
    except OSError as error:
        problem = Problem(str(path), "", "file", "a readable file", str(error.strerror))
        raise ConfigError([problem]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError([Problem(str(path), "", "TOML", "valid syntax", str(error))]) from error
    at = (path, text)
    problems = _secrets_in(document, (), at)
    try:
        settings = Settings.model_validate(document)
    except ValidationError as error:
        problems += _problems(error, problems, at)
        settings = None
    if settings is not None:
        problems += _contradictions(settings, at)
    if problems or settings is None:
        raise ConfigError(problems)
    return _anchored(settings, path.parent)


def with_lines(problems: Iterable[Problem], path: Path) -> list[Problem]:
    """Return problems of settings that are valid in themselves, each with its line."""
    text = path.read_text("utf-8")
    return [
        replace(each, where=line_of(text, each.key.split(".")), key=brief(each.key))
        for each in problems
    ]


def _problem(at: tuple[Path, str], keys: Sequence[str], expected: str, found: object) -> Problem:
    """Return one problem of `at`, the file and its text."""
    path, text = at
    return Problem(str(path), line_of(text, keys), brief(".".join(keys)), expected, brief(found))


def _secrets_in(node: object, keys: tuple[str, ...], at: tuple[Path, str]) -> list[Problem]:
    if isinstance(node, list):
        inside = [(str(number), each) for number, each in enumerate(node)]
    else:
        inside = list(node.items()) if isinstance(node, dict) else []
    found = []
    for key, value in inside:
        here = (*keys, key)
        if key in SECRET_KEYS and not isinstance(value, dict):
            found.append(_problem(at, here, ADVICE, "a secret"))
        found += _secrets_in(value, here, at)
    return found


def _problems(
    error: ValidationError, told: Sequence[Problem], at: tuple[Path, str]
) -> list[Problem]:
    known = {problem.key for problem in told}
    found = []
    for each in error.errors():
        keys = tuple(str(part) for part in each["loc"] if part != "[key]")
        if ".".join(keys) in known:
            continue  # told already, without its value
        expected, shown = _FIXED.get(each["type"], (wanted(each["msg"]), None))
        if each["type"] == "extra_forbidden":
            expected, shown = _instead_of(keys), "an unknown key"
        found.append(_problem(at, keys, expected, shown or _shown(keys, each["input"])))
    return found


def _instead_of(keys: Sequence[str]) -> str:
    """Return what was expected where a key is not known."""
    if keys[0] in HOLDING_SECRETS and keys[-1] == "url":
        return ADVICE
    return f"a known setting{_near(keys[-1])}"


def _near(key: str) -> str:
    """Return the setting that was probably meant, as an aside."""
    near = difflib.get_close_matches(key[:LONGEST_KEY], _NAMES, 1)
    return f" (perhaps {near[0]})" if near else ""


def _shown(keys: tuple[str, ...], value: object) -> str:
    """Return what a setting holds; whole tables, and whatever may be a secret, are only named."""
    if HOLDING_SECRETS.intersection(keys[:1]):
        return "something else (not shown: it may be a secret)"
    if isinstance(value, (dict, list)):
        return "a table" if isinstance(value, dict) else "a list"
    return repr(value)


def _contradictions(settings: Settings, at: tuple[Path, str]) -> list[Problem]:
    found = []
    for name, check in settings.checks.items():
        keys = ("checks", name)
        for key, count, out_of in (
            ("fail_n", check.fail_n, check.fail_m),
            ("recover_n", check.recover_n, check.recover_m),
        ):
            if count > out_of:
                expected = f"at most {out_of}, the number of looks that count"
                found.append(_problem(at, (*keys, key), expected, count))
        if check.deadline_s > check.interval_s:
            expected = f"at most interval_s = {check.interval_s:g}"
            found.append(_problem(at, (*keys, "deadline_s"), expected, f"{check.deadline_s:g}"))
    found += _unheard(settings, at)
    found += with_lines(contradictions(settings.objectives, str(at[0])), at[0])
    for kind, asked in settings.kinds.items():
        if asked.deciding not in asked.checks:
            expected = f"one of its checks: {brief(', '.join(asked.checks)) or 'none'}"
            keys = ("kinds", kind.value)
            found.append(_problem(at, (*keys, "deciding"), expected, repr(asked.deciding)))
    return found


def _unheard(settings: Settings, at: tuple[Path, str]) -> list[Problem]:
    """Return what keeps notifications from being believed; a name may be a community: not shown."""
    told = settings.notifications
    snmp = [name for name, each in settings.credentials.items() if not _is_http(each)]
    keys, expected = ("notifications", "credentials"), brief(", ".join(snmp)) or "none"
    if told.port and not told.credentials:
        return [_problem(at, keys, f"SNMP entries of [credentials]: {expected}", "none")]
    if set(told.credentials) - set(snmp):
        return [_problem(at, keys, f"SNMP entries of [credentials]: {expected}", "an unknown one")]
    return []


def _is_http(credential: CredentialSettings) -> bool:
    files = (credential.token_file, credential.password_file)
    return any((credential.token_env, credential.password_env, *files))


def _anchored(settings: Settings, folder: Path) -> Settings:
    city = settings.city.model_copy(update={"folder": folder / settings.city.folder})
    inventory = settings.inventory.model_copy(
        update={
            "sites": folder / settings.inventory.sites,
            "devices": folder / settings.inventory.devices,
        }
    )
    store = settings.store.model_copy(update={"folder": folder / settings.store.folder})
    credentials, channels = (
        {name: _with_files(each, folder) for name, each in table.items()}
        for table in (settings.credentials, settings.channels)
    )
    checks = {
        name: each.model_copy(update={"params": _anchored_params(each.params, folder)})
        for name, each in settings.checks.items()
    }
    return settings.model_copy(
        update={
            "heartbeats": _with_files(settings.heartbeats, folder),
            "dead_man": _with_files(settings.dead_man, folder),
            "channels": channels,
            "city": city,
            "inventory": inventory,
            "store": store,
            "credentials": credentials,
            "checks": checks,
        }
    )


def _with_files(section: Section, folder: Path) -> Section:
    """Return a table whose files of secrets are looked for in our folder."""
    files = {key: value for key, value in section if key.endswith("_file") and value is not None}
    return section.model_copy(update={key: folder / value for key, value in files.items()})


def _anchored_params(params: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return the parameters of a check; those that name a file are relative to ours."""
    return {
        key: str(folder / value)
        if key.endswith("_file") and isinstance(value, str) and value
        else value
        for key, value in params.items()
    }

"""Which checks have to be run on which devices, with everything that they need."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from collectors.base import Check
from collectors.target import Credentials, Target
from netmon.config.complaints import brief, wanted
from netmon.config.settings import CheckSettings, Settings
from netmon.domain.errors import Problem
from netmon.domain.model import REPORTED, Device, DeviceKind, Inventory
from netmon.domain.state import Policy


@dataclass(frozen=True, slots=True)
class Duty:
    """One check on one device: whom to ask, how, and how to judge the answer."""

    target: Target
    check: Check
    params: BaseModel
    deadline_s: float
    policy: Policy

    @property
    def key(self) -> tuple[str, str]:
        """Return (device id, kind of check)."""
        return self.target.id, self.check.kind


def duties(
    inventory: Inventory,
    settings: Settings,
    credentials: Mapping[str, Credentials],
    checks: Mapping[str, Check],
) -> list[Duty]:
    """Return every check that every device must have, in the order of the inventory."""
    # Only of those that are asked for: a check may have parameters without a default.
    asked = {kind for device in inventory.devices for kind in settings.checks_of(device)}
    params = {kind: _params(checks[kind], settings.check(kind)) for kind in asked}
    return [
        Duty(
            _target(device, credentials),
            checks[kind],
            params[kind],
            settings.check(kind).deadline_s,
            settings.policy(device.kind, kind),
        )
        for device in inventory.devices
        for kind in settings.checks_of(device)
    ]


def check_problems(settings: Settings, checks: Mapping[str, Check], file: str) -> list[Problem]:
    """Return what the settings say of checks that do not exist, or do not take."""
    problems = []
    known = ", ".join(sorted(checks))
    for kind, asked in settings.kinds.items():
        for name in asked.checks:
            if name not in checks:
                key = f"kinds.{kind.value}.checks"
                problems.append(Problem(file, "", key, f"one of {known}", repr(name)))
    asked_by_kinds = (name for kind in DeviceKind for name in settings.kind(kind).checks)
    for name in dict.fromkeys([*settings.checks, *asked_by_kinds]):
        if name in checks:
            problems += _param_problems(name, checks[name], settings.check(name), file)
        elif name in settings.checks and name != REPORTED:
            problems.append(Problem(file, "", f"checks.{name}", f"one of {known}", repr(name)))
    return problems


def _param_problems(name: str, check: Check, written: CheckSettings, file: str) -> list[Problem]:
    try:
        _params(check, written)
    except ValidationError as error:
        known = ", ".join(check.params.model_fields) or "none"
        return [_param_problem(name, each, known, file) for each in error.errors()]
    return []


def _param_problem(name: str, error: ErrorDetails, known: str, file: str) -> Problem:
    """Tell one wrong parameter; the value of an unknown one may be a secret."""
    key = ".".join(("checks", name, "params", *map(str, error["loc"])))
    if error["type"] == "extra_forbidden":
        return Problem(file, "", key, f"one of {known}", "an unknown one")
    return Problem(file, "", key, wanted(error["msg"]), brief(error["input"]))


def _params(check: Check, written: CheckSettings) -> BaseModel:
    return check.params.model_validate(written.params)


def _target(device: Device, credentials: Mapping[str, Credentials]) -> Target:
    credential = credentials.get(device.credential) if device.credential else None
    return Target(device.id, device.host, device.port, credential)

"""A script of what goes wrong, repeated for ever: data in, pure functions of time out."""

import tomllib
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, Field, ValidationError, model_validator

from netmon.demo.roster import Simulated, cut_off
from netmon.domain.errors import ConfigError, Problem
from netmon.domain.model import DeviceKind

BUNDLED = Path(__file__).with_name("scenario.toml")

Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Ratio = Annotated[float, Field(ge=0, le=1)]


class Outage(BaseModel, frozen=True, extra="forbid"):
    """A device that answers nothing in [from_s, until_s) of each round."""

    device: str
    from_s: Seconds
    until_s: Seconds

    @model_validator(mode="after")
    def _ascends(self) -> Self:
        if self.from_s >= self.until_s:
            raise ValueError("from_s before until_s")
        return self

    def covers(self, phase_s: float) -> bool:
        """Tell whether the device is out at that second of the round."""
        return self.from_s <= phase_s < self.until_s


class Disk(BaseModel, frozen=True, extra="forbid"):
    """
    A disk that fills from `from_s` to `full_s` and is cleaned at `until_s` of each round.

    Outside that time it is as full as `from_ratio` (0 to 1) says.
    """

    device: str
    from_s: Seconds
    full_s: Seconds
    until_s: Seconds
    from_ratio: Ratio
    to_ratio: Ratio

    @model_validator(mode="after")
    def _ascends(self) -> Self:
        if not self.from_s < self.full_s <= self.until_s:
            raise ValueError("from_s before full_s, and full_s not after until_s")
        return self

    def ratio(self, phase_s: float) -> float:
        """Return how full the disk is at that second of the round (0 to 1)."""
        if not self.from_s <= phase_s < self.until_s:
            return self.from_ratio
        share = min(1.0, (phase_s - self.from_s) / (self.full_s - self.from_s))
        return self.from_ratio + share * (self.to_ratio - self.from_ratio)


class Scenario(BaseModel, frozen=True, extra="forbid"):
    """The whole script; `period_s` is how long one round lasts."""

    period_s: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    outage: tuple[Outage, ...] = ()
    disk: tuple[Disk, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        ends_s = [event.until_s for event in self.outage] + [event.until_s for event in self.disk]
        if max(ends_s, default=0) > self.period_s:
            raise ValueError("every until_s within period_s")
        return self

    def failing(self, t_s: float) -> frozenset[str]:
        """Return the devices that fail by themselves, `t_s` seconds after the start."""
        phase_s = t_s % self.period_s
        return frozenset(outage.device for outage in self.outage if outage.covers(phase_s))

    def silent(self, t_s: float, devices: tuple[Simulated, ...]) -> frozenset[str]:
        """Return the devices that do not answer: those that fail and those cut off by them."""
        return cut_off(self.failing(t_s), devices)

    def disk_ratio(self, device_id: str, t_s: float) -> float | None:
        """Return how full the disk of a device is (0 to 1); None where the script says nothing."""
        phase_s = t_s % self.period_s
        return next((d.ratio(phase_s) for d in self.disk if d.device == device_id), None)


NOTHING_HAPPENS = Scenario(period_s=1)


def read(path: Path, devices: tuple[Simulated, ...]) -> Scenario:
    """
    Read a scenario for these devices.

    Raises
    ------
    ConfigError
        With every problem: unreadable TOML, an unknown or missing key, times that do not
        ascend, a device that is not there, a disk of something that has none.
    """
    try:
        scenario = Scenario.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError([Problem(str(path), "", "file", "readable TOML", str(error))]) from error
    except ValidationError as error:
        raise ConfigError(_problems(path, error)) from error
    problems = _strangers(path, scenario, devices)
    if problems:
        raise ConfigError(problems)
    return scenario


def _problems(path: Path, error: ValidationError) -> list[Problem]:
    return [
        Problem(
            str(path),
            "",
            ".".join(map(str, detail["loc"])) or "scenario",
            detail["msg"],
            repr(detail["input"]),
        )
        for detail in error.errors()
    ]


def _strangers(path: Path, scenario: Scenario, devices: tuple[Simulated, ...]) -> list[Problem]:
    known = {device.id for device in devices}
    computers = {device.id for device in devices if device.kind is DeviceKind.PUBLIC_PC}
    checks = (
        ("outage.device", "a device of the inventory", scenario.outage, known),
        ("disk.device", "a public computer of the inventory", scenario.disk, computers),
    )
    return [
        Problem(str(path), "", key, expected, repr(event.device))
        for key, expected, events, allowed in checks
        for event in events
        if event.device not in allowed
    ]

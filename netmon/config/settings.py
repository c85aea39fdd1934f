"""`netmon.toml`: every setting is a field with a default and a sentence for the manual."""

from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from opening_hours import (  # type: ignore[attr-defined]  # its stub forgets the error
    OpeningHours,
    UnknownCountryError,
)
from pydantic import (
    AfterValidator,
    Field,
    PositiveInt,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError, PydanticKnownError

from netmon.config.alert_settings import AlertSettings
from netmon.config.channel_settings import ChannelSettings
from netmon.config.coverage_settings import CoverageSettings
from netmon.config.dead_man_settings import DeadManSettings
from netmon.config.fields import Id
from netmon.config.group_settings import GroupId, GroupSettings, TargetSettings
from netmon.config.objective_settings import ObjectiveSettings
from netmon.config.report_settings import ReportSettings
from netmon.config.section import File, Seconds, Section, Variable
from netmon.config.series_settings import SeriesSettings
from netmon.config.sight_settings import SightSettings
from netmon.domain.model import REPORTED, UNASKED, Device, DeviceKind, Service
from netmon.domain.reasons import OWN_SERVICE, stays_usable
from netmon.domain.state import LAPSE_INTERVALS, Policy
from netmon.domain.verdict import Limit


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise PydanticCustomError("timezone", "a time zone such as Europe/Brussels") from None
    return name


def _country(code: str) -> str:
    try:
        OpeningHours("off", country=code)
    except UnknownCountryError:
        raise PydanticCustomError("country", "a country such as BE") from None
    return code


class CitySettings(Section):
    """What is particular to a city."""

    name: str = Field("Mechelen", description="Name of the city, as pages show it.")
    timezone: Annotated[str, AfterValidator(_timezone)] = Field(
        "Europe/Brussels", description="Time zone of people and reports."
    )
    country: Annotated[str, AfterValidator(_country)] = Field(
        "BE", description="ISO code; decides the public holidays."
    )
    folder: File = Field(Path(), description="Folder of the city's map layers and holidays.")


class InventorySettings(Section):
    """Where places and devices come from."""

    owner: Literal["files"] = Field("files", description="Who owns the inventory: `files`.")
    sites: File = Field(Path("sites.geojson"), description="GeoJSON file of the sites.")
    devices: File = Field(Path("devices.csv"), description="CSV file of the devices.")


class StoreSettings(Section):
    """Where the memory lies."""

    folder: File = Field(Path("var"), description="Data folder: `record.db` and `desk.db`.")
    origin: Literal["real", "demo"] = Field(
        "real", description="`demo` marks a simulated network; the two never share a store."
    )


class WebSettings(Section):
    """Where the pages are served."""

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(8080, description="TCP port.")


class CredentialSettings(Section):
    """
    How to read a group of devices; secrets come from the environment or a private file.

    With a token or a password it is for an HTTP interface, otherwise for SNMP.
    """

    version: Literal["2c", "3"] = Field("2c", description="SNMP version: `2c` or `3`.")
    community_env: Variable | None = Field(
        None, description="Environment variable that holds the v2c community."
    )
    community_file: File | None = Field(
        None, description="File with the v2c community, readable by its owner only."
    )
    user: str | None = Field(None, description="SNMPv3 user name.")
    auth: Literal["", "md5", "sha1", "sha224", "sha256", "sha384", "sha512"] = Field(
        "sha256", description="SNMPv3 authentication protocol."
    )
    auth_env: Variable | None = Field(
        None, description="Environment variable that holds the authentication pass phrase."
    )
    auth_file: File | None = Field(
        None, description="File with the authentication pass phrase, readable by its owner only."
    )
    priv: Literal["", "des", "aes128"] = Field("aes128", description="SNMPv3 privacy protocol.")
    priv_env: Variable | None = Field(
        None, description="Environment variable that holds the privacy pass phrase."
    )
    priv_file: File | None = Field(
        None, description="File with the privacy pass phrase, readable by its owner only."
    )
    token_env: Variable | None = Field(
        None, description="Environment variable that holds an HTTP interface's token or API key."
    )
    token_file: File | None = Field(
        None, description="File with that token or API key, readable by its owner only."
    )
    password_env: Variable | None = Field(
        None, description="Environment variable that holds the password of `user`, for HTTP."
    )
    password_file: File | None = Field(
        None, description="File with the password of `user`, readable by its owner only."
    )


class HeartbeatSettings(Section):
    """How heartbeats of agents and probes are told from forged ones."""

    secret_env: Variable | None = Field(
        None, description="Environment variable with the secret that device keys are made from."
    )
    secret_file: File | None = Field(
        None, description="File with that secret, readable by its owner only."
    )


class NotificationSettings(Section):
    """Where SNMP traps and informs are heard; each makes netmon ask its sender at once."""

    host: str = Field("127.0.0.1", description="Address to listen on for notifications.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        0, description="UDP port to listen on, usually 162; 0 listens to none."
    )
    credentials: tuple[str, ...] = Field(
        (), description="Entries of `[credentials]` with which notifications are believed."
    )


class CheckSettings(Section):
    """How often a check looks, and how many looks make it sure."""

    interval_s: Seconds = Field(60.0, description="Seconds between looks.")
    retry_interval_s: Seconds = Field(
        20.0, description="Seconds between looks while a change is not yet confirmed."
    )
    fail_n: PositiveInt = Field(3, description="Worse looks that make a failure hard …")
    fail_m: PositiveInt = Field(3, description="… out of this many.")
    recover_n: PositiveInt = Field(2, description="Better looks that make a recovery hard …")
    recover_m: PositiveInt = Field(2, description="… out of this many.")
    deadline_s: Seconds = Field(
        10.0, description="Seconds that one look may take in all; fits the interval."
    )
    params: dict[str, Any] = Field(
        default_factory=dict, description="The check's own parameters, such as `timeout_s`."
    )


class LimitSettings(Section):
    """A measurement from which on a device is degraded; a limit above or one below."""

    measurement: str = Field(description="Name of the measurement.")
    at_most: float | None = Field(None, description="Degraded at or below this value, or …")
    at_least: float | None = Field(
        None, validate_default=True, description="… at or above this one: one of the two."
    )
    reason: str = Field(description="The reason that people read, such as `disk_full`.")
    is_usable: bool = Field(default=True, description="Whether the service can still be used.")

    @field_validator("at_least")
    @classmethod
    def _one_of_two(cls, at_least: float | None, info: ValidationInfo) -> float | None:
        if "at_most" not in info.data:
            return at_least  # refused already
        if at_least is not None and info.data["at_most"] is not None:
            raise PydanticCustomError("limit", "no at_least beside at_most")
        if at_least is None and info.data["at_most"] is None:
            raise PydanticKnownError("missing")
        return at_least


class KindSettings(Section):
    """What is asked of a kind of device, and which check decides."""

    checks: tuple[str, ...] = Field(("icmp", "snmp"), description="Kinds of check to run.")
    deciding: str = Field("icmp", description="The check whose hard down is the device's.")
    limits: tuple[LimitSettings, ...] = Field((), description="Limits on its measurements.")


CLOCK_WRONG_S = 300.0
"""A clock five minutes off: saved work gets a wrong date, and log-ins that use the time fail."""

SUPPLY_EMPTY_RATIO = 0.02
"""Printers tell whole per cents, and print blank pages before they say 0."""

CERTIFICATE_EXPIRING_S = 14 * 86_400.0
"""Two weeks: time enough to have a certificate renewed through a city's own channels."""


def _limit(measurement: str, reason: str, kind: DeviceKind, **edge: float) -> LimitSettings:
    """Return a default limit; what it leaves usable is one table for all kinds of devices."""
    is_usable = stays_usable(reason, OWN_SERVICE.get(kind, Service.WIFI))
    return LimitSettings(measurement=measurement, reason=reason, is_usable=is_usable, **edge)


def _on_printing(kind: DeviceKind) -> tuple[LimitSettings, ...]:
    return (
        _limit("supply_ratio", "printer_empty", kind, at_most=SUPPLY_EMPTY_RATIO),
        _limit("printer_ready", "printer_error", kind, at_most=0),
        # Low toner is among what it counts: that stops nothing.
        _limit("printer_errors", "printer_attention", kind, at_least=1),
    )


def _on_certificates(kind: DeviceKind) -> tuple[LimitSettings, ...]:
    expires = "certificate_expires_s"
    return (_limit(expires, "certificate_expiring", kind, at_most=CERTIFICATE_EXPIRING_S),)


def _on_computers(kind: DeviceKind) -> tuple[LimitSettings, ...]:
    return (
        _limit("storage_used_ratio", "disk_full", kind, at_least=0.95),
        _limit("clock_offset_s", "clock_wrong", kind, at_least=CLOCK_WRONG_S),
        _limit("clock_offset_s", "clock_wrong", kind, at_most=-CLOCK_WRONG_S),
        *_on_printing(kind),
        *_on_certificates(kind),
    )


DEFAULT_KINDS = {
    DeviceKind.PUBLIC_PC: KindSettings(limits=_on_computers(DeviceKind.PUBLIC_PC)),
    DeviceKind.PRINTER: KindSettings(limits=_on_printing(DeviceKind.PRINTER)),
    DeviceKind.CONTROLLER: KindSettings(limits=_on_certificates(DeviceKind.CONTROLLER)),
    DeviceKind.PROBE: KindSettings(checks=("heartbeat",), deciding="heartbeat"),
}
"""What is asked of the kinds that differ from the others, unless the file says otherwise."""

_USUAL_KIND = KindSettings()


class Settings(Section):
    """The whole of `netmon.toml`."""

    city: CitySettings = CitySettings()
    inventory: InventorySettings = InventorySettings()
    store: StoreSettings = StoreSettings()
    web: WebSettings = WebSettings()
    credentials: dict[str, CredentialSettings] = Field(
        default_factory=dict, description="Named credentials; `devices.csv` refers to them."
    )
    checks: dict[str, CheckSettings] = Field(
        default_factory=dict, description="Settings per kind of check."
    )
    kinds: dict[DeviceKind, KindSettings] = Field(
        default_factory=dict, description="Settings per kind of device."
    )
    heartbeats: HeartbeatSettings = HeartbeatSettings()
    notifications: NotificationSettings = NotificationSettings()
    alerts: AlertSettings = AlertSettings()
    channels: dict[Id, ChannelSettings] = Field(
        default_factory=dict, description="Named channels; the routes of `[alerts]` refer to them."
    )
    dead_man: DeadManSettings = DeadManSettings()
    objectives: Annotated[tuple[ObjectiveSettings, ...], Field(max_length=1000)] = Field(
        (), description="What availability should reach; the closest to a line of a report holds."
    )
    groups: dict[GroupId, GroupSettings] = Field(
        default_factory=dict, description="Whom the city wants to reach, beside `groups.toml`."
    )
    targets: Annotated[tuple[TargetSettings, ...], Field(max_length=1000)] = Field(
        (), description="What the city promises its groups."
    )
    reports: ReportSettings = ReportSettings()
    series: SeriesSettings = SeriesSettings()
    sight: SightSettings = SightSettings()
    coverage: CoverageSettings = CoverageSettings()
    concurrency: PositiveInt = Field(
        256, description="Devices that are asked at the same time, at most."
    )

    def check(self, kind: str) -> CheckSettings:
        """
        Return the settings of a check, its defaults where none are written.

        What others report comes as often as they are asked: by default as the slowest check.
        """
        if kind == REPORTED and kind not in self.checks:
            slowest_s = max((each.interval_s for each in self.checks.values()), default=60.0)
            return CheckSettings(interval_s=max(slowest_s, 60.0))
        return self.checks.get(kind, CheckSettings())

    def kind(self, kind: DeviceKind) -> KindSettings:
        """Return what is asked of a kind of device."""
        return self.kinds.get(kind) or DEFAULT_KINDS.get(kind, _USUAL_KIND)

    def checks_of(self, device: Device) -> tuple[str, ...]:
        """Return the checks of a device itself; what others say of it is not among them."""
        if device.checks:
            return device.checks
        usual = self.kind(device.kind).checks
        return usual if device.host else tuple(check for check in usual if check in UNASKED)

    def deciding(self, device: Device) -> str:
        """Return the check whose hard down is the device's: what others say, where they see it."""
        if device.seen_by:
            return REPORTED
        own, usual = self.checks_of(device), self.kind(device.kind).deciding
        return usual if usual in own or not own else own[0]

    def policy(self, kind: DeviceKind, check: str) -> Policy:
        """Return how a check on a kind of device is judged."""
        timing = self.check(check)
        limits = tuple(Limit(**limit.model_dump()) for limit in self.kind(kind).limits)
        return Policy(
            timing.interval_s,
            timing.retry_interval_s,
            timing.fail_n,
            timing.fail_m,
            timing.recover_n,
            timing.recover_m,
            limits,
            # A beat is overdue after 2.5 intervals: that has to be seen before it is silence.
            2 * LAPSE_INTERVALS if check in UNASKED else LAPSE_INTERVALS,
            backs_off=check != REPORTED and check not in UNASKED,
        )

    def dependency_slack_s(self) -> int:
        """Return how far apart a parent's and a child's failure may be dated."""
        used = {check for kind in DeviceKind for check in self.kind(kind).checks} | {*self.checks}
        slowest = max((self.check(name).interval_s for name in used), default=60.0)
        return round(2 * slowest)

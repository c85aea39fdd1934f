"""`netmon.toml`: every setting is a field with a default and a sentence for the manual."""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt, ValidationError

from netmon.domain.errors import ConfigError, Problem
from netmon.domain.model import DeviceKind
from netmon.domain.state import Limit, Policy

SECRET_KEYS = frozenset(
    {"community", "password", "passphrase", "auth_passphrase", "priv_passphrase", "secret", "key"}
)


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CitySettings(_Section):
    """What is particular to a city."""

    name: str = Field("Mechelen", description="Name of the city, as pages show it.")
    timezone: str = Field("Europe/Brussels", description="Time zone of people and reports.")
    country: str = Field("BE", description="ISO code; decides the public holidays.")
    folder: Path = Field(Path(), description="Folder of the city's map layers and holidays.")


class InventorySettings(_Section):
    """Where places and devices come from."""

    owner: Literal["files"] = Field("files", description="Who owns the inventory: `files`.")
    sites: Path = Field(Path("sites.geojson"), description="GeoJSON file of the sites.")
    devices: Path = Field(Path("devices.csv"), description="CSV file of the devices.")


class StoreSettings(_Section):
    """Where the memory lies."""

    folder: Path = Field(Path("var"), description="Data folder: `record.db` and `desk.db`.")
    origin: Literal["real", "demo"] = Field(
        "real", description="`demo` marks a simulated network; the two never share a store."
    )


class WebSettings(_Section):
    """Where the pages are served."""

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(8080, description="TCP port.")


class CredentialSettings(_Section):
    """How to read a group of devices; secrets come from the environment or a private file."""

    version: Literal["2c", "3"] = Field("2c", description="SNMP version: `2c` or `3`.")
    community_env: str | None = Field(
        None, description="Environment variable that holds the v2c community."
    )
    community_file: Path | None = Field(
        None, description="File with the v2c community, readable by its owner only."
    )
    user: str | None = Field(None, description="SNMPv3 user name.")
    auth: Literal["", "md5", "sha1", "sha224", "sha256", "sha384", "sha512"] = Field(
        "sha256", description="SNMPv3 authentication protocol."
    )
    auth_env: str | None = Field(
        None, description="Environment variable that holds the authentication pass phrase."
    )
    auth_file: Path | None = Field(
        None, description="File with the authentication pass phrase, readable by its owner only."
    )
    priv: Literal["", "des", "aes128"] = Field("aes128", description="SNMPv3 privacy protocol.")
    priv_env: str | None = Field(
        None, description="Environment variable that holds the privacy pass phrase."
    )
    priv_file: Path | None = Field(
        None, description="File with the privacy pass phrase, readable by its owner only."
    )


class CheckSettings(_Section):
    """How often a check looks, and how many looks make it sure."""

    interval_s: PositiveFloat = Field(60.0, description="Seconds between looks.")
    retry_interval_s: PositiveFloat = Field(
        20.0, description="Seconds between looks while a change is not yet confirmed."
    )
    fail_n: PositiveInt = Field(3, description="Worse looks that make a failure hard …")
    fail_m: PositiveInt = Field(3, description="… out of this many.")
    recover_n: PositiveInt = Field(2, description="Better looks that make a recovery hard …")
    recover_m: PositiveInt = Field(2, description="… out of this many.")
    deadline_s: PositiveFloat = Field(
        10.0, description="Seconds that one look may take in all; fits the interval."
    )
    params: dict[str, Any] = Field(
        default_factory=dict, description="The check's own parameters, such as `timeout_s`."
    )


class LimitSettings(_Section):
    """A measurement from which on a device is degraded."""

    measurement: str = Field(description="Name of the measurement.")
    at_least: float = Field(description="The device is degraded at or above this value.")
    reason: str = Field(description="The reason that people read, such as `disk_full`.")
    is_usable: bool = Field(default=True, description="Whether the service can still be used.")


class KindSettings(_Section):
    """What is asked of a kind of device, and which check decides."""

    checks: tuple[str, ...] = Field(("icmp", "snmp"), description="Kinds of check to run.")
    deciding: str = Field("icmp", description="The check whose hard down is the device's.")
    limits: tuple[LimitSettings, ...] = Field((), description="Limits on its measurements.")


DISK_FULL = LimitSettings(
    measurement="storage_used_ratio", at_least=0.95, reason="disk_full", is_usable=True
)


class Settings(_Section):
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
    concurrency: PositiveInt = Field(
        32, description="Devices that are asked at the same time, at most."
    )

    def check(self, kind: str) -> CheckSettings:
        """Return the settings of a check, its defaults where none are written."""
        return self.checks.get(kind, CheckSettings())

    def kind(self, kind: DeviceKind) -> KindSettings:
        """Return what is asked of a kind of device."""
        default = KindSettings(limits=(DISK_FULL,) if kind is DeviceKind.PUBLIC_PC else ())
        return self.kinds.get(kind, default)

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
        )

    def dependency_slack_s(self) -> int:
        """Return how far apart a parent's and a child's failure may be dated."""
        used = {check for kind in DeviceKind for check in self.kind(kind).checks}
        slowest = max((self.check(name).interval_s for name in used), default=60.0)
        return round(2 * slowest)


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
    problems = _secrets_in(document, (), path, text)
    try:
        settings = Settings.model_validate(document)
    except ValidationError as error:
        problems += _problems(error, path, text)
        settings = None
    if settings is not None:
        problems += _contradictions(settings, path, text)
    if problems or settings is None:
        raise ConfigError(problems)
    return _anchored(settings, path.parent)


def line_of(text: str, keys: tuple[str, ...]) -> str:
    """Return `line N` of a dotted key in TOML text, empty where it is not written out."""
    for depth in range(len(keys) - 1, -1, -1):
        table, key = ".".join(keys[:depth]), ".".join(keys[depth:])
        current = ""
        for number, line in enumerate(text.splitlines(), 1):
            if heading := re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line):
                current = heading.group(1).replace('"', "")
                if current == ".".join(keys):
                    return f"line {number}"
            elif current == table and re.match(rf'\s*"?{re.escape(key)}"?\s*=', line):
                return f"line {number}"
    return ""


def _secrets_in(node: object, keys: tuple[str, ...], path: Path, text: str) -> list[Problem]:
    if not isinstance(node, dict):
        return []
    found = []
    for key, value in node.items():
        here = (*keys, str(key))
        if key in SECRET_KEYS and not isinstance(value, dict):
            expected = f"no secret here: {key}_env (a variable) or {key}_file (a private file)"
            found.append(
                Problem(str(path), line_of(text, here), ".".join(here), expected, "a secret")
            )
        found += _secrets_in(value, here, path, text)
    return found


def _problems(error: ValidationError, path: Path, text: str) -> list[Problem]:
    found = []
    for each in error.errors():
        keys = tuple(str(part) for part in each["loc"] if part != "[key]")
        if keys and keys[-1] in SECRET_KEYS:
            continue  # told already, without its value
        is_unknown = each["type"] == "extra_forbidden"
        expected = "a known setting" if is_unknown else each["msg"].lower()
        shown = "an unknown key" if is_unknown else repr(each["input"])[:80]
        found.append(Problem(str(path), line_of(text, keys), ".".join(keys), expected, shown))
    return found


def _contradictions(settings: Settings, path: Path, text: str) -> list[Problem]:
    found = []
    for name, check in settings.checks.items():
        pairs = (
            ("fail_n", check.fail_n, check.fail_m),
            ("recover_n", check.recover_n, check.recover_m),
        )
        for key, count, out_of in pairs:
            if count > out_of:
                expected = f"at most {out_of}, the number of looks that count"
                where = line_of(text, ("checks", name, key))
                found.append(
                    Problem(str(path), where, f"checks.{name}.{key}", expected, str(count))
                )
        if check.deadline_s > check.interval_s:
            where = line_of(text, ("checks", name, "deadline_s"))
            expected = f"at most interval_s = {check.interval_s:g}"
            key = f"checks.{name}.deadline_s"
            found.append(Problem(str(path), where, key, expected, f"{check.deadline_s:g}"))
    for kind, asked in settings.kinds.items():
        if asked.deciding not in asked.checks:
            where = line_of(text, ("kinds", kind.value, "deciding"))
            expected = f"one of its checks: {', '.join(asked.checks) or 'none'}"
            key = f"kinds.{kind.value}.deciding"
            found.append(Problem(str(path), where, key, expected, repr(asked.deciding)))
    return found


def _anchored(settings: Settings, folder: Path) -> Settings:
    city = settings.city.model_copy(update={"folder": folder / settings.city.folder})
    inventory = settings.inventory.model_copy(
        update={
            "sites": folder / settings.inventory.sites,
            "devices": folder / settings.inventory.devices,
        }
    )
    store = settings.store.model_copy(update={"folder": folder / settings.store.folder})
    credentials = {
        name: each.model_copy(
            update={
                key: folder / value
                for key in ("community_file", "auth_file", "priv_file")
                if (value := getattr(each, key)) is not None
            }
        )
        for name, each in settings.credentials.items()
    }
    return settings.model_copy(
        update={"city": city, "inventory": inventory, "store": store, "credentials": credentials}
    )

"""What one device says of itself, in our words; absent facts are None, never guessed."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class ApStatus(StrEnum):
    """
    What a controller says of one of its access points.

    `redundant` is a copy that another controller serves: neither up nor down, and not counted.
    `upgrading` is known to the controller, but loads software or its configuration and serves
    nobody yet. `unknown` is said in so many words, or in one that no profile knows.
    """

    UP = "up"
    DOWN = "down"
    REDUNDANT = "redundant"
    UPGRADING = "upgrading"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who answers. `profile` is `generic` where no file knows the device; `uptime_s` seconds."""

    vendor: str | None = None
    profile: str = "generic"
    model: str | None = None
    version: str | None = None
    sys_name: str | None = None
    sys_descr: str | None = None
    sys_object_id: str | None = None
    uptime_s: float | None = None


@dataclass(frozen=True, slots=True)
class AccessPoint:
    """One row of a controller's list; `status` is None where the controller has no word for it."""

    name: str
    mac: str | None = None
    ip: str | None = None
    model: str | None = None
    status: ApStatus | None = None
    stations: int | None = None
    uptime_s: float | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Radio:
    """
    One radio; `access_point` names its row in a controller's list, None where it is its own.

    `channel` and `frequency_mhz` are those of the primary 20 MHz channel. `status` is `up`,
    `down`, `off` (switched off, or only listening: it says channel 0) or the profile's word.
    `ccq_ratio` is the vendor's "client connection quality".
    """

    id: str
    access_point: str | None = None
    band_ghz: float | None = None
    channel: int | None = None
    frequency_mhz: int | None = None
    stations: int | None = None
    tx_power_dbm: float | None = None
    utilization_ratio: float | None = None
    noise_dbm: float | None = None
    status: str | None = None
    ccq_ratio: float | None = None

    @property
    def own_id(self) -> str:
        """Return the radio's id without the name of its access point."""
        return self.id.removeprefix(f"{self.access_point}/") if self.access_point else self.id


@dataclass(frozen=True, slots=True)
class Ssid:
    """A network for residents, summed over its radios."""

    name: str
    stations: int | None = None


@dataclass(frozen=True, slots=True)
class Interface:
    """One row of ifTable; `rx_bytes` and `tx_bytes` are counters since some start."""

    index: str
    name: str
    type: str | None = None
    status: str | None = None
    rx_bytes: int | None = None
    tx_bytes: int | None = None
    speed_bps: int | None = None


@dataclass(frozen=True, slots=True)
class Storage:
    """A fixed disk; RAM is not among them."""

    descr: str
    used_ratio: float | None = None
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Supply:
    """What a printer uses up, or fills: `ratio` is what is left, 0 to 1."""

    descr: str
    ratio: float | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """
    All that one device said at one moment. Ratios run from 0 to 1.

    `uptime_s` of the identity is the agent's, `host_uptime_s` that of the computer below it;
    `engine_boots` counts the starts of the agent that it remembers (RFC 3411). `printer_errors`
    are words, sorted; None where the printer does not say, empty where nothing is wrong.

    `lists_access_points` says that `access_points` is a controller's whole list, so that one
    which is not in it has vanished: it has rows, as many as the profile asks for (`at_least`),
    or it is empty and the controller itself counts none. A plain access point or firewall which
    has a controller's profile has fewer rows than that and claims no list: a FortiGate or
    RouterOS that controls nothing has none, a member of Aruba Instant, Ruckus Unleashed or
    Grandstream at most itself. Nor does a controller that counts some and shows none, or
    whose table may not be read. `as_json` leaves it out.
    """

    identity: Identity
    stations: int | None = None
    access_points: tuple[AccessPoint, ...] = ()
    access_points_up: int | None = None
    access_points_total: int | None = None
    lists_access_points: bool = False
    radios: tuple[Radio, ...] = ()
    ssids: tuple[Ssid, ...] = ()
    cpu_ratio: float | None = None
    memory_ratio: float | None = None
    temperature_c: float | None = None
    interfaces: tuple[Interface, ...] = ()
    storage: tuple[Storage, ...] = ()
    processes: int | None = None
    users: int | None = None
    printer_status: str | None = None
    printer_errors: tuple[str, ...] | None = None
    supplies: tuple[Supply, ...] = ()
    host_uptime_s: float | None = None
    engine_boots: int | None = None

    @property
    def interfaces_up(self) -> int:
        """Count the interfaces whose ifOperStatus is up."""
        return sum(interface.status == "up" for interface in self.interfaces)

    def as_json(self) -> dict[str, Any]:
        """Return the object that `netmon probe --json` prints: every key, always."""
        whole = asdict(self)
        interfaces = {
            "total": len(self.interfaces),
            "up": self.interfaces_up,
            "rows": list(whole.pop("interfaces")),
        }
        for key in ("access_points", "radios", "ssids"):
            whole[key] = list(whole[key])
        host = {
            "storage": list(whole.pop("storage")),
            "processes": whole.pop("processes"),
            "users": whole.pop("users"),
            "printer_status": whole.pop("printer_status"),
            "printer_errors": None if self.printer_errors is None else [*self.printer_errors],
            "supplies": list(whole.pop("supplies")),
            "uptime_s": whole.pop("host_uptime_s"),
        }
        for key in ("printer_errors", "engine_boots", "lists_access_points"):
            del whole[key]
        return {**whole, "interfaces": interfaces, "host": host}

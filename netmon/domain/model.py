"""The nouns: what is watched, where it stands, and what state it can be in."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Status(StrEnum):
    """
    The state of a check, device, site or street.

    The first four are recorded; the last three are overlays, computed when read.
    """

    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"
    UNKNOWN = "unknown"
    UNREACHABLE = "unreachable"
    MAINTENANCE = "maintenance"
    EXPECTED_OFF = "expected_off"


class DeviceKind(StrEnum):
    """What a device is; each kind has its checks and its deciding check."""

    ACCESS_POINT = "access_point"
    CONTROLLER = "controller"
    PUBLIC_PC = "public_pc"
    SWITCH = "switch"
    GATEWAY = "gateway"
    PRINTER = "printer"
    PROBE = "probe"


REPORTED = "reported"
"""The check of a device that others see: what a controller or another monitor says of it."""

UNASKED = frozenset({"heartbeat"})
"""The checks that wait to be told, and so need no address."""


class Service(StrEnum):
    """What a resident can get at a place."""

    WIFI = "wifi"
    COMPUTER = "computer"
    GUIDED = "guided"
    PRINT = "print"
    LENDING = "lending"
    COURSE = "course"


class Power(StrEnum):
    """When a device should be on."""

    ALWAYS_ON = "always_on"
    WITH_SITE = "with_site"
    ON_DEMAND = "on_demand"


SERVICE_OF_KIND = {
    DeviceKind.ACCESS_POINT: Service.WIFI,
    DeviceKind.PUBLIC_PC: Service.COMPUTER,
}
"""The kinds that serve residents themselves; the others only carry these."""


@dataclass(frozen=True, slots=True)
class Offer:
    """
    A service at a site.

    `opening_hours` is OpenStreetMap syntax; None means not published, which is never
    read as open. `confirmed_on` is when the owner last said that it is so.
    """

    service: Service
    opening_hours: str | None = None
    seats: int | None = None
    owner: str | None = None
    confirmed_on: date | None = None
    conditions: str | None = None
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """
    A site or a Wi-Fi street, as the inventory knows it.

    `lon, lat` (EPSG:4326) are None where no source gives a coordinate: such a place is
    listed as "to be located" and never drawn. `precision_m` is the radius within which
    the true position lies. `lead_s` and `lag_s` widen (or, negative, narrow) the hours
    in which its `with_site` devices should be on.
    """

    id: str
    name: str
    is_street: bool
    lon: float | None
    lat: float | None
    address: str | None = None
    neighbourhood: str | None = None
    opening_hours: str | None = None
    lead_s: int = 0
    lag_s: int = 0
    offers: tuple[Offer, ...] = ()
    renamed_from: str | None = None
    source: str = ""
    licence: str = ""
    vintage: str = ""
    precision_m: float | None = None
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Device:
    """
    Something with an address that is checked.

    `place_id` names a site or a street. `parents` are the devices it depends on: it is
    unreachable only when all of them fail. `credential` is the name of an entry of the
    configuration, never a secret. `mac` (`aa:bb:cc:dd:ee:ff`) and `name` are how the devices
    in `seen_by` (controllers, other monitoring systems) know it; `host` may be empty where
    nothing asks it itself. `checks` are those that it has instead of its kind's. `band`,
    `eirp_dbm` and `azimuth_deg` (clockwise from north) are the radio of an access point, None
    where the settings of coverage say enough; they change nothing of what is recorded.
    """

    id: str
    kind: DeviceKind
    name: str
    place_id: str
    host: str
    port: int = 161
    parents: tuple[str, ...] = ()
    credential: str | None = None
    power: Power = Power.ALWAYS_ON
    lon: float | None = None
    lat: float | None = None
    renamed_from: str | None = None
    synthetic: bool = False
    mac: str | None = None
    seen_by: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    band: str | None = None
    eirp_dbm: float | None = None
    azimuth_deg: float | None = None


@dataclass(frozen=True, slots=True)
class Inventory:
    """All places and devices that are watched, as they were at one revision."""

    places: tuple[Place, ...]
    devices: tuple[Device, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """An inventory and since when it holds."""

    number: int
    since: datetime
    inventory: Inventory

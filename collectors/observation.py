"""What one run of a check saw: the only words that collectors and the judge share."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """How the asking ended. A failed check is a value, never an exception."""

    OK = "ok"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    NO_ROUTE = "no_route"
    AUTH = "auth"
    MALFORMED = "malformed"
    TLS = "tls"
    DNS = "dns"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Measurement:
    """
    One number of an observation.

    `name` carries its unit (`rtt_s`, `cpu_ratio`); `label` says which one of several
    (a radio, a disk, an interface) and is empty where there is one only.
    """

    name: str
    value: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Sighting:
    """
    What one source (a controller, another monitoring system) says of a device it watches.

    `name`, `mac` (`aa:bb:cc:dd:ee:ff`) and `address` are that device as the source knows it;
    the inventory decides which of ours it is. `outcome` is OK where the source says that it
    works, TIMEOUT where it says that it does not, CONTENT where it works badly, and None where
    the source does not know, or speaks of another source's device. `at` is aware, in UTC: when
    the source itself last looked; None: at the moment of the observation.
    """

    name: str
    mac: str | None = None
    address: str | None = None
    outcome: Outcome | None = None
    at: datetime | None = None
    measurements: tuple[Measurement, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """
    The answer of one check on one target at one instant.

    `at` is aware, in UTC, and is the moment the asking *began*. `detail` is a short
    clean sentence for people where the outcome is not `ok`; it never holds a secret.
    `sightings` is what the target said of other devices; where `lists_all`, a device that it
    used to name and names no more is gone. `source` is the id of the device that said it,
    empty where the target was asked itself.
    """

    target: str
    check: str
    at: datetime
    outcome: Outcome
    measurements: tuple[Measurement, ...] = ()
    detail: str = ""
    sightings: tuple[Sighting, ...] = ()
    lists_all: bool = False
    source: str = ""

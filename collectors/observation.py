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
class Observation:
    """
    The answer of one check on one target at one instant.

    `at` is aware, in UTC, and is the moment the asking *began*. `detail` is a short
    clean sentence for people where the outcome is not `ok`; it never holds a secret.
    """

    target: str
    check: str
    at: datetime
    outcome: Outcome
    measurements: tuple[Measurement, ...] = ()
    detail: str = ""

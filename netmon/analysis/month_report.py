"""What a month's report says, as values; nothing in it depends on when it was made."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from netmon.domain.figures import NO_FIGURES, Figures
from netmon.domain.incidents import Audience
from netmon.domain.model import DeviceKind, Service, Status
from netmon.domain.objectives import Objective

METHOD_VERSION = "1"
"""Raised whenever the same record would give other figures by a change of netmon's own rules."""


class Grouping(StrEnum):
    """What a line of a report is about."""

    TOTAL = "total"
    KIND = "kind"
    STREET = "street"
    SITE = "site"
    DEVICE = "device"


class MethodNote(StrEnum):
    """What a reader has to be told of how the figures came about, as keys of texts."""

    AVAILABILITY = "availability"
    DEVICE_TIME = "device_time"
    UNKNOWN_APART = "unknown_apart"
    MAINTENANCE_APART = "maintenance_apart"
    HOURS_UNKNOWN = "hours_unknown"
    SERVICE_UNMEASURED = "service_unmeasured"
    MTTR_MTBF = "mttr_mtbf"
    OBJECTIVES = "objectives"
    SMOOTHED = "smoothed"
    NOT_SMOOTHED = "not_smoothed"
    NOT_OVER = "not_over"
    BEGINS_LATER = "begins_later"
    INVENTORY_CHANGED = "inventory_changed"
    DST = "dst"
    SYNTHETIC = "synthetic"


@dataclass(frozen=True, slots=True)
class Line:
    """
    One row of figures: all, a kind of device, a street, a service at a site, or a device.

    `id` is `total`, a kind, or the id of a place or device. `devices` were counted; 0 for a
    service that no device can prove: nothing is known of it. `last_month` and `last_year` are
    the availability of the same line a month and a year earlier, None where the record of
    that month is not whole or nothing was observed. `incidents` touch the month and `open`
    ones of these had not ended when it ended. `mttr_s` and `mtbf_s` are as
    `netmon.domain.reliability` defines them, None where they are not defined.
    """

    id: str
    name: str
    grouping: Grouping
    service: Service | None = None
    kind: DeviceKind | None = None
    place_id: str | None = None
    place_name: str | None = None
    devices: int = 0
    figures: Figures = NO_FIGURES
    objective: Objective | None = None
    last_month: float | None = None
    last_year: float | None = None
    incidents: int = 0
    open: int = 0
    failures: int = 0
    mttr_s: float | None = None
    mtbf_s: float | None = None
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class MonthIncident:
    """
    An incident that touches the month, as it was known when the month ended.

    `ended_at` is None where it had not ended then. `promised_s` is its length in promised
    time, that before the month included; `in_month_s` the part within. `affected` are ids of
    devices, `places` the names of all sites and streets concerned. `notes` counts what
    people wrote about it.
    """

    id: str
    subject_id: str
    subject_name: str
    kind: DeviceKind | None
    place_id: str
    place_name: str
    status: Status
    reason: str
    audience: Audience
    began_at: datetime
    ended_at: datetime | None
    promised_s: int
    in_month_s: int
    affected: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    notes: int = 0
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class FlappingDevice:
    """A device that changed all the time: for how long it did, in seconds of the month."""

    id: str
    name: str
    place_id: str
    place_name: str
    flapping_s: int
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class UnknownSpell:
    """
    A stretch of promised time in which nobody knows how a device did.

    Closing time within does not end it. `promised_s` is its promised time only.
    """

    device_id: str
    device_name: str
    place_name: str
    began_at: datetime
    ended_at: datetime
    promised_s: int
    reason: str
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class UnknownShare:
    """How much of the promised time nobody knows: a ratio, None where nothing was promised."""

    ratio: float | None
    unknown_s: int
    longest: tuple[UnknownSpell, ...] = ()


@dataclass(frozen=True, slots=True)
class KindFigures:
    """Figures of one kind of device."""

    kind: DeviceKind
    figures: Figures


@dataclass(frozen=True, slots=True)
class Day:
    """
    One local day of the month; `date` is ISO 8601 and `length_s` 23, 24 or 25 hours.

    A day that lies ahead has figures that are all zero. `kinds` are always the same ones, in
    the same order, on every day.
    """

    date: str
    length_s: int
    total: Figures = NO_FIGURES
    kinds: tuple[KindFigures, ...] = ()


@dataclass(frozen=True, slots=True)
class Provenance:
    """
    What a report was made from: two reports with an equal one have equal figures.

    The digests are SHA-256 in hexadecimal, of what could matter to the month and nothing
    else. `runs` counts the recorded runs that were read. `notes_digest` is of what people wrote
    about its incidents.
    """

    revisions: tuple[int, ...]
    inventory_digest: str
    hours_digest: str
    announcements_digest: str
    runs: int
    runs_digest: str
    settings_digest: str
    smoothing_s: int
    method_version: str = METHOD_VERSION
    notes_digest: str = ""


@dataclass(frozen=True, slots=True)
class MonthReport:
    """
    Everything that a month's report says.

    `month` is `2026-10`; `starts_at` and `ends_at` its local bounds as instants, `length_s`
    what lies between (745 hours in October). `counted_from` and `counted_until` are the part
    of it that was counted: it is shorter where the record begins later or the month goes on.
    `is_complete` once the month is over and settled, `is_whole` where besides the record holds
    it from its first day. `is_synthetic` where it is of a simulated network.
    """

    month: str
    city: str
    zone: str
    starts_at: datetime
    ends_at: datetime
    counted_from: datetime
    counted_until: datetime
    is_complete: bool
    is_whole: bool
    is_synthetic: bool
    made_from: Provenance
    total: Line
    kinds: tuple[Line, ...] = ()
    streets: tuple[Line, ...] = ()
    sites: tuple[Line, ...] = ()
    worst: tuple[Line, ...] = ()
    incidents: tuple[MonthIncident, ...] = ()
    flapping: tuple[FlappingDevice, ...] = ()
    unknown: UnknownShare = field(default_factory=lambda: UnknownShare(None, 0))
    days: tuple[Day, ...] = ()
    method: tuple[MethodNote, ...] = ()

    @property
    def length_s(self) -> int:
        """Return how long the month is: on two months of the year not a number of whole days."""
        return int((self.ends_at - self.starts_at).total_seconds())

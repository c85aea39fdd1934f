"""The rows that pages and the command line show; everything in them is ready to read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from collectors.observation import Measurement
from netmon.domain.incidents import Audience
from netmon.domain.maintenance import Effect
from netmon.domain.model import DeviceKind, Service, Status


@dataclass(frozen=True, slots=True)
class Notice:
    """
    What residents are told in advance of a place: work, or times at which it is closed or open.

    `is_partial` where the work leaves some of its devices alone.
    """

    effect: Effect
    starts_at: datetime
    ends_at: datetime
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class SpotRow:
    """
    A place as residents see it: a site, or a Wi-Fi street.

    `working` of `total` counts the devices that serve residents. `open_now` is None
    where the hours are not published or not confirmed; `changes_at` is when it next
    opens or closes, None when that is not known or never happens. `seen_at` is the
    last look at any of its devices. `verified` tells whether a probe got a page by its Wi-Fi,
    None where none tried. `lon, lat` None means: to be located. `announced` is what holds
    now or in the next seven days, soonest first.
    """

    id: str
    name: str
    is_street: bool
    services: tuple[Service, ...]
    status: Status
    since: datetime | None
    seen_at: datetime | None
    working: int
    total: int
    open_now: bool | None
    changes_at: datetime | None
    opening_hours: str | None
    address: str | None
    neighbourhood: str | None
    lon: float | None
    lat: float | None
    precision_m: float | None
    source: str
    licence: str
    vintage: str
    synthetic: bool
    verified: bool | None = None
    announced: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth knowing that is no status and wakes nobody: what, and since when."""

    code: str
    since: datetime


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """
    A device as operations see it, with the last value of each of its measurements.

    `address` is empty where nothing is asked of the device itself; `detail` says in a few words
    what the last looks found wrong, and is empty where nothing is.

    `seen_at` is the last look at it, however that ended; `last_ok_at` the last proof that it
    worked, to within one interval, None where that is not known. `is_flapping` where it changes
    so often that no single change is news.
    """

    id: str
    name: str
    kind: DeviceKind
    place_id: str
    place_name: str
    address: str
    status: Status
    reason: str
    since: datetime | None
    seen_at: datetime | None
    values: tuple[Measurement, ...]
    synthetic: bool
    last_ok_at: datetime | None = None
    note: Note | None = None
    detail: str = ""
    is_flapping: bool = False


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """
    A broken promise: its cause, whom it takes along, and how long it lasted so far.

    `device_id` and `device_name` are None where the place itself is the subject: nobody
    opened it. Only its owner (`audience`) can mend that.
    """

    id: str
    device_id: str | None
    device_name: str | None
    place_id: str
    place_name: str
    status: Status
    reason: str
    began_at: datetime
    ended_at: datetime | None
    promised_s: float
    affected: tuple[str, ...]
    audience: Audience = Audience.IT

    @property
    def subject_id(self) -> str:
        """Return the id of the device or place that it is about."""
        return self.device_id or self.place_id

    @property
    def subject_name(self) -> str:
        """Return the name of the device or place that it is about."""
        return self.device_name or self.place_name


@dataclass(frozen=True, slots=True)
class AnnouncedRow:
    """
    One time of an announcement as the desk sees it; `subjects` are names.

    `note` may speak of people and is never public. `announced_at` is since when it could be
    known.
    """

    uid: str
    effect: Effect
    subjects: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    note: str
    announced_at: datetime
    is_repeated: bool


@dataclass(frozen=True, slots=True)
class HealthRow:
    """
    How netmon itself does; `lag_s` is the age of its newest look, None before the first.

    `vitals` are numbers of the collecting side by name: `poll_lag_s`, `unwritten` looks, how
    looks ended since it began (`looks_malformed`, …), and what became of notifications
    (`notifications_heard`, …).
    """

    is_ok: bool
    origin: str
    revision: int
    devices: int
    lag_s: float | None
    store_bytes: int
    vitals: Mapping[str, float] = field(default_factory=dict)

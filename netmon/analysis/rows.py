"""The rows that pages and the command line show; everything in them is ready to read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from collectors.observation import Measurement
from netmon.domain.annotations import AnnotationKind
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
class Acknowledged:
    """Somebody is at it: who, since when, and until when; None where until it ends."""

    author: str
    since: datetime
    until: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """
    A broken promise: its cause, whom it takes along, and how long it lasted so far.

    `device_id` and `device_name` are None where the place itself is the subject: nobody
    opened it. Only its owner (`audience`) can mend that. `places` are the ids of all sites and
    streets with a device that failed or was taken along, that of the cause first. `notes` counts
    notes and links.
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
    places: tuple[str, ...] = ()
    acknowledged: Acknowledged | None = None
    notes: int = 0

    @property
    def subject_id(self) -> str:
        """Return the id of the device or place that it is about."""
        return self.device_id or self.place_id

    @property
    def subject_name(self) -> str:
        """Return the name of the device or place that it is about."""
        return self.device_name or self.place_name


@dataclass(frozen=True, slots=True)
class Named:
    """A device or a place: its id, and its name for people."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class AnnotationRow:
    """
    Something that was said of an incident: an acknowledgement, a note or a link.

    `at` is the instant that it hangs on, `until` the expiry of an acknowledgement (None where it
    ends with its incident). `author` is empty once the name was forgotten. `url` is that of a
    link, and `text` its title.
    """

    uid: str
    subject: Named
    kind: AnnotationKind
    author: str
    entered_at: datetime
    at: datetime
    text: str
    url: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A time in which one thing held of a device."""

    starts_at: datetime
    ends_at: datetime
    status: Status
    reason: str


@dataclass(frozen=True, slots=True)
class Strip:
    """How a device did around an incident, in order and without overlaps."""

    device: Named
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class IncidentDetail:
    """
    An incident with everything around it, of the time from `starts_at` to `ends_at`.

    `affected` and `places` are those of the row, by name, and `carriers` what the device at
    fault depended on when it began. `strips` are those of the subject (of a place: of its
    computers) and then of the affected devices. `announced` is what overlaps it, `said` what is
    said of it, and `orphans` what was said of its subject lately and belongs to no incident.
    `earlier` are its subject's incidents of the 30 days before; `mean_repair_s` is how long those
    that ended lasted on average, by the clock, None where there is none.
    """

    row: IncidentRow
    starts_at: datetime
    ends_at: datetime
    affected: tuple[Named, ...]
    places: tuple[Named, ...]
    carriers: tuple[Named, ...]
    strips: tuple[Strip, ...]
    announced: tuple["AnnouncedRow", ...]
    said: tuple[AnnotationRow, ...]
    orphans: tuple[AnnotationRow, ...]
    earlier: tuple[IncidentRow, ...]
    mean_repair_s: float | None


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
    (`notifications_heard`, …). `blind_since` is when it lost its own sight, None where it sees.
    """

    is_ok: bool
    origin: str
    revision: int
    devices: int
    lag_s: float | None
    store_bytes: int
    vitals: Mapping[str, float] = field(default_factory=dict)
    blind_since: datetime | None = None

"""What the desk shows: devices filtered and sorted as the address says, incidents on top."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from netmon.analysis.impact import Impact
from netmon.analysis.rows import AnnouncedRow, DeviceRow, HealthRow, IncidentRow
from netmon.domain.model import Status
from netmon.domain.sightings import Stranger
from web.impact import ranked
from web.reasons import reason
from web.views import Views
from web.words import KINDS

QUESTION_LIMIT = 100
BEGINNING = datetime.min.replace(tzinfo=UTC)

GRAVITY = (
    Status.DOWN,
    Status.UNREACHABLE,
    Status.DEGRADED,
    Status.UNKNOWN,
    Status.MAINTENANCE,
    Status.UP,
    Status.EXPECTED_OFF,
)
"""What to look at first."""

COLUMNS: Mapping[str, tuple[str, Callable[[DeviceRow], object]]] = {
    "status": ("Toestand", lambda row: GRAVITY.index(row.status)),
    "name": ("Toestel", lambda row: row.name.casefold()),
    "kind": ("Soort", lambda row: KINDS[row.kind]),
    "place": ("Plek", lambda row: row.place_name.casefold()),
    "since": ("Sinds", lambda row: row.since or BEGINNING),
    "reason": ("Reden", lambda row: reason(row.reason).said.casefold()),
    "seen": ("Gezien", lambda row: row.seen_at or BEGINNING),
}
"""Column in the address → its head, and what it is sorted by."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the address asks of the table: words to look for, a state, an order."""

    words: str = ""
    status: Status | None = None
    sort: str = "status"
    is_descending: bool = False

    @classmethod
    def of(cls, args: Mapping[str, str]) -> "Question":
        """Read the query string; whatever is not understood is left out."""
        status = args.get("status", "")
        sort = args.get("sort", "")
        return cls(
            args.get("q", "")[:QUESTION_LIMIT].strip(),
            Status(status) if status in set(Status) else None,
            sort if sort in COLUMNS else "status",
            args.get("order") == "desc",
        )

    def matches(self, row: DeviceRow) -> bool:
        """Tell whether a device has the state and every word asked for."""
        text = " ".join(
            (
                row.id,
                row.name,
                row.place_name,
                row.place_id,
                row.address,
                KINDS[row.kind],
                row.reason,
                reason(row.reason).said,
            )
        ).casefold()
        is_asked = self.status is None or row.status is self.status
        return is_asked and all(word in text for word in self.words.casefold().split())

    def link(self, column: str) -> str:
        """Return the query string that sorts by a column, turning round the present one."""
        turns = column == self.sort and not self.is_descending
        asked = {
            "q": self.words,
            "status": self.status.value if self.status else "",
            "sort": column,
            "order": "desc" if turns else "",
        }
        return "?" + urlencode({name: value for name, value in asked.items() if value})

    def direction(self, column: str) -> str:
        """Return the `aria-sort` of a column."""
        if column != self.sort:
            return "none"
        return "descending" if self.is_descending else "ascending"


@dataclass(frozen=True, slots=True)
class Desk:
    """One reading of the record for the desk; `total` counts devices before the filter."""

    now: datetime
    question: Question
    devices: tuple[DeviceRow, ...]
    total: int
    incidents: tuple[IncidentRow, ...]
    impacts: Mapping[str, Impact]
    strangers: tuple[Stranger, ...]
    announced: tuple[AnnouncedRow, ...]
    health: HealthRow


def answer(views: Views, now: datetime, question: Question, impacts: Mapping[str, Impact]) -> Desk:
    """Return what the desk shows at `now`; `impacts` are of incidents, by id, where known."""
    devices = views.devices(now)
    found = sorted((row for row in devices if question.matches(row)), key=lambda row: row.id)
    _, order = COLUMNS[question.sort]
    found.sort(key=order, reverse=question.is_descending)  # type: ignore[arg-type]  # one column, one type
    return Desk(
        now,
        question,
        tuple(found),
        len(devices),
        ranked(views.incidents(now), impacts),
        impacts,
        views.strangers(),
        views.announced(now),
        views.health(now),
    )

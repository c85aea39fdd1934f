"""What is broken, as alerts see it: incidents with what surrounds them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from netmon.alerts.message import OWN_SIGHT, Problem, Severity
from netmon.analysis.hours import OpeningHours
from netmon.analysis.live import opening
from netmon.analysis.rows import IncidentRow
from netmon.analysis.views import RECENT_S, RecordViews
from netmon.cli.wiring import Loaded
from netmon.config.alert_settings import OF_PLACE, AlertSettings
from netmon.domain.incidents import Audience
from netmon.domain.intervals import Span, epoch_s, instant
from netmon.domain.model import Device, Inventory, Place, Status
from netmon.domain.sight import BLINDED, SIGHT
from netmon.storage.desk import DeskReader
from netmon.storage.record import OPEN_S, RecordReader

FOREVER = datetime.max.replace(tzinfo=UTC)
"""Until when somebody is at it who did not say."""


class Problems:
    """
    Reads what is broken.

    Parameters
    ----------
    views, record, desk
        What is broken, whether netmon sees, and the places and devices that there are.
    settings
        What another tool alerts on, and where netmon's pages are.
    """

    def __init__(
        self,
        views: RecordViews,
        record: RecordReader,
        desk: DeskReader,
        settings: AlertSettings,
    ) -> None:
        self._views, self._record, self._desk = views, record, desk
        self._settings = settings

    def at(self, now: datetime) -> list[Problem]:
        """Return what is broken at an instant (aware), and what ended in the day before."""
        blind = _blind(self._record.runs_of_check(SIGHT, epoch_s(now) - RECENT_S))
        incidents = self._views.incidents(now)
        if not incidents:
            return blind
        surroundings = _Surroundings(
            self._desk.revisions()[-1].inventory,
            flapping=frozenset(row.id for row in self._views.devices(now) if row.is_flapping),
            is_open={row.id: row.open_now for row in self._views.spots(now)},
            settings=self._settings,
        )
        return [*blind, *(surroundings.problem(row) for row in incidents)]


def _blind(spans: Sequence[Span]) -> list[Problem]:
    """Return when netmon saw nothing itself: a problem of no device and no place."""
    return [
        Problem(
            key=f"{OWN_SIGHT}@{instant(span.start_s):%Y%m%dT%H%M%SZ}",
            subject_id=OWN_SIGHT,
            subject_name=OWN_SIGHT,
            place_id="",
            place_name="",
            is_street=False,
            kind=None,
            status=span.status,
            reason=span.reason,
            severity=Severity.CRITICAL,
            audience=Audience.IT,
            owner="",
            began_at=instant(span.start_s),
            ended_at=None if span.end_s == OPEN_S else instant(span.end_s),
        )
        for span in spans
        if span.reason == BLINDED.reason
    ]


class _Surroundings:
    def __init__(
        self,
        inventory: Inventory,
        *,
        flapping: frozenset[str],
        is_open: Mapping[str, bool | None],
        settings: AlertSettings,
    ) -> None:
        self._devices: Mapping[str, Device] = {each.id: each for each in inventory.devices}
        self._places: Mapping[str, Place] = {each.id: each for each in inventory.places}
        self._flapping, self._is_open = flapping, is_open
        self._not_for, self._pages = frozenset(settings.not_for), settings.pages

    def problem(self, row: IncidentRow) -> Problem:
        device = self._devices.get(row.device_id or "")
        place = self._places.get(row.place_id)
        kind = device.kind if device else None
        about = {row.subject_id, row.place_id, kind.value if kind else OF_PLACE}
        return Problem(
            key=row.id,
            subject_id=row.subject_id,
            subject_name=row.subject_name,
            place_id=row.place_id,
            place_name=row.place_name,
            is_street=place is not None and place.is_street,
            kind=kind,
            status=row.status,
            reason=row.reason,
            severity=Severity.CRITICAL if row.status is Status.DOWN else Severity.WARNING,
            audience=row.audience,
            owner=_owner(place),
            began_at=row.began_at,
            ended_at=row.ended_at,
            affected=row.affected,
            is_flapping=row.device_id in self._flapping,
            is_open_now=self._is_open.get(row.place_id),
            acknowledged_until=_acknowledged_until(row),
            silenced=bool(about & self._not_for),
            link=f"{self._pages}/ops/incidents/{quote(row.id, safe='@')}" if self._pages else "",
        )


def _owner(place: Place | None) -> str:
    """Return the organisation of the first offer that names one, empty where none does."""
    owners = (offer.owner for offer in place.offers) if place else ()
    return next(filter(None, owners), "")


def _acknowledged_until(row: IncidentRow) -> datetime | None:
    return None if row.acknowledged is None else row.acknowledged.until or FOREVER


def imagined(loaded: Loaded, subject: str, status: Status, at: datetime) -> Problem | None:
    """Return what alerts would see if a device or place broke at an instant, None: no such one."""
    inventory = loaded.inventory
    devices = {device.id: device for device in inventory.devices}
    places = {place.id: place for place in inventory.places}
    device = devices.get(subject)
    place = places.get(device.place_id if device else subject)
    if place is None:
        return None
    hours = OpeningHours(loaded.calendar)
    around = _Surroundings(
        inventory,
        flapping=frozenset(),
        is_open={place.id: opening(place, hours, at)[1]},
        settings=loaded.settings.alerts,
    )
    row = IncidentRow(
        id=f"{subject}@imagined",
        device_id=device.id if device else None,
        device_name=device.name if device else None,
        place_id=place.id,
        place_name=place.name,
        status=status,
        reason="",
        began_at=at,
        ended_at=None,
        promised_s=0.0,
        affected=(),
        audience=Audience.IT if device else Audience.OWNER,
    )
    return around.problem(row)

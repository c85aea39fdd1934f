"""How every device and place stands at one instant."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from collectors.observation import Measurement, Outcome
from netmon.analysis.announced import NOTHING_ANNOUNCED, Announced
from netmon.analysis.coming import net_changes, place_notices
from netmon.analysis.hours import Changes, OpeningHours
from netmon.analysis.rows import DeviceRow, Note, SpotRow
from netmon.analysis.timelines import DeviceTimeline
from netmon.config.calendar import HoursRule
from netmon.domain.flapping import is_flapping
from netmon.domain.intervals import Span, Windows, epoch_s, instant
from netmon.domain.model import (
    SERVICE_OF_KIND,
    Device,
    DeviceKind,
    Offer,
    Place,
    Service,
    Status,
)
from netmon.domain.places import place_state
from netmon.domain.presence import AWAKE_OUTSIDE_HOURS, awake_since, last_worked
from netmon.domain.verification import is_verified, with_verification
from netmon.storage.record import LatestLook

NOT_SEEN = Span(0, 0, Status.UNKNOWN, is_usable=False, reason="never_seen")

NOT_LISTED = "not_listed"
"""Why a device that others should see was never seen: none of them ever named it."""

_TROUBLED = {Status.DOWN, Status.DEGRADED, Status.UNREACHABLE, Status.UNKNOWN}
_SET_ASIDE = {Status.MAINTENANCE, Status.EXPECTED_OFF}
SNMP_PORT = 161
"""What is not worth saying beside an address."""

_FAR_S = 360 * 86_400
"""Windows are worked out until the end of next year: an edge that far off is only theirs."""

Seen = Mapping[str, datetime]
"""When each device was last looked at, however that ended."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What lies around the devices of places: when these are open, and what is announced."""

    hours: OpeningHours
    announced: Announced = NOTHING_ANNOUNCED


def last_seen(latest: Iterable[LatestLook], *, besides: str = "") -> dict[str, datetime]:
    """Return the instant of the newest look at each device; one may be left out."""
    seen: dict[str, datetime] = {}
    for look in latest:
        if look.observation.target == besides:
            continue
        device_id, at = look.observation.target, look.observation.at
        seen[device_id] = max(at, seen.get(device_id, at))
    return seen


def device_rows(
    timelines: Mapping[str, DeviceTimeline], latest: Sequence[LatestLook]
) -> tuple[DeviceRow, ...]:
    """Return every device with its status now and the last value of each measurement."""
    seen = last_seen(latest)
    values: dict[str, tuple[Measurement, ...]] = {}
    looks: dict[str, tuple[LatestLook, ...]] = {}
    for look in latest:
        seen_here = look.observation
        values[seen_here.target] = values.get(seen_here.target, ()) + seen_here.measurements
        looks[seen_here.target] = (*looks.get(seen_here.target, ()), look)
    return tuple(
        DeviceRow(
            id=device_id,
            name=each.device.name,
            kind=each.device.kind,
            place_id=each.place.id,
            place_name=each.place.name,
            address=_address(each.device),
            status=(now := current(each)).status,
            reason=_reason(now, each, timelines),
            since=instant(now.start_s) if now is not NOT_SEEN else None,
            seen_at=seen.get(device_id),
            values=values.get(device_id, ()),
            synthetic=each.device.synthetic,
            last_ok_at=_last_ok_at(each, looks.get(device_id, ())),
            note=_note(each),
            detail=_detail(now, looks.get(device_id, ())),
            is_flapping=is_flapping(each.read, each.until_s),
        )
        for device_id, each in timelines.items()
    )


def spot_rows(
    places: Iterable[Place],
    timelines: Iterable[DeviceTimeline],
    seen: Seen,
    around: Surroundings,
    now: datetime,
) -> tuple[SpotRow, ...]:
    """Return every place as residents see it at `now`, streets first, then by name."""
    there: dict[str, list[DeviceTimeline]] = {}
    for each in timelines:
        there.setdefault(each.place.id, []).append(each)
    rows = (_spot(place, there.get(place.id, []), seen, around, now) for place in places)
    return tuple(sorted(rows, key=lambda row: (not row.is_street, row.name)))


def current(timeline: DeviceTimeline) -> Span:
    """Return the last span of what is read, merged with those before it of the same status."""
    if not timeline.read:
        return NOT_SEEN
    last = timeline.read[-1]
    for span in reversed(timeline.read[:-1]):
        if (span.status, span.reason) != (last.status, last.reason) or span.end_s != last.start_s:
            break
        last = last._replace(start_s=span.start_s)
    return last


def _spot(
    place: Place,
    there: Sequence[DeviceTimeline],
    seen: Seen,
    around: Surroundings,
    now: datetime,
) -> SpotRow:
    devices = [each for each in there if each.device.kind in SERVICE_OF_KIND]
    probes = [current(each) for each in there if each.device.kind is DeviceKind.PROBE]
    spans = [current(each) for each in devices]
    state = place_state([(span.status, span.is_usable) for span in spans])
    verified = is_verified((span.status, span.is_usable) for span in probes)
    status = with_verification(state.status, verified)
    changes = around.announced.changes.get(place.id, ())
    text, is_open, changes_at = opening(place, around.hours, now, changes)
    looks = [seen[each.device.id] for each in devices if each.device.id in seen]
    return SpotRow(
        id=place.id,
        name=place.name,
        is_street=place.is_street,
        services=_services(place, devices),
        status=status,
        since=_since(status, spans if status is state.status else probes),
        seen_at=max(looks, default=None),
        working=state.working,
        total=state.total,
        open_now=is_open,
        changes_at=changes_at,
        opening_hours=text,
        address=place.address,
        neighbourhood=place.neighbourhood,
        lon=place.lon,
        lat=place.lat,
        precision_m=place.precision_m,
        source=place.source,
        licence=place.licence,
        vintage=place.vintage,
        synthetic=place.synthetic or any(each.device.synthetic for each in devices),
        verified=verified,
        announced=place_notices(place, devices, around.announced, epoch_s(now)),
    )


def opening(
    place: Place, hours: OpeningHours, now: datetime, changes: Changes = ()
) -> tuple[str | None, bool | None, datetime | None]:
    """
    Return (hours as text, open now, when that changes) of what residents come for.

    Open now is None where hours are not published, and where an offer has hours that
    nobody confirmed: "call first" is honest, "open" would be a guess. What was announced for
    today is known there too, for as long as it holds.
    """
    text, is_confirmed = _published(place)
    at_s = epoch_s(now)
    windows = hours.windows(HoursRule(text), at_s, at_s, changes) if text else None
    if windows is None or not is_confirmed:
        return text, *_opened_specially(changes, at_s)
    edge_s = windows.next_edge(at_s)
    if edge_s is None or edge_s > at_s + _FAR_S:
        return text, windows.contain(at_s), None
    return text, windows.contain(at_s), instant(edge_s)


def _opened_specially(changes: Changes, at_s: int) -> tuple[bool | None, datetime | None]:
    closed, opened = map(Windows, net_changes(changes))
    if opened.contain(at_s):
        return True, _instant(opened.next_edge(at_s) or 0)
    return (False if closed.contain(at_s) else None), None


def _published(place: Place) -> tuple[str | None, bool]:
    for service in (Service.WIFI, Service.COMPUTER, Service.GUIDED):
        for offer in place.offers:
            if offer.service is service and offer.opening_hours:
                return offer.opening_hours, offer.confirmed_on is not None
    return place.opening_hours, place.is_street or any(map(_is_confirmed, place.offers))


def _is_confirmed(offer: Offer) -> bool:
    return offer.confirmed_on is not None


def _services(place: Place, devices: Iterable[DeviceTimeline]) -> tuple[Service, ...]:
    offered = {offer.service for offer in place.offers}
    served = {SERVICE_OF_KIND[each.device.kind] for each in devices}
    return tuple(service for service in Service if service in offered | served)


def _since(status: Status, spans: Sequence[Span]) -> datetime | None:
    """
    Return since when: a place became what it is with the device that decided it.

    What is set aside (in maintenance, rightly off) decides only where all are.
    """
    counted = [span for span in spans if span.status not in _SET_ASIDE] or spans
    if status is Status.DEGRADED:
        failed = [each for each in counted if each.status is not Status.UNKNOWN]
        return _instant(min((each.start_s for each in failed if not each.is_usable), default=0))
    return _instant(max((span.start_s for span in counted), default=0))


def _instant(at_s: int) -> datetime | None:
    return instant(at_s) if at_s else None


def _reason(now: Span, timeline: DeviceTimeline, all_of: Mapping[str, DeviceTimeline]) -> str:
    """Return why; for a device out of reach, the failed device that is the cause."""
    if now is NOT_SEEN and timeline.device.seen_by:
        return NOT_LISTED
    if now.status is not Status.UNREACHABLE:
        return now.reason
    failed = [
        each for each in sorted(timeline.ancestors) if current(all_of[each]).status is Status.DOWN
    ]
    return f"behind {', '.join(failed)}" if failed else now.reason


def _address(device: Device) -> str:
    """Return where a device is asked; empty where nothing is asked of it itself."""
    if not device.host or device.port == SNMP_PORT:
        return device.host
    return (
        f"[{device.host}]:{device.port}" if ":" in device.host else f"{device.host}:{device.port}"
    )


def _detail(now: Span, looks: Iterable[LatestLook]) -> str:
    """Return in words what the newest looks found wrong; of a device that is well, nothing."""
    if now.status not in _TROUBLED:
        return ""
    said: dict[str, list[str]] = {}
    for each in (look.observation for look in looks):
        if each.outcome is not Outcome.OK and each.detail:
            said.setdefault(each.detail, []).append(each.source or each.check)
    return "; ".join(f"{', '.join(who)}: {what}" for what, who in said.items())


def _note(timeline: DeviceTimeline) -> Note | None:
    since_s = awake_since(timeline.recorded, timeline.windows, timeline.until_s)
    return None if since_s is None else Note(AWAKE_OUTSIDE_HOURS, instant(since_s))


def _last_ok_at(timeline: DeviceTimeline, looks: Sequence[LatestLook]) -> datetime | None:
    """Return the newest look that was fine, else the end of the last time that it worked."""
    fine = [each.observation.at for each in looks if each.observation.outcome is Outcome.OK]
    if fine:
        return max(fine)
    ended_s = last_worked(timeline.recorded)
    if ended_s is None:
        return None
    # What is not yet confirmed still reads as up, past the first look against it.
    doubts = [look.at for each in looks for look in each.recent]
    return min([instant(ended_s), *doubts])

"""The rows of a month's report: for all, each kind, street, service at a site, and device."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from netmon.analysis.month_member import Member
from netmon.analysis.month_reading import MonthReading
from netmon.analysis.month_report import Grouping, Line, MonthIncident
from netmon.domain.figures import Figures, total
from netmon.domain.incidents import Audience
from netmon.domain.intervals import epoch_s
from netmon.domain.model import DeviceKind, Place, Service
from netmon.domain.objectives import Aim, Objective, budget, closest
from netmon.domain.reasons import OWN_SERVICE
from netmon.domain.reliability import Outage, reliability

_KIND_OF_SERVICE = {service: kind for kind, service in OWN_SERVICE.items()}

Key = tuple[str, str, str]
"""What makes a line the same in another month: grouping, id and service."""


@dataclass(frozen=True, slots=True)
class Group:
    """The devices of one line, with the line as far as it is known without them."""

    line: Line
    members: Sequence[Member]


def groups(reading: MonthReading) -> list[Group]:
    """Return every line's devices: all first, then kinds, streets, sites and devices."""
    members, places = reading.members, reading.city.inventory.places
    streets = [place for place in places if place.is_street]
    sites = [place for place in places if not place.is_street]
    found = [Group(Line("total", "total", Grouping.TOTAL), members)]
    found += [_of_kind(kind, members) for kind in DeviceKind if _has(kind, members)]
    found += [_of_service(each, Service.WIFI, Grouping.STREET, members) for each in streets]
    found += [
        _of_service(site, service, Grouping.SITE, members)
        for site in sites
        for service in _services(site, members)
    ]
    return [*found, *(_of_device(each) for each in members)]


def lines(
    found: Sequence[Group],
    incidents: Sequence[MonthIncident],
    aims: Sequence[Aim],
    reading: MonthReading,
) -> list[Line]:
    """Return the lines of groups, with their objectives and how reliable they were."""
    return [_filled(group, incidents, aims, reading) for group in found]


def compared(
    found: Iterable[Line], last_month: Mapping[Key, float], last_year: Mapping[Key, float]
) -> list[Line]:
    """Return the lines beside what they were in other months."""
    return [
        replace(
            line, last_month=last_month.get(key_of(line)), last_year=last_year.get(key_of(line))
        )
        for line in found
    ]


def availabilities(reading: MonthReading) -> dict[Key, float]:
    """Return the availability of each line of a month in which anything was observed."""
    found = {}
    for group in groups(reading):
        availability = total(each.figures for each in group.members).availability
        if availability is not None:
            found[key_of(group.line)] = availability
    return found


def key_of(line: Line) -> Key:
    """Return what makes a line the same in another month."""
    return line.grouping.value, line.id, line.service.value if line.service else ""


def _of_kind(kind: DeviceKind, members: Sequence[Member]) -> Group:
    line = Line(kind.value, kind.value, Grouping.KIND, OWN_SERVICE.get(kind), kind)
    return Group(line, [each for each in members if each.device.kind is kind])


def _of_service(
    place: Place, service: Service, grouping: Grouping, members: Sequence[Member]
) -> Group:
    kind = _KIND_OF_SERVICE.get(service)
    line = _at(Line(place.id, place.name, grouping, service, kind), place)
    there = [each for each in members if each.place.id == place.id and each.service is service]
    return Group(line, there)


def _of_device(member: Member) -> Group:
    device = member.device
    name = device.name or device.id
    line = Line(device.id, name, Grouping.DEVICE, member.service, device.kind)
    return Group(_at(line, member.place), [member])


def _at(line: Line, place: Place) -> Line:
    return replace(line, place_id=place.id, place_name=place.name, synthetic=place.synthetic)


def _services(site: Place, members: Sequence[Member]) -> list[Service]:
    """Return what a site offers or its devices give; what no device proves is listed too."""
    offered = {offer.service for offer in site.offers}
    given = {each.service for each in members if each.place.id == site.id}
    return [service for service in Service if service in offered | given]


def _has(kind: DeviceKind, members: Sequence[Member]) -> bool:
    return any(each.device.kind is kind for each in members)


def _filled(
    group: Group, incidents: Sequence[MonthIncident], aims: Sequence[Aim], reading: MonthReading
) -> Line:
    line, figures = group.line, total(each.figures for each in group.members)
    devices = {each.device.id for each in group.members}
    own = [_outage(each) for each in incidents if _is_about(each, line, devices)]
    told = reliability(own, reading.counted, figures.usable_s)
    return replace(
        line,
        devices=len(devices),
        figures=figures,
        objective=_objective(group, figures, aims, is_over=reading.is_over),
        incidents=told.incidents,
        open=told.open,
        failures=told.failures,
        mttr_s=told.mttr_s,
        mtbf_s=told.mtbf_s,
        synthetic=line.synthetic or any(each.is_synthetic for each in group.members),
    )


def _objective(
    group: Group, figures: Figures, aims: Sequence[Aim], *, is_over: bool
) -> Objective | None:
    aim = closest(aims, group.line.service, group.line.kind, group.line.place_id)
    if aim is None or not group.members:
        return None
    ahead_s = sum(each.ahead_s for each in group.members)
    return budget(aim.target, figures, ahead_s, is_over=is_over)


def _is_about(incident: MonthIncident, line: Line, devices: Collection[str]) -> bool:
    """Tell whether an incident is of a line: of its devices, or of computers nobody switched on."""
    if incident.audience is not Audience.OWNER:
        return incident.subject_id in devices
    if line.grouping is Grouping.SITE:
        return line.service is Service.COMPUTER and line.id == incident.subject_id
    if line.grouping is Grouping.KIND:
        return line.kind is DeviceKind.PUBLIC_PC
    return line.grouping is Grouping.TOTAL


def _outage(incident: MonthIncident) -> Outage:
    ended_s = None if incident.ended_at is None else epoch_s(incident.ended_at)
    return Outage(epoch_s(incident.began_at), ended_s, incident.promised_s)

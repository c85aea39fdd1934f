"""The rows of the planner's page; everything in them is ready to read, to draw and to export."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from geodata.link import ServiceClass
from netmon.analysis.ledger import Parts
from netmon.domain.model import Service

WHOLE_CITY = "city"
"""The area of rows that count all areas together."""


@dataclass(frozen=True, slots=True)
class Edges:
    """A figure as a band: what is planned with, and what it may be at best."""

    planning: float
    optimistic: float


@dataclass(frozen=True, slots=True)
class Honesty:
    """
    What a result is worth.

    `precision_m` is the worst of what it was made with, None where that is not known.
    `versions` name what it was made with: inventory, hours, population, method.
    `notes` are sentences for people, in Dutch.
    """

    is_synthetic: bool
    precision_m: float | None
    versions: Mapping[str, str]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StreetRow:
    """
    A Wi-Fi street: metres at each service class now, and those that an outage takes away.

    `lost_m` are metres at the service level that all access points would cover and those that
    work do not, `lost_m2` the same of the surface, which is all that a square has; `share` is that
    of a past window, None where none was asked, and `unknown_share` what nobody knows beside it.
    """

    id: str
    name: str
    length_m: float
    area_m2: float
    covered_m: Mapping[ServiceClass, Edges]
    covered_m2: Mapping[ServiceClass, Edges]
    lost_m: Edges
    share: Edges | None = None
    lost_m2: Edges = Edges(0.0, 0.0)
    unknown_share: Edges | None = None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """
    What became of the person-hours of a group in an area, for one service.

    `parts_optimistic` is given for Wi-Fi only. `access` is what falls to one person (E2SFCA), None
    where it was not worked out; `target` the share that was promised, None where none was.
    """

    service: Service
    group: str
    area: str
    area_name: str
    people: float
    parts: Parts
    parts_optimistic: Parts | None = None
    access: float | None = None
    target: float | None = None


@dataclass(frozen=True, slots=True)
class EquityRow:
    """
    How evenly a service is spread over a group, and how that group does beside the city.

    `delivered_share` and `city_share` are of all person-hours. `kept_share` is of those that were
    promised, when something was open, and of which it is known whether it worked: what `target`
    is about. `gini` is of the hours that a person got, over neighbourhoods.
    """

    service: Service
    group: str
    delivered_share: float | None
    city_share: float | None
    gini: float | None
    target: float | None
    kept_share: float | None = None

    @property
    def is_met(self) -> bool | None:
        """Return whether the target was met; None without a target, or without a promise."""
        if self.target is None or self.kept_share is None:
            return None
        return self.kept_share >= self.target


@dataclass(frozen=True, slots=True)
class CostRow:
    """An incident and the person-hours that it cost by service, dearest first."""

    id: str
    name: str
    place_name: str
    began_at: datetime
    ended_at: datetime | None
    cost_h: Mapping[Service, float]


@dataclass(frozen=True, slots=True)
class OutreachRow:
    """
    A place of a target group, and the nearest offer of each service, in walking metres.

    `straight` are the services to which no street is known that leads there: their metres are the
    straight line with a usual detour. `precision_m` is the worst of the place and these offers.
    """

    place: str
    group: str
    area_name: str
    nearest: Mapping[Service, tuple[str, float] | None]
    lon: float
    lat: float
    straight: frozenset[Service] = frozenset()
    precision_m: float | None = None


@dataclass(frozen=True, slots=True)
class PlanRows:
    """
    All that the planner's page tells of one window of time (aware instants, half-open).

    `is_promise`: the window is an ordinary week in which all works, and nothing of it was measured.
    """

    starts_at: datetime
    ends_at: datetime
    streets: tuple[StreetRow, ...]
    ledger: tuple[LedgerRow, ...]
    equity: tuple[EquityRow, ...]
    costs: tuple[CostRow, ...]
    outreach: tuple[OutreachRow, ...]
    honesty: Honesty
    is_promise: bool = False


class Action(StrEnum):
    """What a what-if does."""

    ADD_ACCESS_POINT = "add_access_point"
    MOVE_ACCESS_POINT = "move_access_point"
    REMOVE_ACCESS_POINT = "remove_access_point"
    ADD_SITE = "add_site"
    REMOVE_SITE = "remove_site"
    SET_HOURS = "set_hours"


@dataclass(frozen=True, slots=True)
class Step:
    """
    One change of a what-if.

    Parameters
    ----------
    action
        What is done.
    id
        The device or site that is changed; for a new one a name that the scenario gives it.
    lon, lat
        Where it stands (EPSG:4326), for what is added or moved.
    service, hours, seats
        What a site offers, when (OpenStreetMap syntax), and to how many.
    """

    action: Action
    id: str
    lon: float | None = None
    lat: float | None = None
    service: Service | None = None
    hours: str | None = None
    seats: int | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """Changes under a name; `key` is its address."""

    key: str
    name: str
    steps: tuple[Step, ...]
    saved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """
    What a scenario changes of an ordinary week: before and after, with all devices working.

    `gained_h` is what is delivered more, in person-hours a week, by service and group.
    """

    scenario: Scenario
    before: PlanRows
    after: PlanRows
    gained_h: Mapping[tuple[Service, str], float]
    seconds: float
    problems: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Changeable:
    """
    What a step may name: an access point or a site, and what it is now.

    `lon` and `lat` are None where its place is not known; `services` and `hours` are given for
    sites only, `hours` is "" where none are known.
    """

    id: str
    name: str
    is_site: bool
    lon: float | None = None
    lat: float | None = None
    services: tuple[Service, ...] = ()
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to lay on a map (PNG, EPSG:3857), and its edges in degrees (EPSG:4326)."""

    png: bytes
    west: float
    south: float
    east: float
    north: float

"""What a ledger of a city says, as values; nothing in it depends on when it was made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from netmon.analysis.blamed import Cause
from netmon.analysis.ledger import Parts
from netmon.domain.intervals import Interval
from netmon.domain.model import Service
from netmon.domain.offers import SeatSeconds

LEDGER_METHOD = "1"
"""Raised whenever the same record would give other figures by a change of netmon's own rules."""

CITY = "city"
"""The area that holds all others."""

SERVICES = (Service.WIFI, Service.COMPUTER, Service.GUIDED)
"""What ledgers are kept of; never together, or Wi-Fi would hide every closed computer."""


class LedgerNote(StrEnum):
    """What a reader has to be told of how the figures came about, as keys of texts."""

    SYNTHETIC = "synthetic"
    PRECISION = "precision"
    STRAIGHT = "straight"
    TO_BE_LOCATED = "to_be_located"
    UNPUBLISHED = "unpublished"
    NO_HOST_SAID = "no_host_said"
    CORRIDORS = "corridors"
    UNCALIBRATED = "uncalibrated"
    NOT_OVER = "not_over"
    BEGINS_LATER = "begins_later"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """
    What became of the person-hours of a group in an area, for one service.

    Parameters
    ----------
    area
        Its id; `city` where all of them are meant.
    parts
        What is delivered at least, of Wi-Fi: with what walls hide as planned.
    optimistic
        The same where Wi-Fi reaches as far as it may; None where there is no such band.
    cost_h
        What each thing to blame cost, by its id; together the outage.
    outage_by_cause_h
        The outage by what it comes from; every cause is a key.
    by_hour_h
        (168, 7): each hour of the local week, in the order of the fields of `Parts`.
    """

    service: Service
    group: str
    area: str
    people: float
    parts: Parts
    optimistic: Parts | None = None
    cost_h: Mapping[str, float] = field(default_factory=dict)
    outage_by_cause_h: Mapping[Cause, float] = field(default_factory=dict)
    by_hour_h: NDArray[np.float64] = field(default_factory=lambda: np.zeros((168, 7)))
    is_synthetic: bool = False


@dataclass(frozen=True, slots=True)
class IncidentCost:
    """What an incident, or whatever is to blame, cost a group: the people who lost by it."""

    id: str
    service: Service
    group: str
    cost_h: float
    cause: Cause
    place_id: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A service at a place: its seats, and the person-hours that were lost there, by group."""

    service: Service
    place_id: str
    name: str
    is_street: bool
    seats: SeatSeconds
    cost_h: Mapping[str, float]
    is_synthetic: bool = False


@dataclass(frozen=True, slots=True)
class LedgerProvenance:
    """
    What a ledger was made from: two with an equal one have equal figures.

    `offers_digest` is of how every offer stood and where; `people_digest` of people, groups and
    streets, `radio_digest` of what the access points reach (empty without Wi-Fi).
    """

    revisions: tuple[int, ...]
    inventory_digest: str
    hours_digest: str
    announcements_digest: str
    runs: int
    runs_digest: str
    settings_digest: str
    offers_digest: str
    people_digest: str
    sources: tuple[str, ...]
    radio_digest: str = ""
    method_version: str = LEDGER_METHOD


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """
    The ledger of an interval.

    `rows` are ordered by service, group and area, the whole city first where there are several.
    `precision_m` is the worst of people, streets and offers, None where one is not known.
    `to_be_located` are places that nobody can be told to go to; `unpublished` those of which
    nobody published or confirmed when a service is open. `areas` are the names of all areas.
    """

    bounds: Interval
    rows: tuple[LedgerRow, ...]
    incidents: tuple[IncidentCost, ...]
    seats: Mapping[Service, SeatSeconds]
    places: tuple[PlaceRow, ...]
    notes: tuple[LedgerNote, ...]
    is_synthetic: bool
    is_complete: bool
    precision_m: float | None
    walks: str
    walls: str | None
    made_from: LedgerProvenance
    to_be_located: tuple[str, ...] = ()
    unpublished: tuple[str, ...] = ()
    areas: Mapping[str, str] = field(default_factory=dict)


def parts_together(parts: Iterable[Parts]) -> Parts:
    """Return the parts of the same group and service in several areas as one."""
    told = list(parts)
    names = [each.name for each in fields(Parts)]
    return Parts(**{name: sum(getattr(each, name) for each in told) for name in names})

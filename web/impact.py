"""What an incident means for residents, in Dutch: ranges, rounded to what is known."""

from collections.abc import Callable, Iterable, Mapping

from geodata.walking import Method
from netmon.analysis.impact import NOTHING_KNOWN, Band, Impact
from netmon.analysis.next_spot import NextSpot
from netmon.analysis.rows import IncidentRow
from netmon.domain.model import Service

FEWEST_PEOPLE = 5
"""A smaller count could point at somebody."""

_KILOMETRE_M, _STEP = 1000.0, 10


def ranked(
    incidents: Iterable[IncidentRow], impacts: Mapping[str, Impact]
) -> tuple[IncidentRow, ...]:
    """Return open incidents first, those that hit most people and most street before others."""

    def weight(row: IncidentRow) -> tuple[bool, float, float, float]:
        known = impacts.get(row.id, NOTHING_KNOWN)
        bands = (known.people, known.lost_m)
        people, lost_m = (-each.planned if each else 0.0 for each in bands)
        cost_h = max((each.person_h for each in known.costs or ()), default=0.0)
        return row.ended_at is not None, people, -cost_h, lost_m

    return tuple(sorted(incidents, key=weight))


def street(impact: Impact) -> str:
    """Return how much street has no signal, empty where none is known to have lost it."""
    return _ranged(impact.lost_m, _metres)


def square(impact: Impact) -> str:
    """Return how much of squares has no signal, empty where none is known to have lost it."""
    return _ranged(impact.lost_m2, lambda m2: f"{_rounded(m2, 100)} m²")


def people(impact: Impact) -> str:
    """Return how many residents have no other free internet near, empty where hardly any."""
    if impact.people is None or impact.people.high < FEWEST_PEOPLE:
        return ""
    return _ranged(impact.people, lambda count: f"{_rounded(count, _STEP)}")


def costs(impact: Impact) -> list[tuple[str, Service]]:
    """Return the person-hours that each service lost so far; one that lost none is left out."""
    told = ((each.person_h, each.service) for each in impact.costs or ())
    return [(f"ongeveer {_hours(lost)}", service) for lost, service in told if lost > 0]


def away(spot: NextSpot) -> str:
    """Return how far it is to a spot, and how that was measured."""
    way = "wandelen" if spot.method is Method.NETWORK else "in rechte lijn"
    return f"ongeveer {_metres(spot.distance_m)} {way}"


def _ranged(band: Band | None, written: Callable[[float], str]) -> str:
    """Return one number where both ends read the same, else both; nothing where nothing is lost."""
    if band is None or band.high <= 0:
        return ""
    low, high = written(band.low) if band.low > 0 else "0", written(band.high)
    if low == high:
        return f"ongeveer {high}"
    number, _, unit = low.partition(" ")
    return f"{number if high.partition(' ')[2] == unit else low} tot {high}"


def _hours(person_h: float) -> str:
    return f"{_rounded(person_h, 1 if person_h < _STEP else _STEP)} uur"


def _metres(metres: float) -> str:
    if metres < _KILOMETRE_M:
        return f"{_rounded(metres, _STEP)} m"
    return f"{metres / _KILOMETRE_M:.1f} km".replace(".", ",")


def _rounded(number: float, step: int) -> int:
    return max(step, round(number / step) * step)

"""Sightings of one source: several answers about one device become one; each device counts once."""

from collections.abc import Iterable

from collectors.observation import Outcome, Sighting


def verdict(answers: Iterable[bool]) -> Outcome | None:
    """
    Return what several looks at one device say together.

    All of them work: OK; none: TIMEOUT; some: CONTENT, it works badly; no look: None.
    """
    seen = set(answers)
    if not seen:
        return None
    if len(seen) > 1:
        return Outcome.CONTENT
    return Outcome.OK if seen.pop() else Outcome.TIMEOUT


def distinct(sightings: Iterable[Sighting]) -> tuple[Sighting, ...]:
    """Return the first sighting of every device, by MAC where there is one, else by name."""
    found: dict[str, Sighting] = {}
    for each in sightings:
        found.setdefault(each.mac or each.name, each)
    return tuple(found.values())

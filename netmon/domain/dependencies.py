"""What depends on what."""

from collections.abc import Callable, Iterable


def ancestors(device_id: str, parents_of: Callable[[str], Iterable[str]]) -> frozenset[str]:
    """Return all devices that one depends on, near and far; it is among them in a loop."""
    found: set[str] = set()
    waiting = list(parents_of(device_id))
    while waiting:
        parent = waiting.pop()
        if parent not in found:
            found.add(parent)
            waiting.extend(parents_of(parent))
    return frozenset(found)

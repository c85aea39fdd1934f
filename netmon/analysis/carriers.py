"""What carried each device at each time: parents change places, and the past was not as today."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from netmon.domain.dependencies import ancestors
from netmon.domain.incidents import Lost
from netmon.domain.intervals import Interval

Dated = tuple[int, int, tuple[str, ...]]
"""`(start_s, end_s, parents)`."""


class Carriers:
    """
    Answers from the dated parents of all devices.

    Parameters
    ----------
    parents
        Of each device that ever had any, sorted by time.
    """

    def __init__(self, parents: Mapping[str, Sequence[Dated]]) -> None:
        self._parents = parents
        self._starts = {key: [each[0] for each in dated] for key, dated in parents.items()}
        edges = {edge for dated in parents.values() for each in dated for edge in each[:2]}
        self._edges = sorted(edges)
        self._known: dict[tuple[str, int], frozenset[str]] = {}

    def at(self, device_id: str, at_s: int) -> frozenset[str]:
        """Return all devices that one depended on at an instant, near and far."""
        key = (device_id, bisect_right(self._edges, at_s))
        if key not in self._known:
            self._known[key] = ancestors(device_id, lambda each: self._parents_at(each, at_s))
        return self._known[key]

    def lost(self, device_id: str, times: Sequence[Interval]) -> list[Lost]:
        """Return the times at which a device was out of reach, cut where its carriers changed."""
        return [
            Lost(start_s, end_s, self.at(device_id, start_s))
            for time in times
            for start_s, end_s in self._cut(time)
        ]

    def _cut(self, time: Interval) -> list[Interval]:
        first, last = (bisect_right(self._edges, at_s) for at_s in (time[0], time[1] - 1))
        inner = self._edges[first:last]
        return list(zip([time[0], *inner], [*inner, time[1]], strict=True))

    def _parents_at(self, device_id: str, at_s: int) -> tuple[str, ...]:
        index = bisect_right(self._starts.get(device_id, []), at_s) - 1
        if index < 0:
            return ()
        _, end_s, parents = self._parents[device_id][index]
        return parents if at_s < end_s else ()

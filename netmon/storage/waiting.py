"""Points that are in memory only, in the blocks in which they are going to be written."""

from collections.abc import Iterable

from netmon.domain.series import Point, Series
from netmon.domain.week import DAY_S
from netmon.storage.points import BLOCK_S, Points
from netmon.storage.raw import Blocks


class Waiting:
    """
    Holds points until they are written.

    Parameters
    ----------
    most
        How many it holds at most; the oldest blocks are dropped first.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._blocks: dict[int, dict[Series, Points]] = {}
        self._count = 0
        self.lost = 0
        """Points that were dropped since it began."""

    def __len__(self) -> int:
        """Return how many points wait."""
        return self._count

    def add(self, points: Iterable[tuple[Series, Point]]) -> None:
        """Hold points; one that is there already is replaced."""
        for series, (at_s, value) in points:
            into_s = at_s % BLOCK_S
            block = self._blocks.setdefault(at_s - into_s, {}).setdefault(series, {})
            self._count += into_s not in block
            block[into_s] = value
        while self._count > self._most:
            self.lost += self._drop(min(self._blocks))

    def days(self) -> dict[int, Blocks]:
        """Return what waits, by the UTC day that it is of, the oldest first."""
        found: dict[int, dict[int, dict[Series, Points]]] = {}
        for start_s in sorted(self._blocks):
            found.setdefault(start_s - start_s % DAY_S, {})[start_s] = self._blocks[start_s]
        return dict(found)

    def forget(self, blocks: Blocks) -> None:
        """Hold those no longer: they are written."""
        for start_s in blocks:
            self._drop(start_s)

    def _drop(self, start_s: int) -> int:
        count = sum(map(len, self._blocks.pop(start_s).values()))
        self._count -= count
        return count

"""Ways from offers to people, each measured once: a what-if asks for nearly the same ones again."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geodata.walks import Walks, Ways

_MOST = 20_000
"""Of offers and limits whose ways are kept: some for each candidate of a what-if."""

At = tuple[float, float]


class KeptWays:
    """
    Measures ways and keeps them; safe from any thread.

    Parameters
    ----------
    walks
        Measures them.
    points
        How many points they lead to.
    """

    def __init__(self, walks: Walks, points: int) -> None:
        self._walks, self._points = walks, points
        self._known: dict[tuple[At, float], _Row] = {}
        self._lock = Lock()

    def of(self, offers: Sequence[At | None], limit_m: float) -> Ways:
        """Return the ways (offers, points) up to a limit; there is none to what is nowhere."""
        with self._lock:
            self._measure([each for each in dict.fromkeys(offers) if each is not None], limit_m)
            rows = [_NOWHERE if at is None else self._known[at, limit_m] for at in offers]
        return _joined(rows, self._points)

    def _measure(self, wanted: Sequence[At], limit_m: float) -> None:
        missing = [at for at in wanted if (at, limit_m) not in self._known]
        if len(self._known) + len(missing) > _MOST:
            self._known.clear()
            missing = list(wanted)
        if missing:
            found = self._walks.ways(np.array(missing), limit_m)
            self._known |= {(at, limit_m): _row(found, row) for row, at in enumerate(missing)}


@dataclass(frozen=True, slots=True)
class _Row:
    """The ways from one offer: which points, how far, and whether along streets."""

    points: NDArray[np.int64]
    metres: NDArray[np.float64]
    by_network: NDArray[np.float64]


_NOWHERE = _Row(np.zeros(0, np.int64), np.zeros(0), np.zeros(0))


def _row(ways: Ways, row: int) -> _Row:
    held = slice(*ways.metres.indptr[row : row + 2])
    return _Row(ways.metres.indices[held], ways.metres.data[held], ways.by_network.data[held])


def _joined(rows: Sequence[_Row], count: int) -> Ways:
    ends = np.cumsum([0, *(len(each.points) for each in rows)])
    columns = np.concatenate([np.zeros(0, np.int64), *(each.points for each in rows)])
    metres, by_network = (
        csr_array((np.concatenate([np.zeros(0), *data]), columns, ends), shape=(len(rows), count))
        for data in ([each.metres for each in rows], [each.by_network for each in rows])
    )
    return Ways(metres, by_network)

"""Who is due when, on the monotonic clock: a phase of its own for everyone."""

import heapq
from collections.abc import Iterable
from hashlib import blake2b

Key = tuple[str, str]


def phase(key: Key) -> float:
    """Return where in the interval a (device, check) has its turn, 0 ≤ phase < 1, for ever."""
    digest = blake2b("\0".join(key).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


class Rota:
    """
    A queue of turns.

    Every key is either waiting for its turn or away on it; taking one twice is impossible,
    so a device that answers slowly is never asked again meanwhile. All instants are
    seconds on one monotonic clock, handed in.
    """

    def __init__(self, interval_s: float) -> None:
        self._interval_s = interval_s
        self._due: dict[Key, float] = {}
        self._away: dict[Key, float] = {}
        self._queue: list[tuple[float, Key]] = []

    def replace(self, keys: Iterable[Key], now_s: float) -> None:
        """Serve exactly these keys; those that were served already keep their turns."""
        wanted = set(keys)
        for served in (self._due, self._away):
            for gone in served.keys() - wanted:
                del served[gone]
        for key in wanted - self._due.keys() - self._away.keys():
            self._plan(key, now_s + phase(key) * self._interval_s)

    def take_due(self, now_s: float) -> list[Key]:
        """Return the keys whose turn it is, and count them as away."""
        taken = []
        while self._queue and self._queue[0][0] <= now_s:
            due_s, key = heapq.heappop(self._queue)
            if self._due.get(key) == due_s:
                self._away[key] = self._due.pop(key)
                taken.append(key)
        return taken

    def put_back(self, key: Key, wait_s: float, now_s: float) -> None:
        """
        Plan the next turn of a key that came back.

        A full interval counts from the turn that was planned, so phases never drift; a
        retry counts from now. A turn that was missed is not made up for.
        """
        planned_s = self._away.pop(key, None)
        if planned_s is None:
            return
        if wait_s >= self._interval_s:
            due_s = planned_s + wait_s
            self._plan(key, due_s if due_s > now_s else now_s + wait_s)
        else:
            self._plan(key, now_s + wait_s)

    def hurry(self, key: Key, now_s: float) -> None:
        """Bring a key's turn forward to now, unless it is away on it."""
        if key in self._due:
            self._plan(key, min(now_s, self._due[key]))

    def lateness_s(self, now_s: float) -> float:
        """Return by how much the most overdue key waits for its turn."""
        return max(0.0, now_s - self._queue[0][0]) if self._queue else 0.0

    def _plan(self, key: Key, due_s: float) -> None:
        self._due[key] = due_s
        heapq.heappush(self._queue, (due_s, key))

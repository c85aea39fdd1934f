"""Who is due when, on the monotonic clock: a phase of its own for everyone."""

import heapq
import math
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

Key = tuple[str, str]


@lru_cache(maxsize=65_536)
def phase(key: Key) -> float:
    """Return where in the interval a (device, check) has its turn, 0 ≤ phase < 1, for ever."""
    digest = blake2b("\0".join(key).encode(), digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 11) / 2**53


class Rota:
    """
    A queue of turns.

    Every key is either waiting for its turn or away on it; taking one twice is impossible,
    so a device that answers slowly is never asked again meanwhile. All instants are
    seconds on one monotonic clock, handed in.
    """

    def __init__(self, interval_s: float) -> None:
        self._interval_s = interval_s
        self._served: set[Key] = set()
        self._due: dict[Key, float] = {}
        self._away: set[Key] = set()
        self._again: set[Key] = set()
        self._queue: list[tuple[float, Key]] = []

    def replace(self, keys: Iterable[Key], now_s: float) -> None:
        """Serve exactly these keys; those that were served already keep their turns."""
        self._served = set(keys)
        for gone in self._due.keys() - self._served:
            del self._due[gone]
        # Who is away stays so until it comes back, even if it was gone for a moment.
        for key in self._served - self._due.keys() - self._away:
            self._plan(key, self._turn_after(key, now_s))

    def take_due(self, now_s: float) -> list[Key]:
        """Return the keys whose turn it is, and count them as away."""
        taken = []
        while self._queue and self._queue[0][0] <= now_s:
            due_s, key = heapq.heappop(self._queue)
            if self._due.get(key) == due_s:
                del self._due[key]
                self._away.add(key)
                taken.append(key)
        return taken

    def put_back(self, key: Key, wait_s: float, now_s: float) -> None:
        """
        Plan the next turn of a key that came back.

        A retry counts from now. A wait of an interval or more ends at the key's own phase,
        at most `wait_s` from now: nothing drifts, those that a failure brought together
        spread again, and a turn that was missed is not made up for. Who was hurried meanwhile
        has its next turn now.
        """
        if key not in self._away:
            return
        is_hurried = key in self._again
        self._away.discard(key)
        self._again.discard(key)
        if key not in self._served:
            return
        if is_hurried:
            self._plan(key, now_s)
        elif wait_s >= self._interval_s:
            self._plan(key, self._turn_after(key, now_s + wait_s - self._interval_s))
        else:
            self._plan(key, now_s + wait_s)

    def hurry(self, key: Key, now_s: float) -> None:
        """Bring a key's turn forward to now, or to when it is back from the one it is away on."""
        if key in self._away:
            # What it is hurried for (a trap, a parent that is back) came after it was asked.
            self._again.add(key)
        elif key in self._due and now_s < self._due[key]:
            self._plan(key, now_s)

    def lateness_s(self, now_s: float) -> float:
        """Return by how much the most overdue key waits for its turn."""
        while self._queue and self._due.get(self._queue[0][1]) != self._queue[0][0]:
            heapq.heappop(self._queue)  # planned anew since, or served no more
        return max(0.0, now_s - self._queue[0][0]) if self._queue else 0.0

    def _plan(self, key: Key, due_s: float) -> None:
        self._due[key] = due_s
        heapq.heappush(self._queue, (due_s, key))

    def _turn_after(self, key: Key, at_s: float) -> float:
        """Return the first turn of a key's own phase that is later than an instant."""
        share = phase(key)
        turn_s = (math.floor(at_s / self._interval_s - share) + share) * self._interval_s
        while turn_s <= at_s:
            turn_s += self._interval_s
        return turn_s

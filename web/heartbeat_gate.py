"""How much a receiver takes: a bucket of permissions that fills again with time."""

import threading
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many at once, and then one every `every_s` seconds."""

    burst: int
    every_s: float


PER_DEVICE = Allowance(burst=60, every_s=10.0)
"""Genuine letters of one device: a full buffer at once, and six times what is due."""

STRANGERS = Allowance(burst=100, every_s=0.05)
"""Letters of nobody we know, all together: 20 a second."""


class Bucket:
    """Takes one permission at a time; used under a lock of its owner."""

    def __init__(self, allowance: Allowance, now_s: float) -> None:
        self._allowance = allowance
        self._left, self._at_s = float(allowance.burst), now_s

    def wait_s(self, now_s: float) -> int:
        """Return 0 where there is a permission left, or the whole seconds until there is one."""
        passed_s = max(0.0, now_s - self._at_s)  # a clock that is set back fills nothing
        self._at_s = now_s
        filled = self._left + passed_s / self._allowance.every_s
        self._left = min(float(self._allowance.burst), filled)
        return 0 if self._left >= 1 else ceil((1 - self._left) * self._allowance.every_s)

    def take(self) -> None:
        """Use one permission."""
        self._left -= 1


class Gate:
    """
    The allowances of one receiver, safe to ask from any thread.

    Only what is genuine counts against a device: whoever forges its letters cannot use up
    what it may send. All that is not genuine counts together.
    """

    def __init__(
        self, per_device: Allowance = PER_DEVICE, strangers: Allowance = STRANGERS
    ) -> None:
        self._per_device, self._allowed_strangers = per_device, strangers
        self._lock = threading.Lock()
        self._devices: dict[str, Bucket] = {}
        self._strangers = Bucket(strangers, 0.0)

    def strangers_wait_s(self, now_s: float) -> int:
        """Return 0 where a stranger may still be looked at, else the seconds to wait."""
        with self._lock:
            return self._strangers.wait_s(now_s)

    def count_stranger(self, now_s: float) -> int:
        """Count one that was not genuine; return the seconds to wait where it is one too many."""
        with self._lock:
            if wait_s := self._strangers.wait_s(now_s):
                return wait_s
            self._strangers.take()
            return 0

    def count_device(self, device_id: str, now_s: float) -> int:
        """Count a genuine one; return the seconds to wait where it is one too many."""
        with self._lock:
            bucket = self._devices.setdefault(device_id, Bucket(self._per_device, now_s))
            if wait_s := bucket.wait_s(now_s):
                return wait_s
            bucket.take()
            return 0

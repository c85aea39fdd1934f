"""How much of a flood is let in: token buckets, one for all senders and one for each."""

from collections import OrderedDict
from dataclasses import dataclass

MAX_SENDERS = 1024
"""Senders whose own bucket is remembered; source addresses are forged at will."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a second in the long run, and `burst` at once."""

    per_s: float
    burst: int


class Bucket:
    """Tokens that are used up by what is let in and come back with time; full at first."""

    __slots__ = ("_at_s", "_rate", "_tokens")

    def __init__(self, rate: Rate, now_s: float) -> None:
        self._rate, self._tokens, self._at_s = rate, float(rate.burst), now_s

    def take(self, now_s: float) -> bool:
        """Take a token; False where there is none. `now_s` is an instant of one clock."""
        earned = max(now_s - self._at_s, 0.0) * self._rate.per_s
        self._tokens = min(self._tokens + earned, float(self._rate.burst))
        self._at_s = max(now_s, self._at_s)
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Allowance:
    """
    What may pass, of each sender and of all together.

    One that floods uses up its own bucket first, so the others are still heard. Who has not
    been heard of longest is forgotten where there are more than `MAX_SENDERS`.
    """

    def __init__(self, each: Rate, together: Rate, now_s: float) -> None:
        self._each = each
        self._together = Bucket(together, now_s)
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def admits(self, sender: str, now_s: float) -> bool:
        """Say whether one more of this sender may pass now, and count it if so."""
        bucket = self._buckets.get(sender)
        if bucket is None:
            bucket = self._buckets[sender] = Bucket(self._each, now_s)
            if len(self._buckets) > MAX_SENDERS:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(sender)
        return bucket.take(now_s) and self._together.take(now_s)

    def __len__(self) -> int:
        return len(self._buckets)

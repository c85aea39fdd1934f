"""
How much of what was promised was delivered, in whole seconds that add up exactly.

availability = usable / (usable + failed + unreachable), over service windows only, where
usable = up + degraded but usable. Unknown and maintenance stand beside it; a device of
which nothing was observed has no availability, not 0 and not 1.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

from netmon.domain.intervals import Span, Windows
from netmon.domain.model import Status

_NOTHING = dict.fromkeys(Status, 0)


@dataclass(frozen=True, slots=True)
class Shares:
    """
    One interval divided among the seven states; the seven add up to `window_s`.

    `usable_s` is the part of `up_s + degraded_s` in which the service could be used.
    `availability` is a ratio, None where nothing that counts was observed.
    """

    window_s: int
    up_s: int
    degraded_s: int
    down_s: int
    unreachable_s: int
    unknown_s: int
    maintenance_s: int
    expected_off_s: int
    usable_s: int

    @property
    def failed_s(self) -> int:
        """Return the time in which it failed: down, or degraded and of no use."""
        return self.up_s + self.degraded_s + self.down_s - self.usable_s

    @property
    def availability(self) -> float | None:
        """Return the usable ratio of all time that counts."""
        counted = self.up_s + self.degraded_s + self.down_s + self.unreachable_s
        return self.usable_s / counted if counted else None


def shares(spans: Sequence[Span], windows: Windows | None, start_s: int, end_s: int) -> Shares:
    """
    Divide `[start_s, end_s)` among the states.

    Parameters
    ----------
    spans
        Sorted, disjoint, with parents and maintenance laid over them but *not* the windows.
    windows
        When the device should be on; None where that is not known: nothing was promised
        that could be kept or broken, so all of the time is unknown.

    Raises
    ------
    ValueError
        If the interval ends before it starts.
    """
    if end_s < start_s:
        raise ValueError(f"interval: expected an end after {start_s}, found {end_s}")
    window_s = end_s - start_s
    if windows is None:
        return _of(window_s, _NOTHING, window_s, 0)
    seconds, usable_s = _NOTHING.copy(), 0
    reached_s, before_s = start_s, windows.seconds_before(start_s)
    for first_s, last_s, status, is_usable, _ in spans:
        begin = max(start_s, first_s)
        finish = min(end_s, last_s)
        if begin < finish:
            # Spans mostly touch: what was counted to the end of one begins the next.
            if begin != reached_s:
                before_s = windows.seconds_before(begin)
            reached_s, after_s = finish, windows.seconds_before(finish)
            seconds[status] += after_s - before_s
            usable_s += (after_s - before_s) * is_usable
            before_s = after_s
    promised_s = windows.seconds_in(start_s, end_s)
    return _of(window_s, seconds, promised_s, usable_s)


def total(parts: Iterable[Shares]) -> Shares:
    """Return what several intervals that share no second come to."""
    return Shares(*map(sum, zip(*map(_SECONDS, parts), strict=True)))


_SECONDS = attrgetter(*(each.name for each in fields(Shares)))


def _of(window_s: int, seconds: dict[Status, int], promised_s: int, usable_s: int) -> Shares:
    unobserved_s = promised_s - sum(seconds.values())
    return Shares(
        window_s=window_s,
        up_s=seconds[Status.UP],
        degraded_s=seconds[Status.DEGRADED],
        down_s=seconds[Status.DOWN],
        unreachable_s=seconds[Status.UNREACHABLE],
        unknown_s=seconds[Status.UNKNOWN] + unobserved_s,
        maintenance_s=seconds[Status.MAINTENANCE],
        expected_off_s=window_s - promised_s,
        usable_s=usable_s,
    )

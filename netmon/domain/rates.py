"""From two readings of a counter to a rate: never negative, and unknown rather than wrong."""

from typing import NamedTuple

LONGEST_GAP_S = 900
"""Readings further apart give no rate: it would be drawn where it was not."""

_WRAPS_AT = (2**32, 2**64)


class Reading(NamedTuple):
    """
    A counter at one second since the epoch.

    `uptime_s` is how long the agent that counts has run, None where it does not say.
    """

    at_s: int
    octets: float
    uptime_s: float | None = None


def rate_per_s(before: Reading, after: Reading) -> float | None:
    """
    Return how fast a counter grew between two readings, None where that is not known.

    A count that fell is a wrap only where the agent is known to have run all the while: RFC 2578
    (7.1.6, 7.1.10) lets a counter start anywhere after a restart. It is read as one turn of 32 or
    64 bits, and only where that gives less than half a turn; otherwise somebody cleared it.
    """
    elapsed_s = after.at_s - before.at_s
    if not 0 < elapsed_s <= LONGEST_GAP_S or before.octets < 0 or after.octets < 0:
        return None
    if _has_restarted(before, after):
        return None
    grown = after.octets - before.octets
    if grown < 0:
        if before.uptime_s is None or after.uptime_s is None:
            return None
        turn = next((each for each in _WRAPS_AT if before.octets < each), None)
        if turn is None or grown + turn >= turn / 2:
            return None
        grown += turn
    return grown / elapsed_s


def _has_restarted(before: Reading, after: Reading) -> bool:
    if before.uptime_s is None or after.uptime_s is None:
        return False
    return after.uptime_s < before.uptime_s

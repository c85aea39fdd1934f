"""What of a look becomes a series of points, and what never does."""

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

LONGEST_LABEL = 100
"""In characters; labels are names that devices give their radios, networks and interfaces."""

LARGEST = 3.4e38
"""What a number of four bytes can hold (IEEE 754, binary32)."""

ABOUT_PEOPLE = frozenset({"in_use", "users", "processes"})
"""Would tell when somebody sat at a computer: of these, only the newest value is kept."""

ONLY_COUNT = frozenset(
    {
        "uptime_s",
        "host_uptime_s",
        "engine_boots",
        "os_age_s",
        "os_support_ends_s",
        "certificate_expires_s",
    }
)
"""Clocks: their next value is known from the last one."""

COUNTERS = {"rx_bytes": "rx_bytes_per_s", "tx_bytes": "tx_bytes_per_s"}
"""A counter → the rate that is kept instead of it."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


class Series(NamedTuple):
    """Whose numbers, of what, and (where there are several) of which radio, disk, interface."""

    device_id: str
    measurement: str
    label: str = ""


class Point(NamedTuple):
    """One number at one second since the epoch (UTC)."""

    at_s: int
    value: float


class Trace(NamedTuple):
    """The points of one series, ascending: seconds since the epoch (UTC), and as many numbers."""

    at_s: Sequence[int]
    values: Sequence[float]

    def within(self, start_s: int, end_s: int) -> "Trace":
        """Return the points in `[start_s, end_s)`."""
        part = slice(bisect_left(self.at_s, start_s), bisect_left(self.at_s, end_s))
        return Trace(self.at_s[part], self.values[part])

    def followed_by(self, later: "Trace") -> "Trace":
        """Return these points and those after them."""
        return Trace([*self.at_s, *later.at_s], [*self.values, *later.values])


def is_kept(measurement: str, value: float, left_out: frozenset[str] = frozenset()) -> bool:
    """Tell whether a number may become a point; `left_out` are names that a city does not want."""
    return (
        measurement not in ABOUT_PEOPLE
        and measurement not in ONLY_COUNT
        and measurement not in left_out
        and _NAME.fullmatch(measurement) is not None
        and math.isfinite(value)
        and abs(value) < LARGEST
    )


def fit_label(label: str) -> str:
    """Return a label without control and format characters, of bounded length."""
    if label.isascii() and label.isprintable():
        return label[:LONGEST_LABEL]
    return "".join(letter for letter in label if letter.isprintable())[:LONGEST_LABEL]

"""How points and their summaries lie in a file: small, and equal bytes for equal numbers."""

import struct
import zlib
from collections.abc import Iterable, Mapping

from netmon.domain.summaries import Summary
from netmon.domain.week import DAY_S, HOUR_S

BLOCK_S = 1200
"""Twenty minutes: a block of six points a minute still fits into a page."""

_POINT_BYTES, _SUMMARY_BYTES = 6, 17
_HOURS = DAY_S // HOUR_S

Points = dict[int, float]
"""Seconds after the start of a block → number."""

Slots = dict[int, Summary]
"""Hour of a day, or day of a month less one → summary."""

Worked = tuple[tuple[int, ...], tuple[int, ...]]
"""Usable and judged seconds of the 24 hours of a day."""


def packed(points: Mapping[int, float]) -> bytes:
    """Return the points of a block as bytes; numbers are rounded to binary32."""
    at_s = sorted(points)
    return struct.pack(f"<{len(at_s)}H{len(at_s)}f", *at_s, *map(points.__getitem__, at_s))


def unpacked(block: bytes) -> Points:
    """Return the points of a block, ascending."""
    return dict(zip(*columns(block), strict=True))


def columns(block: bytes) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Return the seconds of a block's points, ascending, and their numbers."""
    count = len(block) // _POINT_BYTES
    numbers = struct.unpack(f"<{count}H{count}f", block)
    return numbers[:count], numbers[count:]


def packed_slots(slots: Mapping[int, Summary]) -> bytes:
    """Return summaries as compressed bytes, like beside like."""
    which = sorted(slots)
    parts: Iterable[tuple[float, ...]] = zip(*(slots[each] for each in which), strict=True)
    counts, lows, highs, means = parts
    form = f"<{len(which)}B{len(which)}I{3 * len(which)}f"
    return zlib.compress(struct.pack(form, *which, *counts, *lows, *highs, *means), 6)


def unpacked_slots(block: bytes) -> Slots:
    """Return summaries; of a block that is spoilt none, for they can be worked out again."""
    try:
        plain = zlib.decompress(block)
        count, rest = divmod(len(plain), _SUMMARY_BYTES)
        numbers = struct.unpack(f"<{count}B{count}I{3 * count}f", plain[: len(plain) - rest])
    except (zlib.error, struct.error):
        return {}
    parts = (numbers[n * count : (n + 1) * count] for n in range(5))
    return {which: Summary(*rest) for which, *rest in zip(*parts, strict=True)}


def packed_worked(worked: Worked) -> bytes:
    """Return how a device worked on a day as compressed bytes."""
    return zlib.compress(struct.pack(f"<{2 * _HOURS}H", *worked[0], *worked[1]), 6)


def unpacked_worked(block: bytes) -> Worked:
    """Return the usable and the judged seconds of each hour of a day; zeros where it is spoilt."""
    try:
        numbers = struct.unpack(f"<{2 * _HOURS}H", zlib.decompress(block))
    except (zlib.error, struct.error):
        numbers = (0,) * (2 * _HOURS)
    return numbers[:_HOURS], numbers[_HOURS:]

"""Statistics of UniFi devices: a request each, so only some of them in one look, in turn."""

import time
from dataclasses import replace
from datetime import datetime

from collectors.observation import Measurement
from collectors.sources import fields
from collectors.sources.api import Api
from collectors.web.failure import WebFailure

_TURN_S = 60


def in_turn(paths: list[str], count: int, now: datetime) -> list[str]:
    """Return `count` of the paths; the window moves on by as many every minute, and wraps."""
    if len(paths) <= count:
        return paths
    begin = int(now.timestamp()) // _TURN_S * count % len(paths)
    return (paths + paths)[begin : begin + count]


def read_statistics(api: Api, paths: list[str]) -> dict[str, tuple[Measurement, ...]]:
    """
    Return the latest statistics by path, within half of the time that is left.

    A device that gives none is left out: its state was told already.
    """
    now = time.monotonic()
    hurried = replace(api, until=now + max(0.0, api.until - now) / 2)
    found = {}
    for path in paths:
        if time.monotonic() >= hurried.until:
            break
        try:
            found[path] = _statistics(hurried, path)
        except WebFailure:
            continue
    return found


def _statistics(api: Api, path: str) -> tuple[Measurement, ...]:
    row = fields.record(api.get(f"{path}/statistics/latest"), "statistics")
    return (
        *fields.amount("uptime_s", row.get("uptimeSec")),
        *fields.share("cpu_ratio", row.get("cpuUtilizationPct")),
        *fields.share("memory_ratio", row.get("memoryUtilizationPct")),
    )

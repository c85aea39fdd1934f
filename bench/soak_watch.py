"""What a running process takes, sample by sample, and whether that grows."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from netmon.storage.connection import log_of

BLOCKS = 10
"""Neighbouring samples are alike: a trend is drawn through the means of so many blocks."""

_T_95 = 2.306
"""Student's t for 95 % and eight degrees of freedom: ten blocks less two parameters."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at a process and its stores; `pss_bytes` shares out what it shares with others."""

    at_s: float
    pss_bytes: int
    threads: int
    descriptors: int
    log_bytes: int


@dataclass(frozen=True, slots=True)
class Growth:
    """By how much something grew over all samples: a ratio, and the half-width of its 95 %."""

    ratio: float
    margin: float


def sample(pid: int, at_s: float, stores: Path) -> Sample:
    """Read proc(5), and the longest log of the stores in a folder."""
    process = Path(f"/proc/{pid}")
    logs = [log_of(path) for path in stores.rglob("*.db")]
    return Sample(
        at_s,
        1024 * _field(process / "smaps_rollup", "Pss"),
        _field(process / "status", "Threads"),
        len(list((process / "fd").iterdir())),
        max((log.stat().st_size for log in logs if log.exists()), default=0),
    )


def growth(samples: Sequence[Sample]) -> Growth:
    """
    Return by how much memory grew from the first sample to the last, by least squares.

    Through the means of ten blocks, of which each stands for its middle.
    """
    size = len(samples) // BLOCKS
    blocks = [samples[at : at + size] for at in range(0, size * BLOCKS, size)] if size else []
    if len(blocks) < BLOCKS:
        return Growth(math.nan, math.nan)
    times = [statistics.fmean(each.at_s for each in block) for block in blocks]
    means = [statistics.fmean(each.pss_bytes for each in block) for block in blocks]
    slope, start = statistics.linear_regression(times, means)
    spread = sum((at - statistics.fmean(times)) ** 2 for at in times)
    residuals = [mean - (start + slope * at) for at, mean in zip(times, means, strict=True)]
    error = math.sqrt(sum(each**2 for each in residuals) / (BLOCKS - 2) / spread)
    length_s, began = samples[-1].at_s - samples[0].at_s, start + slope * samples[0].at_s
    return Growth(slope * length_s / began, _T_95 * error * length_s / began)


def _field(path: Path, name: str) -> int:
    for line in path.read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise ValueError(f"{path}: expected {name}, found none")

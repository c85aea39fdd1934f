"""
How much the record grows in a year: 200 devices, each pinged every ten seconds and polled once.

`python -m bench.growth` writes a year of edges of two checks in the order in which they happen,
a day at a time, and then half an hour of looks as a running netmon does, one commit a second.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from pathlib import Path

from bench.table import Figure, are_met, tell
from bench.year import city_of, months, year_of
from collectors.observation import Measurement, Observation, Outcome
from netmon.domain.intervals import epoch_s, instant
from netmon.domain.state import Run, Transition
from netmon.domain.verdict import UP
from netmon.storage.connection import log_of
from netmon.storage.record import RecordWriter, Step

DAY_S = 86_400
LOOKS_S = 1800
PING_EVERY_S, POLL_EVERY_S = 10, 60
PINGS_LATER = timedelta(seconds=7)
"""How much later the second check of a device sees what the first has seen."""

RUNS_AIM_MB, LOOKS_AIM_MB = 150.0, 0.5
POLLED = tuple(Measurement(f"radio_{n}_utilization_ratio", 0.123456, f"ap-{n}") for n in range(24))
PINGED = (Measurement("rtt_s", 0.001234), Measurement("loss_ratio", 0.0))


def main() -> int:
    """Measure, tell, and return 1 where an aim was missed."""
    parser = argparse.ArgumentParser(prog="bench.growth", description=__doc__)
    parser.add_argument("--devices", type=int, default=200)
    parser.add_argument("--json", action="store_true", dest="as_json")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="netmon-bench-") as name:
        figures = list(_grown(Path(name), given.devices))
    notes = [
        "Six pings and one poll a minute add no row where nothing changes: rows are for edges.",
        "The aim is for the record and the rollups of measurements together.",
    ]
    tell("Growth", figures, notes, as_json=given.as_json)
    return 0 if are_met(figures) else 1


def _grown(folder: Path, devices: int) -> Iterator[Figure]:
    path = folder / "record.db"
    inventory = city_of(devices)
    ids = [device.id for device in inventory.devices]
    with closing(RecordWriter(folder, origin="demo")) as record:
        edges = sorted(_edges(year_of(inventory)), key=lambda edge: edge.at)
        for _, day in groupby(edges, lambda edge: epoch_s(edge.at) // DAY_S):
            record.write([_step(edge) for edge in day])
        year_mb = _folded_mb(record, path)
        _look(record, ids, 0)
        began_mb = _folded_mb(record, path)
        log_mb = 0.0
        for second in range(1, LOOKS_S):
            _look(record, ids, second)
            log_mb = max(log_mb, log_of(path).stat().st_size / 1e6)
        looks_mb = _folded_mb(record, path) - began_mb
    yield Figure("edges in the year, both checks", len(edges), "")
    yield Figure("the record after the year", year_mb, "MB", RUNS_AIM_MB)
    yield Figure("bytes an edge", 1e6 * year_mb / len(edges), "B")
    yield Figure("the newest looks, values included", began_mb - year_mb, "MB")
    yield Figure("more after half an hour of looks", looks_mb, "MB", LOOKS_AIM_MB)
    yield Figure("longest log meanwhile", log_mb, "MB")


def _edges(steps: Sequence[Step]) -> Iterator[Transition]:
    """Yield the edges of two checks, which see the same some seconds apart."""
    for edge in (edge for step in steps for edge in step.transitions):
        yield edge
        yield replace(edge, check="icmp", at=edge.at + PINGS_LATER)


def _step(edge: Transition) -> Step:
    seen = Observation(edge.device_id, edge.check, edge.at, Outcome.OK)
    return Step(seen, Run(edge.device_id, edge.check, edge.after, edge.at, edge.at), (edge,))


def _look(record: RecordWriter, ids: Sequence[str], second: int) -> None:
    """Look at those whose turn it is in that second after the year; the first time, at all."""
    at = instant(months()[-1][1] + second)
    steps = [
        Step(
            Observation(device_id, check, at, Outcome.OK, values), Run(device_id, check, UP, at, at)
        )
        for check, every_s, values in (
            ("icmp", PING_EVERY_S, PINGED),
            ("snmp", POLL_EVERY_S, POLLED),
        )
        for number, device_id in enumerate(ids)
        if second == 0 or (number + second) % every_s == 0
    ]
    record.write(steps)


def _folded_mb(record: RecordWriter, path: Path) -> float:
    """Return what the store takes once its log is folded in."""
    record.tidy(epoch_s(instant(months()[0][0])))
    return path.stat().st_size / 1e6


if __name__ == "__main__":
    sys.exit(main())

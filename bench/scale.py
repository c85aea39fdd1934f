"""
Whether 5,000 devices a minute fit on one core, and cost no more each than 500 do.

`python -m bench.scale` polls 5,000 simulated devices every minute and 500 every six seconds,
which is the same number of polls, each time with netmon bound to one core.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from bench import crowd
from bench.poller import Report
from bench.table import Figure, are_met, tell

CORE = 0
INTERVAL_S = 60.0
MEMORY_MB, RATIO, SHARE_PERCENT = 400, 1.3, 100


def main() -> int:
    """Measure and tell; returns 1 where an aim is missed or a device was not read."""
    parser = argparse.ArgumentParser(prog="bench.scale", description=__doc__)
    parser.add_argument("--devices", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--json", action="store_true", dest="as_json")
    given = parser.parse_args()
    few = given.devices // 10
    with tempfile.TemporaryDirectory(prefix="netmon-bench-") as name:
        small = _polled(Path(name) / "few", few, INTERVAL_S / 10, given.seconds)
        large = _polled(Path(name) / "many", given.devices, INTERVAL_S, given.seconds)
    cost_s = [1000 * report.cpu_s / report.polls for report in (small, large)]
    figures = [
        Figure(f"{few} devices, per 1,000 polls", cost_s[0], "s"),
        Figure(f"{given.devices} devices, per 1,000 polls", cost_s[1], "s"),
        Figure("cost of a poll, many / few", cost_s[1] / cost_s[0], "", RATIO),
        Figure("share of one core", 100 * large.cpu_s / large.seconds, "%", SHARE_PERCENT),
        Figure("polls a minute", 60 * large.polls / large.seconds, ""),
        Figure("peak resident memory", large.peak_rss_bytes / 1e6, "MB", MEMORY_MB),
    ]
    note = f"{given.devices} devices every {INTERVAL_S:g} s on core {CORE}, surveys before."
    tell("Scale", figures, [note], as_json=given.as_json)
    is_read = set(small.outcomes) == set(large.outcomes) == {"ok"}
    return 0 if is_read and are_met(figures) else 1


def _polled(folder: Path, devices: int, interval_s: float, seconds: float) -> Report:
    with crowd.agents(folder, devices) as ports:
        store = folder / "store"
        return crowd.polled(ports, store, interval_s=interval_s, seconds=seconds, core=CORE)


if __name__ == "__main__":
    sys.exit(main())

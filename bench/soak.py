"""
A day of 500 devices in 24 minutes: whether netmon stays as it is.

`python -m bench.soak` runs a whole `netmon run` in a process of its own, sixty times as fast as
usual: 500 simulated devices are asked by SNMP and ICMP every second, an access point breaks every
minute, pages are asked for now and then. `--minutes N` for a shorter one; Ctrl-C ends it with
what was seen so far.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import urllib3

from bench import crowd, fleet
from bench.agents import COMMUNITY
from bench.soak_story import Story, differences, now_s
from bench.soak_watch import Growth, Sample, growth, sample
from bench.table import Figure, are_met, tell
from netmon.demo.simulator import COMMUNITY_VARIABLE
from netmon.storage.record import RecordReader

NETMON = """\
import sys
from netmon.cli import instance, main
from netmon.scheduler import service

# A minute in a second: with a tick as long as ever a device had its turn every other second only.
service.TICK_S = 0.25
instance.TIDY_S /= 60
instance.ROLL_S /= 60
instance.REPORT_S /= 60
sys.exit(main())
"""
DAY_MINUTES = 24.0
INTERVAL_S = 1.0
CHECKS = ("snmp", "icmp")
LOOK_EVERY_S, ASK_EVERY_S, TELL_EVERY_S = 2.0, 10.0, 60.0
WARM_UP_SHARE, LEAST_WARM_UP_S = 0.1, 90.0
PAGES = ("/", "/ops", "/api/v1/spots.geojson", "/healthz")
WAKING = 24
"""Three for each thread that answers."""

OK = 200
READY_WITHIN_S, STOP_WITHIN_S, SETTLED_WITHIN_S = 60.0, 30.0, 15.0
FAST = """
[checks.{kind}]
interval_s = {interval_s}
retry_interval_s = {interval_s}
deadline_s = {interval_s}
"""
AIMS = {"growth": 5.0, "log": 64.0, "threads": 8, "descriptors": 20, "lateness": 3.0, "missed": 2.0}


@dataclass
class Seen:
    """All that was seen; `looks` counts those of each moment, `late_s` how late the latest was."""

    samples: list[Sample] = field(default_factory=list)
    looks: list[tuple[float, float]] = field(default_factory=list)
    late_s: list[float] = field(default_factory=list)
    pages: list[tuple[str, int]] = field(default_factory=list)

    def warm(self, from_s: float) -> list[Sample]:
        """Return the samples after the warm-up."""
        return [each for each in self.samples if each.at_s >= from_s]


@dataclass(frozen=True, slots=True)
class Running:
    """netmon under way: its process, where its pages are, its configuration and stores."""

    process: "subprocess.Popen[bytes]"
    address: str
    config: Path
    stores: Path


def main() -> int:
    """Measure and tell; returns 1 where an aim is missed or an incident is wrong."""
    parser = argparse.ArgumentParser(prog="bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=DAY_MINUTES)
    parser.add_argument("--devices", type=int, default=500)
    parser.add_argument("--json", action="store_true", dest="as_json")
    given = parser.parse_args()
    seen = Seen()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Either ends it with what was seen so far, in the background too.
        signal.signal(number, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="netmon-soak-") as name, ExitStack() as stack:
        folder = Path(name)
        ports, order = stack.enter_context(crowd.obedient(folder / "agents", given.devices))
        numbers = json.loads(ports.read_text("utf-8"))
        rows = zip(fleet.rows(given.devices), numbers, strict=True)
        devices = [{**row, "port": str(port)} for row, port in rows]
        fleet.write_devices(folder / "devices.csv", devices)
        running = stack.enter_context(_netmon(folder))
        story = Story(order, devices)
        _wake(running)
        began_s = now_s()
        ran_s = _watched(running, story, seen, 60 * given.minutes)
        wrong = _settled(running, story, began_s)
    warm_up_s = min(max(LEAST_WARM_UP_S, WARM_UP_SHARE * ran_s), ran_s / 2)
    figures, trend = _figures(seen, warm_up_s, len(CHECKS) * given.devices)
    figures += [
        Figure("outages played", len(story.told), ""),
        Figure("incidents missing, wrong or open", len(wrong), "", 0),
    ]
    notes = [
        f"{given.devices} devices every {INTERVAL_S:g} s for {ran_s / 60:.1f} minutes.",
        f"Of these {warm_up_s / 60:.1f} to warm up; load {os.getloadavg()[1]:.1f}.",
        f"Growth with 95 %: {100 * trend.ratio:+.1f} ± {100 * trend.margin:.1f} %.",
        *sorted({f"{page}: {status}" for page, status in seen.pages if status != OK}),
        *wrong[:20],
    ]
    tell("Soak", figures, notes, as_json=given.as_json)
    return 0 if are_met(figures) else 1


@contextmanager
def _netmon(folder: Path) -> Iterator[Running]:
    config = fleet.write_config(folder, COMMUNITY_VARIABLE, INTERVAL_S)
    usual = config.read_text(encoding="utf-8").partition("[checks.")[0]
    fast = (FAST.format(kind=kind, interval_s=INTERVAL_S) for kind in CHECKS)
    config.write_text(usual + "".join(fast), encoding="utf-8")
    log = folder / "netmon.log"
    command = [sys.executable, "-c", NETMON, "run", "--port", "0", "--config", str(config)]
    with (
        log.open("wb") as said,
        subprocess.Popen(  # noqa: S603 - our own command
            command,
            env={**os.environ, COMMUNITY_VARIABLE: COMMUNITY},
            stdout=said,
            stderr=said,
            # Ctrl-C is for the measurement: netmon has to be seen well until it is told to end.
            start_new_session=True,
        ) as process,
    ):
        try:
            yield Running(process, _address(process, log), config, folder / "store")
        finally:
            process.terminate()
            try:
                process.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()


def _address(process: "subprocess.Popen[bytes]", log: Path) -> str:
    until_s = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < until_s and process.poll() is None:
        found = re.search(r"^netmon: (http://\S+)", log.read_text("utf-8", "replace"), re.MULTILINE)
        if found:
            return found[1]
        time.sleep(0.1)
    raise SystemExit(f"bench.soak: netmon did not start: {log.read_text('utf-8', 'replace')}")


def _watched(running: Running, story: Story, seen: Seen, seconds: float) -> float:
    """Watch until it is over or somebody presses Ctrl-C; return for how long (s)."""
    began_s, rounds = time.monotonic(), 0
    with (
        closing(RecordReader(running.stores)) as record,
        urllib3.PoolManager(retries=False, timeout=30.0) as pages,
    ):
        try:
            while (elapsed_s := time.monotonic() - began_s) < seconds:
                story.go_on(elapsed_s)
                _look(running, record, seen, elapsed_s)
                if rounds % round(ASK_EVERY_S / LOOK_EVERY_S) == 0:
                    page = PAGES[len(seen.pages) % len(PAGES)]
                    answer = pages.request("GET", running.address + page)
                    seen.pages.append((page, answer.status))
                if rounds % round(TELL_EVERY_S / LOOK_EVERY_S) == 0:
                    _progress(seen.samples[-1], seconds)
                rounds += 1
                # By the clock, not from the end of the last: what is asked takes its time.
                time.sleep(max(0.0, began_s + rounds * LOOK_EVERY_S - time.monotonic()))
        except KeyboardInterrupt:
            sys.stderr.write("bench.soak: stopped; what was seen so far:\n")
    return time.monotonic() - began_s


def _wake(running: Running) -> None:
    """
    Ask all pages from many sides at once: each thread that answers takes its memory once.

    So many at once keep the looks from their deadlines, which are sixty times as near as usual;
    what these show is not held against the record.
    """
    urls = [running.address + page for page in PAGES] * WAKING
    with (
        urllib3.PoolManager(retries=False, timeout=60.0, maxsize=WAKING) as pages,
        ThreadPoolExecutor(WAKING) as asking,
    ):
        list(asking.map(lambda url: pages.request("GET", url).status, urls))
    time.sleep(SETTLED_WITHIN_S)


def _look(running: Running, record: RecordReader, seen: Seen, elapsed_s: float) -> None:
    if running.process.poll() is not None:
        raise SystemExit(f"bench.soak: netmon ended with {running.process.returncode}")
    seen.samples.append(sample(running.process.pid, elapsed_s, running.stores))
    vitals = record.vitals()
    seen.looks.append((elapsed_s, _looks(vitals)))
    seen.late_s.append(vitals.get("poll_lag_s", 0.0))


def _looks(vitals: Mapping[str, float]) -> float:
    return sum(count for name, count in vitals.items() if name.startswith("looks_"))


def _progress(now: Sample, seconds: float) -> None:
    sys.stderr.write(
        f"{now.at_s / 60:5.1f} of {seconds / 60:g} minutes: {now.pss_bytes / 1e6:.1f} MB,"
        f" {now.threads} threads, {now.descriptors} descriptors,"
        f" log {now.log_bytes / 1e6:.1f} MB\n"
    )
    sys.stderr.flush()


def _settled(running: Running, story: Story, began_s: float) -> list[str]:
    """Mend all, wait until the record has seen it, and return what it tells wrongly."""
    story.heal()
    until_s = time.monotonic() + SETTLED_WITHIN_S
    wrong = differences(running.config, story.told, began_s)
    while wrong and time.monotonic() < until_s:
        time.sleep(1.0)
        wrong = differences(running.config, story.told, began_s)
    return wrong


def _figures(seen: Seen, warm_up_s: float, duties: int) -> tuple[list[Figure], Growth]:
    warm = seen.warm(warm_up_s)
    trend = growth(warm)
    late_s = sorted(seen.late_s[-len(warm) :])
    figures = [
        Figure("memory after the warm-up", warm[0].pss_bytes / 1e6, "MB"),
        Figure("growth of memory since", 100 * trend.ratio, "%", AIMS["growth"]),
        Figure("longest log", max(s.log_bytes for s in seen.samples) / 1e6, "MB", AIMS["log"]),
        Figure("threads more than after the warm-up", _more(warm, "threads"), "", AIMS["threads"]),
        Figure("descriptors more", _more(warm, "descriptors"), "", AIMS["descriptors"]),
        Figure("looks that were missed", _missed(seen, warm_up_s, duties), "%", AIMS["missed"]),
        Figure("lateness, 99 of 100", late_s[int(0.99 * len(late_s))], "s", AIMS["lateness"]),
        Figure("worst lateness", late_s[-1], "s"),
        Figure("pages asked", len(seen.pages), ""),
        Figure("pages that failed", sum(status != OK for _, status in seen.pages), "", 0),
    ]
    return figures, trend


def _more(samples: Sequence[Sample], what: str) -> int:
    """Return by how much the last tenth is above the first, each by its least sample."""
    tenth = max(1, len(samples) // 10)
    first, last = samples[:tenth], samples[-tenth:]
    return int(min(getattr(s, what) for s in last) - min(getattr(s, what) for s in first))


def _missed(seen: Seen, warm_up_s: float, duties: int) -> float:
    """Return how many per cent of the looks that were due never came: rounds that drifted."""
    counted = [each for each in seen.looks if each[0] >= warm_up_s]
    # The record hears of them every ten seconds only: from one such word to another.
    turns = [b for a, b in pairwise(counted) if b[1] != a[1]]
    (from_s, first), (until_s, last) = turns[0], turns[-1]
    return 100 * (1 - (last - first) / (duties * (until_s - from_s) / INTERVAL_S))


if __name__ == "__main__":
    sys.exit(main())

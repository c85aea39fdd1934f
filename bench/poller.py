"""
netmon's side of `bench.polling`, in a process of its own: service, check, judge, record.

`python -m bench.poller --ports FILE --folder FOLDER` polls every agent of `bench.agents` until
it was seen twice, then counts its own processor time and prints one JSON object.
"""

import argparse
import json
import resource
import sys
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from bench.agents import COLUMNS, COMMUNITY, ENTERPRISE, column_oid, fact_oid
from collectors.checks import snmp
from collectors.observation import Observation, Outcome
from collectors.snmp.library import Library
from collectors.snmp.profile import FactSet, Match, Profile
from collectors.snmp.sources import Share, Source
from collectors.snmp.tables import Radios
from collectors.target import Community, Target
from netmon.domain.model import Device, DeviceKind
from netmon.domain.state import Policy
from netmon.scheduler.duties import Duty
from netmon.scheduler.judge import Consequence, Judge
from netmon.scheduler.service import CollectingService
from netmon.storage.record import RecordWriter

CONCURRENCY = 256
WARM_UP_WITHIN_S = 60.0
"""Beside two intervals."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one run saw: polls and processor time (s) over `seconds`, the outcomes of all looks."""

    polls: int
    cpu_s: float
    seconds: float
    peak_rss_bytes: int
    outcomes: dict[str, int]


class CountingJudge(Judge):
    """The judge, counting what it hears."""

    def __init__(self, record: RecordWriter) -> None:
        super().__init__(record)
        self.heard: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()

    def hear(self, observation: Observation, policy: Policy) -> Consequence:
        """Count, and judge."""
        self.heard[observation.target] += 1
        self.outcomes[observation.outcome] += 1
        return super().hear(observation, policy)


@cache
def library() -> Library:
    """Return the one profile of the simulated agents: 12 instances, and 24 rows of 4 columns."""
    one, two, three, four, *others = (_source(fact_oid(n)) for n in range(1, 9))
    share = Share(used=two, total=three)
    facts = FactSet(
        stations=(one,),
        memory_ratio=(share,),
        cpu_ratio=(four.model_copy(update={"scale": 0.01}),),
        temperature_c=(others[0],),
        processes=(others[1],),
        users=(others[2],),
        access_points_total=(others[3],),
    )
    columns = {name: (_source(column_oid(name)),) for name in COLUMNS}
    columns["utilization_ratio"] = (_source(column_oid("utilization_ratio"), scale=0.01),)
    radios = Radios.model_validate({"rows": ("stations",), **columns})
    base = Profile.model_construct(name="generic", generic=True)
    match = Match(sys_object_id=(f"{ENTERPRISE}.7",))
    known = Profile(name="bench", match=(match,), facts=facts, radios=(radios,))
    return Library(base, (known.over(base),))


def _source(oid: str, scale: float = 1.0) -> Source:
    return Source(object="BENCH-MIB::any", oid=oid, scale=scale)


def main() -> int:
    """Measure and print; returns 1 where devices went unseen."""
    parser = argparse.ArgumentParser(prog="bench.poller", description=__doc__)
    parser.add_argument("--ports", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--interval", type=float, default=2.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--timeout", type=float, default=1.0)
    given = parser.parse_args()
    ports = json.loads(given.ports.read_text("utf-8"))
    record = RecordWriter(given.folder, origin="demo")
    judge = CountingJudge(record)
    service = CollectingService(judge, concurrency=CONCURRENCY)
    duties = [poll_duty(port, given.interval, given.timeout) for port in ports]
    kind = DeviceKind.ACCESS_POINT
    devices = [Device(d.target.id, kind, d.target.id, "bench", d.target.host) for d in duties]
    service.serve(duties, devices)
    service.start()
    try:
        warm_up_s = WARM_UP_WITHIN_S + 2 * given.interval
        report = _measured(judge, len(duties), given.seconds, warm_up_s)
    finally:
        service.stop()
        snmp.SESSIONS.close()
        record.close()
    sys.stdout.write(json.dumps(asdict(report)) + "\n")
    return 0 if report.outcomes.get(Outcome.OK, 0) == sum(report.outcomes.values()) else 1


def poll_duty(port: int, interval_s: float, timeout_s: float) -> Duty:
    """Return what has to be asked of the agent on a port."""
    return Duty(
        Target(f"ap-{port}", "127.0.0.1", port, Community(COMMUNITY)),
        snmp.reading_with(library),
        snmp.Params(timeout_s=timeout_s, retries=1),
        10.0,
        Policy(interval_s=interval_s, retry_interval_s=interval_s),
    )


def _measured(judge: CountingJudge, devices: int, seconds: float, warm_up_s: float) -> Report:
    pause = threading.Event()
    until = time.monotonic() + warm_up_s
    while len(judge.heard) < devices or min(judge.heard.copy().values()) < 2:  # noqa: PLR2004 - survey and poll
        if time.monotonic() > until:
            raise SystemExit(f"bench.poller: only {len(judge.heard)} of {devices} devices seen")
        pause.wait(0.5)
    began_s, polls, cpu_s = time.monotonic(), judge.heard.total(), time.process_time()
    pause.wait(seconds)
    return Report(
        judge.heard.total() - polls,
        time.process_time() - cpu_s,
        time.monotonic() - began_s,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        dict(judge.outcomes),
    )


if __name__ == "__main__":
    sys.exit(main())

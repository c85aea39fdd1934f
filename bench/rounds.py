"""
How long a round takes with dead devices, and whether a busy machine makes live ones look dead.

`python -m bench.rounds` asks 500 simulated devices at once, with 1 s for a reply and one
repetition: first with 50 of them dead; then with all of them alive while two processes and a
thread beside the asking one compute without a pause.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import crowd
from bench.poller import CONCURRENCY, poll_duty
from bench.table import Figure, are_met, tell
from collectors.checks import snmp
from collectors.observation import Observation, Outcome
from netmon.scheduler.asking import Asking
from netmon.scheduler.duties import Duty

ROUND_S = 2.3
BUSY = 2
ROUNDS = 10
ROUND_WITHIN_S = 120.0


def main() -> int:
    """Measure and tell; returns 1 where a round took too long or a live device was called dead."""
    parser = argparse.ArgumentParser(prog="bench.rounds", description=__doc__)
    parser.add_argument("--devices", type=int, default=500)
    parser.add_argument("--json", action="store_true", dest="as_json")
    given = parser.parse_args()
    dead = given.devices // 10
    with tempfile.TemporaryDirectory(prefix="netmon-bench-") as name:
        with crowd.agents(Path(name), given.devices, dead) as ports:
            (first_s, _), (second_s, seen) = _rounds(ports, 2)
        if seen[Outcome.TIMEOUT] != dead or seen.total() - seen[Outcome.OK] != dead:
            raise SystemExit(f"bench.rounds: expected {dead} dead devices, found {seen}")
        with crowd.agents(Path(name) / "busy", given.devices) as ports, _busy():
            busy = _rounds(ports, ROUNDS)
    looks = sum((seen for _, seen in busy), Counter[str]())
    wrong = looks.total() - looks[Outcome.OK]
    figures = [
        Figure("round, a tenth dead", second_s, "s", ROUND_S),
        Figure("the first one, with surveys", first_s, "s"),
        Figure("live devices called dead on a busy machine", wrong, "", 0),
        Figure("looks in that time", looks.total(), ""),
        Figure("slowest round on a busy machine", max(s for s, _ in busy), "s"),
    ]
    note = f"{given.devices} devices, {dead} dead; {BUSY} busy processes and a busy thread."
    tell("Rounds", figures, [note], as_json=given.as_json)
    return 0 if are_met(figures) else 1


def _rounds(ports: Path, count: int) -> list[tuple[float, Counter[str]]]:
    """Ask all devices so many times; return the seconds and the outcomes of each round."""
    duties = [poll_duty(port, 60.0, 1.0) for port in json.loads(ports.read_text("utf-8"))]
    seen: list[str] = []
    ended = threading.Event()

    def heard(_duty: Duty, one: Observation | Exception) -> None:
        seen.append(one.outcome if isinstance(one, Observation) else repr(one))
        if len(seen) == len(duties):
            ended.set()

    asking, rounds = Asking(CONCURRENCY, heard), []
    for _ in range(count):
        seen.clear()
        ended.clear()
        began_s = time.monotonic()
        asking.ask(duties)
        ended.wait(ROUND_WITHIN_S)
        rounds.append((time.monotonic() - began_s, Counter(seen)))
    asking.stop()
    snmp.SESSIONS.close()
    return rounds


@contextmanager
def _busy() -> Iterator[None]:
    """Keep both cores busy, and the interpreter of this process too."""
    resting = threading.Event()

    def compute() -> None:
        while not resting.is_set():
            sum(range(10_000))

    thread = threading.Thread(target=compute)
    with ExitStack() as stack:
        for _ in range(BUSY):
            process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
            stack.callback(process.wait)
            stack.callback(process.kill)
        thread.start()
        stack.callback(thread.join)
        stack.callback(resting.set)
        yield


if __name__ == "__main__":
    sys.exit(main())

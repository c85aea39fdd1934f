"""
What a poll costs: netmon, prometheus-snmp-exporter and net-snmp's tools ask the same agents.

`python -m bench.polling` lets each ask 500 simulated devices for 12 instances with one GET and
for a table of 24 rows and 4 columns with four GETBULK, and compares processor time per 1,000
device polls: netmon's from the socket to the stored look, the exporter's without the client
that scrapes it, the tools' with nothing that reads what they print.
"""

import argparse
import http.client
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import crowd
from bench.agents import COLUMNS, COMMUNITY, ENTERPRISE, column_oid, fact_oid
from bench.peers import cpu_s, program
from bench.poller import Report
from bench.table import Figure, are_met, tell

INSTANCES = (
    "1.3.6.1.2.1.1.2.0",
    "1.3.6.1.2.1.1.3.0",
    "1.3.6.1.6.3.10.2.1.3.0",
    "1.3.6.1.2.1.2.1.0",
    *(fact_oid(number) for number in range(1, 9)),
)
TABLE = f"{ENTERPRISE}.9.1"
REPETITIONS = 25
EXPORTER_SHARE, TOOLS_SHARE = 1 / 2.5, 1 / 20
AT_ONCE = 8
ROUNDS = 3
READY_WITHIN_S = 10.0


def main() -> int:
    """Measure and tell; returns 1 where an aim is missed or a device was not read."""
    parser = argparse.ArgumentParser(prog="bench.polling", description=__doc__)
    parser.add_argument("--devices", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=24.0, help="how long netmon is measured")
    parser.add_argument("--json", action="store_true", dest="as_json")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="netmon-bench-") as name:
        folder, seconds = Path(name), given.seconds / ROUNDS
        with crowd.agents(folder, given.devices) as ports_file:
            rounds = [_round(ports_file, folder / str(n), seconds) for n in range(ROUNDS)]
    figures = _figures(rounds)
    note = f"{given.devices} devices, the least of {ROUNDS} rounds each."
    tell("Polling", figures, [note], as_json=given.as_json)
    is_read = all(set(each.report.outcomes) == {"ok"} for each in rounds)
    return 0 if is_read and are_met(figures) else 1


@dataclass(frozen=True, slots=True)
class Round:
    """What each of the three took in one round; seconds are per 1,000 devices."""

    report: Report
    exporter_s: float
    tools_s: float

    @property
    def netmon_s(self) -> float:
        """Return netmon's processor time per 1,000 polls."""
        return 1000 * self.report.cpu_s / self.report.polls


def _round(ports_file: Path, folder: Path, seconds: float) -> Round:
    ports = json.loads(ports_file.read_text("utf-8"))
    report = crowd.polled(ports_file, folder, interval_s=2.0, seconds=seconds)
    return Round(report, _exporter(ports, folder), _tools(ports))


def _figures(rounds: Sequence[Round]) -> list[Figure]:
    # The least of several rounds: what the machine does besides only ever adds.
    netmon_s = min(each.netmon_s for each in rounds)
    exporter_s = min(each.exporter_s for each in rounds)
    tools_s = min(each.tools_s for each in rounds)
    peak_bytes = max(each.report.peak_rss_bytes for each in rounds)
    return [
        Figure("netmon, per 1,000 polls, stored", netmon_s, "s"),
        Figure("prometheus-snmp-exporter, per 1,000 scrapes", exporter_s, "s"),
        Figure("snmpget + snmpbulkwalk, per 1,000 devices", tools_s, "s"),
        Figure("netmon / exporter", netmon_s / exporter_s, "", EXPORTER_SHARE),
        Figure("netmon / tools", netmon_s / tools_s, "", TOOLS_SHARE),
        Figure("the exporter takes longer by", exporter_s / netmon_s, "times"),
        Figure("the tools take longer by", tools_s / netmon_s, "times"),
        Figure("netmon, peak resident memory", peak_bytes / 1e6, "MB"),
    ]


def _exporter(ports: Sequence[int], folder: Path) -> float:
    """Return the exporter's processor time per 1,000 scrapes, in seconds."""
    config = folder / "snmp.yml"
    config.write_text(_exporter_config(), encoding="utf-8")
    scraped = _free_port()
    with _exporting(config, scraped) as process, ThreadPoolExecutor(AT_ONCE) as pool:

        def scrape(port: int) -> None:
            path = f"/snmp?target=127.0.0.1:{port}&module=bench"
            with closing(http.client.HTTPConnection("127.0.0.1", scraped)) as connection:
                connection.request("GET", path)
                body = connection.getresponse().read()
            if body.count(b"\nradio_") != len(COLUMNS) * 24:
                raise SystemExit(f"bench.polling: the exporter said {body[:200]!r}")

        list(pool.map(scrape, ports))
        began_s, rounds = cpu_s(process.pid), 4
        for _ in range(rounds):
            list(pool.map(scrape, ports))
        return 1000 * (cpu_s(process.pid) - began_s) / (rounds * len(ports))


@contextmanager
def _exporting(config: Path, port: int) -> "Iterator[subprocess.Popen[bytes]]":
    path = program("prometheus-snmp-exporter", "prometheus-snmp-exporter")
    options = [f"--config.file={config}", f"--web.listen-address=127.0.0.1:{port}"]
    with subprocess.Popen([path, *options, "--log.level=error"]) as process:  # noqa: S603 - our own command
        try:
            _await_tcp(port)
            yield process
        finally:
            process.terminate()


def _exporter_config() -> str:
    """Return a module of the exporter's that asks the same as netmon, one metric each."""
    module = {
        "version": 2,
        "max_repetitions": REPETITIONS,
        "auth": {"community": COMMUNITY},
        "get": list(INSTANCES),
        "walk": [column_oid(name) for name in COLUMNS],
        "metrics": [_fact(number, oid) for number, oid in enumerate(INSTANCES)]
        + [_column(name) for name in COLUMNS],
    }
    return json.dumps({"bench": module})  # JSON is YAML


def _fact(number: int, oid: str) -> dict[str, object]:
    kind = "OctetString" if number == 0 else "gauge"
    return {"name": f"fact_{number}", "oid": oid.removesuffix(".0"), "type": kind, "help": "-"}


def _column(name: str) -> dict[str, object]:
    index = [{"labelname": "radio", "type": "gauge"}]
    oid = column_oid(name)
    return {"name": f"radio_{name}", "oid": oid, "type": "gauge", "help": "-", "indexes": index}


def _tools(ports: Sequence[int]) -> float:
    """Return the processor time of net-snmp's tools per 1,000 devices, in seconds."""
    common = ["-v2c", "-c", COMMUNITY, "-On", "-m", "", "-M", "", "127.0.0.1:{}"]
    get = [program("snmpget", "snmp"), *common, *INSTANCES]
    walk = [program("snmpbulkwalk", "snmp"), f"-Cr{REPETITIONS}", *common, TABLE]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for command in (get, walk):
        subprocess.run(  # noqa: S603 - our own command
            ["xargs", "-P", str(AT_ONCE), "-I", "{}", *command],  # noqa: S607 - any xargs
            input="\n".join(map(str, ports)).encode(),
            stdout=subprocess.DEVNULL,
            check=True,
            env={**os.environ, "MIBS": ""},
        )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return 1000 * spent_s / len(ports)


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _await_tcp(port: int) -> None:
    until, pause = time.monotonic() + READY_WITHIN_S, threading.Event()
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            pause.wait(0.05)
        else:
            return
    raise SystemExit("bench.polling: the exporter did not start")


if __name__ == "__main__":
    sys.exit(main())

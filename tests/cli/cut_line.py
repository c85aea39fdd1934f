"""
Cuts the line of a real netmon, in a network namespace of its own.

Addresses that answer lie on the loopback device; whatever does not goes into the void. Run by
`test_cut_line.py`; prints what it saw as JSON.
"""

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from netmon.domain.errors import StoreError
from netmon.storage.record import RecordReader
from tests.runs import StoredRun, stored_runs
from tests.waiting import wait_for

WITNESSES = ("192.0.2.1", "192.0.2.2")
DEVICES = {f"gw-{number}": f"192.0.2.{10 + number}" for number in range(6)}
WITHIN_S = 40.0


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)


def prepare() -> None:
    ip("link", "set", "lo", "up")
    ip("link", "add", "void", "type", "veth", "peer", "name", "end")
    for each in ("void", "end"):
        ip("link", "set", each, "up")
    ip("route", "add", "192.0.2.0/24", "dev", "void", "src", "127.0.0.1")
    for each in (*WITNESSES, *DEVICES.values()):
        # A neighbour that never answers, or the kernel itself would say so.
        ip("neigh", "add", each, "lladdr", "02:00:5e:10:00:01", "dev", "void")


def answer(addresses: Iterable[str], does: str = "add") -> None:
    for each in addresses:
        ip("address", does, f"{each}/32", "dev", "lo")


class Watched:
    """A netmon that runs, and what it has recorded."""

    def __init__(self, config: Path) -> None:
        self.folder = config.parent / "var"
        command = [sys.executable, "-m", "netmon", "run", "-c", str(config), "--port", "0"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        said = (line.split() for line in self._process.stdout)
        self._url = next(words[1] for words in said if words[:1] == ["netmon:"])

    def health(self) -> dict[str, object]:
        host, port = self._url.removeprefix("http://").rstrip("/").split(":")
        asked = http.client.HTTPConnection(host, int(port), timeout=WITHIN_S)
        asked.request("GET", "/healthz")
        found: dict[str, object] = json.load(asked.getresponse())
        asked.close()
        return found

    def statuses(self) -> dict[str, tuple[str, str]]:
        return {
            run.device_id: (run.status.value, run.reason)
            for run in self.runs()
            if run.end_s is None and run.device_id in DEVICES
        }

    def runs(self) -> list[StoredRun]:
        return stored_runs(self.folder)

    def looks_s(self) -> dict[str, float]:
        try:
            reader = RecordReader(self.folder)
        except StoreError:
            return {}
        found = {
            each.observation.target: each.observation.at.timestamp() for each in reader.latest()
        }
        reader.close()
        return found

    def wait(self, question: Callable[[], object], what: str) -> None:
        wait_for(question, within_s=WITHIN_S, what=what)

    def wait_for_status(self, device_id: str, status: str) -> None:
        self.wait(
            lambda: self.statuses().get(device_id, ("",))[0] == status, f"{device_id} {status}"
        )

    def wait_for_all_up(self) -> None:
        self.wait(
            lambda: set(self.statuses().values()) == {("up", "")} and len(self.statuses()) == 6,
            "all are up",
        )

    def stop(self) -> int:
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(WITHIN_S)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return code


def story(watched: Watched) -> dict[str, object]:
    """Kill one device, cut everything, and give all but one back."""
    watched.wait_for_all_up()
    answer([DEVICES["gw-1"]], "del")
    watched.wait_for_status("gw-1", "down")
    answer([DEVICES["gw-1"]])
    watched.wait_for_all_up()
    answer([*WITNESSES, *DEVICES.values()], "del")
    watched.wait(lambda: watched.health()["status"] == "blind", "netmon knows that it is blind")
    blind_since = watched.health()["blind_since"]
    before = watched.looks_s()
    watched.wait(
        lambda: all(watched.looks_s()[each] >= before[each] + 6 for each in DEVICES),
        "each device was asked in vain for long enough to be down",
    )
    meanwhile = watched.statuses()
    answer([*WITNESSES, *(at for each, at in DEVICES.items() if each != "gw-2")])
    watched.wait(lambda: watched.health()["status"] == "ok", "netmon sees again")
    watched.wait_for_status("gw-2", "down")
    return {"blind_since": blind_since, "meanwhile": meanwhile, "after": watched.statuses()}


def main() -> None:
    prepare()
    answer([*WITNESSES, *DEVICES.values()])
    watched = Watched(Path(sys.argv[1]))
    try:
        found = story(watched)
    finally:
        code = watched.stop()
    runs = [[*run[:4], run.status, run.reason] for run in watched.runs()]
    print(json.dumps({**found, "code": code, "runs": runs}), flush=True)  # noqa: T201 - the answer
    os._exit(0)


if __name__ == "__main__":
    main()

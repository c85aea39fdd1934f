"""A netmon in a process of its own, as a person starts it."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from collectors.checks.snmp import SESSIONS
from netmon.cli.main import main
from netmon.demo import launch
from netmon.demo.launch import Simulator
from tests.cli.asking import Answer, Call
from tests.cli.hourly import HOURLY, LONG_NAME, write_store
from tests.config.conftest import SETTINGS, CityFiles, device, site
from tests.waiting import wait_for

COMMUNITY = "cli-test-community"
ADDRESS = re.compile(r"netmon: (http://\S+)")


class Netmon:
    """A running `netmon` and what it said so far."""

    def __init__(self, *arguments: str, environment: dict[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "netmon", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        self.said: list[str] = []
        self._reader = threading.Thread(target=self._listen)
        self._reader.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip())

    def wait_until_said(self, words: str, within_s: float = 30) -> str:
        def found() -> str | None:
            if self.process.poll() is not None and not any(words in line for line in self.said):
                raise AssertionError(f"ended before it said {words!r}: {self.said}")
            return next((line for line in self.said if words in line), None)

        return wait_for(found, within_s=within_s, what=f"{words!r} in {self.said}")

    @property
    def address(self) -> str:
        match = ADDRESS.search(self.wait_until_said("netmon: http"))
        assert match
        return match.group(1)

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.address + path, timeout=10) as answer:  # noqa: S310 - our own server
            return json.load(answer)

    def spot(self, spot_id: str) -> dict[str, Any]:
        features = self.get("/api/v1/spots.geojson")["features"]
        return next(each["properties"] for each in features if each["properties"]["id"] == spot_id)

    def stop(self, number: int = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(20)
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@pytest.fixture
def start_netmon() -> Iterator[Callable[..., Netmon]]:
    """Start netmon with these arguments; whatever was started is ended."""
    started: list[Netmon] = []

    def start(*arguments: str, environment: dict[str, str] | None = None) -> Netmon:
        started.append(Netmon(*arguments, environment=environment))
        return started[-1]

    yield start
    for each in started:
        each.stop()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Netmon, Path]]:
    """One quiet demo for the tests of a module, and its data folder."""
    folder = tmp_path_factory.mktemp("demo")
    netmon = Netmon("demo", "--folder", str(folder), "--port", "0", "--no-scenario")
    yield netmon, folder
    assert netmon.stop() == 0


@pytest.fixture
def netmon(capsys: pytest.CaptureFixture[str]) -> Iterator[Call]:
    """Run one command in this process, as `python -m netmon` does."""

    def call(*arguments: object) -> Answer:
        with pytest.raises(SystemExit) as caught:
            main(args=[str(each) for each in arguments], prog_name="netmon")
        said = capsys.readouterr()
        return Answer(int(caught.value.code or 0), said.out, said.err)

    yield call
    SESSIONS.close()


@pytest.fixture
def city(tmp_path: Path) -> CityFiles:
    return CityFiles(tmp_path)


@pytest.fixture
def stored(city: CityFiles) -> CityFiles:
    """
    A city with a store: two devices looked at around both days on which the clock is put.

    The switch answered at every full hour but from 12:00 to 14:00 (local) on 30 March 2025;
    the computer behind it always answered.
    """
    city.settings(SETTINGS + HOURLY)
    city.sites(site(name=LONG_NAME, synthetic=False))
    switch = device("sw-1", kind="switch", power="always_on", synthetic="false")
    city.devices(switch, device(parents="sw-1", synthetic="false"))
    write_store(city.load())
    return city


@pytest.fixture(scope="package")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """Four real SNMP agents on loopback; nothing fails by itself."""
    folder = tmp_path_factory.mktemp("agents")
    path = folder / "devices.csv"
    path.write_text(
        "id,kind,name,place_id,host,port,parents,credential,power,lon,lat,renamed_from,synthetic\n"
        "gw-1,gateway,Gateway,bib,127.0.0.1,,,lab,always_on,,,,true\n"
        "sw-1,switch,Switch,bib,127.0.0.1,,gw-1,lab,always_on,,,,true\n"
        "ap-1,access_point,\x1b[31mAP\x07 één,bib,127.0.0.1,,sw-1,lab,always_on,,,,true\n"
        "pc-1,public_pc,PC,bib,127.0.0.1,,sw-1,lab,always_on,,,,true\n",
        encoding="utf-8",
    )
    with launch.start(path, folder, COMMUNITY, scenario=False) as running:
        yield running

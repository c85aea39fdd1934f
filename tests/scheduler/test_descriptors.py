"""Room for the descriptors that devices need."""

import logging
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from netmon.scheduler.descriptors import make_room

SCRIPT = """
import logging, resource, sys
from netmon.scheduler.descriptors import make_room
logging.basicConfig(format="%(message)s", stream=sys.stdout)
resource.setrlimit(resource.RLIMIT_NOFILE, (300, int(sys.argv[1])))
make_room(int(sys.argv[2]))
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


def made(hard: int, devices: int) -> list[str]:
    """Return what is logged, and the soft limit at last, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(hard), str(devices)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=True,
        text=True,
    )
    return done.stdout.splitlines()


def test_the_soft_limit_is_raised_to_what_the_devices_need() -> None:
    assert made(2000, 500) == ["756"]


def test_a_hard_limit_that_is_too_small_is_told() -> None:
    told, soft = made(600, 5000)
    assert (
        soft == "600" and "expected room for 5256" in told and "found a hard limit of 600" in told
    )


def test_enough_is_left_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    with caplog.at_level(logging.DEBUG):
        make_room(0)
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == before and not caplog.records

"""Killed in the middle of writing, again and again: what was acknowledged is there."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.storage.stories import STORIES

KILLS = 50 if os.environ.get("FUZZ") else 10
"""For each store; `FUZZ=1` takes them all."""

MOST_CHAPTERS = 40
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", STORIES)
def test_what_was_acknowledged_survives_kill_9_in_mid_batch(tmp_path: Path, name: str) -> None:
    """Each life goes on with the store that the last one left, its log included."""
    chance = random.Random(20261123)  # noqa: S311 - the same lives each time, no secret
    held = 0
    for life in range(KILLS):
        acknowledged = killed_after(chance.randint(1, MOST_CHAPTERS), name, tmp_path, held)
        held = STORIES[name].told(tmp_path)
        # Killed between commit and acknowledgement, one more may be there, and is whole.
        assert acknowledged <= held <= acknowledged + 1, f"life {life}"


def killed_after(chapters: int, name: str, folder: Path, first: int) -> int:
    """Let a process tell, kill it while it goes on, and return how much it acknowledged."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.storage.stories", name, str(folder), str(first)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as teller:
        assert teller.stdout is not None
        told = [teller.stdout.readline() for _ in range(chapters)]
        teller.send_signal(signal.SIGKILL)
        told += teller.stdout.readlines()
        teller.wait()
    assert teller.returncode == -signal.SIGKILL
    whole = [line for line in told if line.endswith("\n")]
    assert [int(line) for line in whole] == list(range(first, first + len(whole)))
    return first + len(whole)

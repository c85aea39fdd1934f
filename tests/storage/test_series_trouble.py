"""Series are killed in mid-batch and run out of disk, and neither harms anybody."""

import json
import logging
import random
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import apsw
import pytest

from netmon.domain.series import Series
from netmon.domain.week import DAY_S
from netmon.storage.series import WRITE_S, Keeping, SeriesWriter
from netmon.storage.series_reader import SeriesReader
from tests.conftest import require
from tests.storage.disks import can_mount, on_small_disk
from tests.storage.points_teller import RADIOS
from tests.storage.test_crash import KILLS, ROOT
from tests.storage.told import START_S, day_start_s, told

RTT = Series("ap-1", "rtt_s")


def test_killed_in_mid_batch_files_are_sound_and_every_batch_is_whole(tmp_path: Path) -> None:
    """Each life goes on with the files that the last one left, their logs included."""
    chance = random.Random(20261123)  # noqa: S311 - the same lives each time, no secret
    held = 0
    for life in range(KILLS):
        written = killed_after(chance.randint(1, 40), tmp_path, held)
        held = minutes_held(tmp_path)
        assert written <= held <= written + 1, f"life {life}"
    with closing(SeriesWriter(tmp_path, origin="real", keeping=Keeping())) as writer:
        done = writer.rebuild(START_S + held * WRITE_S)
    assert (done.changed, done.added) == (0, done.added)


def killed_after(minutes: int, folder: Path, first: int) -> int:
    """Let a process write, kill it while it goes on, and return how many minutes it wrote."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.storage.points_teller", str(folder), str(first)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as teller:
        assert teller.stdout is not None
        said = [teller.stdout.readline() for _ in range(minutes)]
        teller.send_signal(signal.SIGKILL)
        said += teller.stdout.readlines()
        teller.wait()
    assert teller.returncode == -signal.SIGKILL
    return first + len([line for line in said if line.endswith("\n")])


def minutes_held(folder: Path) -> int:
    """Return how many minutes the files hold; each has to be whole, and every file sound."""
    for path in (folder / "series").glob("*.db"):
        with closing(apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)) as db:
            assert db.execute("PRAGMA integrity_check").get == "ok"
    reader, found = SeriesReader(folder), {}
    first_s = day_start_s(START_S)
    for day_s in (first_s, first_s + DAY_S):
        for series in reader.series("ap-1", day_s, day_s + DAY_S):
            trace = reader.traces([series], day_s, day_s + DAY_S)[series]
            found.setdefault(series, []).extend(trace.at_s)
    assert len(found) in {0, RADIOS + 1}
    assert len({tuple(instants) for instants in found.values()}) <= 1
    instants = found.get(RTT, [])
    assert instants == [START_S + n * WRITE_S for n in range(len(instants))]
    return len(instants)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    require("a file system of our own (unshare, mount)", can_mount(tmp_path))
    return tmp_path


def test_on_a_full_disk_points_wait_it_is_told_once_and_they_are_written_then(small: Path) -> None:
    program = f"import sys, json; from pathlib import Path; from {__name__} import filling; "
    program += "print(json.dumps(filling(Path(sys.argv[1]))))"
    (line,) = on_small_disk(program, small, "2m")
    found: dict[str, Any] = json.loads(line)
    cannot, again = found["said"]
    assert cannot.startswith("series: cannot write, points wait in memory: ")
    assert again == "series: writing again"
    assert found["waited"] > 0 and found["waiting"] == 0
    assert found["instants"] == list(range(0, found["minutes"] * WRITE_S, WRITE_S))
    assert found["rolled"] == found["minutes"] // 60


def filling(folder: Path) -> dict[str, Any]:
    """Fill the disk, tell points and sum them up all the while, and make room again."""
    said: list[str] = []
    listener = logging.Handler(logging.WARNING)
    listener.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("netmon.storage.series").addHandler(listener)
    logging.getLogger("netmon.storage.series").propagate = False
    ballast = folder / "ballast"
    writer = SeriesWriter(folder, origin="real", keeping=Keeping())
    waited = 0
    for minute in range(180):
        if minute == 30:
            _fill(ballast)
        if minute == 90:
            waited = len(writer)
            ballast.unlink()
        values = [("radio_stations", minute, f"r{n}") for n in range(RADIOS)]
        writer.take([told(minute * WRITE_S, ("rtt_s", minute, ""), *values)])
        now_s = START_S + minute * WRITE_S
        writer.turn(now_s)
        writer.roll(now_s)
    writer.roll(START_S + DAY_S)
    waiting = len(writer)
    writer.close()
    reader, day = SeriesReader(folder), (START_S, START_S + DAY_S)
    return {
        "said": said,
        "waited": waited,
        "waiting": waiting,
        "minutes": 180,
        "instants": [at_s - START_S for at_s in reader.traces([RTT], *day)[RTT].at_s],
        "rolled": len(reader.summaries("ap-1", 3600, *day)[RTT]),
    }


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        for size in (65_536, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue

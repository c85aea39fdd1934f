"""A disk that is really full: netmon says so, goes on in memory, and catches up."""

import json
import logging
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import apsw
import pytest
from pydantic import BaseModel

from collectors.base import Check
from collectors.observation import Observation, Outcome
from collectors.target import Target
from netmon.cli.announcing import Requests, announce
from netmon.config.settings import Settings, StoreSettings
from netmon.domain.annotations import Annotation
from netmon.domain.errors import StoreError
from netmon.domain.maintenance import Announcement, Effect, Timing
from netmon.domain.model import Inventory, Place, Status
from netmon.domain.state import Policy
from netmon.scheduler.duties import Duty
from netmon.scheduler.judge import Judge
from netmon.scheduler.service import CollectingService
from netmon.storage.connection import WriterLock
from netmon.storage.desk import DeskReader, DeskWriter
from netmon.storage.inbox import InboxWriter, NotKeptError, Receipt
from netmon.storage.record import RecordReader, RecordWriter
from netmon.storage.requests import FOLDER, leave_request
from tests.conftest import require
from tests.runs import stored_runs
from tests.storage.disks import can_mount, on_small_disk
from tests.storage.test_annotations import NOTE
from tests.storage.test_inbox import NOW_S, arrival
from tests.waiting import wait_for

DEVICES = [f"ap-{n:03}" for n in range(100)]
EACH_SECOND = Policy(interval_s=1.0, retry_interval_s=1.0)
PATIENT_S = 30.0


@pytest.fixture
def small(tmp_path: Path) -> Path:
    require("a file system of our own (unshare, mount)", can_mount(tmp_path))
    return tmp_path


def on_disk(story: str, folder: Path, size: str) -> Any:
    """Run one of the stories below on a small disk; return what it found."""
    program = f"import sys, json; from pathlib import Path; from {__name__} import {story}; "
    program += f"print(json.dumps({story}(Path(sys.argv[1]))))"
    (line,) = on_small_disk(program, folder, size)
    return json.loads(line)


def test_looks_go_on_in_memory_while_the_disk_is_full_and_are_written_then(small: Path) -> None:
    """All devices go down while nothing can be written; not one of their edges is lost."""
    found = on_disk("collecting", small, "1m")
    cannot, again = (each for each in found["said"] if each.startswith("store: "))
    assert cannot.startswith("store: cannot write, going on in memory: database or disk is full")
    assert again.startswith("store: writing again, kept=")
    assert (found["read_while_full"], found["tidied"]) == (100, 0)
    assert found["down"] == DEVICES
    assert found["open"] == len(DEVICES)


def test_a_desk_on_a_full_disk_refuses_whole_and_takes_it_then(small: Path) -> None:
    found = on_disk("keeping", small, "512k")
    assert found["refused"] == ["database or disk is full"] * 6
    assert found["read_while_full"] == 1
    (told,) = found["said"]
    assert told.startswith("inbox: cannot write, heartbeats are sent again")


def test_what_was_asked_while_the_disk_is_full_waits_and_is_kept_then(small: Path) -> None:
    """The command's request stays where it was left; that it waits is told once."""
    found = on_disk("requesting", small, "512k")
    (told,) = found["said"]
    assert told.startswith("requests: cannot be kept, they wait: ")
    assert (found["left_while_full"], found["left_then"]) == (1, 0)
    assert found["announced"] == ["works"]


def test_what_is_said_on_a_full_disk_is_refused_in_one_line_and_leaves_nothing(
    small: Path,
) -> None:
    found = on_disk("saying", small, "512k")
    alone, beside = found["refused"]
    assert "store: expected a desk that can be written, found " in alone
    assert beside.endswith(
        "expected a folder that requests can be left in, found: No space left on device"
    )
    assert found["left"] == []


# --- what runs on the small disk -----------------------------------------------------------


class Nothing(BaseModel, extra="forbid"):
    """A check without parameters."""


@dataclass
class Answers:
    """Whether the devices of a check that exists only here answer."""

    outcome: Outcome = Outcome.OK

    def observe(self, target: Target, params: BaseModel, deadline_s: float) -> Observation:
        del params, deadline_s
        at = datetime.now(UTC)  # noqa: TID251 - a check reads the clock
        return Observation(target.id, "made_up", at, self.outcome)


def collecting(disk: Path) -> dict[str, object]:
    """Collect, let everything fail while the disk is full, make room, stop."""
    answers = Answers()
    with (
        listening() as said,
        closing(RecordWriter(disk, origin="real")) as record,
        serving(record, answers) as judge,
        closing(RecordReader(disk)) as reader,
    ):
        wait_for(lambda: len(reader.latest()) == 100, within_s=PATIENT_S, what="a round")
        with filled(disk):
            answers.outcome = Outcome.TIMEOUT
            wait_for(lambda: "cannot" in "".join(said), within_s=PATIENT_S, what="a complaint")
            wait_for(lambda: are_down(judge), within_s=PATIENT_S, what="all to be surely down")
            found: dict[str, object] = {
                "said": said,
                "read_while_full": len(reader.latest()),
                "tidied": record.tidy(0),
            }
        wait_for(lambda: "again" in "".join(said), within_s=PATIENT_S, what="to write again")
    runs = stored_runs(disk)
    down = sorted({run.device_id for run in runs if run.status is Status.DOWN})
    return found | {"down": down, "open": sum(run.end_s is None for run in runs)}


def keeping(disk: Path) -> dict[str, object]:
    """Import and receive, the same while the disk is full, and once more."""
    with listening() as said, closing(DeskWriter(disk, origin="real")) as desk:
        inbox = desk.inbox()
        desk.import_inventory(inventory(1), 1)
        assert inbox.keep(arrival(nonce="a")) is Receipt.NEW
        with filled(disk), closing(DeskReader(disk)) as reader:
            refused = [fault for _ in range(3) for fault in refusals(desk, inbox)]
            found = {"said": said, "refused": refused, "read_while_full": len(reader.revisions())}
        assert desk.import_inventory(inventory(2), 2) == 2
        # What was refused used no number up.
        assert inbox.keep(arrival(NOW_S + 60, "b")) is Receipt.NEW
    return found


def requesting(disk: Path) -> dict[str, object]:
    """Leave a request, let the desk take it in vain while the disk is full, and once more."""
    timing = Timing(datetime(2026, 11, 26, 8), "Europe/Brussels", wall_s=7200)  # noqa: DTZ001 - by the clock on the wall
    with listening() as said, closing(DeskWriter(disk, origin="real")) as desk:
        desk.import_inventory(inventory(1), 1)
        requests = Requests(desk, disk)
        request = Announcement("works", Effect.MAINTENANCE, ("1-1",), timing, announced_s=1000)
        leave_request(disk, [request], 1)
        with filled(disk):
            for _ in range(3):
                requests.take()
            left = len(list((disk / FOLDER).glob("*.json")))
        found: dict[str, object] = {"said": list(said), "left_while_full": left}
        requests.take()
        with closing(DeskReader(disk)) as reader:
            announced = [each.uid for each in reader.announcements()]
    left_then = len(list((disk / FOLDER).iterdir()))
    return found | {"announced": announced, "left_then": left_then}


def saying(disk: Path) -> dict[str, object]:
    """Say something as commands do: while nobody writes the desk, and while somebody does."""
    settings = Settings(store=StoreSettings(folder=disk, origin="real"))
    DeskWriter(disk, origin="real").close()
    long = "x" * 2000
    said = [replace(NOTE, uid=f"note-{number}", text=long) for number in range(100)]
    with filled(disk):
        refused = [refusal(settings, said)]
        lock = WriterLock(disk / "desk.db")
        refused.append(refusal(settings, said))
        lock.release()
        folder = disk / FOLDER
        left = [each.name for each in folder.iterdir()] if folder.exists() else []
    return {"refused": refused, "left": left}


def refusal(settings: Settings, said: Sequence[Annotation]) -> str:
    with pytest.raises(StoreError) as refused:
        announce(settings, said)
    return str(refused.value)


def refusals(desk: DeskWriter, inbox: InboxWriter) -> Iterator[str]:
    with pytest.raises(apsw.FullError) as full:
        desk.import_inventory(inventory(2), 2)
    yield str(full.value)
    with pytest.raises(NotKeptError) as not_kept:
        inbox.keep(arrival(NOW_S + 60, "b"))
    yield str(not_kept.value)


def inventory(number: int) -> Inventory:
    """Return one that takes 60 kB."""
    name = "x" * 500
    places = (Place(f"{number}-{n}", name, is_street=False, lon=None, lat=None) for n in range(100))
    return Inventory(tuple(places), ())


def are_down(judge: Judge) -> bool:
    """Tell whether that is what all devices are in memory; a busy machine takes more looks."""
    return {run.status for run in list(judge._runs.values())} == {Status.DOWN}


@contextmanager
def serving(record: RecordWriter, answers: Answers) -> Iterator[Judge]:
    check, nothing = Check("made_up", Nothing, answers.observe), Nothing()
    judge = Judge(record)
    service = CollectingService(judge, concurrency=2)
    targets = [Target(each, "127.0.0.1") for each in DEVICES]
    service.serve([Duty(each, check, nothing, 5.0, EACH_SECOND) for each in targets], [])
    service.start()
    yield judge
    service.stop()


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Take all room that is left, and give it back."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
        deque(iter(lambda: file.write(bytes(4096)), 0), maxlen=0)
    yield
    ballast.unlink()


@contextmanager
def listening() -> Iterator[list[str]]:
    said: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]  # all that is wanted
    logging.getLogger().addHandler(handler)
    yield said
    logging.getLogger().removeHandler(handler)

"""
What a writer is told chapter by chapter, and how much of it a store holds.

A chapter is one acknowledged write. `told` proves that a store is what it was after some
whole number of chapters, and returns that number. Run as a program, it tells for ever and prints
each chapter that was acknowledged.
"""

import itertools
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import apsw

from collectors.observation import Measurement, Observation, Outcome
from netmon.domain.intervals import epoch_s
from netmon.domain.model import Inventory, Place, Status
from netmon.domain.sightings import Stranger
from netmon.domain.state import Run, Transition
from netmon.domain.verdict import UP, Verdict
from netmon.storage.desk import DeskReader, DeskWriter
from netmon.storage.inbox import HEARTBEAT, Arrival, InboxReader, Receipt
from netmon.storage.outbox import Fate, OutboxReader, Outgoing
from netmon.storage.record import RecordReader, RecordWriter, Step
from tests.beats import NOW_S, written
from tests.runs import StoredRun, stored_runs

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DEVICES = [f"ap-{n:02}" for n in range(25)]
DOWN = Verdict(Status.DOWN, "timeout", is_usable=False)
MINUTE = timedelta(minutes=1)


class Story(Protocol):
    """Tells chapters to a store."""

    def tell(self, chapter: int) -> None:
        """Write one chapter; returns when it is safe."""

    def loosen(self) -> None:
        """Let a commit return before it is on the disk, as a mistaken setting would."""

    def close(self) -> None:
        """End."""


class RecordStory:
    """Every device turns with every chapter; what is not in the inventory changes, too."""

    def __init__(self, folder: Path) -> None:
        self._writer = RecordWriter(folder, origin="real")

    def tell(self, chapter: int) -> None:
        at, verdict = START + chapter * MINUTE, _verdict(chapter)
        stranger = Stranger(DEVICES[0], f"stranger-{chapter}", None, None, at)
        steps = [_turned(each, at, verdict) for each in DEVICES]
        self._writer.write(steps, {DEVICES[0]: [stranger]})

    def loosen(self) -> None:
        self._writer._db.pragma("synchronous", 1)

    def close(self) -> None:
        self._writer.close()

    @staticmethod
    def told(folder: Path) -> int:
        """Return how many chapters a record holds; each has to be whole."""
        _is_sound(folder / "record.db")
        with closing(RecordReader(folder)) as reader:
            instants = {look.observation.at for look in reader.latest()}
            assert len(instants) <= 1, "a batch is all there or not at all"
            chapters = (instants.pop() - START) // MINUTE + 1 if instants else 0
            names = [each.name for each in reader.strangers()]
        assert names == [f"stranger-{chapters - 1}"] * bool(chapters)
        assert stored_runs(folder) == [run for each in DEVICES for run in _runs(each, chapters)]
        return chapters


class DeskStory:
    """A new inventory and a heartbeat in turn."""

    def __init__(self, folder: Path) -> None:
        self._writer = DeskWriter(folder, origin="real")
        self._inbox = self._writer.inbox()

    def tell(self, chapter: int) -> None:
        if chapter % 2:
            assert self._inbox.keep(_arrival(chapter)) is Receipt.NEW
        else:
            place = Place(f"place-{chapter}", "A place", is_street=False, lon=None, lat=None)
            inventory = Inventory((place,), ())
            assert self._writer.import_inventory(inventory, chapter) == chapter // 2 + 1

    def loosen(self) -> None:
        self._writer._db.pragma("synchronous", 1)

    def close(self) -> None:
        self._writer.close()

    @staticmethod
    def told(folder: Path) -> int:
        """Return how many chapters a desk holds; each has to be whole."""
        _is_sound(folder / "desk.db")
        with closing(DeskReader(folder)) as reader, closing(InboxReader(folder)) as inbox:
            places = [each.inventory.places[0].id for each in reader.revisions()]
            instants, newest = inbox.instants("pc-1"), inbox.newest("pc-1")
        assert places == [f"place-{2 * n}" for n in range(len(places))]
        assert instants == [NOW_S + 2 * n + 1 for n in range(len(instants))]
        assert (newest and epoch_s(newest.at)) == (instants[-1] if instants else None)
        assert len(places) - len(instants) in {0, 1}, "what came later is there, so is this"
        return len(places) + len(instants)


class OutboxStory:
    """A message is planned and delivered to one of its two channels in turn."""

    def __init__(self, folder: Path) -> None:
        self._writer = RecordWriter(folder, origin="real")
        self._outbox = self._writer.outbox()

    def tell(self, chapter: int) -> None:
        number, at_s = chapter // 2, NOW_S + chapter
        if chapter % 2:
            due = self._outbox.due("mail", at_s)
            assert due is not None and due.document == f"message-{number}"
            self._outbox.delivered(due, at_s)
        else:
            text, both = f"message-{number}", ("mail", "hook")
            told = Outgoing(text, is_end=False, at_s=at_s, channels=both, document=text)
            self._outbox.keep(f"state-{number}", [told])

    def loosen(self) -> None:
        self._writer._db.pragma("synchronous", 1)

    def close(self) -> None:
        self._writer.close()

    @staticmethod
    def told(folder: Path) -> int:
        """Return how many chapters an outbox holds; each has to be whole."""
        _is_sound(folder / "record.db")
        with closing(OutboxReader(folder)) as reader:
            rows, state = reader.deliveries(0), reader.state()
        mails, hooks = ([row for row in rows if row.channel == name] for name in ("mail", "hook"))
        assert [row.document for row in mails] == [f"message-{n}" for n in range(len(mails))]
        assert [row.document for row in hooks] == [row.document for row in mails]
        assert state == (f"state-{len(mails) - 1}" if mails else None), "plan and message are one"
        delivered = [row.fate is Fate.DELIVERED for row in mails]
        assert len(mails) - sum(delivered) in {0, 1} and all(delivered[:-1])
        return len(mails) + sum(delivered)


class BothStories:
    """The desk is always told first: no record speaks of what no desk knows."""

    def __init__(self, folder: Path) -> None:
        self._stories = DeskStory(folder), RecordStory(folder)

    def tell(self, chapter: int) -> None:
        for each in self._stories:
            each.tell(chapter)

    def loosen(self) -> None:
        for each in self._stories:
            each.loosen()

    def close(self) -> None:
        for each in self._stories:
            each.close()

    @staticmethod
    def told(folder: Path) -> int:
        """Return how many chapters the record holds; the desk has to be further."""
        chapters = RecordStory.told(folder)
        assert DeskStory.told(folder) >= chapters
        return chapters


STORIES: Mapping[str, type[RecordStory | DeskStory | OutboxStory]] = {
    "record": RecordStory,
    "desk": DeskStory,
    "outbox": OutboxStory,
}


def _verdict(chapter: int) -> Verdict:
    return DOWN if chapter % 2 else UP


def _turned(device: str, at: datetime, verdict: Verdict) -> Step:
    seen = Observation(device, "snmp", at, Outcome.OK, (Measurement("stations", 3.0),))
    edge = Transition(device, "snmp", at, Status.UNKNOWN, verdict)
    return Step(seen, Run(device, "snmp", verdict, at, at), (edge,))


def _runs(device: str, chapters: int) -> Sequence[StoredRun]:
    instants = [epoch_s(START + n * MINUTE) for n in range(chapters)]
    return [
        StoredRun(device, "snmp", start_s, end_s, verdict.status, verdict.is_usable, verdict.reason)
        for start_s, end_s, verdict in zip(
            instants, [*instants[1:], None][:chapters], map(_verdict, range(chapters)), strict=True
        )
    ]


def _arrival(chapter: int) -> Arrival:
    at_s = NOW_S + chapter
    beat = HEARTBEAT.validate_json(written(at_s=at_s))
    return Arrival("pc-1", f"nonce-{chapter}", at_s, beat)


def _is_sound(path: Path) -> None:
    with closing(apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)) as db:
        assert db.execute("PRAGMA integrity_check").get == "ok"


def main(name: str, folder: str, first: str) -> None:
    story: Story = {**STORIES, "both": BothStories}[name](Path(folder))
    for chapter in itertools.count(int(first)):
        story.tell(chapter)
        sys.stdout.write(f"{chapter}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])

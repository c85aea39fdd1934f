"""
The desk: what people decided and said.

Inventory revisions, announcements, annotations of incidents, scenarios, opening hours as windows.
"""

import hashlib
import json
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import TypeAdapter

from netmon.domain.annotations import Annotation
from netmon.domain.intervals import Interval, instant
from netmon.domain.maintenance import Announcement
from netmon.domain.model import Inventory, Revision
from netmon.storage.connection import (
    claim,
    open_reader,
    origin_of,
    transaction,
)
from netmon.storage.inbox import InboxWriter
from netmon.storage.opening_years import (
    OpeningYears,
    Replaced,
    keep_opening_years,
    replace_opening_years,
)
from netmon.storage.retention import DESK_FORGETS, Retention
from netmon.storage.scenarios import (
    KeptScenario,
    read_scenario,
    read_scenarios,
    write_scenario,
)
from netmon.storage.versions import ANNOTATIONS, ANNOUNCEMENTS, Newest, write_versions

FILE = "desk.db"

_INVENTORY = TypeAdapter(Inventory)


class DeskWriter:
    """Writes the desk; raises `StoreError` where another process does, or made it."""

    def __init__(self, folder: Path, *, origin: str) -> None:
        self._lock, self._db = claim(folder / FILE, origin=origin)
        # Heartbeats arrive in many threads, and are written by this one connection.
        self._writing = threading.Lock()
        self._retention = Retention(self._db, folder / FILE, DESK_FORGETS)

    def inbox(self) -> InboxWriter:
        """Return where heartbeats are kept; usable until the desk is closed."""
        return InboxWriter(self._db, self._writing)

    def import_inventory(self, inventory: Inventory, at_s: int) -> int:
        """Keep an inventory as a new revision, unless nothing changed; return its number."""
        document = _INVENTORY.dump_json(inventory).decode()
        digest = hashlib.sha256(document.encode()).hexdigest()
        with self._writing, transaction(self._db):
            newest = self._db.execute(
                "SELECT number, digest FROM inventory_revision ORDER BY number DESC LIMIT 1"
            ).get
            if newest and newest[1] == digest:
                return int(newest[0])
            number = int(newest[0]) + 1 if newest else 1
            self._db.execute(
                "INSERT INTO inventory_revision VALUES (?, ?, ?, ?)",
                (number, at_s, digest, document),
            )
        return number

    def keep_opening_years(self, years: OpeningYears) -> None:
        """Keep opening hours that were worked out as windows."""
        with self._writing, transaction(self._db):
            keep_opening_years(self._db, years)

    def replace_opening_years(self, years: OpeningYears) -> Replaced:
        """Keep these opening hours and no others; return what that changed."""
        with self._writing, transaction(self._db):
            return replace_opening_years(self._db, years)

    def announce(self, said: Iterable[Announcement], at_s: int) -> list[Announcement]:
        """Keep what is new or changed of announcements, all or nothing; return that."""
        with self._writing, transaction(self._db):
            return write_versions(self._db, ANNOUNCEMENTS, said, at_s)

    def annotate(self, said: Iterable[Annotation], at_s: int) -> list[Annotation]:
        """Keep annotations that are new, and withdrawals, all or nothing; return those."""
        with self._writing, transaction(self._db):
            return write_versions(self._db, ANNOTATIONS, said, at_s)

    def keep_scenario(self, name: str, steps: str, at_s: int) -> KeptScenario:
        """Keep changes (JSON) under a name; return them with their key."""
        with self._writing, transaction(self._db):
            return write_scenario(self._db, name, steps, at_s)

    def tidy(self, now_s: int) -> int:
        """Forget what may be forgotten; return how many rows. From any thread, at any time."""
        with self._writing:
            return self._retention.tidy(now_s)

    def close(self) -> None:
        """Close the file and let another process write."""
        with self._writing:
            self._db.close()
        self._lock.release()


class DeskReader:
    """Reads the desk from any thread, one question at a time; never writes."""

    def __init__(self, folder: Path) -> None:
        self._db = open_reader(folder / FILE)
        self._lock = threading.Lock()
        self._revisions: list[Revision] = []
        self._announcements = Newest(self._db, ANNOUNCEMENTS)
        self._annotations = Newest(self._db, ANNOTATIONS)

    def version(self) -> int:
        """Return a number that changes whenever the desk was written."""
        with self._lock:
            return int(self._db.pragma("data_version"))

    def revisions(self) -> Sequence[Revision]:
        """Return every inventory revision, oldest first; parsed once, they never change."""
        with self._lock:
            known = self._revisions[-1].number if self._revisions else 0
            sql = (
                "SELECT number, since_s, document FROM inventory_revision"
                " WHERE number > ? ORDER BY number"
            )
            for number, since_s, document in self._db.execute(sql, (known,)):
                inventory = _INVENTORY.validate_json(document)
                self._revisions.append(Revision(number, instant(since_s), inventory))
            return tuple(self._revisions)

    def opening_years(self) -> dict[tuple[str, int], list[Interval]]:
        """Return all opening hours that were worked out, by (rule, year)."""
        with self._lock:
            rows = list(self._db.execute("SELECT rule, year, windows FROM opening_year"))
        return {
            (rule, year): [(start, end) for start, end in json.loads(windows)]
            for rule, year, windows in rows
        }

    def announcements(self) -> Sequence[Announcement]:
        """Return all announcements that hold, cancelled ones too; see `Newest`."""
        with self._lock:
            return self._announcements.read()

    def annotations(self) -> Sequence[Annotation]:
        """Return all that was said of incidents, withdrawn or not; see `Newest`."""
        with self._lock:
            return self._annotations.read()

    def scenarios(self) -> Sequence[KeptScenario]:
        """Return all scenarios, the newest first."""
        with self._lock:
            return read_scenarios(self._db)

    def scenario(self, key: str) -> KeptScenario | None:
        """Return the scenario of a key, None where there is none."""
        with self._lock:
            return read_scenario(self._db, key)

    def origin(self) -> str | None:
        """Return `real` or `demo`."""
        with self._lock:
            return origin_of(self._db)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

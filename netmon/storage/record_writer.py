"""The one hand that writes the record."""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from netmon.domain.intervals import Span, epoch_s, instant
from netmon.domain.sight import OWN_SIGHT
from netmon.domain.sightings import Stranger
from netmon.domain.state import Run, Transition
from netmon.domain.verdict import Verdict
from netmon.storage.connection import claim, transaction
from netmon.storage.outbox import OutboxWriter
from netmon.storage.record_rows import (
    FILE,
    NONE_STRANGE,
    SPANS_OF_CHECK,
    Key,
    LatestLook,
    Step,
    Strangers,
    latest_looks,
    latest_row,
    recent_json,
    spans,
)
from netmon.storage.retention import RECORD_FORGETS, Retention

_BLINDED_WHILE_DOWN = (
    "SELECT device_id, check_kind FROM run AS blind JOIN run AS before"
    " USING (device_id, check_kind) WHERE blind.end_s IS NULL AND blind.status = 'unknown'"
    " AND blind.reason = ? AND before.end_s = blind.start_s AND before.status = 'down'"
)


class RecordWriter:
    """Writes the record; raises `StoreError` where another process does, or made it."""

    def __init__(self, folder: Path, *, origin: str) -> None:
        self._lock, self._db = claim(folder / FILE, origin=origin)
        # Housekeeping tidies from a thread of its own.
        self._writing = threading.Lock()
        self._retention = Retention(self._db, folder / FILE, RECORD_FORGETS)

    def outbox(self) -> OutboxWriter:
        """Return where messages are kept; usable until the record is closed."""
        return OutboxWriter(self._db, self._writing)

    def write(self, steps: Sequence[Step], strangers: Strangers = NONE_STRANGE) -> None:
        """
        Keep a batch in one transaction; when this returns it survives a power cut.

        `strangers` replaces what each of its sources sees and the inventory lacks.
        """
        with self._writing, transaction(self._db):
            for step in steps:
                for edge in step.transitions:
                    self._turn(edge)
                self._remember(step)
            for source, seen in strangers.items():
                self._keep_strangers(source, seen)

    def open_runs(self) -> dict[Key, Run]:
        """Return the open run of each (device, check), as the next observation needs it."""
        looks = {
            (look.observation.target, look.observation.check): look
            for look in latest_looks(self._db)
        }
        sql = f"{SPANS_OF_CHECK} AND end_s IS NULL"
        return {
            key: _reopened(key, spans(self._db, sql, key)[0], look) for key, look in looks.items()
        }

    def blinded_while_down(self) -> set[Key]:
        """Return the checks that were down when netmon lost its sight, and not seen since."""
        return set(self._db.execute(_BLINDED_WHILE_DOWN, (OWN_SIGHT,)))

    def keep_vitals(self, vitals: Mapping[str, float]) -> None:
        """Replace what is known of the collecting side itself."""
        with self._writing, transaction(self._db):
            self._db.execute("DELETE FROM vital")
            rows = [(name, float(value)) for name, value in vitals.items()]
            self._db.executemany("INSERT INTO vital VALUES (?, ?)", rows)

    def sources(self) -> dict[str, str]:
        """Return who last told of each device that others see."""
        sql = "SELECT device_id, source FROM latest WHERE source <> ''"
        return {str(device_id): str(source) for device_id, source in self._db.execute(sql)}

    def tidy(self, now_s: int) -> int:
        """Forget what may be forgotten; return how many rows. From any thread, at any time."""
        with self._writing:
            return self._retention.tidy(now_s)

    def close(self) -> None:
        """Checkpoint, close the file and let another process write."""
        with self._writing:
            self._db.close()
        self._lock.release()

    def _turn(self, edge: Transition) -> None:
        at_s = epoch_s(edge.at)
        key = (edge.device_id, edge.check)
        verdict = (edge.after.status.value, int(edge.after.is_usable), edge.after.reason)
        # A run that would be empty never was: it is replaced, not closed.
        self._db.execute(
            "DELETE FROM run WHERE device_id = ? AND check_kind = ? AND end_s IS NULL"
            " AND start_s >= ?",
            (*key, at_s),
        )
        self._db.execute(
            "UPDATE run SET end_s = ? WHERE device_id = ? AND check_kind = ? AND end_s IS NULL",
            (at_s, *key),
        )
        self._db.execute("INSERT INTO run VALUES (?, ?, ?, NULL, ?, ?, ?)", (*key, at_s, *verdict))

    def _keep_strangers(self, source: str, seen: Sequence[Stranger]) -> None:
        rows = self._db.execute(
            "SELECT name, mac, since_s FROM stranger WHERE source = ?", (source,)
        )
        since = {(name, mac): since_s for name, mac, since_s in rows}
        self._db.execute("DELETE FROM stranger WHERE source = ?", (source,))
        self._db.executemany(
            "INSERT OR IGNORE INTO stranger VALUES (?, ?, ?, ?, ?)",
            [
                (
                    source,
                    each.name,
                    mac := each.mac or "",
                    each.address or "",
                    since.get((each.name, mac), epoch_s(each.since)),
                )
                for each in seen
            ],
        )

    def _remember(self, step: Step) -> None:
        run, seen = step.run, step.observation
        if seen is None:
            sql = "UPDATE latest SET recent = ? WHERE device_id = ? AND check_kind = ?"
            self._db.execute(sql, (recent_json(run.recent), run.device_id, run.check))
            return
        self._db.execute(
            "INSERT INTO latest VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
            " at_s = excluded.at_s, outcome = excluded.outcome, detail = excluded.detail,"
            " measurements = excluded.measurements, recent = excluded.recent,"
            " source = excluded.source"
            # The judge ignores what a clock that was set back makes older; so does this.
            " WHERE excluded.at_s >= latest.at_s",
            latest_row(seen, run.recent),
        )


def _reopened(key: Key, span: Span, look: LatestLook) -> Run:
    verdict = Verdict(span.status, span.reason, span.is_usable)
    return Run(*key, verdict, instant(span.start_s), look.observation.at, look.recent)

"""
What a store forgets, and how its log stays small.

Only what nothing is computed from, or what is computed again when it is asked for: a clock that
was wrong once costs nothing. Runs, revisions and announcements are kept for ever, and what was
said of incidents is, but for the names of who said it.
"""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import apsw

from netmon.domain.heartbeat import KEPT_S, NONCE_KEPT_S
from netmon.domain.intervals import instant
from netmon.storage.connection import UNWRITABLE, log_of, transaction

logger = logging.getLogger(__name__)

FORGOTTEN_AFTER_S = 90 * 86_400
"""When the values of what is looked at no more go, and what a silent source saw."""

YEARS_KEPT = 3
"""How many past years of opening hours are kept worked out."""

LOG_ALARM_BYTES = 64 * 1024 * 1024
"""A log as long as this is held by a reader; after one checkpoint it has 4 MB."""


# The row stays: by it the runs of a retired device are found, and the open one is ended.
_OLD_VALUES = (
    "UPDATE latest SET measurements = '[]', detail = ''"
    " WHERE at_s < :old_s AND (measurements <> '[]' OR detail <> '')"
)
# Each good look of a source replaces what it sees; these are of one that gave none.
_OLD_STRANGERS = (
    "DELETE FROM stranger WHERE source NOT IN (SELECT device_id FROM run JOIN latest"
    " USING (device_id, check_kind) WHERE device_id IN (SELECT source FROM stranger)"
    " AND status IN ('up', 'degraded') AND min(ifnull(end_s, at_s), at_s) >= :old_s)"
)
# What was told and has not ended stays, however old: its end must know that it got through.
_OLD_MESSAGES = (
    "DELETE FROM alert_message WHERE at_s < :old_s"
    " AND key IN (SELECT key FROM alert_message WHERE is_end)"
    " AND number NOT IN (SELECT message FROM alert_delivery WHERE state = 'waiting')"
)
RECORD_FORGETS = (_OLD_VALUES, _OLD_STRANGERS, _OLD_MESSAGES)

AUTHORS_KEPT_S = 3 * 365 * 86_400
"""How long the name of who said something of an incident is kept."""

# Counted from the newest entry, where that is before now: no clock that was wrong takes a name.
_OLD_AUTHORS = (
    "UPDATE annotation SET document = json_set(document, '$.author', '')"
    " WHERE entered_s < :authors_s AND document ->> '$.author' <> ''"
    " AND entered_s < (SELECT max(entered_s) FROM annotation) - :authors_kept_s"
)
DESK_FORGETS = (
    _OLD_AUTHORS,
    "DELETE FROM opening_year WHERE year < :first_year",
    # The inbox forgets these while it listens; here, where heartbeats were switched off.
    "DELETE FROM heartbeat_nonce WHERE until_s < :now_s",
    "DELETE FROM heartbeat_instant WHERE at_s < :beats_s",
)


class Retention:
    """
    Keeps one store small.

    Parameters
    ----------
    db
        The store as its one writer opened it; `tidy` must not run beside another write.
    path
        Its file.
    forgets
        Statements that forget what may be forgotten.
    """

    def __init__(self, db: apsw.Connection, path: Path, forgets: Sequence[str]) -> None:
        self._db, self._path, self._forgets = db, path, forgets
        self._is_long = False

    def tidy(self, now_s: int) -> int:
        """
        Forget, fold the log into the store, and return how many rows were forgotten.

        A disk that is full or a reader that holds the log does no harm; the next turn does it.
        Takes milliseconds: it never waits for a reader.
        """
        try:
            forgotten = self._forget(_bounds(now_s))
            # Passive: all that no reader still needs. The next write then begins the log anew.
            self._db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
        except UNWRITABLE as error:
            logger.info("store=%s not tidied, next time: %s", self._path.name, error)
            forgotten = 0
        self._watch_log()
        return forgotten

    def _forget(self, bounds: Mapping[str, int]) -> int:
        before = self._db.total_changes()
        with transaction(self._db):
            for each in self._forgets:
                self._db.execute(each, bounds)
        return self._db.total_changes() - before

    def _watch_log(self) -> None:
        log = log_of(self._path)
        size_bytes = log.stat().st_size if log.exists() else 0
        is_long = size_bytes >= LOG_ALARM_BYTES
        if is_long and not self._is_long:
            logger.error(
                "store=%s log: expected under %d MB, found %d MB: a program that reads it holds a"
                " transaction open: end it",
                self._path,
                LOG_ALARM_BYTES // 2**20,
                size_bytes // 2**20,
            )
        self._is_long = is_long


def _bounds(now_s: int) -> Mapping[str, int]:
    return {
        "now_s": now_s,
        "old_s": now_s - FORGOTTEN_AFTER_S,
        "authors_kept_s": AUTHORS_KEPT_S,
        "authors_s": now_s - AUTHORS_KEPT_S,
        "beats_s": now_s - KEPT_S - NONCE_KEPT_S,
        "first_year": instant(now_s).year - YEARS_KEPT,
    }

"""Announcements in `desk.db`: every version is kept, the newest of each holds."""

from collections.abc import Iterable, Sequence

import apsw
from pydantic import TypeAdapter

from netmon.domain.maintenance import Announcement, to_keep

ANNOUNCEMENT = TypeAdapter(Announcement)
"""Reads an announcement from JSON and writes it."""


def write_announcements(
    db: apsw.Connection, said: Iterable[Announcement], at_s: int
) -> list[Announcement]:
    """Keep what is new or changed, within the transaction of the caller; return that."""
    kept = []
    for each in said:
        found = to_keep(each, _newest(db, each.uid))
        if found is not None:
            document = ANNOUNCEMENT.dump_json(found).decode()
            db.execute(
                "INSERT INTO announcement (uid, entered_s, announced_s, document)"
                " VALUES (?, ?, ?, ?)",
                (found.uid, at_s, found.announced_s, document),
            )
            kept.append(found)
    return kept


def _newest(db: apsw.Connection, uid: str) -> Announcement | None:
    sql = "SELECT document FROM announcement WHERE uid = ? ORDER BY number DESC LIMIT 1"
    document = db.execute(sql, (uid,)).get
    return None if document is None else ANNOUNCEMENT.validate_json(document)


class NewestAnnouncements:
    """Reads the announcements that hold, each version once."""

    def __init__(self, db: apsw.Connection) -> None:
        self._db = db
        self._upto = 0
        self._newest: dict[str, Announcement] = {}
        self._listed: Sequence[Announcement] = ()

    def read(self) -> Sequence[Announcement]:
        """
        Return the newest version of each announcement, in the order of these versions.

        The same object comes back for as long as nothing was announced.
        """
        sql = "SELECT number, document FROM announcement WHERE number > ? ORDER BY number"
        rows = list(self._db.execute(sql, (self._upto,)))
        for number, document in rows:
            said = ANNOUNCEMENT.validate_json(document)
            self._newest.pop(said.uid, None)
            self._newest[said.uid] = said
            self._upto = number
        if rows:
            self._listed = tuple(self._newest.values())
        return self._listed

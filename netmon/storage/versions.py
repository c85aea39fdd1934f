"""What people said, in `desk.db`: every version is kept, the newest of each holds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import apsw
from pydantic import TypeAdapter

from netmon.domain import annotations, maintenance
from netmon.domain.annotations import Annotation
from netmon.domain.maintenance import Announcement


class Named(Protocol):
    """Something with a permanent name."""

    @property
    def uid(self) -> str:
        """The name that all its versions share."""


T = TypeVar("T", bound=Named)


@dataclass(frozen=True, slots=True)
class Shelf(Generic[T]):
    """
    Where one kind of what people say is kept.

    `to_keep(said, before)` returns what is new of it, None for nothing; `beside` gives columns
    that stand beside the document.
    """

    table: str
    adapter: TypeAdapter[T]
    to_keep: Callable[[T, T | None], T | None]
    beside: Callable[[T], Mapping[str, int]]


ANNOUNCEMENTS = Shelf(
    "announcement",
    TypeAdapter(Announcement),
    maintenance.to_keep,
    lambda said: {"announced_s": said.announced_s},
)
ANNOTATIONS = Shelf("annotation", TypeAdapter(Annotation), annotations.to_keep, lambda _: {})


def write_versions(db: apsw.Connection, shelf: Shelf[T], said: Iterable[T], at_s: int) -> list[T]:
    """Keep what is new or changed, within the transaction of the caller; return that."""
    kept = []
    for each in said:
        found = shelf.to_keep(each, _newest(db, shelf, each.uid))
        if found is not None:
            _insert(db, shelf, found, at_s)
            kept.append(found)
    return kept


def _insert(db: apsw.Connection, shelf: Shelf[T], said: T, at_s: int) -> None:
    document = shelf.adapter.dump_json(said).decode()
    row = {"uid": said.uid, "entered_s": at_s, "document": document, **shelf.beside(said)}
    names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
    db.execute(f"INSERT INTO {shelf.table} ({names}) VALUES ({marks})", row)  # noqa: S608 - our own names


def _newest(db: apsw.Connection, shelf: Shelf[T], uid: str) -> T | None:
    sql = f"SELECT document FROM {shelf.table} WHERE uid = ? ORDER BY number DESC LIMIT 1"  # noqa: S608 - our own name
    document = db.execute(sql, (uid,)).get
    return None if document is None else shelf.adapter.validate_json(document)


class Newest(Generic[T]):
    """Reads what holds of one kind, each version once."""

    def __init__(self, db: apsw.Connection, shelf: Shelf[T]) -> None:
        self._db, self._shelf = db, shelf
        self._upto = 0
        self._newest: dict[str, T] = {}
        self._listed: Sequence[T] = ()

    def read(self) -> Sequence[T]:
        """
        Return the newest version of each, in the order of these versions.

        The same object comes back for as long as nothing was said.
        """
        table = self._shelf.table
        sql = f"SELECT number, document FROM {table} WHERE number > ? ORDER BY number"  # noqa: S608 - our own name
        rows = list(self._db.execute(sql, (self._upto,)))
        for number, document in rows:
            said = self._shelf.adapter.validate_json(document)
            self._newest.pop(said.uid, None)
            self._newest[said.uid] = said
            self._upto = number
        if rows:
            self._listed = tuple(self._newest.values())
        return self._listed

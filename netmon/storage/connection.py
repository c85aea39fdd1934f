"""Opening a store: pragmas, numbered migrations, its origin, and the writer's lock."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources
from pathlib import Path
from urllib.parse import quote

import apsw

from netmon.domain.errors import StoreBusyError, StoreError

BUSY_TIMEOUT_MS = 5000

LOG_KEPT_BYTES = 8 * 1024 * 1024
"""What a log that grew behind a slow reader is cut back to, once it was folded in."""

UNFINISHED = "restore.unfinished"
"""Lies in a folder while a restore exchanges its stores, and longer if it was cut short."""

UNWRITABLE = (apsw.FullError, apsw.IOError, apsw.BusyError, apsw.ReadOnlyError)
"""What the disk, and no bug of ours, keeps from being written; it may be well again later."""


class WriterLock:
    """Held by the one process that may write a file, for as long as it may."""

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(path.name + ".lock")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            expected = "expected a folder that can be written"
            raise StoreError(f"{path}: store: {expected}, found: {error.strerror}") from None
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._descriptor)
            raise StoreBusyError(
                f"{path}: writer: expected none, found another netmon that writes this store"
            ) from None

    def release(self) -> None:
        """Let another process write; the lock file stays, so that no two can race for it."""
        os.close(self._descriptor)


def open_writer(path: Path, *, origin: str) -> apsw.Connection:
    """
    Open a store for its one writer and bring its schema up to date.

    Parameters
    ----------
    path
        Such as `record.db` or `raw-2026-11-23.db`; its stem, up to a dash, names the folder of
        migrations.
    origin
        `real` or `demo`; a store keeps the first one it is given.

    Raises
    ------
    StoreError
        If the store has another origin, a schema newer than this netmon's, or is half restored.
    """
    _refuse_half_restored(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    db = apsw.Connection(str(path))
    db.set_busy_timeout(BUSY_TIMEOUT_MS)
    # FULL, not NORMAL: a power cut must not take back a batch that was acknowledged.
    pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
    for pragma in (*pragmas, f"journal_size_limit={LOG_KEPT_BYTES}"):
        db.execute(f"PRAGMA {pragma}").fetchall()
    try:
        _migrate(db, path)
        _claim_origin(db, path, origin)
    except BaseException:
        db.close()
        raise
    return db


def claim(path: Path, *, origin: str) -> tuple[WriterLock, apsw.Connection]:
    """Open a store as its one writer; raises `StoreError` where another process is that."""
    lock = WriterLock(path)
    try:
        return lock, open_writer(path, origin=origin)
    except BaseException:
        lock.release()
        raise


def open_reader(path: Path, *, is_copied: bool = False) -> apsw.Connection:
    """
    Open a store for reading only.

    Raises
    ------
    StoreError
        If there is none yet, it is half restored, or (but for who copies it as it is) its
        schema is not the one of this netmon.
    """
    _refuse_half_restored(path)
    if not path.exists():
        raise StoreError(f"{path}: store: expected a file, found none: run `netmon run` first")
    db = apsw.Connection(
        f"file:{quote(str(path))}?mode=ro", flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    )
    db.set_busy_timeout(BUSY_TIMEOUT_MS)
    # Only the writer checkpoints: two checkpointing connections are how a WAL was corrupted.
    db.wal_autocheckpoint(0)
    try:
        _refuse_other_schema(path, db.pragma("user_version"), is_copied=is_copied)
    except BaseException:
        db.close()
        raise
    return db


def _refuse_other_schema(path: Path, found: int, *, is_copied: bool) -> None:
    newest = newest_schema(path)
    if found == 0:
        # A writer that is just beginning has made the file, and not yet what is in it.
        raise StoreError(f"{path}: schema: expected one, found none yet: try again in a second")
    if found > newest and not is_copied:
        raise StoreError(f"{path}: schema: expected at most {newest}, found {found}")
    if found < newest and not is_copied:
        cure = "start this netmon once, it brings the store up to date"
        raise StoreError(f"{path}: schema: expected {newest}, found {found}: {cure}")


@contextmanager
def transaction(db: apsw.Connection) -> Iterator[apsw.Connection]:
    """Run a block in one immediate transaction: all of it is kept, or nothing."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
        db.execute("COMMIT")
    except BaseException:
        # A full disk makes SQLite roll back by itself, in the block or at the commit.
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def origin_of(db: apsw.Connection) -> str | None:
    """Return the origin a store was made with, None before it was claimed."""
    return db.execute("SELECT value FROM meta WHERE key = 'origin'").get  # type: ignore[no-any-return]


def log_of(path: Path) -> Path:
    """Return where SQLite keeps what was committed and is not yet in the store itself."""
    return path.with_name(path.name + "-wal")


def newest_schema(path: Path) -> int:
    """Return the number of the last migration that this netmon knows for a store."""
    return _migrations(_kind(path))[-1][0]


def _refuse_half_restored(path: Path) -> None:
    # One store of the backup beside one of before, or a log beside another's file: never mixed.
    if (path.parent / UNFINISHED).exists():
        expected = "expected a finished one, found one that was cut short"
        raise StoreError(f"{path.parent}: restore: {expected}: run `netmon restore --force` again")


def _kind(path: Path) -> str:
    return path.stem.partition("-")[0]


@cache
def _migrations(kind: str) -> list[tuple[int, str]]:
    folder = resources.files("netmon.storage") / kind
    files = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [(int(name[:4]), (folder / name).read_text("utf-8")) for name in files]


def _migrate(db: apsw.Connection, path: Path) -> None:
    steps = _migrations(_kind(path))
    has = db.pragma("user_version")
    if has > steps[-1][0]:
        raise StoreError(f"{path}: schema: expected at most {steps[-1][0]}, found {has}")
    for number, sql in steps:
        if number > has:
            with transaction(db):
                db.execute(sql)
                db.pragma("user_version", number)


def _claim_origin(db: apsw.Connection, path: Path, origin: str) -> None:
    found = origin_of(db)
    if found is None:
        db.execute("INSERT INTO meta VALUES ('origin', ?)", (origin,))
    elif found != origin:
        raise StoreError(f"{path}: origin: expected {origin}, found {found}")

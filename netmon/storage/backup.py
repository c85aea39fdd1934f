"""A backup: both stores as of one moment, with what proves it whole, in one ZIP archive."""

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from pathlib import Path

import apsw

from netmon.domain.errors import StoreError
from netmon.storage.archive import (
    BLOCK_BYTES,
    MANIFEST,
    STORES,
    Manifest,
    checked,
    new_file,
    sync_folder,
)
from netmon.storage.calibrations import FILE as CALIBRATION
from netmon.storage.connection import open_reader
from netmon.storage.issued import FOLDER, LEDGER, REPORT, IssuedReports

_PAGES = 1000


def back_up(
    folder: Path, target: Path, *, version: str, at: datetime, force: bool = False
) -> Manifest:
    """
    Write a backup of the stores in a folder, while netmon may write them.

    Nobody waits for it: both stores are read as of one moment, each in a read transaction. The
    file appears whole or not at all, and only its owner can read it.

    Parameters
    ----------
    folder
        Where the stores are.
    target
        The archive to be made; its folder needs room for both stores besides.
    version
        Of this netmon.
    at
        Now.
    force
        Replace `target` where it is there already.

    Raises
    ------
    StoreError
        If there is no store, it is damaged, `target` may not be made, or there is no room.
    """
    _refuse(folder, target, force=force)
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".netmon-backup-") as passing:
            copies = Path(passing)
            _copy_all(folder, copies)
            manifest = _packed(copies, folder, version, at)
            _refuse(folder, target, force=force)
            (copies / "backup.zip").replace(target)
            sync_folder(target.parent)
    except (OSError, apsw.Error) as error:
        found = f"{type(error).__name__}: {error}"
        raise StoreError(f"{target}: backup: expected to write it whole, found {found}") from error
    return manifest


def _refuse(folder: Path, target: Path, *, force: bool) -> None:
    if not target.parent.is_dir():
        raise StoreError(f"{target.parent}: folder: expected one for the backup, found none")
    is_ours = target.resolve().parent == folder.resolve() and target.name.startswith(STORES)
    if target.is_dir() or is_ours:
        found = "the store itself" if is_ours else "a folder"
        raise StoreError(f"{target}: backup: expected the name of a file to make, found {found}")
    if target.exists() and not force:
        expected = "expected a name that is free, found a file"
        raise StoreError(f"{target}: backup: {expected}: --force replaces it")


def _copy_all(folder: Path, copies: Path) -> None:
    with _as_of_one_moment(folder) as sources:
        for name, source in sources.items():
            _copy(source, copies / name)


@contextmanager
def _as_of_one_moment(folder: Path) -> Iterator[dict[str, apsw.Connection]]:
    with ExitStack() as stack:
        sources = {
            name: stack.enter_context(closing(open_reader(folder / name, is_copied=True)))
            for name in STORES
        }
        for source in sources.values():
            # A transaction sees the store as it is at the first read, not when it begins.
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM meta").fetchall()
        yield sources


def _copy(source: apsw.Connection, path: Path) -> None:
    """Copy a store page by page; in a transaction of its own, no write makes it begin anew."""
    with closing(apsw.Connection(str(path))) as copy:
        # The archive is synced, this passing copy need not be.
        for pragma in ("journal_mode=OFF", "synchronous=OFF"):
            copy.execute(f"PRAGMA {pragma}").fetchall()
        with copy.backup("main", source, "main") as job:
            while not job.done:
                job.step(_PAGES)


def _packed(copies: Path, folder: Path, version: str, at: datetime) -> Manifest:
    """Check the copies and put them into one file that survives a power cut, reports beside."""
    origin, schemas = _facts(copies)
    with new_file(copies / "backup.zip") as file:
        with zipfile.ZipFile(file, "w") as archive:
            stores = {
                name: {"schema_version": schema, **_add(archive, copies / name, name, at)}
                for name, schema in schemas.items()
            }
            # What was issued never changes: it needs no copy of one moment.
            reports = {
                name: _add(archive, path, f"{FOLDER}/{name}", at)
                for letter in (REPORT, LEDGER)
                for name, path in IssuedReports(folder, letter).files()
            }
            # The walk that a calibration was made of is gone: it cannot be made anew.
            beside = {
                name: _add(archive, folder / name, name, at)
                for name in (CALIBRATION,)
                if (folder / name).is_file()
            }
            document = {"format": 1, "netmon": version, "made_at": at, "origin": origin}
            files = {"stores": stores, "reports": reports, "beside": beside}
            manifest = Manifest.model_validate({**document, **files})
            archive.writestr(_entry(MANIFEST, at), manifest.model_dump_json(indent=1))
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _facts(copies: Path) -> tuple[str, dict[str, int]]:
    """Return the origin of both stores, and the schema of each."""
    found = {name: checked(copies / name) for name in STORES}
    origins = {origin for origin, _ in found.values()}
    if len(origins) > 1:
        one, other = (f"{found[name][0]} in {name}" for name in STORES)
        raise StoreError(f"origin: expected one, found {one} and {other}")
    return origins.pop(), {name: schema for name, (_, schema) in found.items()}


def _add(archive: zipfile.ZipFile, path: Path, name: str, at: datetime) -> dict[str, object]:
    digest, size_bytes = hashlib.sha256(), 0
    with (
        path.open("rb") as file,
        archive.open(_entry(name, at), "w", force_zip64=True) as entry,
    ):
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
            size_bytes += len(block)
            entry.write(block)
    return {"size_bytes": size_bytes, "sha256": digest.hexdigest()}


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry

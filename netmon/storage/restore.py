"""Taking a backup back: all that can be wrong with it is found before a store is touched."""

import errno
import hashlib
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from netmon.domain.errors import StoreError
from netmon.storage.archive import (
    BLOCK_BYTES,
    MANIFEST,
    STORES,
    FileFacts,
    Manifest,
    checked,
    new_file,
    sync_folder,
)
from netmon.storage.calibrations import FILE as CALIBRATION
from netmon.storage.connection import UNFINISHED, WriterLock, newest_schema
from netmon.storage.issued import FOLDER

_MANIFEST_BYTES = 1_048_576
"""Of a manifest; the files of a thousand reports are in it."""

_PASSING = ".restore-"
_BESIDE = ("", "-wal", "-shm", "-journal")
# What a file that is half there, or no archive, makes `zipfile` raise.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored; `moved_to` holds the stores of before, None where there were none."""

    manifest: Manifest
    moved_to: Path | None


def restore(
    source: Path, folder: Path, *, origin: str, at: datetime, force: bool = False
) -> Restored:
    """
    Put the stores of a backup into a folder in which no netmon runs.

    A restore that is cut short leaves a folder that netmon refuses until it is restored again.

    Parameters
    ----------
    source
        A file that `back_up` made.
    folder
        Where the stores are to be; made if it is missing.
    origin
        `real` or `demo`: what the settings say the store is.
    at
        Now; names the folder that takes the stores of before.
    force
        Restore where there are stores already. They are moved aside and never deleted.

    Raises
    ------
    StoreError
        If the backup is damaged, of another origin or of a newer netmon; the store is in use;
        or there is one and `force` is not given. Nothing was changed then.
    OSError
        If there is no such file, or it may not be read.
    """
    with _found_whole(source):
        archive = zipfile.ZipFile(source)
    with archive:
        manifest = _manifest(archive, source, origin)
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder):
            if any(_standing(folder)) and not force:
                expected = "expected no store, found one"
                raise StoreError(f"{folder}: restore: {expected}: --force moves it aside")
            _sweep(folder)
            return Restored(manifest, _taken_back(archive, source, folder, manifest, at))


def _taken_back(
    archive: zipfile.ZipFile, source: Path, folder: Path, manifest: Manifest, at: datetime
) -> Path | None:
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=_PASSING) as passing:
            for name in STORES:
                _unpack(archive, source, Path(passing) / name, manifest)
            _unpack_reports(archive, source, Path(passing) / FOLDER, manifest)
            for name, facts in manifest.beside.items():
                _copy(archive, source, name, (Path(passing) / name, facts))
            return _exchange(Path(passing), folder, at)
    except OSError as error:
        expected = f"expected room and leave to write, found {error.strerror}"
        raise StoreError(f"{folder}: restore: {expected}") from error


@contextmanager
def _found_whole(source: Path) -> Iterator[None]:
    """Tell what reading a damaged archive raises in one line."""
    try:
        yield
    except (*_DAMAGE, OSError) as error:
        # A spoilt directory of the archive sends the reader to a place before its beginning.
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise
        found = f"a damaged file ({type(error).__name__})"
        raise StoreError(
            f"{source}: backup: expected a whole one of `netmon backup`, found {found}"
        ) from error


def _manifest(archive: zipfile.ZipFile, source: Path, origin: str) -> Manifest:
    """Read what a backup says of itself; raises `StoreError` where it cannot be restored here."""
    with _found_whole(source), archive.open(MANIFEST) as entry:
        text = entry.read(_MANIFEST_BYTES)
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]["type"]
        raise StoreError(f"{source}: {MANIFEST}: expected one of format 1, found {fault}") from None
    if manifest.origin != origin:
        raise StoreError(f"{source}: origin: expected {origin}, found {manifest.origin}")
    for name, facts in manifest.stores.items():
        newest = newest_schema(Path(name))
        if facts.schema_version > newest:
            found = f"{facts.schema_version}, of netmon {manifest.netmon}"
            raise StoreError(f"{source}: {name}: schema: expected at most {newest}, found {found}")
    return manifest


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with ExitStack() as stack:
        for name in (*STORES, FOLDER):
            stack.callback(WriterLock(folder / name).release)
        yield


def _standing(folder: Path) -> Iterator[Path]:
    """Yield the files of the stores in a folder, the folder of reports, and the calibration."""
    for name in STORES:
        for suffix in _BESIDE:
            if (path := folder / f"{name}{suffix}").exists():
                yield path
    for name in (FOLDER, CALIBRATION):
        if (path := folder / name).exists():
            yield path


def _sweep(folder: Path) -> None:
    """Remove what restores that were killed had unpacked; the locks say that none is under way."""
    for left in folder.glob(f"{_PASSING}*"):
        shutil.rmtree(left)


def _unpack(archive: zipfile.ZipFile, source: Path, path: Path, manifest: Manifest) -> None:
    """Unpack one store and compare it with what the manifest says of it."""
    facts = manifest.facts_of(path.name)
    _copy(archive, source, path.name, (path, facts))
    try:
        origin, schema = checked(path)
    except StoreError as error:
        raise StoreError(f"{source}: {error}") from error
    if (origin, schema) != (manifest.origin, facts.schema_version):
        expected = f"expected {manifest.origin} of schema {facts.schema_version}"
        found = f"found {origin} of schema {schema}"
        raise StoreError(f"{source}: {path.name}: store: {expected}, {found}")


def _unpack_reports(
    archive: zipfile.ZipFile, source: Path, folder: Path, manifest: Manifest
) -> None:
    """Unpack issued reports; their names were checked with the manifest."""
    for name, facts in manifest.reports.items():
        path = folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        _copy(archive, source, f"{FOLDER}/{name}", (path, facts))


def _copy(
    archive: zipfile.ZipFile, source: Path, name: str, wanted: tuple[Path, FileFacts]
) -> None:
    """Write an entry to a file and compare it with what the manifest says of it."""
    path, facts = wanted
    with _found_whole(source):
        size_bytes, sha256 = _copied(archive, name, path, facts.size_bytes)
    if (size_bytes, sha256) != (facts.size_bytes, facts.sha256):
        expected = f"expected {facts.size_bytes} bytes of {facts.sha256}"
        found = f"found {size_bytes} of {sha256}"
        raise StoreError(f"{source}: {name}: checksum: {expected}, {found}")


def _copied(archive: zipfile.ZipFile, name: str, path: Path, most_bytes: int) -> tuple[int, str]:
    """Write an entry to a file, a block more than it should have at most; what came of it."""
    digest, size_bytes = hashlib.sha256(), 0
    with archive.open(name) as entry, new_file(path) as file:
        while size_bytes <= most_bytes and (block := entry.read(BLOCK_BYTES)):
            digest.update(block)
            size_bytes += len(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    return size_bytes, digest.hexdigest()


def _exchange(fresh: Path, folder: Path, at: datetime) -> Path | None:
    """Move the old stores aside and the fresh ones in; the mark lies there all the while."""
    mark, standing = folder / UNFINISHED, list(_standing(folder))
    # Cut short once: what the first attempt moved aside and what it left belong together.
    is_second_try = mark.exists()
    name = mark.read_text("utf-8") if is_second_try else f"before-restore-{at:%Y%m%dT%H%M%SZ}"
    aside = folder / name
    if standing:
        aside.mkdir(mode=0o700, exist_ok=is_second_try)
    _set(mark, name)
    for old in standing:
        if not (aside / old.name).exists():
            old.rename(aside / old.name)
    for each in STORES:
        (fresh / each).replace(folder / each)
    _exchange_reports(fresh / FOLDER, folder / FOLDER)
    _exchange_file(fresh / CALIBRATION, folder / CALIBRATION)
    sync_folder(folder)
    mark.unlink()
    sync_folder(folder)
    return aside if aside.exists() else None


def _exchange_reports(fresh: Path, there: Path) -> None:
    if there.exists():
        shutil.rmtree(there)  # of an attempt that was cut short: what was before is aside already
    if fresh.exists():
        fresh.rename(there)


def _exchange_file(fresh: Path, there: Path) -> None:
    there.unlink(missing_ok=True)  # as above
    if fresh.exists():
        fresh.rename(there)


def _set(mark: Path, name: str) -> None:
    with mark.open("w", encoding="utf-8") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(mark.parent)

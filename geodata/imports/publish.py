"""Putting a layer in the place of the old one: whole, at once, and only one import at a time."""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from geodata.errors import DataError, Finding
from geodata.imports.formats import refused

RECORD = "imports.json"
"""Beside the layers: where each one came from, for people and scripts."""

_LOCK = ".import.lock"
_WORK = ".import-"
_CHUNK_BYTES = 2**20
_SHAPEFILE_PARTS = (".dbf", ".shx", ".prj", ".cpg")


def sha256_of(path: Path) -> str:
    """Return the checksum of a file; of a Shapefile, of its parts in a fixed order."""
    digest = hashlib.sha256()
    parts = [path.with_suffix(suffix) for suffix in _SHAPEFILE_PARTS]
    for part in (path, *(parts if path.suffix.lower() == ".shp" else ())):
        if part == path or part.is_file():
            with part.open("rb") as file:
                while piece := file.read(_CHUNK_BYTES):
                    digest.update(piece)
    return digest.hexdigest()


@contextmanager
def only_import(folder: Path) -> Iterator[Path]:
    """
    Hold the folder for one import, and yield a working folder in it that is gone afterwards.

    Raises
    ------
    DataError
        If another import is under way, or the folder is none that can be written.
    """
    if not folder.is_dir():
        raise refused(folder, "folder", "the folder of a city", "nothing")
    descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _lock(descriptor, folder)
        for left in folder.glob(f"{_WORK}*"):
            shutil.rmtree(left, ignore_errors=True)  # of an import that was killed
        work = Path(mkdtemp(prefix=_WORK, dir=folder))
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)
    finally:
        os.close(descriptor)


def replace_layer(work: Path, folder: Path, name: str, write: Callable[[Path], None]) -> str:
    """Write a layer beside, bring it to the disk, put it in place; return its checksum."""
    made = work / name
    write(made)
    checksum = sha256_of(made)
    made.chmod(0o644)
    _sync(made)
    made.replace(folder / name)
    _sync(folder)
    return checksum


def note(work: Path, folder: Path, kind: str, facts: dict[str, Any]) -> None:
    """Keep what is known of a layer in `imports.json`, the others as they were."""
    kept = {**noted(folder), kind: facts}
    text = json.dumps(kept, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    replace_layer(work, folder, RECORD, lambda path: _write(path, text))


def noted(folder: Path) -> dict[str, Any]:
    """Return what `imports.json` says by kind, nothing where there is none; raises `DataError`."""
    path = folder / RECORD
    if not path.exists():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise refused(path, "file", "readable JSON", type(error).__name__) from error
    if not isinstance(found, dict):
        raise refused(path, "file", "a JSON object", type(found).__name__)
    return found


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _lock(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        finding = Finding(str(folder), "", "import", "one import at a time", "another one at work")
        raise DataError([finding]) from error


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""What is in a backup, and what proves it whole."""

import os
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Annotated, BinaryIO, Literal
from urllib.parse import quote

import apsw
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from netmon.domain.errors import StoreError
from netmon.storage import desk, record
from netmon.storage.connection import origin_of

STORES = (record.FILE, desk.FILE)
"""The record first: whatever it tells of is in a revision that the desk then has, too."""

MANIFEST = "manifest.json"
BLOCK_BYTES = 1 << 20

Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.+-]{1,64}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

ReportName = Annotated[
    str, StringConstraints(pattern=r"^20\d\d-\d\d/[lr][1-9]\d{0,5}\.[a-z]{3,5}$")
]


class FileFacts(BaseModel, frozen=True, strict=True):
    """Size and SHA-256 of a file in a backup."""

    size_bytes: int = Field(ge=0)
    sha256: Digest


class StoreFacts(FileFacts, frozen=True, strict=True):
    """What one store in a backup is: its schema besides."""

    schema_version: int = Field(ge=1)


class Manifest(BaseModel, frozen=True):
    """
    What a backup says of itself; `netmon` is the version that made it.

    `reports` are the files of issued reports by their names below `reports/`; a backup from
    before there were any has none. `beside` are other files that lie beside the stores and cannot
    be made anew.
    """

    format: Literal[1]
    netmon: Word
    made_at: AwareDatetime
    origin: Word
    stores: Mapping[Literal["record.db", "desk.db"], StoreFacts] = Field(min_length=len(STORES))
    reports: Mapping[ReportName, FileFacts] = {}
    beside: Mapping[Literal["calibration.json"], FileFacts] = {}

    def facts_of(self, name: str) -> StoreFacts:
        """Return what it says of one of `STORES`."""
        return next(facts for key, facts in self.stores.items() if key == name)


def checked(path: Path) -> tuple[str, int]:
    """
    Return the origin and the schema of a store that nobody has open.

    Raises
    ------
    StoreError
        If it is no store of netmon, or SQLite finds it damaged.
    """
    # Immutable: it has no log, and must get none.
    uri = f"file:{quote(str(path))}?mode=ro&immutable=1"
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    try:
        with closing(apsw.Connection(uri, flags=flags)) as db:
            fault = db.execute("PRAGMA integrity_check(1)").get
            if fault != "ok":
                raise StoreError(f"{path.name}: integrity: expected ok, found damage: {fault}")
            return str(origin_of(db)), db.pragma("user_version")
    except apsw.Error as error:
        found = f"{type(error).__name__}: {error}"
        raise StoreError(f"{path.name}: store: expected one of netmon, found {found}") from error


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def new_file(path: Path) -> BinaryIO:
    """Make a file that nobody but its owner can read, and open it for writing."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

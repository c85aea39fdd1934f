"""
Issued reports: files beside the stores, `reports/2026-10/r1.json` and what was made from it.

Ledgers of months are kept beside them, as `reports/2026-10/l1.json`.

What was issued is never changed. A revision is there once its JSON is, which is written last;
beside it stands when it was issued and to whom it was sent.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ValidationError

from netmon.domain.errors import StoreError
from netmon.storage.archive import new_file, sync_folder
from netmon.storage.connection import WriterLock

FOLDER = "reports"
DOCUMENT = "json"
"""The ending of the file whose presence says that a revision was issued."""

_FATE = "fate"
_MONTH = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])")
_REVISION = re.compile(r"([a-z])([1-9]\d{0,5})\.json")

REPORT, LEDGER = "r", "l"
"""With which letter the files of each begin."""


class Fate(BaseModel, frozen=True):
    """When a revision was issued, and when it was sent through which channel."""

    issued_at: AwareDatetime
    sent: Mapping[str, AwareDatetime] = {}


class IssuedReports:
    """
    The reports of one store, or its ledgers, by their letter.

    Reading needs no lock, writing is one process's at a time.
    """

    def __init__(self, store: Path, letter: str = REPORT) -> None:
        self._folder, self._letter = store / FOLDER, letter

    def months(self) -> Sequence[str]:
        """Return the months of which a report was issued, the newest first."""
        if not self._folder.is_dir():
            return ()
        names = (each.name for each in self._folder.iterdir())
        found = [name for name in names if _MONTH.fullmatch(name) and self.revisions(name)]
        return sorted(found, reverse=True)

    def revisions(self, month: str) -> Sequence[int]:
        """Return the numbers of a month's revisions, oldest first; none of what is no month."""
        folder = self._folder / month
        if not _MONTH.fullmatch(month) or not folder.is_dir():
            return ()
        matches = (_REVISION.fullmatch(each.name) for each in folder.iterdir())
        return sorted(int(each[2]) for each in matches if each and each[1] == self._letter)

    def files(self) -> Iterator[tuple[str, Path]]:
        """Yield every file of what was issued, by its name below the folder of reports."""
        for month in sorted(self.months()):
            for number in self.revisions(month):
                for path in sorted((self._folder / month).glob(f"{self._letter}{number}.*")):
                    yield f"{month}/{path.name}", path

    def path(self, month: str, revision: int, ending: str) -> Path:
        """Return where one file of a revision is."""
        return self._folder / month / f"{self._letter}{revision}.{ending}"

    def read(self, month: str, revision: int, ending: str = DOCUMENT) -> bytes:
        """Return one file of a revision; raises `StoreError` where there is none."""
        path = self.path(month, revision, ending)
        try:
            return path.read_bytes()
        except OSError as error:
            found = f"found none ({error.strerror})"
            raise StoreError(f"{path}: report: expected an issued one, {found}") from None

    def fate(self, month: str, revision: int) -> Fate | None:
        """Return what became of a revision, None where nothing was noted."""
        try:
            return Fate.model_validate_json(self.path(month, revision, _FATE).read_bytes())
        except (OSError, ValidationError):
            return None

    @contextmanager
    def writing(self) -> Iterator["Issuing"]:
        """Keep others from writing meanwhile; raises `StoreError` where another one does."""
        lock = WriterLock(self._folder)
        try:
            yield Issuing(self)
        finally:
            lock.release()


class Issuing:
    """Writes reports, for as long as the lock is held."""

    def __init__(self, reports: IssuedReports) -> None:
        self._reports = reports

    def keep(
        self, month: str, revision: int, files: Mapping[str, bytes], issued_at: datetime
    ) -> None:
        """Keep a new revision, whole or not at all; one that is there is never replaced."""
        document = self._reports.path(month, revision, DOCUMENT)
        if document.exists():
            raise StoreError(f"{document}: report: expected a new one, found it there already")
        for folder in (document.parent.parent, document.parent):
            folder.mkdir(mode=0o700, exist_ok=True)
        self._note(month, revision, Fate(issued_at=issued_at))
        # The document last: with it, the revision is there.
        for ending in sorted(files, key=lambda each: each == DOCUMENT):
            _write(self._reports.path(month, revision, ending), files[ending])
        sync_folder(document.parent.parent)

    def sent(self, month: str, revision: int, channel: str, at: datetime) -> None:
        """Note that a revision was sent, so that it is not sent again."""
        fate = self._reports.fate(month, revision) or Fate(issued_at=at)
        noted = fate.model_copy(update={"sent": {**fate.sent, channel: at}})
        self._note(month, revision, noted)

    def _note(self, month: str, revision: int, fate: Fate) -> None:
        _write(self._reports.path(month, revision, _FATE), fate.model_dump_json().encode())


def _write(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole, or as it was before, whatever happens."""
    passing = path.with_name(f".{path.name}")
    passing.unlink(missing_ok=True)
    try:
        with new_file(passing) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        # Of a full disk the system says which only to who opens a file, not to who writes.
        error.filename = str(path)
        passing.unlink(missing_ok=True)
        raise
    passing.replace(path)
    sync_folder(path.parent)

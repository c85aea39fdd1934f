"""
A disk that can lose its power: SQLite's own files over a model of what was synced.

Between two syncs of a file nothing is known to be on the disk. A cut leaves each file as its last
sync did (`TORN`: with some sectors of what was written since, in any order). Names of
files are taken to be safe at once, and a sync to be true: neither is in the model.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

import apsw

SECTOR_BYTES = 512
BASE = "unix"


class Loss(StrEnum):
    """How much of what was not synced a cut takes back."""

    ALL = "all"
    TORN = "torn"


class Disk:
    """
    Follows every write and sync; the power fails at one of them.

    Parameters
    ----------
    after
        The folder that gets the files as they are after the cut.
    cut_at
        Which write, truncation or sync is the last one, counted from 1.
    """

    def __init__(self, after: Path, cut_at: int, loss: Loss, chance: random.Random) -> None:
        self._after, self._loss, self._chance = after, loss, chance
        self._left = cut_at
        self._durable: dict[Path, bytearray] = {}
        self._since: dict[Path, list[tuple[int, bytes | None]]] = {}

    @property
    def is_cut(self) -> bool:
        return self._left <= 0

    def opened(self, path: Path) -> None:
        """Take what a file holds before its first use for safe."""
        if path not in self._durable:
            self._durable[path] = bytearray(path.read_bytes())
            self._since[path] = []

    def deleted(self, path: Path) -> None:
        self._durable.pop(path, None)
        self._since.pop(path, None)

    def changed(self, path: Path, offset: int, data: bytes | None) -> None:
        """Note a write, or a truncation (None) at an offset."""
        self._since[path].append((offset, data))
        self._pass()

    def synced(self, path: Path) -> None:
        self._pass()
        for change in self._since[path]:
            _apply(self._durable[path], *change)
        self._since[path].clear()

    def _pass(self) -> None:
        self._left -= 1
        if self._left == 0:
            self._after.mkdir()
            for path, durable in self._durable.items():
                (self._after / path.name).write_bytes(self._as_left(durable, self._since[path]))

    def _as_left(self, durable: bytearray, since: list[tuple[int, bytes | None]]) -> bytes:
        left = bytearray(durable)
        if self._loss is Loss.TORN:
            for offset, data in since:
                for at, part in _sectors(offset, data):
                    if self._chance.random() < 0.5:
                        _apply(left, at, part)
        return bytes(left)


class _File(apsw.VFSFile):
    def __init__(self, name: str | apsw.URIFilename | None, flags: list[int], disk: Disk) -> None:
        super().__init__(BASE, name, flags)
        self._disk = disk
        self._path = Path(name.filename() if isinstance(name, apsw.URIFilename) else str(name))
        disk.opened(self._path)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's name
        super().xWrite(data, offset)
        self._disk.changed(self._path, offset, bytes(data))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 - SQLite's name
        super().xTruncate(newsize)
        self._disk.changed(self._path, newsize, None)

    def xSync(self, flags: int) -> None:  # noqa: N802 - SQLite's name
        super().xSync(flags)
        self._disk.synced(self._path)


class _Vfs(apsw.VFS):
    def __init__(self, disk: Disk) -> None:
        # The default: the writers of the product open their files on it as they are.
        super().__init__("power", BASE, makedefault=True)
        self._disk = disk

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> _File:  # noqa: N802 - SQLite's name
        return _File(name, flags, self._disk)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: FBT001, N802 - SQLite's name
        super().xDelete(filename, syncdir)
        self._disk.deleted(Path(filename))


@contextmanager
def powered(disk: Disk) -> Iterator[None]:
    """Let every connection that is opened in the block write to this disk."""
    before = apsw.vfs_names()
    vfs = _Vfs(disk)
    try:
        yield
    finally:
        vfs.unregister()
    assert apsw.vfs_names() == before


def _apply(content: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del content[offset:]
        return
    content.extend(bytes(max(0, offset - len(content))))
    content[offset : offset + len(data)] = data


def _sectors(offset: int, data: bytes | None) -> Iterator[tuple[int, bytes | None]]:
    if data is None:
        yield offset, None
        return
    for begin in range(0, len(data), SECTOR_BYTES):
        yield offset + begin, data[begin : begin + SECTOR_BYTES]

"""
What a command wants the running web side to keep: files left beside the store.

Only the web side writes the desk. A command that finds it running leaves a request, one file
that appears whole; the web side takes it in its next turn. The folder is its owner's alone.
"""

import logging
import os
import stat
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from pydantic import TypeAdapter, ValidationError

from netmon.domain.annotations import Annotation
from netmon.domain.errors import StoreError
from netmon.domain.maintenance import Announcement

logger = logging.getLogger(__name__)

FOLDER = "desk.requests"
MOST_BYTES = 4_000_000

_WHOLE, _REFUSED = ".json", ".refused"

Said = Announcement | Annotation
"""What a request may ask to be kept."""

_REQUEST: TypeAdapter[tuple[Said, ...]] = TypeAdapter(tuple[Said, ...])

Take = Callable[[Sequence[Said]], None]
"""Keeps what a request asks; raises `ValueError` where that cannot be."""


def leave_request(store: Path, said: Sequence[Said], at_s: int) -> Path:
    """
    Leave a request that is either there as a whole or not at all; return its file.

    Raises `StoreError` where it cannot be written.
    """
    folder = store / FOLDER
    name = f"{at_s}-{uuid4().hex}"  # in the order in which they were left, to the second
    hidden, whole = folder / f".{name}", folder / f"{name}{_WHOLE}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        _write(hidden, _REQUEST.dump_json(tuple(said)))
        hidden.rename(whole)
    except OSError as error:
        with suppress(OSError):
            hidden.unlink()
        expected = "expected a folder that requests can be left in"
        raise StoreError(f"{folder}: request: {expected}, found: {error.strerror}") from None
    return whole


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def is_refused(request: Path) -> bool:
    """Tell whether a request was looked at and could not be kept; the answer is removed."""
    refused = request.with_suffix(_REFUSED)
    is_there = refused.exists()
    refused.unlink(missing_ok=True)
    return is_there


def take_requests(store: Path, take: Take) -> int:
    """
    Keep what was left, oldest first; return how many requests were kept.

    One that was kept is removed afterwards: after a crash in between it is taken again, which
    changes nothing. One that cannot be kept is put aside. What `take` raises otherwise (a full
    disk) goes on to the caller, and the request waits.
    """
    kept = 0
    for request in _left(store / FOLDER):
        try:
            take(_read(request))
        except ValueError as error:
            logger.error("request: %s refused: %s", request.name, _first_line(error))  # noqa: TRY400 - the file is wrong, not the code
            request.rename(request.with_suffix(_REFUSED))
        else:
            request.unlink()
            kept += 1
    return kept


def _left(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"[!.]*{_WHOLE}"))


def _read(request: Path) -> tuple[Said, ...]:
    try:
        # Neither a link to elsewhere nor a pipe that never speaks is a request.
        descriptor = os.open(request, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise ValueError(f"expected a file of ours, found: {error.strerror}") from error
    with os.fdopen(descriptor, "rb") as file:
        is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
        content = file.read(MOST_BYTES + 1) if is_file else b""
    if len(content) > MOST_BYTES:
        raise ValueError(f"expected at most {MOST_BYTES} bytes, found more")
    return _REQUEST.validate_json(content)


def _first_line(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_input=False, include_url=False)[0]
        return f"{first['loc']}: {first['msg']}"
    return str(error)

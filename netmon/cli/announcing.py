"""How what people say reaches the desk, whoever writes that: this process or a running one."""

import logging
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path

import apsw

from netmon.cli.wiring import check_store, now, readable
from netmon.config.annotation_text import annotation_fault
from netmon.config.recurrence import announcement_fault
from netmon.config.settings import Settings
from netmon.config.settings_file import load_settings
from netmon.domain.annotations import Annotation
from netmon.domain.errors import StoreBusyError, StoreError
from netmon.domain.intervals import epoch_s
from netmon.domain.maintenance import Announcement
from netmon.domain.model import Inventory
from netmon.storage.desk import DeskReader, DeskWriter
from netmon.storage.requests import Said, is_refused, leave_request, take_requests

logger = logging.getLogger(__name__)

TAKEN_WITHIN_S = 10.0
PATIENCE_S = 1.0
"""How long a request lies before its command looks whether anybody is there to take it."""

LOOK_S = 0.05


@contextmanager
def reading_desk(config: Path) -> Iterator[tuple[Settings, DeskReader]]:
    """Open the desk for reading; raises `StoreError` where there is none that can be used."""
    settings = load_settings(config)
    with readable(settings.store.folder), closing(DeskReader(settings.store.folder)) as desk:
        check_store(settings, desk)
        yield settings, desk


def subjects_by_word(inventory: Inventory) -> dict[str, str]:
    """Return the id that a word stands for: any id, or a name (casefolded) that only one has."""
    things = [(each.id, each.name) for each in inventory.devices]
    things += [(each.id, each.name) for each in inventory.places]
    names: dict[str, set[str]] = {}
    for key, name in things:
        names.setdefault(name.casefold(), set()).add(key)
    known = {name: min(keys) for name, keys in names.items() if len(keys) == 1}
    return known | {key: key for key, _ in things}


def announce(settings: Settings, said: Sequence[Said]) -> None:
    """
    Have kept what somebody said: by this process, or by the one that writes the desk now.

    Raises
    ------
    StoreError
        If the running netmon refuses, or takes them not within `TAKEN_WITHIN_S`; or if this
        process cannot write the desk (a full disk).
    """
    try:
        _write(settings, said)
    except StoreBusyError:
        _ask(settings, said)
    except apsw.Error as error:
        found = f"{type(error).__name__}: {error}"
        expected = "expected a desk that can be written"
        raise StoreError(f"{settings.store.folder}: store: {expected}, found {found}") from None


class Requests:
    """
    Takes what commands leave, for the process that writes the desk.

    Where the store cannot be written the requests wait, and that is told once.
    """

    def __init__(self, desk: DeskWriter, folder: Path) -> None:
        self._desk, self._folder = desk, folder
        self._is_failing = False

    def take(self) -> None:
        """Keep what was left since the last time; to be called every moment."""
        try:
            take_requests(self._folder, partial(_keep, self._desk))
        except (apsw.Error, OSError) as error:
            if not self._is_failing:
                logger.error("requests: cannot be kept, they wait: %s", error)  # noqa: TRY400 - the disk is full, not the code wrong
            self._is_failing = True
        else:
            self._is_failing = False


def _keep(desk: DeskWriter, said: Iterable[Said]) -> None:
    said = list(said)
    for each in said:
        fault = _fault(each)
        if fault:
            raise ValueError(f"{each.uid}: {fault}")
    at_s = epoch_s(now())
    announcements = [each for each in said if isinstance(each, Announcement)]
    for announced in desk.announce(announcements, at_s):
        logger.info(
            "announced uid=%s effect=%s subjects=%s",
            announced.uid, announced.effect, announced.subjects,
        )  # fmt: skip
    annotations = [each for each in said if isinstance(each, Annotation)]
    for noted in desk.annotate(annotations, at_s):
        # Neither who nor what: a log is kept by others, and for longer.
        logger.info("annotated uid=%s kind=%s subject=%s", noted.uid, noted.kind, noted.subject)


def _fault(said: Said) -> str | None:
    if isinstance(said, Announcement):
        return announcement_fault(said)
    return annotation_fault(said)


def _write(settings: Settings, said: Sequence[Said]) -> None:
    folder = settings.store.folder
    with closing(DeskWriter(folder, origin=settings.store.origin)) as desk:
        take_requests(folder, partial(_keep, desk))  # what nobody took yet was said before
        _keep(desk, said)


def _ask(settings: Settings, said: Sequence[Said]) -> None:
    folder = settings.store.folder
    request = leave_request(folder, said, epoch_s(now()))
    deadline_s = time.monotonic() + TAKEN_WITHIN_S
    while not _is_taken(request, min(PATIENCE_S, TAKEN_WITHIN_S)):
        with suppress(StoreBusyError):  # who wrote may have been another command, and be gone
            _write(settings, ())
        if request.exists() and time.monotonic() > deadline_s:
            expected = f"a running netmon that takes it within {TAKEN_WITHIN_S:g} s"
            found = "none yet: it is kept as soon as one can"
            raise StoreError(f"{request}: request: expected {expected}, found {found}")
    if is_refused(request):
        raise StoreError(f"{request}: request: expected one that can be kept, found it refused")


def _is_taken(request: Path, within_s: float) -> bool:
    deadline_s = time.monotonic() + within_s
    pause = threading.Event()
    while request.exists() and time.monotonic() < deadline_s:
        pause.wait(LOOK_S)
    return not request.exists()

"""Whether netmon does its work, as its dead man's switch asks."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing

import apsw

from netmon.alerts.dead_man import DeadMan
from netmon.analysis.views import RecordViews
from netmon.cli.wiring import Loaded, now
from netmon.storage.desk import DeskReader
from netmon.storage.record import RecordReader

Complaint = Callable[[], str]
"""Says in a few words what is not well, nothing where all is."""


def dead_man_of(stack: ExitStack, loaded: Loaded, others: Iterable[Complaint]) -> DeadMan | None:
    """
    Return the switch, None where no address is configured.

    Well is: looks come in and are kept (they are read back from the store, so a full disk and a
    collector that hangs both show), and none of `others` complains.
    """
    if loaded.dead_man_url is None:
        return None
    folder = loaded.settings.store.folder
    record = stack.enter_context(closing(RecordReader(folder)))
    desk = stack.enter_context(closing(DeskReader(folder)))
    views = RecordViews(loaded.settings, loaded.calendar, record, desk)
    asked = (lambda: _looks(views), *others)
    return DeadMan(loaded.dead_man_url, lambda: next(filter(None, (ask() for ask in asked)), ""))


def _looks(views: RecordViews) -> str:
    try:
        return "" if views.health(now()).is_ok else "no looks come in, or none can be kept"
    except apsw.Error as error:
        return f"the store cannot be read ({type(error).__name__})"

"""Answers of times that are over, kept in memory for as long as nothing touches them."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

from netmon.analysis.announced import Agenda
from netmon.storage.desk import DeskReader
from netmon.storage.record import RecordReader

Row = TypeVar("Row")

MOST_ROWS = 120_000
"""Of all answers together, some 90 MB: years of a city with many incidents."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """Rows that hold while the record of before `until_s`, and what the desk says, are as then."""

    until_s: int
    past: object
    said: object
    rows: tuple[object, ...]


class Settled:
    """
    Gives an answer again where everything that it was worked out from is still the same.

    An answer of a past interval is a function of what the record holds of the time until
    some instant (`RecordReader.past`), of what the desk says of it, and of settings and calendar,
    which are the same for as long as a reader lives. Whatever else an answer comes to depend on
    must come to be part of `past` or of `_said`. Safe from any thread.
    """

    def __init__(self, record: RecordReader, desk: DeskReader, agenda: Agenda) -> None:
        self._record, self._desk, self._agenda = record, desk, agenda
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._rows = 0

    def answer(
        self,
        question: Hashable,
        now_s: int,
        work_out: Callable[[], list[Row]],
        settled_s: Callable[[list[Row]], int | None],
        *,
        is_annotated: bool = False,
    ) -> list[Row]:
        """
        Return the rows that answer a question.

        Parameters
        ----------
        question
            Equal ones have equal answers at any `now_s` from when they are settled.
        now_s
            Nothing is kept, or given again, that is settled only after it.
        work_out
            Reads the rows from the stores.
        settled_s
            Until when what is recorded can change these rows; None where that is never over.
        is_annotated
            Whether the rows tell what was said of incidents.
        """
        written = self._desk.version()
        # What tells whether an answer holds, and what it is worked out from, are of one moment.
        with self._record.at_one_moment():
            kept = self._kept.get(question)
            if kept is not None and self._holds(kept, now_s, is_annotated=is_annotated):
                return list(kept.rows)  # type: ignore[arg-type]  # of the same question, so of the same kind
            rows = work_out()
            until_s = settled_s(rows)
            if until_s is not None and until_s <= now_s:
                said = self._said(until_s, is_annotated=is_annotated)
                fresh = _Kept(until_s, self._record.past(until_s), said, tuple(rows))
                if self._desk.version() == written:
                    self._keep(question, fresh)
        return rows

    def _holds(self, kept: _Kept, now_s: int, *, is_annotated: bool) -> bool:
        if kept.until_s > now_s or self._said(kept.until_s, is_annotated=is_annotated) != kept.said:
            return False
        return self._record.past(kept.until_s) == kept.past

    def _said(self, until_s: int, *, is_annotated: bool) -> object:
        # A revision never changes; the others are the same objects while nobody says anything.
        annotations = self._desk.annotations() if is_annotated else ()
        return len(self._desk.revisions()), self._agenda.before(until_s), annotations

    def _keep(self, question: Hashable, kept: _Kept) -> None:
        with self._lock:
            before = self._kept.pop(question, None)
            self._rows += len(kept.rows) - (len(before.rows) if before else 0)
            self._kept[question] = kept
            while self._rows > MOST_ROWS and self._kept:
                self._rows -= len(self._kept.popitem(last=False)[1].rows)

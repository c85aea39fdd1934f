"""The ledger of a month that is over: worked out once, and from then on printed as it was."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from netmon.analysis.calendar_months import Month
from netmon.cli.ledger_document import Document
from netmon.cli.output import json_text
from netmon.domain.errors import StoreError
from netmon.storage.issued import DOCUMENT, LEDGER, IssuedReports


def kept_or_new(
    store: Path, month: Month, at: datetime, make: Callable[[], Document], *, is_anew: bool
) -> Document:
    """
    Return the ledger of a month: the newest that is kept, else a new one.

    One of a month that is over and settled is kept, with a number (`revision`); that of another
    is None. Anew, it gets the next number only where any figure is another.

    Raises
    ------
    StoreError
        If what is kept is damaged, or another process writes.
    """
    issued = IssuedReports(store, LEDGER)
    known = issued.revisions(str(month))
    if known and not is_anew:
        return _kept(issued, month, known[-1])
    made = make()
    if not made["complete"]:
        return {**made, "revision": None}
    fresh = json.loads(json_text(made))
    if known and _same(_kept(issued, month, known[-1]), fresh):
        return _kept(issued, month, known[-1])
    number = (known[-1] if known else 0) + 1
    content = json_text({**made, "revision": number}).encode()
    with issued.writing() as issuing:
        issuing.keep(str(month), number, {DOCUMENT: content}, at)
    return _kept(issued, month, number)


def _kept(issued: IssuedReports, month: Month, number: int) -> Document:
    path = issued.path(str(month), number, DOCUMENT)
    try:
        found: Any = json.loads(issued.read(str(month), number))
    except ValueError as error:
        told = f"expected the JSON that was kept, found {type(error).__name__}"
        raise StoreError(f"{path}: ledger: {told}") from None
    if not isinstance(found, dict) or found.get("revision") != number:
        raise StoreError(f"{path}: revision: expected {number}, found another document")
    return found


def _same(kept: Document, fresh: Document) -> bool:
    return {key: value for key, value in kept.items() if key != "revision"} == fresh

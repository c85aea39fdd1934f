"""Lists that come page by page while devices join and leave, and whether all of it came."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from collectors.web.failure import WebFailure

MAX_DEVICES = 20_000
"""Devices taken from one source at most."""

MAX_PAGES = 1_000
"""Requests for one list at most; a server may give less in a page than it was asked for."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """
    Rows from one offset on, and how many the source says that there are in all.

    Rows are read already, and so of bounded size: a thousand pages as they came may take
    gigabytes, nearly all of it in what nobody reads.
    """

    rows: list[T]
    total: int | None


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """
    What was read of a list.

    `is_whole` only where every page came, all named one total, and that many rows came.
    `failure` is what ended the reading early; what came before it stands in `rows`.
    """

    rows: list[T]
    is_whole: bool
    failure: WebFailure | None = None


def read_pages(ask: Callable[[int], Page[T]]) -> Listing[T]:
    """
    Read a list to its end; `ask` gives the page that begins at an offset.

    The next offset is the number of rows received, so a page shorter than asked for loses
    nothing. A `WebFailure` of `ask` ends the reading.
    """
    found: list[T] = []
    totals: set[int | None] = set()
    for _ in range(MAX_PAGES):
        try:
            page = ask(len(found))
        except WebFailure as failure:
            return Listing(found, is_whole=False, failure=failure)
        found += page.rows
        totals.add(page.total)
        if not page.rows or len(found) >= min(page.total or 0, MAX_DEVICES):
            break
    return Listing(found[:MAX_DEVICES], totals == {len(found)} and len(found) <= MAX_DEVICES)

"""The seam between netmon and SNMP: what an engine can do, how it fails, when a walk ends."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from collectors.observation import Outcome
from collectors.snmp.values import Value

MAX_ROWS = 20_000
"""A column with more rows than this is no column of a device that we know."""

Rows = list[tuple[str, Value]]


class SnmpFailure(Exception):  # noqa: N818 - an expected outcome, not an error of ours
    """The device could not be asked: `outcome` for the judge, `detail` one line for people."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail


class TooBig(Exception):  # noqa: N818 - a reason to ask for less, not an error
    """The reply could not be read, or the agent said `tooBig`: ask for less."""


@dataclass(frozen=True, slots=True)
class Patience:
    """
    How long to wait: per request, how often again, and when the whole must end.

    `until` is an instant of `time.monotonic()`; no request outlasts it.
    """

    timeout_s: float
    retries: int
    until: float

    def attempts(self) -> Iterator[float]:
        """Yield the instant at which each attempt ends; nothing more once the time is up."""
        for _ in range(self.retries + 1):
            now = time.monotonic()
            if now >= self.until:
                return
            yield min(now + self.timeout_s, self.until)


class Engine(Protocol):
    """
    One agent with one set of credentials, asked one question at a time, in the loop's thread.

    Both calls raise `SnmpFailure`, or `TooBig` where asking for less may help.
    """

    async def get(self, oids: Sequence[str], patience: Patience) -> dict[str, Value]:
        """Return the value of each instance in `oids`; those that do not exist are absent."""

    async def walk(
        self,
        root: str,
        max_repetitions: int,
        patience: Patience,
        at_most: int | None = None,
        expected: Sequence[str] = (),
    ) -> Rows:
        """
        Return the instances below `root` in ascending order, the first `at_most` if given.

        `expected` are those that were found before, to be quick where nothing came or went.
        """

    def close(self) -> None:
        """Give the socket back."""


class Subtree:
    """
    Gathers the pages of a walk below `root`, and sees that it ends.

    With `at_most` it ends after so many rows. `expected` are the OIDs that another walk found
    here: a page of just these need not be examined row by row.
    """

    def __init__(self, root: str, at_most: int | None = None, expected: Sequence[str] = ()) -> None:
        self._root = root
        self._base = self._last = arcs(root)
        self._at_most = at_most
        self._expected = list(expected)
        self.rows: Rows = []

    def is_as_expected(self, page: Sequence[tuple[str, Value | None] | None]) -> bool:
        """
        Take the first page for the whole where it holds just what was expected, and the end.

        `page` is gufo-snmp's: None stands for the end.
        """
        if self.rows or len(page) != len(self._expected) + 1 or page[-1] is not None:
            return False
        known = [(row[0], row[1]) for row in page if row is not None and row[1] is not None]
        if not known or [oid for oid, _ in known] != self._expected:
            return False
        self.rows = known
        return True

    def takes(self, page: Rows) -> bool:
        """
        Add a page; return whether the walk goes on after it.

        Raises `SnmpFailure` (malformed) where OIDs do not ascend, which would walk in a circle
        for ever, and where there are more than `MAX_ROWS`. The first OID outside of `root`
        ends it.
        """
        depth = len(self._base)
        for oid, value in page:
            here = arcs(oid)
            if here[:depth] != self._base or len(self.rows) == self._at_most:
                return False
            if here <= self._last:
                raise SnmpFailure(Outcome.MALFORMED, f"walk of {self._root}: OIDs do not ascend")
            if len(self.rows) == MAX_ROWS:
                raise SnmpFailure(Outcome.MALFORMED, f"walk of {self._root}: over {MAX_ROWS} rows")
            self.rows.append((oid, value))
            self._last = here
        return bool(page)


@lru_cache(maxsize=65_536)
def arcs(oid: str) -> tuple[int, ...]:
    """Return the numbers of a dotted OID, which compare in the order of a walk."""
    return tuple(map(int, oid.split(".")))

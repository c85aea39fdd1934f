"""Opening hours kept as windows: a cache that can be thrown away and made again."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import apsw

from netmon.domain.intervals import Interval

OpeningYears = Mapping[tuple[str, int], Sequence[Interval]]
"""UTC windows by (rule, year)."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """How many (rule, year) were kept rightly, wrongly, not at all, and needlessly."""

    same: int
    changed: int
    added: int
    removed: int


def keep_opening_years(db: apsw.Connection, years: OpeningYears) -> None:
    """Keep windows that were worked out, in the transaction of the caller."""
    rows = [(*key, _text(windows)) for key, windows in years.items()]
    db.executemany("INSERT OR REPLACE INTO opening_year VALUES (?, ?, ?)", rows)


def replace_opening_years(db: apsw.Connection, years: OpeningYears) -> Replaced:
    """Keep these windows and no others; return what that changed."""
    rows = db.execute("SELECT rule, year, windows FROM opening_year")
    before = {(rule, year): windows for rule, year, windows in rows}
    db.execute("DELETE FROM opening_year")
    keep_opening_years(db, years)
    same = sum(before.get(key) == _text(windows) for key, windows in years.items())
    common = len(before.keys() & years.keys())
    return Replaced(same, common - same, len(years) - common, len(before) - common)


def _text(windows: Sequence[Interval]) -> str:
    return json.dumps(list(windows))

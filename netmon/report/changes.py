"""What a later edition changed, line by line, as readers of both would find it."""

from collections.abc import Iterable, Iterator

from netmon.report.dutch import count
from netmon.report.edition import Change, Edition
from netmon.report.paper import Row, Section, Table, columns
from netmon.report.wording import say

MOST_CHANGES = 200
"""How many are set on paper; the JSON has them all."""

Printed = tuple[list[str], list[str]]
"""The heads of a table's columns, and what one of its rows says below them."""

Place = tuple[str, str, str]
"""Heading of the section, caption of the table, key of the row."""


def changes_between(old: Iterable[Section], new: Iterable[Section]) -> tuple[Change, ...]:
    """Return every printed figure that differs, in the order of the new edition, then the old."""
    before, after = _rows(old), _rows(new)
    gone = [place for place in before if place not in after]
    return tuple(
        change
        for place in (*after, *gone)
        for change in _of_row(place[0], before.get(place), after.get(place))
    )


def _rows(sections: Iterable[Section]) -> dict[Place, Printed]:
    return {
        (section.heading, table.caption, row.key): (
            [column.head for column in table.columns],
            [cell.text for cell in row.cells],
        )
        for section in sections
        for table in section.tables
        for row in table.rows
    }


def _of_row(section: str, old: Printed | None, new: Printed | None) -> Iterator[Change]:
    """Yield what differs in a row; one that came or went is told as a whole."""
    if old is not None and new is not None:
        before, after = _by_head(old), _by_head(new)
        for head in {**after, **before}:
            was = before.get(head, say("changes_none"))
            words = after.get(head, say("changes_gone"))
            if was != words:
                yield Change(section, new[1][0], head, was, words)
        return
    (name, *figures) = (old or new or ([], [""]))[1]
    whole = " · ".join(filter(None, figures))
    was, words = (whole, say("changes_gone")) if new is None else (say("changes_none"), whole)
    yield Change(section, name, say("changes_row"), was, words)


def _by_head(printed: Printed) -> dict[str, str]:
    """Return the figures of a row by the heads of their columns; these may come and go."""
    heads, words = printed
    return dict(zip(heads[1:], words[1:], strict=True))


def change_sections(edition: Edition) -> tuple[Section, ...]:
    """Return the list of changes; none in a first edition and in a draft."""
    if edition.revision is None or edition.revision == 1:
        return ()
    told = say("changes_since" if edition.changes else "changes_small", number=edition.revision - 1)
    reasons = ", ".join(say(f"why_{why}") for why in edition.why)
    why = say("changes_why", reasons=reasons) if reasons else say("changes_why_unknown")
    left = len(edition.changes) - MOST_CHANGES
    more = (say("changes_more", number=count(left)),) if left > 0 else ()
    tables = (_table(edition.changes[:MOST_CHANGES]),) if edition.changes else ()
    return (Section("changes", say("changes"), (told, why, *more), tables=tables),)


def _table(changes: Iterable[Change]) -> Table:
    rows = tuple(
        Row.of(str(number), each.what, each.section, each.column, each.old, each.new)
        for number, each in enumerate(changes)
    )
    heads = ("changes_what", "changes_where", "changes_column", "changes_old", "changes_new")
    return Table(say("changes_caption"), columns(say, *heads, numbers=()), rows)

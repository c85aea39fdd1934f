"""What a later edition changed, line by line, as readers of both would find it."""

from collections.abc import Iterable, Iterator, Mapping

from netmon.report.dutch import NOTHING, count
from netmon.report.edition import Change, Edition
from netmon.report.paper import Row, Section, Table, columns
from netmon.report.wording import say

MOST_CHANGES = 200
"""How many are set on paper; the JSON has them all."""

Place = tuple[str, str, str, str]
"""Section, caption, key of the row, head of the column with its place among those."""


def changes_between(old: Iterable[Section], new: Iterable[Section]) -> tuple[Change, ...]:
    """Return every printed figure that differs, in the order of the new edition, then the old."""
    before, after = _figures(old), _figures(new)
    places = [*after, *(place for place in before if place not in after)]
    return tuple(
        _change(place, before, after)
        for place in places
        if _printed(place, before) != _printed(place, after)
    )


def _figures(sections: Iterable[Section]) -> dict[Place, tuple[str, str]]:
    """Return what stands where: the name of the row, and the words."""
    return {
        place: (row.cells[0].text, words)
        for section in sections
        for table in section.tables
        for row in table.rows
        for place, words in _cells(section, table, row)
    }


def _cells(section: Section, table: Table, row: Row) -> Iterator[tuple[Place, str]]:
    for number, (column, cell) in enumerate(zip(table.columns, row.cells, strict=True)):
        if number:
            yield (
                (section.heading, table.caption, row.key, f"{number} {column.head}"),
                cell.text,
            )


def _printed(place: Place, figures: Mapping[Place, tuple[str, str]]) -> str:
    return figures[place][1] if place in figures else NOTHING


def _change(
    place: Place,
    before: Mapping[Place, tuple[str, str]],
    after: Mapping[Place, tuple[str, str]],
) -> Change:
    name, _ = after[place] if place in after else before[place]
    section, _, _, column = place
    head = column.split(" ", 1)[1]
    return Change(section, name, head, _printed(place, before), _printed(place, after))


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
    heads = columns(say, "changes_what", "changes_where", "changes_column", numbers=())
    figures = columns(say, numbers=("changes_old", "changes_new"))
    return Table(say("changes_caption"), (*heads, *figures), rows)

"""A report as it is laid out: sections of words, tables and charts, the same for PDF and page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Self

from netmon.domain.model import Status


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place of a table; with a `status`, its shape stands before the words."""

    text: str
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column; numbers stand to the right."""

    head: str
    is_number: bool = False


def columns(say: Callable[[str], str], *words: str, numbers: Iterable[str]) -> tuple[Column, ...]:
    """Return the heads of a table, those of numbers last; `say` turns a key into words."""
    figures = (Column(say(key), is_number=True) for key in numbers)
    return (*(Column(say(key)) for key in words), *figures)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: a cell for each column, the first names it to people."""

    key: str
    cells: tuple[Cell, ...]

    @classmethod
    def of(cls, key: str, *words: str) -> Self:
        """Return a row of words alone."""
        return cls(key, tuple(map(Cell, words)))


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption; a row's key is its own in the table, and lasts over revisions."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture: `svg`, its caption, and in `alt` what it shows to those who cannot see it."""

    caption: str
    alt: str
    svg: str


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a report under a heading; `key` names it in addresses."""

    key: str
    heading: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """
    A whole report, ready to be set.

    `marks` must be read on every page: that it is provisional, or of a simulated network.
    `dated` is the last day of the month, ISO 8601: a paper never depends on when it was made.
    """

    title: str
    subtitle: str
    language: str
    dated: str
    summary: str
    marks: tuple[str, ...]
    sections: tuple[Section, ...]

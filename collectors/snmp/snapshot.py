"""The raw answers of one device, and how a profile's sources read them. Pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from collectors.snmp.engine import arcs
from collectors.snmp.sources import Cell, Column, Facts, Fixed, FromIndex, Share, Source
from collectors.snmp.tables import IGNORED, Table
from collectors.snmp.values import (
    Value,
    address,
    bits,
    index_characters,
    index_mac,
    index_text,
    mac,
    number,
    text,
)

T = TypeVar("T")

_PLAIN = Source(object="NETMON::index", oid="0.0")
_BYTE = 256
_SIGN = 127


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Values by instance OID; columns by OID, then by index (dotted, without leading dot)."""

    scalars: dict[str, Value] = field(default_factory=dict)
    columns: dict[str, dict[str, Value]] = field(default_factory=dict)


def fact_number(snapshot: Snapshot, facts: Facts) -> float | None:
    """Return the first of the facts that the device answered, as a number."""
    found = (_share(snapshot, f) if isinstance(f, Share) else _number(snapshot, f) for f in facts)
    return next((value for value in found if value is not None), None)


def fact_text(snapshot: Snapshot, facts: Facts) -> str | None:
    """Return the first of the facts that the device answered, as clean text."""
    sources = [fact for fact in facts if isinstance(fact, Source)]
    found = (as_text(source, v) for source in sources for v in [*_values(snapshot, source)][:1])
    return next((word for word in found if word), None)


def fact_words(snapshot: Snapshot, facts: Facts) -> tuple[str, ...] | None:
    """Return the names of the bits that are set in the first of the facts that is there."""
    for source in (fact for fact in facts if isinstance(fact, Source)):
        found = [*_values(snapshot, source)]
        if found:
            return tuple(source.bits[n] for n in bits(found[0]) if n < len(source.bits))
    return None


def _share(snapshot: Snapshot, share: Share) -> float | None:
    total = _number(snapshot, share.total)
    part = _number(snapshot, share.used or share.free or share.total)
    if not total or part is None or total < 0:
        return None
    ratio = part / total if share.used else 1 - part / total
    return min(max(ratio, 0.0), 1.0)


def _number(snapshot: Snapshot, source: Source) -> float | None:
    found = [n for v in _values(snapshot, source) if (n := as_number(source, v)) is not None]
    if not found:
        return None
    extra = sum(
        number(snapshot.scalars.get(term.oid)) or 0.0 for term in source.plus if not source.combine
    )
    return _COMBINED[source.combine or "first"](found) + extra * source.scale


_COMBINED: dict[str, Callable[[list[float]], float]] = {
    "first": lambda values: values[0],
    "sum": sum,
    "mean": lambda values: sum(values) / len(values),
    "max": max,
    "count": lambda values: float(len(values)),
}


def _values(snapshot: Snapshot, source: Source) -> Iterable[Value]:
    if source.combine:
        return snapshot.columns.get(source.oid, {}).values()
    value = snapshot.scalars.get(source.oid)
    return () if value is None else (value,)


def as_number(source: Source, value: Value) -> float | None:
    """Read one value as the source says; None where it means "not known"."""
    if source.pattern is not None or source.map is not None:
        value = as_text(source, value) or ""
    found = number(value)
    if found is None or found in source.absent:
        return None
    if source.signed_byte and found > _SIGN:
        found -= _BYTE
    if source.negative:
        found = -abs(found)
    if (source.scale, source.offset) == (1, 0):  # a counter of 64 bits is no float
        return found
    return found * source.scale + source.offset


def as_text(source: Source, value: Value) -> str | None:
    """Read one value as clean text, through the source's `map` and `pattern`."""
    word = text(value)
    if word is not None and source.pattern is not None:
        found = re.search(source.pattern, word)
        word = found[1] if found and found.re.groups else None
    if word is None or source.map is None:
        return word
    return source.map.get(word, source.other)


def _part(source: Source, value: Value) -> Value | None:
    return value if source.pattern is None else as_text(source, value)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: reads its cells by our names."""

    snapshot: Snapshot
    columns: dict[str, Column]
    index: str

    def text(self, name: str) -> str | None:
        """Return clean text; an empty one is None."""
        return self._first(name, lambda source, value: as_text(source, value) or None)

    def number(self, name: str) -> float | None:
        """Return the number that the source makes of the cell."""
        return self._first(name, self._sum)

    def integer(self, name: str) -> int | None:
        """Return the number, rounded to a whole one."""
        found = self.number(name)
        return None if found is None else round(found)

    def mac(self, name: str) -> str | None:
        """Return a hardware address as `aa:bb:cc:dd:ee:ff`."""
        return self._first(name, lambda source, value: mac(_part(source, value)))

    def address(self, name: str) -> str | None:
        """Return an IP address as text."""
        return self._first(name, lambda source, value: address(_part(source, value)))

    def _sum(self, source: Source, value: Value) -> float | None:
        found = as_number(source, value)
        if found is None or not source.plus:
            return found
        more = [self._look_up(term.oid, source) for term in source.plus]
        return found + sum(number(value) or 0.0 for value in more) * source.scale

    def _first(self, name: str, read: Callable[[Source, Value], T | None]) -> T | None:
        for cell in self.columns.get(name, ()):
            value = self._value(cell)
            source = cell if isinstance(cell, Source) else _PLAIN
            found = None if value is None else read(source, value)
            if found is not None:
                return found
        return None

    def _value(self, cell: Cell) -> Value | None:
        if isinstance(cell, Fixed):
            return cell.value
        if isinstance(cell, FromIndex):
            return from_index(cell, self.index)
        return self._look_up(cell.oid, cell)

    def place(self, source: Source) -> str | None:
        """Return the index under which a source's object stands; None where a part is unknown."""
        index = self.index
        if source.arcs is not None:
            index = ".".join(index.split(".")[slice(*source.arcs)])
        if source.append is None:
            return index
        number = self.integer(source.append)
        if number is None:
            return None
        return f"{index}.{number}" if index else str(number)

    def _look_up(self, oid: str, source: Source) -> Value | None:
        return self.snapshot.columns.get(oid, {}).get(self.place(source) or "")


def rows(snapshot: Snapshot, table: Table | None) -> list[Row]:
    """Return the rows of a table in the order of their index."""
    if table is None:
        return []
    columns = table.columns()
    for name in table.rows:
        sources = [cell for cell in columns[name] if isinstance(cell, Source)]
        found = {index for s in sources for index in snapshot.columns.get(s.oid, ())}
        every = [Row(snapshot, columns, index) for index in sorted(found, key=arcs)]
        if every:
            return [row for row in every if row.text(name) != IGNORED]
    return []


def from_index(cell: FromIndex, index: str) -> str | None:
    """Return what stands in a row's index, None where it is not of that form."""
    end = None if cell.take is None else cell.skip + cell.take
    part = ".".join(index.split(".")[cell.skip : end])
    word = _FROM_INDEX[cell.index](part) if part else None
    return word if cell.map is None or word is None else cell.map.get(word, cell.other)


_FROM_INDEX: dict[str, Callable[[str], str | None]] = {
    "text": index_text,
    "characters": index_characters,
    "mac": index_mac,
    "arcs": str,
}

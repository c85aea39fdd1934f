"""
The numbers of a poll without reading the whole device anew.

Most cells of a long table either stay as they are (a channel, a status) or are a number that
means itself (octets, stations). While the first kind has not changed, a poll needs only the
second, and whatever is no row of `radios` or `interfaces`; on any doubt the device is read in
full. What is read in short equals what is read in full: the tests compare both.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from sys import intern
from typing import Any, TypeVar

from collectors.observation import Measurement
from collectors.snmp.assemble import assemble, uptime_s
from collectors.snmp.library import Choice
from collectors.snmp.measurements import distinct, measurements
from collectors.snmp.profile import Profile
from collectors.snmp.reading import Reading
from collectors.snmp.snapshot import Row, Snapshot, fact_number, rows
from collectors.snmp.sources import Source
from collectors.snmp.values import Value

T = TypeVar("T")
Numbers = tuple[Measurement, ...]
Columns = dict[str, dict[str, Value]]

_RADIO = {"radio_stations": "stations", "radio_utilization_ratio": "utilization_ratio"}
_INTERFACE = {"rx_bytes": "rx_bytes", "tx_bytes": "tx_bytes"}
_FREE = {"object", "oid", "scale"}
"""What a source may say and still be a number that means itself."""


_measured = lru_cache(maxsize=16_384)(Measurement)
"""Makes a measurement, or finds it made: stations and airtime are the same few numbers."""


@dataclass(frozen=True, slots=True)
class _Cells:
    """
    Cells of one column, each of which is one measurement: (place in the list, index).

    `is_counter` says that no number comes twice.
    """

    column: str
    scale: float
    is_ratio: bool
    is_counter: bool
    places: tuple[tuple[int, str], ...]

    def read(self, columns: Columns, into: list[Measurement]) -> bool:
        """Put the new numbers in their places; return False where a cell holds none."""
        values, scale, is_ratio = columns[self.column], self.scale, self.is_ratio
        made = Measurement if self.is_counter else _measured
        for place, index in self.places:
            raw = values.get(index)
            if type(raw) is not int:
                return False
            value = min(max(raw * scale, 0.0), 1.0) if is_ratio else float(round(raw * scale))
            before = into[place]
            if before.value != value:
                into[place] = made(before.name, value, before.label)
        return True


@dataclass(frozen=True, slots=True)
class Shortcut:
    """What a full reading taught: `still` must not move, `cells` may, `rest` is read anew."""

    rest: Choice
    still: tuple[tuple[str, dict[str, Value]], ...]
    cells: tuple[_Cells, ...]
    rows: Numbers
    facts: tuple[str, ...] | None

    def take(self, snapshot: Snapshot) -> Numbers | None:
        """Return the measurements of a poll; None where it must be read in full."""
        columns = snapshot.columns
        for root, column in self.still:
            found_there = columns.get(root)
            if found_there is not column and found_there != column:
                return None
        found = list(self.rows)
        if not all(cells.read(columns, found) for cells in self.cells):
            return None
        if self.facts is None:
            return (*measurements(assemble(self.rest, snapshot)), *found)
        return (*_facts(self.rest, snapshot, self.facts), *found)


def learn(choice: Choice, snapshot: Snapshot, reading: Reading, full: Numbers) -> Shortcut | None:
    """Return the shortcut to what was just read in full; None where there is none."""
    if reading.access_points or reading.lists_access_points:
        return None  # what a controller says of each is more than numbers
    parts = _parts(choice.profile)
    rest = replace(choice, profile=parts.rest)
    apart = set(measurements(assemble(rest, snapshot)))
    own = tuple(each for each in full if each not in apart)
    if len(own) + len(apart) != len(full) or not _are_rows(own):
        return None
    found = _cells(choice.profile, snapshot, reading, own)
    cells = tuple(each for each in found if each.column in parts.alone)
    cells = tuple(map(_held_once, cells))
    own = tuple(_held_once(Measurement(m.name, m.value, intern(m.label))) for m in own)
    shortcut = Shortcut(
        rest, _still(snapshot, cells), cells, own, _all_facts(rest.profile, snapshot, apart)
    )
    # A number that is held to other bounds than here is not one that means itself.
    return shortcut if cells and set(shortcut.take(snapshot) or ()) == set(full) else None


_HELD: dict[Any, Any] = {}
_MOST_HELD = 65_536


def _held_once(value: T) -> T:
    """Return the equal value of another device where there is one."""
    if len(_HELD) >= _MOST_HELD:
        _HELD.clear()
    same: T = _HELD.setdefault(value, value)
    return same


def _whole(value: float) -> float:
    return float(round(value))


def _ratio(value: float) -> float:
    return min(max(float(value), 0.0), 1.0)


_FACTS: dict[str, Callable[[float], float]] = {
    "stations": _whole,
    "access_points_up": _whole,
    "access_points_total": _whole,
    "cpu_ratio": _ratio,
    "memory_ratio": _ratio,
    "temperature_c": float,
    "processes": _whole,
    "users": _whole,
}
"""How `assemble` reads the facts that are numbers and nothing else."""


def _all_facts(
    rest: Profile, snapshot: Snapshot, apart: set[Measurement]
) -> tuple[str, ...] | None:
    """Return the names of the facts where nothing but facts and rows was measured."""
    if any(rows(snapshot, table) for table in rest.tables().values()):
        return None  # a fact may follow from these too, as memory does from storage
    names = tuple(sorted(each.name for each in apart if each.name != "uptime_s"))
    is_plain = not any(each.label for each in apart) and _FACTS.keys() >= set(names)
    return names if is_plain else None


def _facts(choice: Choice, snapshot: Snapshot, names: tuple[str, ...]) -> Iterator[Measurement]:
    up_s = uptime_s(snapshot.scalars)
    if up_s is not None:
        yield Measurement("uptime_s", float(up_s))
    for name in names:
        value = fact_number(snapshot, getattr(choice.profile.facts, name))
        if value is not None:
            yield Measurement(name, _FACTS[name](value))


def _are_rows(own: Numbers) -> bool:
    counted = {"interfaces_up", "interfaces_total"}
    return all(each.label or each.name in counted for each in own)


@dataclass(frozen=True, slots=True)
class _Parts:
    """A profile, the same without its rows, and the columns that feed one cell of a row only."""

    whole: Profile
    rest: Profile
    alone: frozenset[str]


_PARTS: dict[int, _Parts] = {}
_MOST_PARTS = 256


def _parts(profile: Profile) -> _Parts:
    """Return the parts of a profile, worked out once for all devices that have it."""
    known = _PARTS.get(id(profile))
    if known is None or known.whole is not profile:
        if len(_PARTS) >= _MOST_PARTS:
            _PARTS.clear()
        rest = profile.model_copy(update={"radios": (), "interfaces": None})
        known = _PARTS[id(profile)] = _Parts(profile, rest, _used_once(profile))
    return known


def _used_once(profile: Profile) -> frozenset[str]:
    tables = [*profile.radios, *([profile.interfaces] if profile.interfaces else [])]
    sources = [
        term.oid
        for table in tables
        for column in table.columns().values()
        for cell in column
        if isinstance(cell, Source)
        for term in (cell, *cell.plus)
    ]
    return frozenset(oid for oid in sources if sources.count(oid) == 1)


def _still(
    snapshot: Snapshot, cells: tuple[_Cells, ...]
) -> tuple[tuple[str, dict[str, Value]], ...]:
    """Return every column in which a change could mean more than another number."""
    read = {each.column for each in cells}
    return tuple((root, column) for root, column in snapshot.columns.items() if root not in read)


def _cells(
    profile: Profile, snapshot: Snapshot, reading: Reading, own: Numbers
) -> Iterator[_Cells]:
    places = {(each.name, each.label): place for place, each in enumerate(own)}
    radios = [row for table in profile.radios for row in rows(snapshot, table)]
    labelled = zip(distinct(r.id for r in reading.radios), radios, strict=False)
    yield from _of(_RADIO, list(labelled) if len(radios) == len(reading.radios) else [], places)
    ports = rows(snapshot, profile.interfaces)
    labelled = zip(distinct(i.name for i in reading.interfaces), ports, strict=False)
    yield from _of(_INTERFACE, list(labelled), places)


def _of(
    names: dict[str, str], labelled: list[tuple[str, Row]], places: dict[tuple[str, str], int]
) -> Iterator[_Cells]:
    """Gather the cells by column, where each row has one that means itself."""
    for name, column in names.items():
        found: dict[tuple[str, float], list[tuple[int, str]]] = {}
        for label, row in labelled:
            source = _first_source(row, column)
            if source is None or (name, label) not in places:
                break
            found.setdefault((source.oid, source.scale), []).append(
                (places[name, label], row.index)
            )
        else:
            for (oid, scale), cells in found.items():
                yield _Cells(oid, scale, name.endswith("_ratio"), name in _INTERFACE, tuple(cells))


def _first_source(row: Row, name: str) -> Source | None:
    """Return the source of a cell where the first that answers is a number that means itself."""
    for cell in row.columns.get(name, ()):
        if not isinstance(cell, Source) or cell.model_fields_set - _FREE:
            return None
        if row.index in row.snapshot.columns.get(cell.oid, {}):
            return cell
    return None

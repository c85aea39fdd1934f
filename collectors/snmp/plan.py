"""
What polls ask of a device: worked out from what a survey found. Pure.

Instances that feed measurements are asked by GET; long columns, and those that decide the rows
of a table whose rows come and go, are walked.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import eq, itemgetter
from sys import intern

from collectors.snmp.assemble import ENGINE_TIME, SYS_OBJECT_ID, SYS_UP_TIME
from collectors.snmp.engine import Rows
from collectors.snmp.profile import FactSet, Profile
from collectors.snmp.snapshot import Snapshot, fact_text, rows
from collectors.snmp.sources import Share, Source
from collectors.snmp.tables import Table
from collectors.snmp.values import Value

IF_NUMBER = "1.3.6.1.2.1.2.1.0"
"""IF-MIB::ifNumber: an interface more or less is noticed without walking the table."""

WALKED_FROM = 20
"""Rows from which on a column is cheaper to walk than to be asked cell by cell."""

ALWAYS = (SYS_OBJECT_ID, SYS_UP_TIME, ENGINE_TIME, IF_NUMBER)
"""What every poll asks: whether the device is still the same, and still up."""

_IDENTITY_FACTS = frozenset({"model", "version"})
_OID, _VALUE = itemgetter(0), itemgetter(1)
_MODELS = 256


@dataclass(frozen=True, slots=True)
class Walked:
    """A column that polls walk, and the rows that are expected: their indices, their OIDs."""

    root: str
    indices: tuple[str, ...]
    oids: tuple[str, ...]

    def by_index(self, rows: Rows) -> dict[str, Value]:
        """Return the values of the column by index."""
        if len(rows) == len(self.oids) and all(map(eq, map(_OID, rows), self.oids)):
            return dict(zip(self.indices, map(_VALUE, rows), strict=True))
        return by_index(self.root, rows)


@dataclass(frozen=True, slots=True)
class Plan:
    """
    What polls ask: the same for all devices of one model, and held once for all of them.

    `instances` are asked by GET, among them the `cells` of short columns: (column, ((index,
    instance), …)). `columns` are walked. Of those that are `deciding` other rows than before
    mean another survey, and so does a first row of one that is `awaited`. `moving` are all
    columns whose old numbers must never pass for new ones. `appends` says that there are cells
    whose index another cell completes (`appended`).
    """

    instances: tuple[str, ...]
    columns: tuple[Walked, ...]
    cells: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    deciding: frozenset[str]
    awaited: tuple[str, ...]
    moving: frozenset[str]
    appends: bool


def plan(profile: Profile, snapshot: Snapshot) -> Plan:
    """Return what polls ask: what the survey found, and feeds numbers."""
    tables = profile.tables().values()
    watched = frozenset(_watched(profile, snapshot))
    combined = {s.oid for name, s in fact_sources(profile) if s.combine and _feeds(name)}
    read = _read(profile, snapshot)
    read |= {root: snapshot.columns[root].keys() for root in combined & snapshot.columns.keys()}
    asked = {root: [i for i in snapshot.columns[root] if i in read[root]] for root in read}
    walked = sorted(watched | {r for r in asked if _is_walked(asked[r], snapshot.columns[r])})
    cells = tuple(
        (root, tuple((index, intern(f"{root}.{index}")) for index in asked[root]))
        for root in sorted(asked.keys() - set(walked))
    )
    scalars = dict.fromkeys([*ALWAYS, *_live_scalars(profile, snapshot)])
    return _held_once(
        Plan(
            instances=(*scalars, *(oid for _, each in cells for _, oid in each)),
            columns=tuple(_walked(root, snapshot.columns[root]) for root in walked),
            cells=cells,
            deciding=watched | (_deciding(profile) & asked.keys()),
            awaited=tuple(sorted(_awaited(profile, snapshot))),
            moving=frozenset({*walked, *_live_columns(profile), *combined}),
            appends=any(_appends(table) for table in tables if rows(snapshot, table)),
        )
    )


def appended(profile: Profile, snapshot: Snapshot, *, is_poll: bool) -> Iterator[tuple[str, str]]:
    """
    Yield column and index of each cell whose index another cell of its row completes.

    Under such a column stands far more than that (the noise of every channel that a radio
    scanned), so it is never walked. A poll needs those that are live only.
    """
    for table in profile.tables().values():
        names = (table.LIVE if is_poll else table.columns().keys()) & table.columns().keys()
        for source in _sources(table, sorted(names)):
            if source.append is not None:
                places = (row.place(source) for row in rows(snapshot, table))
                yield from ((oid, place) for place in places if place for oid in objects(source))


def column_oids(table: Table, names: Iterable[str]) -> list[str]:
    """Return the columns behind our names that can be walked or asked row by row."""
    plain = [source for source in _sources(table, names) if source.append is None]
    return [oid for source in plain for oid in objects(source)]


def objects(source: Source) -> tuple[str, ...]:
    """Return all that a source reads: its own object, and what is added to it."""
    return (source.oid, *(term.oid for term in source.plus))


def fact_sources(profile: Profile) -> Iterator[tuple[str, Source]]:
    """Yield each source of each fact with the name of that."""
    for name in FactSet.model_fields:
        for fact in getattr(profile.facts, name):
            parts = (fact.used, fact.free, fact.total) if isinstance(fact, Share) else (fact,)
            yield from ((name, part) for part in parts if part is not None)


def identity_scalars(profile: Profile) -> set[str]:
    """Return the instances that say what a device is, and do not move while it runs."""
    sources = [s for name, s in fact_sources(profile) if not _feeds(name) and not s.combine]
    return {oid for source in sources for oid in objects(source)}


def by_index(root: str, found: Rows) -> dict[str, Value]:
    """Return what was found below a column by index."""
    # Interned: thousands of devices of one model have the same indices.
    start = len(root) + 1
    return {intern(oid[start:]): value for oid, value in found}


def _sources(table: Table, names: Iterable[str]) -> list[Source]:
    columns = table.columns()
    return [cell for name in names for cell in columns[name] if isinstance(cell, Source)]


def _feeds(name: str) -> bool:
    return name not in _IDENTITY_FACTS


def _live_scalars(profile: Profile, snapshot: Snapshot) -> Iterator[str]:
    for name, source in fact_sources(profile):
        if _feeds(name) and not source.combine:
            yield from (oid for oid in objects(source) if oid in snapshot.scalars)


def _live_columns(profile: Profile) -> set[str]:
    tables = profile.tables().values()
    names = [(table, table.LIVE & table.columns().keys()) for table in tables]
    return {oid for t, live in names for s in _sources(t, live) for oid in objects(s)}


def _read(profile: Profile, snapshot: Snapshot) -> dict[str, Iterable[str]]:
    """Return which indices of the live columns that are there are read, by any row."""
    found: dict[str, set[str]] = {}
    for table in profile.tables().values():
        listed = rows(snapshot, table)
        for name in table.LIVE & table.columns().keys():
            for source in _not_standing_in(_sources(table, [name]), table, snapshot):
                places = {place for row in listed if (place := row.place(source)) is not None}
                for oid in snapshot.columns.keys() & set(objects(source)):
                    # Which rows there are is asked of all, even of those that are left out.
                    every = snapshot.columns[oid].keys() if name in table.rows else places
                    found.setdefault(oid, set()).update(every)
    return dict(found)


def _not_standing_in(
    sources: Iterable[Source], table: Table, snapshot: Snapshot
) -> Iterator[Source]:
    """Yield the sources of a column but those behind one that answers in every row."""
    roots = column_oids(table, table.rows)
    indices = {index for root in roots for index in snapshot.columns.get(root, ())}
    for source in sources:
        if source.append is None:
            yield source
        if _is_sure(source) and indices <= snapshot.columns.get(source.oid, {}).keys():
            return


def _is_sure(source: Source) -> bool:
    """Say whether each answer is a number, so that no other source is asked instead."""
    return source.model_fields_set <= {"object", "oid", "scale", "plus"}


def _is_walked(asked: list[str], column: dict[str, Value]) -> bool:
    return len(asked) >= WALKED_FROM and 2 * len(asked) >= len(column)


def _walked(root: str, column: dict[str, Value]) -> Walked:
    return Walked(root, tuple(column), tuple(intern(f"{root}.{index}") for index in column))


def _watched(profile: Profile, snapshot: Snapshot) -> Iterator[str]:
    for table in profile.tables().values():
        if table.WATCHED:
            yield from (r for r in column_oids(table, table.rows) if r in snapshot.columns)


def _appends(table: Table) -> bool:
    live = table.LIVE & table.columns().keys()
    return any(source.append is not None for source in _sources(table, live))


def _deciding(profile: Profile) -> set[str]:
    return {r for table in profile.tables().values() for r in column_oids(table, table.rows)}


def _awaited(profile: Profile, snapshot: Snapshot) -> Iterator[str]:
    """Yield what is empty now: a list of access points, or what a printer complains of."""
    is_printer = fact_text(snapshot, profile.facts.printer_status) is not None
    for table in (profile.access_points, profile.alerts if is_printer else None):
        roots = column_oids(table, table.rows) if table is not None else []
        if not any(root in snapshot.columns for root in roots):
            yield from roots


_HELD: OrderedDict[Plan, Plan] = OrderedDict()


def _held_once(one: Plan) -> Plan:
    """Return the equal plan of another device where there is one: it need not be held twice."""
    known = _HELD.setdefault(one, one)
    _HELD.move_to_end(known)
    while len(_HELD) > _MODELS:
        _HELD.popitem(last=False)
    return known

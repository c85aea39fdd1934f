"""
Asking a device: everything once, and afterwards only what moves.

A survey finds out who answers and reads every object of the profile. What is then asked at
each poll (`Known.poll`) are the instances that feed measurements, by GET, and a walk of the
column that decides the rows of each table whose rows come and go.
"""

import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from operator import eq, itemgetter
from sys import intern

from collectors.snmp.assemble import (
    ENGINE_TIME,
    SYS_DESCR,
    SYS_NAME,
    SYS_OBJECT_ID,
    SYS_UP_TIME,
    uptime_s,
)
from collectors.snmp.client import Client
from collectors.snmp.engine import Patience, Rows
from collectors.snmp.library import Choice, Library
from collectors.snmp.profile import FactSet, Profile
from collectors.snmp.snapshot import Snapshot
from collectors.snmp.sources import Share, Source
from collectors.snmp.tables import Table
from collectors.snmp.values import Value, text

IF_NUMBER = "1.3.6.1.2.1.2.1.0"
"""IF-MIB::ifNumber: an interface more or less is noticed without walking the table."""

WALKED_FROM = 20
"""Rows from which on a column is cheaper to walk than to be asked cell by cell."""

HOLDS_S = 3600.0
"""How long a survey is believed, where nothing contradicts it."""

_SLOW_S = 60.0
"""How far a device's clock may lag behind ours within `HOLDS_S` and not be a restart."""

_WHO = (SYS_DESCR, SYS_OBJECT_ID, SYS_UP_TIME, SYS_NAME, ENGINE_TIME, IF_NUMBER)
_STILL = (SYS_OBJECT_ID, SYS_UP_TIME, ENGINE_TIME, IF_NUMBER)
_IDENTITY_FACTS = frozenset({"model", "version"})


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
        return _by_index(self.root, rows)


_OID, _VALUE = itemgetter(0), itemgetter(1)


@dataclass(frozen=True, slots=True)
class Plan:
    """
    What polls ask: the same for all devices of one model, and held once for all of them.

    `instances` are asked by GET, among them the `cells` of short columns: (column, ((index,
    instance), …)). `columns` are walked; of those in `watched` other rows than before mean
    another survey. `moving` are all columns whose old numbers must never pass for new ones.
    """

    instances: tuple[str, ...]
    columns: tuple[Walked, ...]
    watched: frozenset[str]
    cells: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    moving: frozenset[str]


@dataclass(frozen=True, slots=True)
class Known:
    """
    What a survey found, and what follows from it for the polls.

    `still` are the columns that polls do not ask for.
    """

    choice: Choice
    snapshot: Snapshot
    at: float
    plan: Plan
    still: dict[str, dict[str, Value]]

    def without_numbers(self) -> "Known":
        """Return what polls need of this: the numbers of the survey are soon old."""
        return replace(self, snapshot=Snapshot(self.snapshot.scalars, self.still))

    def still_holds(self, now: float) -> bool:
        """Say whether the survey is fresh enough to poll by."""
        return now - self.at < HOLDS_S


async def survey(client: Client, library: Library, patience: Patience) -> Known:
    """Read everything that the device's profile knows of; raises `SnmpFailure`."""
    generic = [*_WHO, *_instances(library.base)]
    scalars = await client.get(generic, patience)
    choice = await _choose(client, library, scalars, patience)
    more = set(_instances(choice.profile)) - set(generic)
    scalars |= await client.get(sorted(more), patience) if more else {}
    columns = await _columns(client, choice.profile, patience)
    snapshot = Snapshot({intern(oid): value for oid, value in scalars.items()}, columns)
    plan = _shared(_plan(choice.profile, snapshot))
    still = {root: column for root, column in columns.items() if root not in plan.moving}
    return Known(choice, snapshot, time.monotonic(), plan, still)


async def _choose(
    client: Client, library: Library, scalars: dict[str, Value], patience: Patience
) -> Choice:
    """Let the library choose, and ask the device for each subtree that it wants to know of."""
    has_rows: dict[str, bool] = {}
    said = text(scalars.get(SYS_OBJECT_ID)) or "", text(scalars.get(SYS_DESCR)) or ""
    while True:
        try:
            return library.choose(*said, has_rows.__getitem__)
        except KeyError as unknown:
            root = unknown.args[0]
            if root in has_rows:
                raise
            has_rows[root] = bool(await client.walk(root, patience, at_most=1))


async def poll(client: Client, known: Known, patience: Patience) -> Snapshot | None:
    """
    Ask for what moves; None where the device is not what the survey found any more.

    That is: another sysObjectID, a restart, or a table with other rows.
    """
    before, plan = known.snapshot, known.plan
    fresh = await client.get(plan.instances, patience)
    if _has_changed(before.scalars, fresh, time.monotonic() - known.at):
        return None
    columns = dict(known.still)
    for each in plan.columns:
        column = each.by_index(await client.walk(each.root, patience, expected=each.oids))
        if each.root in plan.watched and tuple(column) != each.indices:
            return None
        columns[each.root] = column
    for root, oids in plan.cells:
        found = {index: fresh.get(oid) for index, oid in oids}
        columns[root] = {index: value for index, value in found.items() if value is not None}
    still = {oid: before.scalars[oid] for oid in (SYS_DESCR, SYS_NAME) if oid in before.scalars}
    return Snapshot({**still, **fresh}, columns)


def _has_changed(before: dict[str, Value], after: dict[str, Value], passed_s: float) -> bool:
    if any(before.get(oid) != after.get(oid) for oid in (SYS_OBJECT_ID, IF_NUMBER)):
        return True
    was, is_now = uptime_s(before), uptime_s(after)
    return was is not None and is_now is not None and is_now < was + passed_s - _SLOW_S


async def _columns(
    client: Client, profile: Profile, patience: Patience
) -> dict[str, dict[str, Value]]:
    """Walk the columns of the facts, then table by table; an empty `rows` column ends a table."""
    found: dict[str, dict[str, Value]] = {}

    async def has(roots: Iterable[str]) -> bool:
        wanted = list(roots)
        for root in wanted:
            if root not in found:
                found[root] = _by_index(root, await client.walk(root, patience))
        return any(found[root] for root in wanted)

    for table in profile.tables().values():
        rows = [await has(_oids(table, [name])) for name in table.rows]
        if any(rows):
            await has(_oids(table, table.columns()))
    await has([source.oid for _, source in _sources(profile) if source.combine])
    return {intern(root): column for root, column in found.items() if column}


def _oids(table: Table, names: Iterable[str]) -> list[str]:
    cells = [cell for name in names for cell in table.columns()[name]]
    sources = [cell for cell in cells if isinstance(cell, Source)]
    return [oid for s in sources for oid in (s.oid, *(term.oid for term in s.plus))]


def _sources(profile: Profile) -> Iterable[tuple[str, Source]]:
    for name in FactSet.model_fields:
        for fact in getattr(profile.facts, name):
            parts = (fact.used, fact.free, fact.total) if isinstance(fact, Share) else (fact,)
            yield from ((name, part) for part in parts if part is not None)


def _instances(profile: Profile) -> list[str]:
    sources = [source for _, source in _sources(profile) if not source.combine]
    return [oid for s in sources for oid in (s.oid, *(term.oid for term in s.plus))]


def _plan(profile: Profile, snapshot: Snapshot) -> Plan:
    """Work out what polls ask: what the survey found, and feeds numbers."""
    watched = frozenset(_watched(profile, snapshot))
    combined = {s.oid for name, s in _sources(profile) if s.combine and _feeds(name)}
    moving = (_live_columns(profile) | combined) & snapshot.columns.keys()
    asked = moving & (_needed(profile, snapshot) | combined)
    long = {root for root in asked if len(snapshot.columns[root]) >= WALKED_FROM}
    cells = tuple(
        (root, tuple((index, intern(f"{root}.{index}")) for index in snapshot.columns[root]))
        for root in sorted(asked - long - watched)
    )
    scalars = dict.fromkeys([*_STILL, *_live_scalars(profile, snapshot)])
    instances = (*scalars, *(oid for _, oids in cells for _, oid in oids))
    roots = sorted(watched | long)
    columns = tuple(_walked(root, snapshot.columns[root]) for root in roots)
    return Plan(instances, columns, watched, cells, frozenset({*roots, *moving}))


def _walked(root: str, column: dict[str, Value]) -> Walked:
    return Walked(root, tuple(column), tuple(intern(f"{root}.{index}") for index in column))


_SHARED: OrderedDict[Plan, Plan] = OrderedDict()
_MODELS = 256


def _shared(plan: Plan) -> Plan:
    """Return the equal plan of another device where there is one: it need not be held twice."""
    known = _SHARED.setdefault(plan, plan)
    _SHARED.move_to_end(known)
    while len(_SHARED) > _MODELS:
        _SHARED.popitem(last=False)
    return known


def _feeds(name: str) -> bool:
    return name not in _IDENTITY_FACTS


def _live_scalars(profile: Profile, snapshot: Snapshot) -> Iterable[str]:
    for name, source in _sources(profile):
        if _feeds(name) and not source.combine:
            terms = (source.oid, *(term.oid for term in source.plus))
            yield from (oid for oid in terms if oid in snapshot.scalars)


def _live_columns(profile: Profile) -> set[str]:
    tables = profile.tables().values()
    return {oid for t in tables for oid in _oids(t, t.LIVE & t.columns().keys())}


def _needed(profile: Profile, snapshot: Snapshot) -> set[str]:
    """Return the live columns but those that only stand in for one that answers in every row."""
    found: set[str] = set()
    for table in profile.tables().values():
        indices = {i for r in _oids(table, table.rows) for i in snapshot.columns.get(r, ())}
        for name in table.LIVE & table.columns().keys():
            for cell in table.columns()[name]:
                if isinstance(cell, Source):
                    found.update((cell.oid, *(term.oid for term in cell.plus)))
                    if _is_sure(cell) and indices <= snapshot.columns.get(cell.oid, {}).keys():
                        break
    return found


def _is_sure(source: Source) -> bool:
    """Say whether each answer is a number, so that no other source is asked instead."""
    return source.model_fields_set <= {"object", "oid", "scale", "plus"}


def _watched(profile: Profile, snapshot: Snapshot) -> Iterable[str]:
    for table in profile.tables().values():
        if table.WATCHED:
            yield from (r for r in _oids(table, table.rows) if r in snapshot.columns)


def _by_index(root: str, rows: list[tuple[str, Value]]) -> dict[str, Value]:
    # Interned: thousands of devices of one model have the same indices.
    start = len(root) + 1
    return {intern(oid[start:]): value for oid, value in rows}

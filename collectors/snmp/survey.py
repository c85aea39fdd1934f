"""
Asking a device: everything once, and afterwards only what moves.

A survey finds out who answers and reads every object of the profile. What is then asked at
each poll (`Known.poll`) are the instances that feed measurements, by GET, and a walk of the
column that decides the rows of each table whose rows come and go.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from collectors.snmp.assemble import (
    ENGINE_TIME,
    SYS_DESCR,
    SYS_NAME,
    SYS_OBJECT_ID,
    SYS_UP_TIME,
    uptime_s,
)
from collectors.snmp.client import Client
from collectors.snmp.engine import Patience
from collectors.snmp.library import Choice, Library
from collectors.snmp.profile import FactSet, Profile
from collectors.snmp.snapshot import Snapshot
from collectors.snmp.sources import Share, Source
from collectors.snmp.tables import Table
from collectors.snmp.values import Value, text

IF_NUMBER = "1.3.6.1.2.1.2.1.0"
"""IF-MIB::ifNumber: an interface more or less is noticed without walking the table."""

HOLDS_S = 3600.0
"""How long a survey is believed, where nothing contradicts it."""

_SLOW_S = 60.0
"""How far a device's clock may lag behind ours within `HOLDS_S` and not be a restart."""

_WHO = (SYS_DESCR, SYS_OBJECT_ID, SYS_UP_TIME, SYS_NAME, ENGINE_TIME, IF_NUMBER)
_STILL = (SYS_OBJECT_ID, SYS_UP_TIME, ENGINE_TIME, IF_NUMBER)
_IDENTITY_FACTS = frozenset({"model", "version"})


@dataclass(frozen=True, slots=True)
class Known:
    """What a survey found, and what follows from it for the polls."""

    choice: Choice
    snapshot: Snapshot
    at: float
    instances: tuple[str, ...]
    watched: tuple[str, ...]

    def still_holds(self, now: float) -> bool:
        """Say whether the survey is fresh enough to poll by."""
        return now - self.at < HOLDS_S


def survey(client: Client, library: Library, patience: Patience) -> Known:
    """Read everything that the device's profile knows of; raises `SnmpFailure`."""
    generic = [*_WHO, *_instances(library.base)]
    scalars = client.get(generic, patience)
    choice = library.choose(
        text(scalars.get(SYS_OBJECT_ID)) or "",
        text(scalars.get(SYS_DESCR)) or "",
        lambda root: bool(client.walk(root, patience, at_most=1)),
    )
    more = set(_instances(choice.profile)) - set(generic)
    scalars |= client.get(sorted(more), patience) if more else {}
    snapshot = Snapshot(scalars, _columns(client, choice.profile, patience))
    return Known(
        choice,
        snapshot,
        time.monotonic(),
        tuple(_live(choice.profile, snapshot)),
        tuple(_watched(choice.profile, snapshot)),
    )


def poll(client: Client, known: Known, patience: Patience) -> Snapshot | None:
    """
    Ask for what moves; None where the device is not what the survey found any more.

    That is: another sysObjectID, a restart, or a table with other rows.
    """
    before = known.snapshot
    fresh = client.get(known.instances, patience)
    if _has_changed(before.scalars, fresh, time.monotonic() - known.at):
        return None
    columns = _without_live(known.choice.profile, before.columns)
    for root in known.watched:
        column = _by_index(root, client.walk(root, patience))
        if column.keys() != before.columns[root].keys():
            return None
        columns[root] = column
    _sort_in(fresh, before.columns, columns)
    still = {oid: before.scalars[oid] for oid in (SYS_DESCR, SYS_NAME) if oid in before.scalars}
    return Snapshot({**still, **fresh}, columns)


def _has_changed(before: dict[str, Value], after: dict[str, Value], passed_s: float) -> bool:
    if any(before.get(oid) != after.get(oid) for oid in (SYS_OBJECT_ID, IF_NUMBER)):
        return True
    was, is_now = uptime_s(before), uptime_s(after)
    return was is not None and is_now is not None and is_now < was + passed_s - _SLOW_S


def _columns(client: Client, profile: Profile, patience: Patience) -> dict[str, dict[str, Value]]:
    """Walk the columns of the facts, then table by table; an empty `rows` column ends a table."""
    found: dict[str, dict[str, Value]] = {}

    def has(roots: Iterable[str]) -> bool:
        for root in roots:
            if root not in found:
                found[root] = _by_index(root, client.walk(root, patience))
        return any(found[root] for root in roots)

    for table in profile.tables().values():
        if any(has(_oids(table, [name])) for name in table.rows):
            has(_oids(table, table.columns()))
    has([source.oid for _, source in _sources(profile) if source.combine])
    return {root: column for root, column in found.items() if column}


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


def _live(profile: Profile, snapshot: Snapshot) -> Iterable[str]:
    """Yield the instances that a poll asks for: those that the survey found, and feed numbers."""
    yield from _STILL
    for name, source in _sources(profile):
        if name in _IDENTITY_FACTS:
            continue
        if source.combine:
            yield from (f"{source.oid}.{i}" for i in snapshot.columns.get(source.oid, ()))
        else:
            terms = (source.oid, *(term.oid for term in source.plus))
            yield from (oid for oid in terms if oid in snapshot.scalars)
    watched = set(_watched(profile, snapshot))
    for root in _live_columns(profile) - watched:
        yield from (f"{root}.{index}" for index in snapshot.columns.get(root, ()))


def _live_columns(profile: Profile) -> set[str]:
    tables = profile.tables().values()
    return {oid for t in tables for oid in _oids(t, t.LIVE & t.columns().keys())}


def _watched(profile: Profile, snapshot: Snapshot) -> Iterable[str]:
    for table in profile.tables().values():
        if table.WATCHED:
            yield from (r for r in _oids(table, table.rows) if r in snapshot.columns)


def _without_live(
    profile: Profile, columns: dict[str, dict[str, Value]]
) -> dict[str, dict[str, Value]]:
    """Keep what does not move; an old number must never pass for a new one."""
    moving = _live_columns(profile) | {s.oid for _, s in _sources(profile) if s.combine}
    return {root: column for root, column in columns.items() if root not in moving}


def _sort_in(
    fresh: dict[str, Value],
    before: dict[str, dict[str, Value]],
    columns: dict[str, dict[str, Value]],
) -> None:
    """Put fresh instances into the columns to which they belong."""
    for root, known in before.items():
        if root not in columns:
            found = {index: fresh.get(f"{root}.{index}") for index in known}
            columns[root] = {index: value for index, value in found.items() if value is not None}


def _by_index(root: str, rows: list[tuple[str, Value]]) -> dict[str, Value]:
    return {oid[len(root) + 1 :]: value for oid, value in rows}

"""
Asking a device: everything once, and afterwards only what moves.

A survey finds out who answers and reads every object of the profile. What is then asked at
each poll follows from what it found (`plan.py`).
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
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
from collectors.snmp.engine import Patience
from collectors.snmp.library import Choice, Library
from collectors.snmp.plan import (
    ALWAYS,
    IF_NUMBER,
    Plan,
    appended,
    by_index,
    column_oids,
    fact_sources,
    identity_scalars,
    objects,
    plan,
)
from collectors.snmp.profile import Profile
from collectors.snmp.snapshot import Snapshot
from collectors.snmp.values import Value, text

HOLDS_S = 3600.0
"""How long a survey is believed, where nothing contradicts it."""

_SLOW_S = 60.0
"""How far a device's clock may lag behind ours within `HOLDS_S` and not be a restart."""

_WHO = (SYS_DESCR, SYS_OBJECT_ID, SYS_UP_TIME, SYS_NAME, ENGINE_TIME, IF_NUMBER)

Columns = dict[str, dict[str, Value]]


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
    still: Columns

    def without_numbers(self) -> "Known":
        """Return what polls need of this: the numbers of the survey are soon old."""
        kept = {*_WHO, *identity_scalars(self.choice.profile)}
        scalars = {oid: v for oid, v in self.snapshot.scalars.items() if oid in kept}
        return replace(self, snapshot=Snapshot(scalars, self.still))

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
    await _append(client, choice.profile, snapshot, patience, is_poll=False)
    asked = plan(choice.profile, snapshot)
    still = {root: column for root, column in columns.items() if root not in asked.moving}
    return Known(choice, snapshot, time.monotonic(), asked, still)


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
    before, asked = known.snapshot, known.plan
    fresh = await client.get(asked.instances, patience)
    if _has_changed(before.scalars, fresh, time.monotonic() - known.at):
        return None
    columns = await _moved(client, asked, fresh, patience)
    if columns is None:
        return None
    still = {oid: value for oid, value in before.scalars.items() if oid not in ALWAYS}
    snapshot = Snapshot({**still, **fresh}, {**known.still, **columns})
    if asked.appends:
        await _append(client, known.choice.profile, snapshot, patience, is_poll=True)
    return snapshot


async def _moved(
    client: Client, asked: Plan, fresh: dict[str, Value], patience: Patience
) -> Columns | None:
    """Return the columns that move; None where one of them has other rows than it should."""
    columns: Columns = {}
    for root, oids in asked.cells:
        found = {index: fresh.get(oid) for index, oid in oids}
        columns[root] = {index: value for index, value in found.items() if value is not None}
        if root in asked.deciding and len(columns[root]) != len(oids):
            return None
    for each in asked.columns:
        column = each.by_index(await client.walk(each.root, patience, expected=each.oids))
        if each.root in asked.deciding and tuple(column) != each.indices:
            return None
        columns[each.root] = column
    for root in asked.awaited:
        if await client.walk(root, patience, at_most=1):
            return None
    return columns


def _has_changed(before: dict[str, Value], after: dict[str, Value], passed_s: float) -> bool:
    if any(before.get(oid) != after.get(oid) for oid in (SYS_OBJECT_ID, IF_NUMBER)):
        return True
    was, is_now = uptime_s(before), uptime_s(after)
    if was is None or is_now is None or was == is_now:  # an agent whose clock stands still
        return False
    return is_now < was + passed_s - _SLOW_S


async def _columns(client: Client, profile: Profile, patience: Patience) -> Columns:
    """Walk the columns of the facts, then table by table; an empty `rows` column ends a table."""
    found: Columns = {}

    async def has(roots: Iterable[str]) -> bool:
        wanted = list(roots)
        for root in wanted:
            if root not in found:
                found[root] = by_index(root, await client.walk(root, patience))
        return any(found[root] for root in wanted)

    for table in profile.tables().values():
        found_rows = [await has(column_oids(table, [name])) for name in table.rows]
        if any(found_rows):
            await has(column_oids(table, table.columns()))
    await has([source.oid for _, source in fact_sources(profile) if source.combine])
    return {intern(root): column for root, column in found.items() if column}


async def _append(
    client: Client, profile: Profile, into: Snapshot, patience: Patience, *, is_poll: bool
) -> None:
    """Ask for the cells whose index other cells complete, and put them into the snapshot."""
    places = {f"{o}.{place}": (o, place) for o, place in appended(profile, into, is_poll=is_poll)}
    found = await client.get(list(places), patience)
    for oid, value in found.items():
        if oid in places:
            root, place = places[oid]
            into.columns.setdefault(root, {})[place] = value


def _instances(profile: Profile) -> list[str]:
    sources = [source for _, source in fact_sources(profile) if not source.combine]
    return [oid for source in sources for oid in objects(source)]

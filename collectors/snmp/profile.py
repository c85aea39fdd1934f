"""
A vendor profile: which objects of which MIB mean which of our words. Data, not code.

This file, `tables.py` and `sources.py` are the format, in which `profiles/*.toml` are written;
`docs/adr/0002-snmp-seam.md` says why it is so. What a file may hold is checked once, with pydantic.
"""

from pydantic import Field, model_validator

from collectors.snmp.sources import Facts, ObjectName, Oid, Pattern, Strict
from collectors.snmp.tables import (
    AccessPoints,
    Interfaces,
    Radios,
    Ssids,
    Storage,
    Table,
    Vaps,
)


class FactSet(Strict):
    """What there is one of per device. Ratios run from 0 to 1."""

    model: Facts = ()
    version: Facts = ()
    stations: Facts = ()
    access_points_up: Facts = ()
    access_points_total: Facts = ()
    cpu_ratio: Facts = ()
    memory_ratio: Facts = ()
    temperature_c: Facts = ()
    processes: Facts = ()
    users: Facts = ()
    printer_status: Facts = ()


class Match(Strict):
    """
    Which devices a profile is for: all the conditions given must hold.

    `sys_object_id` are prefixes, of which the longest wins; `sys_descr` is a pattern, whose
    groups `model` and `version` are taken; `probe_oid` is a subtree which must not be empty,
    `probe` its name.
    """

    sys_object_id: tuple[Oid, ...] = Field(min_length=1)
    sys_descr: Pattern | None = None
    probe_oid: Oid | None = None
    probe: ObjectName | None = None


TABLES = ("access_points", "radios", "vaps", "ssids", "interfaces", "storage")


class Profile(Strict):
    """
    One file: how a kind of device says what we want to know.

    A `generic` profile applies to every device; another adds to it, and replaces the facts
    and tables that it names itself.
    """

    name: str
    vendor: str | None = None
    generic: bool = False
    match: tuple[Match, ...] = ()
    facts: FactSet = FactSet()
    access_points: AccessPoints | None = None
    radios: Radios | None = None
    vaps: Vaps | None = None
    ssids: Ssids | None = None
    interfaces: Interfaces | None = None
    storage: Storage | None = None

    @model_validator(mode="after")
    def _matches_or_is_generic(self) -> "Profile":
        if self.generic == bool(self.match):
            raise ValueError("match: expected at least one, or generic = true; found both or none")
        return self

    def tables(self) -> dict[str, Table]:
        """Return the tables that the profile has, by our name."""
        found = {name: getattr(self, name) for name in TABLES}
        return {name: table for name, table in found.items() if table is not None}

    def over(self, base: "Profile") -> "Profile":
        """Return this profile laid over `base`: what both name is taken from this one."""
        facts = {
            name: getattr(self.facts, name) or getattr(base.facts, name)
            for name in FactSet.model_fields
        }
        tables = {name: getattr(self, name) or getattr(base, name) for name in TABLES}
        return self.model_copy(update={"facts": FactSet.model_construct(**facts), **tables})

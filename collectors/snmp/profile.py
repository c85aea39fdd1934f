"""
A vendor profile: which objects of which MIB mean which of our words. Data, not code.

This file, `tables.py` and `sources.py` are the format, in which `profiles/*.toml` are written;
`docs/adr/0002-snmp-seam.md` and `0012-profile-format.md` say why it is so. What a file may hold
is checked once, with pydantic.
"""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from collectors.snmp.sources import HERE, CountsOnly, Facts, ObjectName, Oid, Pattern, Strict
from collectors.snmp.tables import (
    AccessPoints,
    Alerts,
    Interfaces,
    Radios,
    Sensors,
    Ssids,
    Storage,
    Supplies,
    Table,
    Vaps,
)


class FactSet(Strict):
    """
    What there is one of per device. Ratios run from 0 to 1.

    `leader_ip` is the address of the access point that keeps the list of its cluster.
    """

    model: Facts = ()
    version: Facts = ()
    stations: Facts = ()
    access_points_up: Facts = ()
    access_points_total: Facts = ()
    leader_ip: Facts = ()
    cpu_ratio: Facts = ()
    memory_ratio: Facts = ()
    temperature_c: Facts = ()
    host_uptime_s: Facts = ()
    engine_boots: Facts = ()
    processes: Facts = ()
    users: Facts = ()
    printer_status: Facts = ()
    printer_errors: Facts = ()


class Match(Strict):
    """
    Which devices a profile is for: all the conditions given must hold.

    `sys_object_id` are prefixes, of which the longest wins; `sys_descr` is a pattern, whose
    groups `model` and `version` are taken; `probe_oid` is a subtree which must not be empty,
    `probe` its name.
    """

    sys_object_id: tuple[Oid, ...] = Field(min_length=1)
    sys_descr: Pattern | None = None
    probe_oid: CountsOnly | None = None
    probe: ObjectName | None = None


def _as_many(tables: Any) -> Any:  # noqa: ANN401 - whatever the file holds
    return (tables,) if isinstance(tables, dict | Radios) else tables


TABLES = (
    "access_points",
    "radios",
    "vaps",
    "ssids",
    "interfaces",
    "storage",
    "supplies",
    "alerts",
    "sensors",
)


class Profile(Strict):
    """
    One file: how a kind of device says what we want to know.

    A `generic` profile applies to every device; another adds to it, and replaces the facts
    and tables that it names itself. `radios` may be one table or several (`[[radios]]`), whose
    rows are all radios.
    """

    name: str
    vendor: str | None = None
    generic: bool = False
    match: tuple[Match, ...] = ()
    facts: FactSet = FactSet()
    access_points: AccessPoints | None = None
    radios: Annotated[tuple[Radios, ...], BeforeValidator(_as_many)] = ()
    vaps: Vaps | None = None
    ssids: Ssids | None = None
    interfaces: Interfaces | None = None
    storage: Storage | None = None
    supplies: Supplies | None = None
    alerts: Alerts | None = None
    sensors: Sensors | None = None

    @model_validator(mode="after")
    def _matches_or_is_generic(self) -> "Profile":
        if self.generic == bool(self.match):
            raise ValueError("match: expected at least one, or generic = true; found both or none")
        if self.generic and self.is_below:
            raise ValueError(
                f"oid: expected no {HERE} in a generic profile, which is for any device"
            )
        return self

    @property
    def is_below(self) -> bool:
        """Say whether an object stands below the device's own sysObjectID (`~`)."""
        return f'"{HERE}.' in self.model_dump_json(exclude_unset=True)

    def below(self, sys_object_id: str) -> "Profile":
        """
        Return the profile for devices of one sysObjectID: `~` is that, in every OID.

        Raises `ValueError` where it is none, or where an object would be of a table of clients.
        """
        if not self.is_below:
            return self
        told = self.model_dump(exclude_unset=True)
        return Profile.model_validate(told, context=sys_object_id)

    def tables(self) -> dict[str, Table]:
        """Return the tables that the profile has, by our name (`radios`, `radios 2`, …)."""
        found: dict[str, Table] = {}
        for name in TABLES:
            value = getattr(self, name)
            several = value if isinstance(value, tuple) else (value,) if value else ()
            for number, table in enumerate(several, start=1):
                found[name if number == 1 else f"{name} {number}"] = table
        return found

    def over(self, base: "Profile") -> "Profile":
        """Return this profile laid over `base`: what both name is taken from this one."""
        facts = {
            name: getattr(self.facts, name) or getattr(base.facts, name)
            for name in FactSet.model_fields
        }
        tables = {name: getattr(self, name) or getattr(base, name) for name in TABLES}
        return self.model_copy(update={"facts": FactSet.model_construct(**facts), **tables})

"""
A vendor profile: which objects of which MIB mean which of our words. Data, not code.

This file is the format; `profiles/*.toml` are written in it, and `docs/adr/0002-snmp-seam.md`
says why it is so. What a file may hold is checked here once, with pydantic.
"""

import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)

Oid = Annotated[str, StringConstraints(pattern=r"^[0-2](\.(0|[1-9]\d{0,9}))+$")]
ObjectName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9-]*::[a-z][A-Za-z0-9-]*$")]


def _compilable(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return pattern


Pattern = Annotated[str, AfterValidator(_compilable)]


class Strict(BaseModel):
    """A part of a profile; keys that it does not know are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Term(Strict):
    """One MIB object: its name for people, its OID for the machine."""

    object: ObjectName
    oid: Oid


class Source(Term):
    """
    Where a value comes from and how it is read.

    In a table `oid` is a column. Among the facts it is an instance, unless `combine` says how
    a column becomes one number.

    A number is read as (value + those of `plus`) * `scale`; `signed_byte` reads 128 to 255 as
    -128 to -1 first; a number in `absent` means "not known". `map` turns values into our words,
    `other` is the word for the rest (None: not known). `pattern` takes its first group out of
    a text.
    """

    combine: Literal["first", "sum", "mean", "max", "count"] | None = None
    plus: tuple[Term, ...] = ()
    scale: float = 1.0
    signed_byte: bool = False
    absent: tuple[int, ...] = ()
    map: dict[str, str] | None = None
    other: str | None = None
    pattern: Pattern | None = None


class FromIndex(Strict):
    """
    A value that stands in the row's index.

    `text` is length and characters, `mac` six octets at the end, `arcs` the dotted index.
    """

    index: Literal["text", "mac", "arcs"]


class Share(Strict):
    """A ratio of two objects: `used / total`, or `1 - free / total`."""

    used: Source | None = None
    free: Source | None = None
    total: Source

    @model_validator(mode="after")
    def _one_of_both(self) -> "Share":
        if (self.used is None) == (self.free is None):
            raise ValueError("either used or free, not both")
        return self


def _kind(value: Any) -> str:  # noqa: ANN401 - whatever the file holds
    keys = value if isinstance(value, dict) else vars(value)
    return "share" if "total" in keys else "index" if "index" in keys else "source"


Fact = Annotated[
    Annotated[Source, Tag("source")] | Annotated[Share, Tag("share")], Discriminator(_kind)
]
Cell = Annotated[
    Annotated[Source, Tag("source")] | Annotated[FromIndex, Tag("index")], Discriminator(_kind)
]
Facts = tuple[Fact, ...]
Column = tuple[Cell, ...]
"""Of several sources the first that answers is taken, row by row."""


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


class Table(Strict):
    """
    A table: `rows` names the columns which decide the rows there are.

    The first of them that is not empty does; where all are empty the table is not there, and
    its other columns are not asked.
    """

    LIVE: ClassVar[frozenset[str]] = frozenset()
    """The columns that feed measurements: asked at every poll; the others once an hour."""
    WATCHED: ClassVar[bool] = False
    """Whether rows come and go, so that `rows` is walked at every poll."""

    rows: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _rows_are_columns(self) -> "Table":
        for name in self.rows:
            if not any(isinstance(cell, Source) for cell in self.columns().get(name, ())):
                raise ValueError(f"rows: expected columns of this table, found {name!r}")
        return self

    def columns(self) -> dict[str, Column]:
        """Return the columns that the file gives, by our name."""
        found = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: value for name, value in found.items() if value and isinstance(value, tuple)}


class AccessPoints(Table):
    """What a controller knows of its access points. `status` is mapped to `up`, `down`, …."""

    LIVE = frozenset({"status", "stations"})
    WATCHED = True

    name: Column = ()
    mac: Column = ()
    ip: Column = ()
    model: Column = ()
    status: Column = ()
    stations: Column = ()
    uptime_s: Column = ()


class Radios(Table):
    """
    The radios of this access point, or of all of a controller's.

    `own_arcs` counts the last arcs of the index that number the radio; what stands before them
    is the index of its access point. None: the radios are the device's own.
    """

    LIVE = frozenset(
        {
            "channel",
            "frequency_mhz",
            "stations",
            "tx_power_dbm",
            "utilization_ratio",
            "noise_dbm",
            "status",
        }
    )
    WATCHED = True

    own_arcs: int | None = Field(default=None, ge=1)
    id: Column = ()
    band_ghz: Column = ()
    channel: Column = ()
    frequency_mhz: Column = ()
    stations: Column = ()
    tx_power_dbm: Column = ()
    utilization_ratio: Column = ()
    noise_dbm: Column = ()
    status: Column = ()


class Vaps(Table):
    """
    Virtual access points: one row per SSID and radio.

    `radio` holds the radio's `id`; or `own_arcs` counts the last arcs of the index, before
    which stands the radio's index. Rows whose whole SSID matches `hidden` serve no resident.
    """

    LIVE = frozenset({"stations", "channel", "tx_power_dbm"})
    WATCHED = True

    own_arcs: int | None = Field(default=None, ge=1)
    hidden: Pattern = ""
    ssid: Column = ()
    radio: Column = ()
    stations: Column = ()
    channel: Column = ()
    tx_power_dbm: Column = ()


class Ssids(Table):
    """The networks, where the agent counts stations per SSID itself."""

    LIVE = frozenset({"stations"})
    WATCHED = True

    name: Column = ()
    stations: Column = ()


class Interfaces(Table):
    """The interfaces; octet counters wrap at 2^64, or at 2^32 where nothing better is there."""

    LIVE = frozenset({"status", "rx_bytes", "tx_bytes"})

    status: Column = ()
    name: Column = ()
    type: Column = ()
    rx_bytes: Column = ()
    tx_bytes: Column = ()
    speed_bps: Column = ()


class Storage(Table):
    """Disks and memory; `type` is mapped to `disk`, `ram` or `cache`, others are left out."""

    LIVE = frozenset({"used", "size"})

    type: Column = ()
    descr: Column = ()
    unit_bytes: Column = ()
    size: Column = ()
    used: Column = ()


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

"""Where a value comes from, and how it is read: the smallest part of a profile."""

import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    ValidationInfo,
    model_validator,
)

from collectors.snmp.privacy import client_table

HERE = "~"
"""Stands for the device's own sysObjectID, at the head of an OID."""

_MOST_ARCS = 128
_HIGHEST_ARC = 2**32 - 1


def _bounded(oid: str) -> str:
    """Refuse what no agent could be asked (RFC 2578 §3.5)."""
    arcs = oid.removeprefix(HERE).strip(".").split(".")
    if len(arcs) > _MOST_ARCS or max(map(int, arcs)) > _HIGHEST_ARC:
        raise ValueError(f"expected at most {_MOST_ARCS} arcs, none above {_HIGHEST_ARC}")
    return oid


_ARCS = r"(\.(0|[1-9]\d{0,9}))+$"
_Arcs = AfterValidator(_bounded)
Oid = Annotated[str, StringConstraints(pattern=rf"^[0-2]{_ARCS}"), _Arcs]
OidOrBelow = Annotated[str, StringConstraints(pattern=rf"^[0-2{HERE}]{_ARCS}"), _Arcs]
ObjectName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9-]*::[a-z][A-Za-z0-9-]*$")]


def _compilable(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return pattern


def _placed(oid: Any, info: ValidationInfo) -> Any:  # noqa: ANN401 - whatever the file holds
    """Put what begins with `~` below the sysObjectID that is the context, where one is."""
    is_below = isinstance(oid, str) and oid.startswith(HERE) and info.context is not None
    return f"{info.context}{oid.removeprefix(HERE)}" if is_below else oid


def _nobodys(oid: str) -> str:
    """Refuse what names people's devices, one by one."""
    found = client_table(oid)
    if found is not None:
        raise ValueError(f"expected counts only, never the clients listed in {found}")
    return oid


Pattern = Annotated[str, AfterValidator(_compilable)]
CountsOnly = Annotated[Oid, AfterValidator(_nobodys)]
"""An object that may be asked: none of a table that lists clients (`privacy.py`)."""
PlacedOid = Annotated[OidOrBelow, BeforeValidator(_placed), AfterValidator(_nobodys)]
"""The same, or one that stands below the device's own sysObjectID: `~.5.1.3.0`."""


class Strict(BaseModel):
    """A part of a profile; keys that it does not know are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Term(Strict):
    """
    One MIB object: its name for people, its OID for the machine.

    An OID may begin with `~`, the device's own sysObjectID, for vendors who repeat their tables
    below each model. It is that of no device before `Profile.below`.
    """

    object: ObjectName
    oid: PlacedOid


class Source(Term):
    """
    Where a value comes from and how it is read.

    In a table `oid` is a column. Among the facts it is an instance, unless `combine` says how
    a column becomes one number.

    A number is read as (value + those of `plus`) * `scale` + `offset`. Before that,
    `signed_byte` reads 128 to 255 as -128 to -1, and `negative` turns the sign of what should
    be below zero and is not (a noise of 95 is -95 dBm). A number in `absent` means "not known".

    `pattern` takes its first group out of a text; `map` then turns it into our words, `other`
    is the word for the rest (None: not known). `bits` names the bits of an octet string,
    beginning with the highest of the first octet.

    In a table, `arcs` (from, to) are the arcs of the row's index under which the object stands,
    where that is not the whole; `append` is the column of the row whose number comes behind.
    """

    combine: Literal["first", "sum", "mean", "max", "count"] | None = None
    plus: tuple[Term, ...] = ()
    scale: float = 1.0
    offset: float = 0.0
    signed_byte: bool = False
    negative: bool = False
    absent: tuple[int, ...] = ()
    map: dict[str, str] | None = None
    other: str | None = None
    pattern: Pattern | None = None
    bits: tuple[str, ...] = ()
    arcs: tuple[int, int] | None = None
    append: str | None = None


class FromIndex(Strict):
    """
    A value that stands in the row's index.

    `text` is length and characters, `characters` the same without length, `mac` six octets at
    the end, `arcs` the dotted index. `skip` arcs at the front do not belong to it, and of the
    others only `take`, if given. `map` and `other` as in `Source`.
    """

    index: Literal["text", "characters", "mac", "arcs"]
    skip: int = Field(default=0, ge=0)
    take: int | None = Field(default=None, ge=1)
    map: dict[str, str] | None = None
    other: str | None = None


class Fixed(Strict):
    """A value that the profile itself knows: the band of a table that is for one band only."""

    value: str


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
    told = {"total": "share", "index": "index", "value": "fixed"}
    return next((kind for key, kind in told.items() if key in keys), "source")


Fact = Annotated[
    Annotated[Source, Tag("source")] | Annotated[Share, Tag("share")], Discriminator(_kind)
]
Cell = Annotated[
    Annotated[Source, Tag("source")]
    | Annotated[FromIndex, Tag("index")]
    | Annotated[Fixed, Tag("fixed")],
    Discriminator(_kind),
]
Facts = tuple[Fact, ...]
Column = tuple[Cell, ...]
"""Of several sources the first that answers is taken, row by row."""

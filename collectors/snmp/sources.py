"""Where a value comes from, and how it is read: the smallest part of a profile."""

import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
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

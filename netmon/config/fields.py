"""The shapes of what stands in a cell of an inventory file."""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError


def shaped(pattern: str, expected: str) -> AfterValidator:
    """Refuse text that is not wholly of a shape, in words instead of the pattern."""
    shape = re.compile(pattern)

    def checked(text: str) -> str:
        if shape.fullmatch(text) is None:
            raise PydanticCustomError("shape", "{expected}", {"expected": expected})
        return text

    return AfterValidator(checked)


Id = Annotated[
    str, shaped(r"[a-z0-9][a-z0-9-]{0,63}", "lower-case letters, digits and hyphens, at most 64")
]
"""Lower-case letters, digits and hyphens: an id is permanent and stands in addresses."""

Host = Annotated[
    str,
    Field(max_length=200),
    shaped(r"[A-Za-z0-9._:%-]*", "a name or an IP address, without scheme, port or path"),
]
"""Where a device is asked; empty where it is not."""

Mac = Annotated[
    str, shaped("([0-9a-f]{2}:){5}[0-9a-f]{2}", "a hardware address such as 02:00:5e:10:00:01")
]

Name = Annotated[str, Field(min_length=1, max_length=200)]

Blank = BeforeValidator(lambda value: None if value == "" else value)
"""An empty cell is nothing, not an empty word."""

Words = BeforeValidator(lambda value: tuple(value.split()) if isinstance(value, str) else value)
"""A cell of words apart by spaces."""

Text = Annotated[str, Field(min_length=1, max_length=2000)]

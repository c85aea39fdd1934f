"""The shapes of what stands in a cell of an inventory file."""

from typing import Annotated

from pydantic import BeforeValidator, Field

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
"""Lower-case letters, digits and hyphens: an id is permanent and stands in addresses."""

Name = Annotated[str, Field(min_length=1, max_length=200)]

Blank = BeforeValidator(lambda value: None if value == "" else value)
"""An empty cell is nothing, not an empty word."""

Words = BeforeValidator(lambda value: tuple(value.split()) if isinstance(value, str) else value)
"""A cell of words apart by spaces."""

Text = Annotated[str, Field(min_length=1, max_length=2000)]

"""What every section of `netmon.toml` is made of."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

LONGEST_PATH = 1024


def _path(path: Path) -> Path:
    if "\0" in str(path) or len(str(path)) > LONGEST_PATH:
        raise PydanticCustomError("path", "a path that can exist")
    return path


File = Annotated[Path, AfterValidator(_path)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]
Variable = Annotated[str, Field(pattern=r"^[A-Z_][A-Z0-9_]{0,99}$")]


class Section(BaseModel):
    """A table of `netmon.toml`: unknown keys are refused, every field has a description."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

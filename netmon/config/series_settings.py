"""`[series]`: which numbers are kept as points over time, and for how long."""

from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from netmon.config.section import Section

Days = Annotated[int, Field(ge=1, le=3660)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]


class SeriesSettings(Section):
    """Points of every look, and what they are summed up to."""

    enabled: bool = Field(default=True, description="Whether series are kept at all.")
    raw_days: Days = Field(14, description="Days for which every point is kept, besides today.")
    per_radio_days: Days = Field(
        90,
        description="Days for which hourly summaries by radio, network and interface are kept;"
        " daily ones stay. At least `raw_days`.",
    )
    leave_out: tuple[Name, ...] = Field(
        (), description="Measurements that never become series, such as `cpu_ratio`."
    )

    @field_validator("per_radio_days")
    @classmethod
    def _no_shorter_than_points(cls, days: int, info: ValidationInfo) -> int:
        # Hours that are forgotten would come back when they are worked out again.
        raw_days = info.data.get("raw_days", 1)
        if days < raw_days:
            raise PydanticCustomError("per_radio_days", f"at least raw_days = {raw_days}")
        return days

"""`[dead_man]`: who is pinged while netmon is well, and raises the alarm when that stops."""

from typing import Annotated

from pydantic import Field

from netmon.config.section import File, Section, Variable


class DeadManSettings(Section):
    """The address outside that is pinged; without one nothing is."""

    url_env: Variable | None = Field(
        None, description="Environment variable that holds the address to ping while all is well."
    )
    url_file: File | None = Field(
        None, description="File with that address to ping, readable by its owner only."
    )
    interval_s: Annotated[float, Field(ge=1, le=86_400)] = Field(
        60.0, description="Seconds between pings."
    )

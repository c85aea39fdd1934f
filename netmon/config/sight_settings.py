"""How netmon tells that it is itself cut off, and that not everything else is down."""

from ipaddress import ip_address
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from netmon.config.section import Seconds, Section
from netmon.domain.sight import SightRule


def _address(text: str) -> str:
    # A name would have to be looked up over the very line that is in doubt.
    try:
        return str(ip_address(text))
    except ValueError:
        raise PydanticCustomError("address", "an IPv4 or IPv6 address, no name") from None


class SightSettings(Section):
    """When failures are taken for netmon's own."""

    witnesses: tuple[Annotated[str, AfterValidator(_address)], ...] = Field(
        (),
        max_length=10,
        description="Addresses that always answer a ping, one outside and one inside at least.",
    )
    quorum_ratio: Annotated[float, Field(gt=0.5, le=1)] = Field(
        0.8, description="Share of the independent devices that fail together when netmon is cut."
    )
    window_s: Seconds = Field(
        60.0, description="Seconds within which they begin to fail, and of the grace afterwards."
    )
    least_devices: Annotated[int, Field(ge=2)] = Field(
        5, description="Fewer independent devices than these never make a quorum."
    )

    def rule(self) -> SightRule:
        """Return the rule that these settings make."""
        return SightRule(self.quorum_ratio, self.window_s, self.least_devices)

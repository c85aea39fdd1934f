"""How far netmon takes Wi-Fi to reach, where nothing is said of an access point itself."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from geodata.link import BANDS, ServiceClass
from netmon.config.section import Section


def _outdoor_band(name: str) -> str:
    known = [each for each, band in BANDS.items() if band.outdoors]
    if name not in known:
        raise PydanticCustomError("band", "{expected}", {"expected": f"one of {', '.join(known)}"})
    return name


OutdoorBand = Annotated[str, AfterValidator(_outdoor_band)]
"""A part of the spectrum in which access points may send outdoors."""

Eirp = Annotated[float, Field(ge=-10, le=36)]
Azimuth = Annotated[float, Field(ge=0, le=360)]


class CoverageSettings(Section):
    """What the radio of an access point is taken to be, and what is asked of it."""

    band: OutdoorBand = Field(
        "2.4", description="Band of an access point that names none: its farthest-reaching one."
    )
    eirp_dbm: Eirp | None = Field(
        None, description="Its power with its antenna, in dBm; without it what the band allows."
    )
    antenna_gain_dbi: Annotated[float, Field(ge=-10, le=30)] = Field(
        3.0, description="Gain of its antenna, which hears phones as much better."
    )
    beamwidth_deg: Annotated[float, Field(ge=10, le=360)] = Field(
        120.0, description="Opening of an antenna with an azimuth; others send all around."
    )
    cell_m: Annotated[float, Field(ge=1, le=10)] = Field(
        2.0, description="Side of the squares in which coverage is worked out, in metres."
    )
    level_dbm: ServiceClass = Field(
        ServiceClass.PAGES,
        description="The signal from which on Wi-Fi counts as offered: -67, -70, -75 or -80 dBm.",
    )

"""What a controller says of its access points, as sightings of other devices. Pure."""

from collections.abc import Iterator

from collectors.observation import Outcome, Sighting
from collectors.snmp.measurements import Number, distinct, known, of_radio
from collectors.snmp.reading import AccessPoint, ApStatus, Radio, Reading

OUTCOMES = {
    ApStatus.UP: Outcome.OK,
    ApStatus.DOWN: Outcome.TIMEOUT,
    ApStatus.UPGRADING: Outcome.CONTENT,
}
"""
What a status says of the access point.

One that loads software answers its controller, but serves nobody: it works badly. A redundant
copy speaks of an access point that another controller serves, and `unknown` says nothing: no
outcome, as where the controller has no word for it.
"""

DETAILS = {
    ApStatus.DOWN: "its controller has lost it",
    ApStatus.REDUNDANT: "another controller serves it",
    ApStatus.UPGRADING: "it loads software or its configuration",
    ApStatus.UNKNOWN: "its controller has no known word for its state",
    None: "its controller does not say how it is",
}


def sightings(reading: Reading) -> tuple[Sighting, ...]:
    """
    Return one sighting per access point of a controller, in the order of its table.

    Empty where the device controls none. The measurements are `stations`, `uptime_s` and those
    of its radios, labelled by the radio's own id, in the words of the check `snmp`; only of
    those that are up, for a controller may keep the last numbers of the others.
    """
    return tuple(_sighting(a, reading.radios) for a in reading.access_points)


def _sighting(access_point: AccessPoint, radios: tuple[Radio, ...]) -> Sighting:
    status = access_point.status
    lost = {ApStatus.DOWN, ApStatus.REDUNDANT, ApStatus.UPGRADING}
    own = tuple(radio for radio in radios if radio.access_point == access_point.name)
    return Sighting(
        name=access_point.name,
        mac=access_point.mac,
        address=access_point.ip,
        outcome=None if status is None else OUTCOMES.get(status),
        measurements=() if status in lost else known(_numbers(access_point, own)),
        detail=DETAILS.get(status, ""),
    )


def _numbers(access_point: AccessPoint, radios: tuple[Radio, ...]) -> Iterator[Number]:
    yield "stations", access_point.stations, ""
    yield "uptime_s", access_point.uptime_s, ""
    for label, radio in zip(distinct(radio.own_id for radio in radios), radios, strict=True):
        yield from of_radio(radio, label)

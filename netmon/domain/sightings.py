"""
Which device of ours another system speaks of, and what its word is worth. Pure.

A controller or another monitoring system tells of many devices in one answer. Each sighting is
matched to the inventory by hardware address, then by name, then by address. What it says
becomes an observation of the check `reported`, unless another source has just seen the device
work: redundant controllers each keep a copy of one access point.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from collectors.observation import Observation, Outcome, Sighting
from netmon.domain.model import REPORTED, Device

_WORKS = frozenset({Outcome.OK, Outcome.CONTENT})
_ORDER = {Outcome.OK: 0, Outcome.CONTENT: 1, None: 3}
_FAILS = 2


@dataclass(frozen=True, slots=True)
class Stranger:
    """What a source sees and the inventory lacks; `since` is when it was first told of."""

    source: str
    name: str
    mac: str | None
    address: str | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Word:
    """What a source last said of a device, and when it had looked."""

    outcome: Outcome
    at: datetime


class Register:
    """Finds devices of the inventory by what other systems know of them."""

    def __init__(self, devices: Iterable[Device]) -> None:
        devices = list(devices)
        self._macs = _once((each.mac, each.id) for each in devices)
        self._names = _once((_folded(n), each.id) for each in devices for n in {each.name, each.id})
        self._addresses = _once((each.host, each.id) for each in devices)
        watched: defaultdict[str, list[str]] = defaultdict(list)
        for each in devices:
            for source in each.seen_by:
                watched[source].append(each.id)
        self.watched: Mapping[str, list[str]] = dict(watched)
        """The devices that each source should tell of."""

    def device_of(self, sighting: Sighting) -> str | None:
        """Return the id of the device that is meant, None where it is none of ours."""
        return (
            self._macs.get(sighting.mac or "")
            or self._names.get(_folded(sighting.name))
            or self._addresses.get(sighting.address or "")
            or self._addresses.get(sighting.name)
        )


def best_by_device(
    said: Observation, register: Register
) -> tuple[dict[str, Sighting], tuple[Sighting, ...]]:
    """Return what a source says of each device of ours, the best of several; and the others."""
    ours: dict[str, Sighting] = {}
    others = []
    for each in said.sightings:
        device_id = register.device_of(each)
        if device_id is None:
            others.append(each)
        elif device_id != said.target:
            known = ours.get(device_id)
            ours[device_id] = each if known is None else min(known, each, key=_rank)
    return ours, tuple(others)


def reported(device_id: str, sighting: Sighting, said: Observation) -> Observation | None:
    """Return a sighting as an observation of `reported`, None where the source does not know."""
    if sighting.outcome is None:
        return None
    at = said.at if sighting.at is None else min(sighting.at, said.at)
    detail = sighting.detail
    if not detail and sighting.outcome is not Outcome.OK:
        detail = f"{said.target} says that it does not work"
    return Observation(
        device_id,
        REPORTED,
        at,
        sighting.outcome,
        sighting.measurements,
        detail,
        source=said.target,
    )


def vanished(device_id: str, said: Observation) -> Observation:
    """Return the observation of a device that its source named before and names no more."""
    detail = f"{said.target} does not list it any more"
    return Observation(
        device_id, REPORTED, said.at, Outcome.TIMEOUT, (), detail, source=said.target
    )


def is_contradicted(bad: Observation, words: Mapping[str, Word], patience_s: float) -> bool:
    """Return whether another source has seen the device work, at most `patience_s` before."""
    return bad.outcome not in _WORKS and any(
        word.outcome in _WORKS and (bad.at - word.at).total_seconds() <= patience_s
        for source, word in words.items()
        if source != bad.source
    )


def _rank(sighting: Sighting) -> int:
    return _ORDER.get(sighting.outcome, _FAILS)


def _folded(name: str) -> str:
    return name.strip().casefold()


def _once(pairs: Iterable[tuple[str | None, str]]) -> dict[str, str]:
    """Return what stands for one device only; a name that two have is nobody's."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for name, device_id in pairs:
        if name and found.setdefault(name, device_id) != device_id:
            shared.add(name)
    return {name: device_id for name, device_id in found.items() if name not in shared}

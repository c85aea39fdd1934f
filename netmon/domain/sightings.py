"""
Which device of ours another system speaks of, and what its word is worth. Pure.

A controller or another monitoring system tells of many devices in one answer. Each sighting is
matched to the inventory by hardware address, then by name, then by address. What it says of a
device that names it in `seen_by` becomes an observation of the check `reported`, unless another
source has just seen the device work: redundant controllers each keep a copy of one access point.
Of any other device it is not believed: whoever can name a thing in it could else hide an outage.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

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


@dataclass(frozen=True, slots=True)
class Match:
    """A device, and by the how-manieth way it was found: the fewer, the surer."""

    device_id: str
    way: int


class Register:
    """Finds devices of the inventory by what other systems know of them."""

    def __init__(self, devices: Iterable[Device]) -> None:
        devices = list(devices)
        self._macs = _once((each.mac, each.id) for each in devices)
        self._names = _once((_folded(n), each.id) for each in devices for n in {each.name, each.id})
        self._addresses = _once((each.host, each.id) for each in devices)
        watched: defaultdict[str, set[str]] = defaultdict(set)
        for each in devices:
            for source in each.seen_by:
                watched[source].add(each.id)
        self._watched = watched

    def watched(self, source: str) -> AbstractSet[str]:
        """Return the devices of which a source is to tell: those that name it in `seen_by`."""
        return self._watched.get(source, frozenset())

    def match(self, sighting: Sighting) -> Match | None:
        """Return the device that is meant, None where it is none of ours."""
        ways = (
            self._macs.get(sighting.mac or ""),
            self._names.get(_folded(sighting.name)),
            self._addresses.get(sighting.address or ""),
            self._addresses.get(sighting.name),
        )
        return next((Match(found, way) for way, found in enumerate(ways) if found), None)


def best_by_device(
    said: Observation, register: Register
) -> tuple[dict[str, Sighting], tuple[Sighting, ...]]:
    """
    Return what a source says of each device that it is to tell of; and what is none of ours.

    Of several rows for one device the surest match counts, then the best word: an access point
    that only bears the name of another does not speak for it.
    """
    ours: dict[str, tuple[int, int, Sighting]] = {}
    others = []
    watched = register.watched(said.target)
    for each in said.sightings:
        match = register.match(each)
        if match is None:
            others.append(each)
        elif match.device_id in watched and match.device_id != said.target:
            row = (match.way, _rank(each), each)
            ours[match.device_id] = min(ours.get(match.device_id, row), row, key=itemgetter(0, 1))
    return {device_id: each for device_id, (*_, each) in ours.items()}, tuple(others)


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
        word.outcome in _WORKS and 0 <= (bad.at - word.at).total_seconds() <= patience_s
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

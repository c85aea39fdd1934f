"""What sources said of other devices: remembered, compared, and handed on as observations."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from collectors.observation import Observation, Outcome, Sighting
from netmon.domain.model import Device
from netmon.domain.sightings import (
    Register,
    Stranger,
    Word,
    best_by_device,
    is_contradicted,
    reported,
    vanished,
)

MAX_STRANGERS = 1000
"""Of one source; a system that watches another city must not fill the store."""


class Reports:
    """
    Turns the sightings of one observation into observations of the devices seen.

    Parameters
    ----------
    last_sources
        Who last told of each device, as the record has it: what a source named before this
        process began, and does not name now, is gone.
    """

    def __init__(self, last_sources: Mapping[str, str]) -> None:
        self._named: defaultdict[str, set[str]] = defaultdict(set)
        for device_id, source in last_sources.items():
            self._named[source].add(device_id)
        self._words: defaultdict[str, dict[str, Word]] = defaultdict(dict)
        self._register = Register(())
        self._strangers: dict[str, tuple[Stranger, ...]] = {}
        self._changed: set[str] = set()

    def know(self, devices: Iterable[Device]) -> None:
        """Learn which devices are ours."""
        self._register = Register(devices)

    def heard(self, said: Observation, patience_s: float) -> list[Observation]:
        """
        Return what is to be judged; a good word of another source holds for `patience_s`.

        Who does not answer says nothing of others: they lapse to unknown. What one said whose
        answer broke off holds for whom it named, and says nothing of the rest.
        """
        is_answer = said.outcome is Outcome.OK
        ours, others = best_by_device(said, self._register)
        told = [reported(device_id, each, said) for device_id, each in ours.items()]
        found = [each for each in told if each is not None]
        if said.lists_all and is_answer:
            watched = self._register.watched(said.target)
            gone = (self._named[said.target] & watched) - ours.keys()
            found += [vanished(device_id, said) for device_id in sorted(gone)]
        self._named[said.target].update(ours)
        for device_id in ours:
            self._words[device_id].pop(said.target, None)
        if is_answer:
            self._note_strangers(said, others)
        return [each for each in found if self._counts(each, patience_s)]

    def take_strangers(self) -> dict[str, tuple[Stranger, ...]]:
        """Return the strangers of each source whose list has changed since the last call."""
        changed = {source: self._strangers[source] for source in self._changed}
        self._changed.clear()
        return changed

    def _counts(self, told: Observation, patience_s: float) -> bool:
        words = self._words[told.target]
        words[told.source] = Word(told.outcome, told.at)
        return not is_contradicted(told, words, patience_s)

    def _note_strangers(self, said: Observation, others: Sequence[Sighting]) -> None:
        before = {(each.name, each.mac): each for each in self._strangers.get(said.target, ())}
        now = {
            (each.name, each.mac): Stranger(said.target, each.name, each.mac, each.address, said.at)
            for each in others[:MAX_STRANGERS]
        }
        if now.keys() != before.keys() or said.target not in self._strangers:
            self._strangers[said.target] = tuple((now | before)[key] for key in now)
            self._changed.add(said.target)

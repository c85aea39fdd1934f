"""Which runs live pages need: what broke lately, from its beginning, with what explains it."""

from collections.abc import Iterable, Mapping, Sequence

from netmon.domain.dependencies import ancestors
from netmon.domain.model import Revision, Status
from netmon.storage.record import RecordReader, Runs


def tails(record: RecordReader, revisions: Sequence[Revision], since_s: int, slack_s: int) -> Runs:
    """
    Return all runs from the last `up` of each check at or before an instant.

    What is broken comes with every check of its device, and with all that the device ever
    depended on, from `slack_s` before it broke: read a week later, an outage is dated and
    explained as it was on its day.
    """
    runs = record.runs_since_last_up(since_s)
    needed = _needed_since(_broken_since(runs), _parents_ever(revisions))
    kept = {key: spans for key, spans in runs.items() if key[0] not in needed}
    for device_id, start_s in needed.items():
        kept |= record.runs_of(device_id, start_s - slack_s)
    return kept


def _broken_since(runs: Runs) -> dict[str, int]:
    """Return the start of each device's first run that is not `up`."""
    since: dict[str, int] = {}
    for (device_id, _), spans in runs.items():
        broken = next((span.start_s for span in spans if span.status is not Status.UP), None)
        if broken is not None:
            since[device_id] = min(broken, since.get(device_id, broken))
    return since


def _needed_since(
    broken: Mapping[str, int], parents: Mapping[str, frozenset[str]]
) -> dict[str, int]:
    needed = dict(broken)
    for device_id, start_s in broken.items():
        for above in ancestors(device_id, lambda each: parents.get(each, frozenset())):
            needed[above] = min(start_s, needed.get(above, start_s))
    return needed


def _parents_ever(revisions: Iterable[Revision]) -> dict[str, frozenset[str]]:
    ever: dict[str, frozenset[str]] = {}
    for revision in revisions:
        for device in revision.inventory.devices:
            if device.parents:
                ever[device.id] = ever.get(device.id, frozenset()).union(device.parents)
    return ever

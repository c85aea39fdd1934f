"""Which places were not opened, and what that makes of their computers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce

from netmon.analysis.timelines import DeviceTimeline
from netmon.domain.intervals import Interval, intersection
from netmon.domain.model import DeviceKind, Power, Status
from netmon.domain.presence import LEAST_COMPUTERS, not_opened, reachable, when
from netmon.domain.state import BACKOFF_CAP_S

_NETWORK = frozenset({DeviceKind.GATEWAY, DeviceKind.SWITCH})
_ANSWERS = frozenset({Status.UP, Status.DEGRADED})


def with_sites(
    timelines: Mapping[str, DeviceTimeline], dependency_slack_s: int
) -> dict[str, DeviceTimeline]:
    """
    Return the timelines; those of computers know when their place was not opened.

    Parameters
    ----------
    timelines
        All of the city, by device.
    dependency_slack_s
        How far apart the failures of what depends on each other may be dated. Dead
        computers are looked at less often still: the first is found awake up to
        `BACKOFF_CAP_S` before the last that was switched on with it.
    """
    slack_s = max(dependency_slack_s, BACKOFF_CAP_S)
    found = dict(timelines)
    for computers in _computers_by_site(timelines.values()):
        dark = not_opened(
            [each.read for each in computers], _way(computers, timelines, dependency_slack_s)
        )
        for each in computers if dark else ():
            found[each.device.id] = replace(each, not_opened=dark, slack_s=slack_s)
    return found


def goes_on_with_site(timeline: DeviceTimeline) -> bool:
    """Return whether a device is one of the computers that somebody switches on at a site."""
    device = timeline.device
    is_switched_on = device.kind is DeviceKind.PUBLIC_PC and device.power is Power.WITH_SITE
    return is_switched_on and not timeline.place.is_street and timeline.windows is not None


def _computers_by_site(timelines: Iterable[DeviceTimeline]) -> list[list[DeviceTimeline]]:
    there: dict[str, list[DeviceTimeline]] = {}
    for each in timelines:
        if goes_on_with_site(each):
            there.setdefault(each.place.id, []).append(each)
    return [computers for computers in there.values() if len(computers) >= LEAST_COMPUTERS]


def _way(
    computers: Sequence[DeviceTimeline], timelines: Mapping[str, DeviceTimeline], slack_s: int
) -> list[Interval]:
    """Return when the way to all computers of one site was seen to work."""
    place_id = computers[0].place.id
    network = {
        device_id: each
        for device_id, each in timelines.items()
        if each.device.kind in _NETWORK and each.place.id == place_id
    }
    ways = {
        parents: _way_over(parents, network, timelines, slack_s)
        for parents in {each.device.parents for each in computers}
    }
    return reduce(intersection, ways.values())


def _way_over(
    parents: Sequence[str],
    network: Mapping[str, DeviceTimeline],
    timelines: Mapping[str, DeviceTimeline],
    slack_s: int,
) -> list[Interval]:
    """
    Return when a computer with certain parents could be reached.

    One parent is enough, and where the inventory names none, one gateway or switch of the
    place. The others there must not have failed: who forgot to say that a switch carries
    computers must not send their owner to open a place that is open.
    """
    carriers = [timelines[each] for each in parents] or list(network.values())
    others = [each for device_id, each in network.items() if device_id not in parents]
    return reachable(
        (when(each.recorded, _ANSWERS) for each in carriers),
        (each.failing for each in others),
        slack_s,
    )

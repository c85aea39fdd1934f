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
    Return the timelines; what goes on with its place knows when that was not opened.

    Only computers tell it; a printer that is switched on with them is excused like them.

    Parameters
    ----------
    timelines
        All of the city, by device.
    dependency_slack_s
        How far apart the failures of what depends on each other may be dated.
    """
    slack_s = site_slack_s(dependency_slack_s)
    found = dict(timelines)
    for switched_on in _by_site(timelines.values()):
        computers = [each for each in switched_on if is_computer(each)]
        if len(computers) < LEAST_COMPUTERS:
            continue
        way = _way(computers, timelines, dependency_slack_s)
        dark = not_opened([each.read for each in computers], way)
        for each in switched_on if dark else ():
            found[each.device.id] = replace(each, not_opened=dark, slack_s=slack_s)
    return found


def site_slack_s(dependency_slack_s: int) -> int:
    """
    Return how far apart what befalls all computers of a place may be dated.

    Dead ones are looked at less often than what depends on each other: the first is found
    awake up to `BACKOFF_CAP_S` before the last that was switched on with it.
    """
    return max(dependency_slack_s, BACKOFF_CAP_S)


def is_computer(timeline: DeviceTimeline) -> bool:
    """Return whether a device is a public computer."""
    return timeline.device.kind is DeviceKind.PUBLIC_PC


def _by_site(timelines: Iterable[DeviceTimeline]) -> list[list[DeviceTimeline]]:
    """Return what somebody switches on at each site; its hours are known."""
    there: dict[str, list[DeviceTimeline]] = {}
    for each in timelines:
        is_switched_on = each.device.power is Power.WITH_SITE and each.windows is not None
        if is_switched_on and not each.place.is_street:
            there.setdefault(each.place.id, []).append(each)
    return list(there.values())


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

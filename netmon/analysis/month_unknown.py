"""What nobody knows of a month, and its longest stretches."""

from collections.abc import Iterator, Sequence
from operator import attrgetter

from netmon.analysis.month_member import Member
from netmon.analysis.month_report import UnknownShare, UnknownSpell
from netmon.domain.figures import total
from netmon.domain.intervals import Interval, Windows, instant, intersection
from netmon.domain.maintenance import without
from netmon.domain.model import Status
from netmon.domain.presence import when
from netmon.domain.timeline import UNSEEN_REASON

MOST_SPELLS = 10

_KNOWN = frozenset(Status) - {Status.UNKNOWN}


def unknown_share(members: Sequence[Member]) -> UnknownShare:
    """Return how much of what was promised nobody knows, and its longest stretches first."""
    figures = total(each.figures for each in members)
    spells = sorted(
        (spell for each in members for spell in _spells(each)),
        key=lambda spell: (-spell.promised_s, spell.began_at, spell.device_id),
    )
    return UnknownShare(figures.unknown_ratio, figures.unknown_s, tuple(spells[:MOST_SPELLS]))


def _spells(member: Member) -> Iterator[UnknownSpell]:
    windows = member.timeline.windows
    if windows is None:
        return
    for parts in _stretches(_unknown(member, windows), member, windows):
        yield UnknownSpell(
            device_id=member.device.id,
            device_name=member.device.name or member.device.id,
            place_name=member.place.name,
            began_at=instant(parts[0][0]),
            ended_at=instant(parts[-1][1]),
            promised_s=sum(end_s - start_s for start_s, end_s in parts),
            reason=_reason(member, parts[0][0]),
            synthetic=member.is_synthetic,
        )


def _unknown(member: Member, windows: Windows) -> list[Interval]:
    """Return the promised time of which nothing is recorded, or that it is unknown."""
    promised = intersection(member.present, windows.intervals)
    return without(promised, Windows(when(member.timeline.recorded, _KNOWN)))


def _stretches(
    unknown: Sequence[Interval], member: Member, windows: Windows
) -> list[list[Interval]]:
    """Put together what only closing time, or a time when it was not there, divides."""
    there = Windows(intersection(member.present, windows.intervals))
    found: list[list[Interval]] = []
    for each in unknown:
        if found and not there.seconds_in(found[-1][-1][1], each[0]):
            found[-1].append(each)
        else:
            found.append([each])
    return found


def _reason(member: Member, at_s: int) -> str:
    """Return why it is unknown where a stretch begins."""
    spans = member.timeline.recorded
    covering = (span for span in spans if span.start_s <= at_s < span.end_s)
    return next(map(attrgetter("reason"), covering), "") or UNSEEN_REASON

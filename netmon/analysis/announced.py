"""What is announced, as windows in UTC by subject, from the desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from netmon.config.recurrence import occurrences
from netmon.domain.intervals import Interval, union
from netmon.domain.maintenance import (
    OF_HOURS,
    Announcement,
    Change,
    Effect,
    Timing,
    until_cut,
)
from netmon.domain.model import Device, Place, Revision
from netmon.storage.desk import DeskReader


@dataclass(frozen=True, slots=True)
class Announced:
    """
    Announced windows by subject: the id of a device, a site or a street.

    `maintenance` is sorted and disjoint; `changes` of a site's hours are in the order in which
    they were announced.
    """

    maintenance: Mapping[str, Sequence[Interval]] = field(default_factory=dict)
    changes: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)


NOTHING_ANNOUNCED = Announced()


class Agenda:
    """
    Works out what the desk holds, each announcement once a year; safe from any thread.

    What was announced for a device or place that has another id since goes with it.
    """

    def __init__(self, desk: DeskReader) -> None:
        self._desk = desk
        self._times: dict[tuple[Timing, int], list[Interval]] = {}
        self._last: tuple[tuple[object, ...], Announced] = ((), NOTHING_ANNOUNCED)
        self._before: tuple[object, dict[int, tuple[Announcement, ...]]] = (None, {})

    def announced(self, at_s: int) -> Announced:
        """Return all that begins before the end of the year after an instant."""
        said, revisions = self._desk.announcements(), self._desk.revisions()
        key = (said, len(revisions), _year(at_s))
        seen, found = self._last
        if seen != key:
            found = self._worked_out(said, newest_names(revisions), at_s)
            # Replaced whole: two threads at once work it out twice, and nobody sees a half.
            self._last = (key, found)
        return found

    def before(self, until_s: int) -> tuple[Announcement, ...]:
        """Return what holds at any time before an instant."""
        said = self._desk.announcements()
        seen, found = self._before
        if seen is not said:
            self._before = (said, found := {})
        if until_s not in found:
            begins = ((each, self.times(each, until_s)) for each in said)
            found[until_s] = tuple(each for each, at in begins if at and at[0][0] < until_s)
        return found[until_s]

    def changes_of(self, place_id: str, at_s: int) -> tuple[Change, ...]:
        """Return what is announced beside the hours of a place, around an instant."""
        return self.announced(at_s).changes.get(place_id, ())

    def times(self, announcement: Announcement, at_s: int) -> list[Interval]:
        """Return when one holds, to the end of the year after an instant; sorted by starts."""
        key = (announcement.timing, _year(at_s))
        if key not in self._times:
            until = datetime(key[1] + 2, 1, 1, tzinfo=UTC)
            self._times[key] = occurrences(announcement.timing, int(until.timestamp()))
        return until_cut(self._times[key], announcement.cut_s)

    def _worked_out(
        self, said: Sequence[Announcement], names: Mapping[str, str], at_s: int
    ) -> Announced:
        maintenance: dict[str, list[Interval]] = {}
        changes: dict[str, list[Change]] = {}
        for each in sorted(said, key=lambda each: each.announced_s):
            times = self.times(each, at_s)
            for subject in {names.get(subject, subject) for subject in each.subjects}:
                if each.effect is Effect.MAINTENANCE:
                    maintenance.setdefault(subject, []).extend(times)
                elif times and each.effect in OF_HOURS:
                    change = Change(each.effect is Effect.OPEN, tuple(union(times)))
                    changes.setdefault(subject, []).append(change)
        return Announced(
            {subject: union(times) for subject, times in maintenance.items()},
            {subject: tuple(each) for subject, each in changes.items()},
        )


def newest_names(revisions: Sequence[Revision]) -> dict[str, str]:
    """Return the newest id of every device and place by each id that it had before."""
    ever: list[Device | Place] = []
    for revision in revisions:
        ever += [*revision.inventory.devices, *revision.inventory.places]
    renamed = {each.renamed_from: each.id for each in ever if each.renamed_from}
    return {old: _followed(old, renamed) for old in renamed}


def _followed(name: str, renamed: Mapping[str, str]) -> str:
    passed = {name}
    while name in renamed and renamed[name] not in passed:
        name = renamed[name]
        passed.add(name)
    return name


def _year(at_s: int) -> int:
    return datetime.fromtimestamp(at_s, UTC).year

"""The windows of each rule of opening hours, with what was announced beside them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from netmon.config.calendar import ALWAYS_OPEN, Calendar, HoursRule, device_rule, windows_of_year
from netmon.domain.intervals import ALWAYS, Interval, Windows, epoch_s
from netmon.domain.maintenance import Change, changed
from netmon.domain.model import Device, Inventory, Place, Power

OpeningYears = Mapping[tuple[str, int], Sequence[Interval]]
Changes = tuple[Change, ...]

_MOST_KEPT = 4096
"""Of windows that were worked out: some for each rule, and for each change of a site's hours."""


class OpeningHours:
    """
    Windows by rule and year, worked out once.

    Parameters
    ----------
    calendar
        What days mean in the city.
    kept
        Windows that the desk holds already; they save some milliseconds a rule and year.
    """

    def __init__(self, calendar: Calendar, kept: OpeningYears | None = None) -> None:
        self._calendar = calendar
        self._years: dict[tuple[str, int], Sequence[Interval]] = dict(kept or {})
        self._windows: dict[tuple[HoursRule, int, int, Changes], Windows] = {}

    def windows(
        self, rule: HoursRule | None, start_s: int, end_s: int, changes: Changes = ()
    ) -> Windows | None:
        """
        Return when something is open around `[start_s, end_s)`, None where nobody knows.

        `changes` are what was announced for the site beside its hours. Where nobody published
        hours they cannot make them known.
        """
        if rule is None:
            return None
        if rule.opening_hours == ALWAYS_OPEN and not changes:
            return ALWAYS
        # One year more on both sides: the next opening may lie behind New Year's Eve.
        key = (rule, _year(start_s) - 1, _year(end_s) + 1, changes)
        if key not in self._windows:
            if len(self._windows) >= _MOST_KEPT:
                self._windows.clear()
            self._windows[key] = self._worked_out(*key)
        return self._windows[key]

    def of_device(
        self, device: Device, place: Place, bounds: Interval, changes: Changes = ()
    ) -> Windows | None:
        """
        Return when a device should be on around an interval, None where nobody knows.

        The `changes` of its site concern it only where it goes on and off with that.
        """
        if device.power is not Power.WITH_SITE:
            changes = ()
        return self.windows(device_rule(device, place), *bounds, changes)

    def missing(self, rules: Iterable[HoursRule], years: Iterable[int]) -> OpeningYears:
        """Work out what the desk does not hold yet."""
        wanted = {
            (rule.key(self._calendar), year): rule
            for year in years
            for rule in rules
            if rule.opening_hours != ALWAYS_OPEN
        }
        return {
            key: windows_of_year(rule, key[1], self._calendar)
            for key, rule in wanted.items()
            if key not in self._years
        }

    def _worked_out(self, rule: HoursRule, first: int, last: int, changes: Changes) -> Windows:
        years = range(first, last + 1)
        if not changes:
            return Windows(pair for year in years for pair in self._year(rule, year))
        # People announce when a site is open; its devices are on some minutes more or less.
        plain = self.windows(replace(rule, lead_s=0, lag_s=0), _begin_s(first + 1), _begin_s(last))
        opened = changed(plain.intervals if plain else (), changes)
        return Windows((start - rule.lead_s, end + rule.lag_s) for start, end in opened)

    def _year(self, rule: HoursRule, year: int) -> Sequence[Interval]:
        key = (rule.key(self._calendar), year)
        if key not in self._years:
            self._years[key] = windows_of_year(rule, year, self._calendar)
        return self._years[key]


def expected_off(
    inventory: Inventory,
    hours: OpeningHours,
    changes_of: Callable[[str, int], Changes] = lambda *_: (),
) -> Callable[[str, datetime], bool]:
    """
    Return the question whether a device may rightly be silent at an instant.

    It may outside its windows, and always where nobody published when it should be on; one
    that the inventory lacks may not. `changes_of` tells what was announced beside the hours of
    a site, around an instant. Who asks from another thread needs `hours` of his own.
    """
    places = {place.id: place for place in inventory.places}
    devices = {each.id: each for each in inventory.devices}

    def is_expected_off(device_id: str, at: datetime) -> bool:
        if device_id not in devices:
            return False
        at_s, device = epoch_s(at), devices[device_id]
        changes = changes_of(device.place_id, at_s)
        windows = hours.of_device(device, places[device.place_id], (at_s, at_s), changes)
        return windows is None or not windows.contain(at_s)

    return is_expected_off


def _begin_s(year: int) -> int:
    return epoch_s(datetime(year, 1, 1, tzinfo=UTC))


def _year(at_s: int) -> int:
    return datetime.fromtimestamp(at_s, UTC).year

"""The windows of each rule of opening hours, taken from the desk or worked out here."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from netmon.config.calendar import ALWAYS_OPEN, Calendar, HoursRule, device_rule, windows_of_year
from netmon.domain.intervals import ALWAYS, Interval, Windows, epoch_s
from netmon.domain.model import Inventory

OpeningYears = Mapping[tuple[str, int], Sequence[Interval]]


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
        self._windows: dict[tuple[HoursRule, int, int], Windows] = {}

    def windows(self, rule: HoursRule | None, start_s: int, end_s: int) -> Windows | None:
        """Return when something is open around `[start_s, end_s)`, None where nobody knows."""
        if rule is None:
            return None
        if rule.opening_hours == ALWAYS_OPEN:
            return ALWAYS
        # One year more on both sides: the next opening may lie behind New Year's Eve.
        first, last = _year(start_s) - 1, _year(end_s) + 1
        key = (rule, first, last)
        if key not in self._windows:
            years = range(first, last + 1)
            self._windows[key] = Windows(pair for year in years for pair in self._year(rule, year))
        return self._windows[key]

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

    def _year(self, rule: HoursRule, year: int) -> Sequence[Interval]:
        key = (rule.key(self._calendar), year)
        if key not in self._years:
            self._years[key] = windows_of_year(rule, year, self._calendar)
        return self._years[key]


def expected_off(inventory: Inventory, hours: OpeningHours) -> Callable[[str, datetime], bool]:
    """
    Return the question whether a device may rightly be silent at an instant.

    It may outside its windows, and always where nobody published when it should be on; one
    that the inventory lacks may not. Who asks from another thread needs `hours` of his own.
    """
    places = {place.id: place for place in inventory.places}
    rules = {each.id: device_rule(each, places[each.place_id]) for each in inventory.devices}

    def is_expected_off(device_id: str, at: datetime) -> bool:
        if device_id not in rules:
            return False
        at_s = epoch_s(at)
        windows = hours.windows(rules[device_id], at_s, at_s)
        return windows is None or not windows.contain(at_s)

    return is_expected_off


def _year(at_s: int) -> int:
    return datetime.fromtimestamp(at_s, UTC).year

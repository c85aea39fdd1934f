"""Routes as settings say them, with their hours worked out."""

from collections.abc import Sequence
from datetime import datetime

from netmon.alerts.message import Severity
from netmon.alerts.policy import Route
from netmon.config.alert_settings import RouteSettings
from netmon.config.calendar import Calendar, HoursRule, windows_of_year
from netmon.domain.intervals import Windows


class RouteBook:
    """The configured routes; hours are worked out once a year, with the year before and after."""

    def __init__(self, settings: Sequence[RouteSettings], calendar: Calendar) -> None:
        self._settings, self._calendar = settings, calendar
        self._year = 0
        self._routes: Sequence[Route] = ()

    def at(self, now: datetime) -> Sequence[Route]:
        """Return the routes as they are at an instant (aware), in their order."""
        if self._year != now.year:
            self._routes = tuple(self._route(each, now.year) for each in self._settings)
            self._year = now.year
        return self._routes

    def _route(self, said: RouteSettings, year: int) -> Route:
        return Route(
            said.name,
            said.channels,
            kinds=frozenset(map(str, said.kinds)),
            places=frozenset(said.places),
            owners=frozenset(said.owners),
            severities=frozenset(map(Severity, said.severities)),
            audiences=frozenset(said.audiences),
            hours=self._windows(said.hours, year),
            quiet=self._windows(said.quiet, year),
            waits_for_opening=said.quiet_respects_opening,
            critical_passes=said.critical_passes,
            holds_flapping=said.flapping == "hold",
            group_wait_s=said.group_wait_s,
            group_interval_s=said.group_interval_s,
            repeat_s=said.repeat_s,
            escalate_after_s=said.escalate_after_s,
            escalate_to=said.escalate_to,
            goes_on=said.go_on,
        )

    def _windows(self, hours: str | None, year: int) -> Windows | None:
        if hours is None:
            return None
        rule = HoursRule(hours)
        years = range(year - 1, year + 2)
        return Windows(
            pair for each in years for pair in windows_of_year(rule, each, self._calendar)
        )

"""Routes as settings say them: their hours are those of the city, on every day of the year."""

from datetime import UTC, datetime

from netmon.alerts.routes import RouteBook
from netmon.config.alert_settings import RouteSettings
from netmon.config.calendar import Calendar
from netmon.domain.intervals import epoch_s
from tests.analysis.town import calendar

NIGHTS: Calendar = calendar()


def book(**more: object) -> RouteBook:
    said = RouteSettings.model_validate({"name": "it", "channels": ["mail"], **more})
    return RouteBook([said], NIGHTS)


def is_quiet(routes: RouteBook, local: str) -> bool:
    at = datetime.fromisoformat(local).replace(tzinfo=NIGHTS.timezone).astimezone(UTC)
    (route,) = routes.at(at)
    assert route.quiet is not None
    return route.quiet.contain(epoch_s(at))


def test_quiet_hours_pass_midnight_new_year_and_the_nights_on_which_the_clock_is_put() -> None:
    routes = book(quiet="Mo-Su 22:00-07:00")
    assert is_quiet(routes, "2026-11-23T22:00")
    assert is_quiet(routes, "2026-12-31T23:59:59") and is_quiet(routes, "2027-01-01T00:00")
    assert is_quiet(routes, "2026-10-25T06:59:59") and not is_quiet(routes, "2026-10-25T07:00")
    assert is_quiet(routes, "2027-03-28T06:59:59") and not is_quiet(routes, "2027-03-28T07:00")


def test_holidays_are_those_of_the_country() -> None:
    routes = book(quiet="PH 00:00-24:00")
    assert is_quiet(routes, "2026-11-11T12:00") and not is_quiet(routes, "2026-11-12T12:00")


def test_a_route_without_hours_is_always_used() -> None:
    (route,) = book().at(datetime(2026, 11, 23, tzinfo=UTC))
    assert (route.hours, route.quiet) == (None, None)


def test_the_routes_of_a_year_are_worked_out_once() -> None:
    routes = book(hours="Mo-Fr 08:00-18:00")
    first = routes.at(datetime(2026, 11, 23, tzinfo=UTC))
    assert routes.at(datetime(2026, 11, 24, tzinfo=UTC)) is first
    assert routes.at(datetime(2027, 1, 1, tzinfo=UTC)) is not first

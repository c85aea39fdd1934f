"""Which month's report should be there by now."""

from datetime import datetime
from zoneinfo import ZoneInfo

from netmon.analysis.calendar_months import Month
from netmon.config.report_settings import ReportSettings


def due_month(told: ReportSettings, zone: ZoneInfo, now: datetime) -> Month:
    """Return the newest month whose report is due at `now`, by the clock of the city."""
    month = Month.at(now, zone)
    time = told.time_of_day()
    due = datetime(month.year, month.number, told.day_of_month, time.hour, time.minute, tzinfo=zone)
    return month.plus(-1 if now >= due else -2)

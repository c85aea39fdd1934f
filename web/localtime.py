"""Instants as the people of the city read them: local time, near days by their names."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from netmon.words import moments
from netmon.words.language import Language

DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MONTHS = moments.MONTHS[Language.NL]
A_WEEK = 7
_SHORT_MONTHS = (
    "jan.",
    "feb.",
    "mrt.",
    "apr.",
    "mei",
    "juni",
    "juli",
    "aug.",
    "sep.",
    "okt.",
    "nov.",
    "dec.",
)


@dataclass(frozen=True, slots=True)
class LocalTime:
    """Writes instants (aware, of any zone) in the time zone of the city."""

    zone: ZoneInfo

    def clock_time(self, at: datetime) -> str:
        """Return the local time of day, as in `14.05`."""
        return at.astimezone(self.zone).strftime("%H.%M").removeprefix("0")

    def moment(self, at: datetime, now: datetime) -> str:
        """Return an instant relative to today: `om 14.05 uur`, `morgen om …`, `op 3 mei om …`."""
        local = at.astimezone(self.zone)
        days = (local.date() - now.astimezone(self.zone).date()).days
        time = f"om {self.clock_time(at)} uur"
        near = {-1: "gisteren ", 0: "", 1: "morgen "}.get(days)
        if near is not None:
            return near + time
        if 0 < days < A_WEEK:
            return f"{DAYS[local.weekday()]} {time}"
        return f"op {local.day} {MONTHS[local.month - 1]} {time}"

    def until(self, at: datetime, now: datetime) -> str:
        """Return an instant after the word "tot", as in `17.00 uur`."""
        return self.moment(at, now).removeprefix("om ")

    def brief(self, at: datetime, now: datetime) -> str:
        """Return an instant as tables write it: `14.05`, `gisteren 14.05`, `3 mei 14.05`."""
        return self.moment(at, now).replace("om ", "").removesuffix(" uur").removeprefix("op ")

    def span(self, start: datetime, end: datetime) -> str:
        """
        Return from when until when something announced lasts.

        Whole days are told without the clock: `do 26 nov.`, `van do 26 nov. tot en met vr 27
        nov.`; parts with it: `do 26 nov. 8.00–10.00 uur`.
        """
        first, last = start.astimezone(self.zone), end.astimezone(self.zone)
        if first.time() == last.time() == time.min:
            last -= timedelta(days=1)  # by the clock on the wall, as the days are
            days = (_short(first), _short(last))
            return days[0] if days[0] == days[1] else f"van {days[0]} tot en met {days[1]}"
        until = f"{self.clock_time(end)} uur"
        if first.date() == last.date():
            return f"{_short(first)} {self.clock_time(start)}–{until}"
        return f"{_short(first)} {self.clock_time(start)} uur – {_short(last)} {until}"

    def day(self, day: date) -> str:
        """Return a day of local time, as in `25 november 2026`."""
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"

    def exact(self, at: datetime) -> str:
        """Return an instant to the second, for those who hover."""
        return at.astimezone(self.zone).strftime("%d.%m.%Y %H:%M:%S")


def _short(day: datetime) -> str:
    return f"{DAYS[day.weekday()][:2]} {day.day} {_SHORT_MONTHS[day.month - 1]}"

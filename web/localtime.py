"""Instants as the people of the city read them: local time, near days by their names."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli",  # codespell:ignore juni,juli
    "augustus", "september", "oktober", "november", "december",  # codespell:ignore oktober
)  # fmt: skip
A_WEEK = 7


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

    def exact(self, at: datetime) -> str:
        """Return an instant to the second, for those who hover."""
        return at.astimezone(self.zone).strftime("%d.%m.%Y %H:%M:%S")

"""A real store of series for pages, and incidents held in memory."""

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from collectors.observation import Measurement, Observation, Outcome
from netmon.analysis.rows import IncidentRow
from netmon.analysis.series_views import SeriesViews
from netmon.domain.intervals import Interval, epoch_s
from netmon.domain.state import Run
from netmon.domain.verdict import UP
from netmon.domain.week import DAY_S
from netmon.storage.record import Step
from netmon.storage.series import Keeping, SeriesWriter
from netmon.storage.series_reader import SeriesReader
from tests.web.conftest import MECHELEN, NOW

GAP = (NOW - timedelta(hours=9), NOW - timedelta(hours=7))
SPIKE_S = 0.4
HOSTILE = "<b>net</b>\N{RIGHT-TO-LEFT OVERRIDE}"


class Incidents:
    """Incidents of before, as the record would tell them."""

    def __init__(self, *rows: IncidentRow) -> None:
        self.rows = rows
        self.asked: list[Interval] = []

    def incidents_between(self, bounds: Interval, _now: datetime) -> list[IncidentRow]:
        self.asked.append(bounds)
        return list(self.rows)


def written(
    folder: Path, device: str = "ap-bruul-01", days: int = 14, minutes: int = 23 * 60
) -> None:
    """Write a day of looks by the minute, with a spike and a gap, and hours worked before."""
    with closing(SeriesWriter(folder, origin="demo", keeping=Keeping())) as series:
        at = NOW - timedelta(minutes=minutes)
        while at < NOW:
            if not GAP[0] <= at < GAP[1]:
                series.take([_look(device, at)])
            at += timedelta(minutes=1)
        first_s = epoch_s(NOW) // DAY_S * DAY_S - days * DAY_S
        whole = (3600,) * 24
        half = (3600,) * 12 + (1800,) + (3600,) * 11
        rows = {(first_s + day * DAY_S, device): (half, whole) for day in range(days)}
        series.keep_worked((first_s, first_s + days * DAY_S), rows)


def series_views(folder: Path, *rows: IncidentRow, is_kept: bool = True) -> SeriesViews:
    """Return the series of a store as pages ask for them."""
    return SeriesViews(SeriesReader(folder), Incidents(*rows), MECHELEN, is_kept=is_kept)


def _look(device: str, at: datetime) -> Step:
    is_spike = at == NOW - timedelta(minutes=90)
    values = (
        Measurement("rtt_s", SPIKE_S if is_spike else 0.002),
        Measurement("stations", at.minute),
        Measurement("ssid_stations", 3, HOSTILE),
        *(Measurement("rx_bytes", epoch_s(at) * 1000.0, f"eth{n}") for n in range(20)),
    )
    return Step(
        Observation(device, "snmp", at, Outcome.OK, values), Run(device, "snmp", UP, at, at)
    )

"""The report of a month, from both stores: the same stores give an equal one, whenever asked."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from netmon.analysis.annotated import Notebook
from netmon.analysis.calendar_months import MONTHS_A_YEAR, Month
from netmon.analysis.month_days import month_days
from netmon.analysis.month_flapping import flapping_devices
from netmon.analysis.month_incidents import month_incidents
from netmon.analysis.month_lines import availabilities, compared, groups, lines
from netmon.analysis.month_reading import MonthReading, Stores, read_month
from netmon.analysis.month_report import Grouping, Line, MethodNote, MonthIncident, MonthReport
from netmon.analysis.month_unknown import unknown_share
from netmon.analysis.provenance import provenance
from netmon.domain.errors import StoreError
from netmon.domain.intervals import instant

WORST = 10


class Months:
    """Works out what a month's report says; safe from any thread."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._notebook = Notebook(stores.desk)

    def report(self, month: Month, now: datetime, smoothing_s: int = 0) -> MonthReport:
        """
        Return the report of a month, as far as it is known at `now`.

        Parameters
        ----------
        month
            Any; one that lies before the record, or ahead, has lines without figures.
        now
            Matters only while the month is not over and settled.
        smoothing_s
            States that are shorter and lie between two equal ones count as these; 0 for none.

        Raises
        ------
        StoreError
            If the desk holds no inventory yet.
        """
        if not self._stores.desk.revisions():
            raise StoreError("inventory: expected a revision, found none: run `netmon run`")
        with self._stores.record.at_one_moment():
            return self._report(month, now, smoothing_s)

    def _report(self, month: Month, now: datetime, smoothing_s: int) -> MonthReport:
        reading = read_month(self._stores, month, now, smoothing_s)
        before = self._whole(month.plus(-1), reading, now, smoothing_s)
        year = self._whole(month.plus(-MONTHS_A_YEAR), reading, now, smoothing_s)
        incidents = month_incidents(reading, self._notebook.read())
        aims = [each.aim() for each in self._stores.settings.objectives]
        told = compared(
            lines(groups(reading), incidents, aims, reading),
            availabilities(before) if before else {},
            availabilities(year) if year else {},
        )
        readings = [each for each in (reading, before, year) if each]
        return self._put_together(readings, told, incidents, smoothing_s)

    def _whole(
        self, other: Month, reading: MonthReading, now: datetime, smoothing_s: int
    ) -> MonthReading | None:
        """Return an earlier month with the inventory of this one, None where it is not whole."""
        if reading.began_s > other.bounds(self._stores.zone)[0]:
            return None
        found = read_month(self._stores, other, now, smoothing_s, reading.bounds[1])
        return found if found.is_whole else None

    def _put_together(
        self,
        readings: Sequence[MonthReading],
        told: Sequence[Line],
        incidents: tuple[MonthIncident, ...],
        smoothing_s: int,
    ) -> MonthReport:
        reading, city = readings[0], self._stores.settings.city
        by = {grouping: tuple(_of(grouping, told)) for grouping in Grouping}
        return MonthReport(
            month=str(reading.month),
            city=city.name,
            zone=city.timezone,
            starts_at=instant(reading.bounds[0]),
            ends_at=instant(reading.bounds[1]),
            counted_from=instant(reading.counted[0]),
            counted_until=instant(reading.counted[1]),
            is_complete=reading.is_over,
            is_whole=reading.is_whole,
            is_synthetic=self._stores.settings.store.origin == "demo",
            made_from=provenance(self._stores, readings, smoothing_s, incidents),
            total=by[Grouping.TOTAL][0],
            kinds=by[Grouping.KIND],
            streets=by[Grouping.STREET],
            sites=by[Grouping.SITE],
            worst=_worst(by[Grouping.DEVICE]),
            incidents=incidents,
            flapping=flapping_devices(reading.ended, reading.counted),
            unknown=unknown_share(reading.members),
            days=month_days(reading, self._stores.zone),
            method=tuple(_method(reading, told, smoothing_s)),
        )


def _of(grouping: Grouping, told: Sequence[Line]) -> Iterator[Line]:
    return (line for line in told if line.grouping is grouping)


def _worst(devices: Sequence[Line]) -> tuple[Line, ...]:
    """Return those that failed longest themselves: who was out of reach is not to blame."""
    failed = [line for line in devices if line.figures.failed_s]
    return tuple(sorted(failed, key=lambda line: (-line.figures.failed_s, line.id))[:WORST])


def _method(reading: MonthReading, told: Sequence[Line], smoothing_s: int) -> Iterator[MethodNote]:
    """Yield what a reader has to be told, in the order of the manual."""
    yield from (MethodNote.AVAILABILITY, MethodNote.DEVICE_TIME, MethodNote.UNKNOWN_APART)
    yield from (MethodNote.MAINTENANCE_APART, MethodNote.MTTR_MTBF)
    start_s, end_s = reading.bounds
    for note, is_so in (
        (MethodNote.HOURS_UNKNOWN, told[0].figures.unpromised_s > 0),
        (MethodNote.SERVICE_UNMEASURED, any(not line.devices for line in told[1:])),
        (MethodNote.OBJECTIVES, any(line.objective for line in told)),
        (MethodNote.SMOOTHED, smoothing_s > 0),
        (MethodNote.NOT_SMOOTHED, smoothing_s == 0),
        (MethodNote.NOT_OVER, not reading.is_over),
        (MethodNote.BEGINS_LATER, reading.began_s > start_s),
        (MethodNote.INVENTORY_CHANGED, _changed(reading)),
        (MethodNote.DST, (end_s - start_s) % 86_400 != 0),
        (MethodNote.SYNTHETIC, any(line.synthetic for line in told)),
    ):
        if is_so:
            yield note


def _changed(reading: MonthReading) -> bool:
    """Tell whether a device came or went within what counts."""
    return any(list(each.present) != [reading.counted] for each in reading.members)

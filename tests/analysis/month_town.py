"""A small town with months behind it: runs are kept as they are told, to the second."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from collectors.observation import Observation, Outcome
from netmon.analysis.calendar_months import Month
from netmon.analysis.month_report import Line, MonthReport
from netmon.config.settings import Settings
from netmon.domain.intervals import epoch_s, instant
from netmon.domain.maintenance import Announcement, Effect, Timing
from netmon.domain.model import Device, DeviceKind, Offer, Place, Power, Service, Status
from netmon.domain.state import Run, Transition
from netmon.domain.verdict import SILENT, UP, Verdict
from netmon.storage.record import Step
from tests.analysis.town import BRUUL, LOCAL, START, Town, access_point, only_icmp

DOWN = Verdict(Status.DOWN, "timeout", is_usable=False)
PRINTER_LOW = Verdict(Status.DEGRADED, "disk_full", is_usable=True)
NO_PAGE = Verdict(Status.DEGRADED, "no_page", is_usable=False)
VERDICTS = (UP, DOWN, SILENT, PRINTER_LOW, NO_PAGE)

LIBRARY = Place(
    "library",
    "Het Predikheren",
    is_street=False,
    lon=4.48,
    lat=51.03,
    opening_hours="Mo-Fr 09:00-17:00",
    offers=(Offer(Service.COMPUTER, seats=2), Offer(Service.GUIDED)),
)
HOUSE = replace(LIBRARY, id="house", name="Sociaal huis", opening_hours=None, offers=())
PLACES = (BRUUL, LIBRARY, HOUSE)

SWITCH = replace(access_point("sw"), kind=DeviceKind.SWITCH, place_id="library")
AP = access_point("ap", "sw")


def computer(key: str, place: str = "library", **more: object) -> Device:
    device = access_point(key, place=place, power=Power.WITH_SITE, **more)
    return replace(device, kind=DeviceKind.PUBLIC_PC)


def local(text: str) -> int:
    """Return epoch seconds of a local time; the first of two where the clock shows it twice."""
    return epoch_s(datetime.fromisoformat(text).replace(tzinfo=LOCAL))


class MonthTown(Town):
    """A town whose runs are told outright; use it as a context manager."""

    def __init__(self, folder: Path, settings: Settings | None = None) -> None:
        super().__init__(folder, settings or only_icmp())

    def hold(
        self, devices: Sequence[Device], since_s: int, places: Sequence[Place] = PLACES
    ) -> None:
        """Import an inventory that holds from an instant on."""
        self.inhabit(devices, places, second=since_s - epoch_s(START))

    def recorded(self, device: str, *edges: tuple[int, Verdict], seen_s: int) -> None:
        """Keep runs of a device, each from its instant on; the last is open, and was seen then."""
        turns = tuple(
            Transition(device, "icmp", instant(at_s), Status.UNKNOWN, verdict)
            for at_s, verdict in edges
        )
        since_s, verdict = edges[-1]
        seen = Observation(device, "icmp", instant(seen_s), Outcome.OK)
        run = Run(device, "icmp", verdict, instant(since_s), seen.at)
        self.record.write([Step(seen, run, turns)])

    def work(self, subject: str, start_s: int, end_s: int, uid: str = "work") -> None:
        self._say(Effect.MAINTENANCE, subject, start_s, end_s, uid)

    def strike(self, subject: str, start_s: int, end_s: int, uid: str = "strike") -> None:
        self._say(Effect.CLOSED, subject, start_s, end_s, uid)

    def report(self, month: str, now_s: int, smoothing_s: int = 0) -> MonthReport:
        return self.views.month_report(Month.parse(month), instant(now_s), smoothing_s)

    def _say(self, effect: Effect, subject: str, start_s: int, end_s: int, uid: str) -> None:
        timing = Timing(instant(start_s).replace(tzinfo=None), "UTC", exact_s=end_s - start_s)
        said = Announcement(uid, effect, (subject,), timing, start_s)
        self.desk.announce([said], start_s)


def line(report: MonthReport, key: str, service: Service | None = None) -> Line:
    """Return the one line of a report with an id, and a service where that is given."""
    lines = (report.total, *report.kinds, *report.streets, *report.sites, *report.worst)
    (found,) = [each for each in lines if each.id == key and service in {None, each.service}]
    return found

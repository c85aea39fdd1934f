"""A small town with real stores: what is looked at is judged and kept as `netmon run` does."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

import geodata
from collectors.observation import Measurement, Observation, Outcome
from netmon.analysis.timelines import DeviceTimeline
from netmon.analysis.views import RecordViews
from netmon.config.calendar import Calendar, load_calendar
from netmon.config.settings import Settings
from netmon.domain.intervals import epoch_s
from netmon.domain.maintenance import Announcement, Effect, Timing
from netmon.domain.model import Device, DeviceKind, Inventory, Place, Status
from netmon.scheduler.judge import Judge
from netmon.scheduler.rota import Rota
from netmon.storage.desk import DeskReader, DeskWriter
from netmon.storage.record import RecordReader, RecordWriter
from tests.runs import StoredRun, stored_runs

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
"""A Wednesday, 10.00 in Mechelen."""
LOCAL = ZoneInfo("Europe/Brussels")

BRUUL = Place("bruul", "Bruul", is_street=True, lon=4.48, lat=51.03)

IsDead = Callable[[str, float], bool]
"""Whether a device fails by itself, so many seconds after the start."""


def calendar() -> Calendar:
    folder = Path(geodata.__file__).parent / "mechelen"
    return load_calendar(folder / "holidays.toml", timezone="Europe/Brussels", country="BE")


def only_icmp(origin: str = "real", **more: object) -> Settings:
    """Return settings in which one check decides, looked at every minute."""
    kinds = {kind.value: {"checks": ["icmp"], "deciding": "icmp"} for kind in DeviceKind}
    return Settings.model_validate({"kinds": kinds, "store": {"origin": origin}, **more})


def access_point(key: str, *parents: str, place: str = "bruul", **more: object) -> Device:
    kind = DeviceKind.ACCESS_POINT
    return Device(key, kind, key, place, "192.0.2.1", parents=parents, **more)  # type: ignore[arg-type]  # checked by the constructor's own names


def at(second: float) -> datetime:
    return START + timedelta(seconds=second)


class Town:
    """
    Both stores of a town, open for writing and reading; seconds count from `START`.

    Use it as a context manager.
    """

    def __init__(self, folder: Path, settings: Settings | None = None) -> None:
        self.folder, self.settings = folder, settings or only_icmp()
        self._open = ExitStack()
        origin = self.settings.store.origin
        self.desk = DeskWriter(folder, origin=origin)
        self._open.callback(self.desk.close)
        self.record = RecordWriter(folder, origin=origin)
        self._open.callback(self.record.close)
        self.judge = Judge(self.record)
        self.views = self._views()
        self._devices: Sequence[Device] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def inhabit(
        self, devices: Sequence[Device], places: Iterable[Place] = (BRUUL,), *, second: float = 0
    ) -> None:
        """Import an inventory that holds from a second on."""
        self._devices = devices
        self.desk.import_inventory(Inventory(tuple(places), tuple(devices)), epoch_s(at(second)))
        self.judge.know(devices)

    def announce(
        self, subject: str, start: float, end: float, effect: Effect = Effect.MAINTENANCE
    ) -> None:
        """Announce something from a second to another, half an hour before it begins."""
        timing = Timing(at(start).replace(tzinfo=None), "UTC", exact_s=int(end - start))
        uid = f"{effect}-{subject}-{start}"
        announced_s = epoch_s(at(start - 1800))
        said = Announcement(uid, effect, (subject,), timing, announced_s, "works")
        self.desk.announce([said], announced_s)

    def see(
        self,
        device: str,
        seconds: Iterable[float],
        outcome: Outcome = Outcome.OK,
        check: str = "icmp",
        values: tuple[Measurement, ...] = (),
    ) -> None:
        """Look at a device at certain seconds; every look ends the same way."""
        for second in seconds:
            self.hear(device, second, outcome, check, values)
        self.judge.keep()

    def hear(
        self,
        device: str,
        second: float,
        outcome: Outcome,
        check: str = "icmp",
        values: tuple[Measurement, ...] = (),
    ) -> None:
        """Judge one look; it is kept with the next that is seen."""
        kinds = {each.id: each.kind for each in self._devices}
        policy = self.settings.policy(kinds.get(device, DeviceKind.ACCESS_POINT), check)
        self.judge.hear(Observation(device, check, at(second), outcome, values), policy)

    def live(self, is_dead: IsDead, from_s: float, until_s: float) -> None:
        """Play the collecting service with its own rota and judge on a clock of whole seconds."""
        parents = {each.id: each.parents for each in self._devices}
        policy = self.settings.policy(DeviceKind.ACCESS_POINT, "icmp")
        rota = Rota(policy.interval_s)
        rota.replace(((each, "icmp") for each in parents), from_s)

        def is_silent(device: str, second: float) -> bool:
            above = parents[device]
            cut_off = bool(above) and all(is_silent(each, second) for each in above)
            return cut_off or is_dead(device, second)

        for second in range(int(from_s), int(until_s)):
            for key in rota.take_due(second):
                outcome = Outcome.TIMEOUT if is_silent(key[0], second) else Outcome.OK
                seen = Observation(*key, at(second), outcome)
                consequence = self.judge.hear(seen, policy)
                rota.put_back(key, consequence.wait_s, second)
                for device in consequence.hurry:
                    rota.hurry((device, "icmp"), second + 1)
        self.judge.keep()

    def timelines(self, second: float) -> dict[str, DeviceTimeline]:
        return self.views._read(at(second)).timelines

    def read(self, device: str, second: float) -> list[tuple[int, int, Status]]:
        """Return how a device's time reads at a second, neighbours of one status as one."""
        base_s = epoch_s(START)
        spans: list[tuple[int, int, Status]] = []
        for span in self.timelines(second)[device].read:
            start, end = span.start_s - base_s, span.end_s - base_s
            if spans and spans[-1][1:] == (start, span.status):
                start = spans.pop()[0]
            spans.append((start, end, span.status))
        return spans

    def status(self, second: float) -> dict[str, Status]:
        return {row.id: row.status for row in self.views.devices(at(second))}

    def rows(self) -> list[StoredRun]:
        """Return every recorded run as it lies in the record."""
        return stored_runs(self.folder)

    def _views(self) -> RecordViews:
        record, desk = RecordReader(self.folder), DeskReader(self.folder)
        self._open.callback(record.close)
        self._open.callback(desk.close)
        return RecordViews(self.settings, calendar(), record, desk)

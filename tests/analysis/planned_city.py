"""The demo's city with real stores, for whoever asks what planners ask."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from collectors.observation import Observation, Outcome
from geodata.city import City
from netmon.analysis.plan_views import PlanViews
from netmon.analysis.scenarios import Scenarios
from netmon.analysis.views import RecordViews
from netmon.config.inventory import load_inventory
from netmon.config.settings import Settings
from netmon.domain.intervals import Interval, epoch_s
from netmon.domain.model import DeviceKind, Inventory
from netmon.scheduler.judge import Judge
from netmon.storage.desk import DeskReader, DeskWriter
from netmon.storage.record import RecordReader, RecordWriter
from tests.analysis.town import calendar

BEGAN = datetime(2025, 5, 5, 8, tzinfo=UTC)
"""A Monday, 10.00 in Mechelen; from then on devices are looked at every minute."""

MENDED = BEGAN + timedelta(minutes=30)
ENDED = BEGAN + timedelta(minutes=60)
HOUR: Interval = (epoch_s(BEGAN), epoch_s(ENDED))
NOW = ENDED - timedelta(seconds=30)

LOST = frozenset(f"ap-bruul-{number:02}" for number in range(1, 11))
"""The access points that do not answer in the first half of the hour."""


@dataclass(frozen=True, slots=True)
class PlannedCity:
    """What was opened, and the inventory that its desk holds."""

    settings: Settings
    inventory: Inventory
    views: RecordViews
    plan: PlanViews


def demo_settings(folder: Path) -> Settings:
    """Return the settings of a demo whose stores are in a folder."""
    city = City.bundled()
    kinds = {kind.value: {"checks": ["icmp"], "deciding": "icmp"} for kind in DeviceKind}
    return Settings.model_validate(
        {
            "kinds": kinds,
            "city": {"folder": str(city.folder)},
            "store": {"folder": str(folder), "origin": "demo"},
            "inventory": {"sites": str(city.demo_sites), "devices": str(city.demo_devices)},
            "credentials": {"demo": {"community_env": "NETMON_COMMUNITY"}},
        }
    )


@contextmanager
def planned_city(folder: Path, *, is_prepared: bool = True) -> Iterator[PlannedCity]:
    """Open the stores, with the demo's inventory in them, and whoever answers planners."""
    settings = demo_settings(folder)
    inventory = load_inventory(settings, calendar())
    with ExitStack() as stack:
        desk = stack.enter_context(closing(DeskWriter(folder, origin="demo")))
        desk.import_inventory(inventory, HOUR[0] - 86_400)
        record = stack.enter_context(closing(RecordWriter(folder, origin="demo")))
        _look(Judge(record), settings, inventory)
        desk_reader = stack.enter_context(closing(DeskReader(folder)))
        reader = stack.enter_context(closing(RecordReader(folder)))
        views = RecordViews(settings, calendar(), reader, desk_reader)
        scenarios = Scenarios(desk_reader, desk.keep_scenario)
        plan = PlanViews(settings, calendar(), views, scenarios)
        if is_prepared:
            plan.prepare(NOW)
        yield PlannedCity(settings, inventory, views, plan)


def _look(judge: Judge, settings: Settings, inventory: Inventory) -> None:
    """Have every access point and computer looked at for an hour."""
    watched = [each for each in inventory.devices if each.kind in WATCHED]
    judge.know(inventory.devices)
    for minute in range(61):
        at = BEGAN + timedelta(minutes=minute)
        for each in watched:
            is_lost = each.id in LOST and at < MENDED
            outcome = Outcome.TIMEOUT if is_lost else Outcome.OK
            judge.hear(
                Observation(each.id, "icmp", at, outcome), settings.policy(each.kind, "icmp")
            )
    judge.keep()


WATCHED = (DeviceKind.ACCESS_POINT, DeviceKind.PUBLIC_PC)

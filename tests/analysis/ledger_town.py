"""The city of the worked ledger, with real stores: two sites, five computers, four homes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Transformer

from geodata.demand import DemandPoints
from geodata.residents import Source
from geodata.walks import Walks
from netmon.analysis.accounts import LedgerViews
from netmon.analysis.inhabitants import Inhabitants
from netmon.analysis.people import People
from netmon.config.settings import Settings
from netmon.domain.groups import Group
from netmon.domain.intervals import instant
from netmon.domain.maintenance import Announcement, Effect, Timing
from netmon.domain.model import Device, DeviceKind, Offer, Place, Power, Service
from netmon.domain.verdict import SILENT, UP
from tests.analysis.month_town import DOWN, MonthTown, local
from tests.analysis.town import access_point

_TO_DEGREES = Transformer.from_crs("EPSG:3812", "EPSG:4326", always_xy=True)
ORIGIN = (657_826.0, 690_891.0)
DAY = "2026-10-14"
WHOLE_DAY = (local(f"{DAY}T00:00"), local("2026-10-15T00:00"))
SINCE_S = local("2026-10-01T00:00")
CONFIRMED = date(2026, 9, 1)

HOMES_M = {"P1": 300.0, "P2": -300.0, "P3": 900.0, "P4": 5000.0}
"""How far east of site A they are; site B is 600 m east of it, and everybody walks 400 m."""
PEOPLE = {"P1": 100.0, "P2": 50.0, "P3": 40.0, "P4": 10.0}

EVERYBODY = Group("all", "Everybody", active_from_min=8 * 60, active_to_min=20 * 60)


def clock(text: str) -> int:
    """Return the instant of a time of the worked day."""
    return local(f"{DAY}T{text}")


def site(key: str, east_m: float, hours: str | None, *offers: Offer) -> Place:
    lon, lat = _TO_DEGREES.transform(ORIGIN[0] + east_m, ORIGIN[1])
    return Place(
        key, key, is_street=False, lon=lon, lat=lat, opening_hours=hours, offers=offers,
        precision_m=10.0,
    )  # fmt: skip


COMPUTERS = Offer(Service.COMPUTER, confirmed_on=CONFIRMED)
HELP = Offer(Service.GUIDED, confirmed_on=CONFIRMED)
A = site("A", 0.0, "Mo-Su 09:00-12:00", COMPUTERS, HELP)
B = site("B", 600.0, "Mo-Su 10:00-18:00", COMPUTERS)
BOTH = (A, B)


def device(key: str, place: str, kind: DeviceKind, *parents: str, **more: object) -> Device:
    return replace(access_point(key, *parents, place=place, **more), kind=kind)


DEVICES = (
    device("gw-a", "A", DeviceKind.GATEWAY),
    device("gw-b", "B", DeviceKind.GATEWAY),
    *(device(f"a{n}", "A", DeviceKind.PUBLIC_PC, "gw-a", power=Power.WITH_SITE) for n in (1, 2)),
    *(device(f"b{n}", "B", DeviceKind.PUBLIC_PC, "gw-b", power=Power.WITH_SITE) for n in (1, 2, 3)),
)
_SOURCE = Source("people", "a test", "none", "2026", 10.0, is_synthetic=False)


def people_at(
    homes_m: Mapping[str, float] = HOMES_M,
    counts: Mapping[str, Sequence[float]] | None = None,
    groups: Sequence[Group] = (EVERYBODY,),
) -> People:
    """Return people who walk straight; `counts` are those of each group, by home."""
    at = np.array([(ORIGIN[0] + east_m, ORIGIN[1]) for east_m in homes_m.values()])
    told = counts or {"all": [PEOPLE[name] for name in homes_m]}
    people = np.array([told[each.id] for each in groups], float).T
    names = tuple(each.id for each in groups)
    points = DemandPoints(at, np.array(list(homes_m)), names, people, is_synthetic=False)
    inhabitants = Inhabitants(
        points=points,
        synthetic=frozenset(),
        alike=frozenset(),
        uncounted=(),
        unlocated={},
        ages=(),
        precision_m=10.0,
        sources=(_SOURCE,),
    )
    areas = gpd.GeoDataFrame(
        {"id": list(homes_m), "name": list(homes_m)},
        geometry=shapely.points(at).tolist(),
        crs="EPSG:3812",
    )
    walks = Walks([], at, is_whole=False)
    return People(inhabitants, walks, areas, {each.id: each for each in groups}, _SOURCE)


class LedgerTown(MonthTown):
    """Both stores of the worked day; use it as a context manager."""

    def __init__(self, folder: Path, settings: Settings | None = None) -> None:
        super().__init__(folder, settings)

    def ledgers(self, people: People | None = None) -> LedgerViews:
        return LedgerViews(self.views.stores, people or people_at())

    def closed(self, place: str, start: str, end: str, announced_s: int) -> None:
        """Announce that a site is closed on the worked day."""
        self._told(Effect.CLOSED, place, start, end, announced_s)

    def opened(self, place: str, start: str, end: str, announced_s: int) -> None:
        """Announce that a site is open on the worked day."""
        self._told(Effect.OPEN, place, start, end, announced_s)

    def host(self, place: str, start: str, end: str) -> None:
        """Say that somebody helped there on the worked day."""
        self._told(Effect.HOST, place, start, end, clock(start))

    def _told(self, effect: Effect, place: str, start: str, end: str, announced_s: int) -> None:
        start_s, end_s = clock(start), clock(end)
        timing = Timing(instant(start_s).replace(tzinfo=None), "UTC", exact_s=end_s - start_s)
        uid = f"{effect}-{place}-{start}"
        self.desk.announce([Announcement(uid, effect, (place,), timing, announced_s)], announced_s)

    def play_the_worked_day(self) -> None:
        """Record what the worked ledger says: see `docs/method.md`."""
        self.hold(DEVICES, SINCE_S, BOTH)
        seen_s = WHOLE_DAY[1] + 7200
        failed = {"gw-a": ("09:00", "10:30"), "gw-b": ("10:00", "10:30")}
        for key, (start, end) in failed.items():
            edges = ((SINCE_S, UP), (clock(start), DOWN), (clock(end), UP))
            self.recorded(key, *edges, seen_s=seen_s)
        a_failed = ((SINCE_S, UP), (clock("09:00"), DOWN))
        self.recorded("a1", *a_failed, (clock("10:30"), UP), seen_s=seen_s)
        self.recorded("a2", *a_failed, (clock("12:30"), UP), seen_s=seen_s)
        for key in ("b1", "b2", "b3"):
            self.recorded(
                key,
                (SINCE_S, UP),
                (clock("10:00"), DOWN),
                (clock("10:30"), UP),
                (clock("13:00"), SILENT),
                (clock("14:00"), UP),
                seen_s=seen_s,
            )
        self.closed("B", "15:00", "16:00", clock("15:00") - 2 * 86_400)
        self.host("A", "09:30", "12:00")

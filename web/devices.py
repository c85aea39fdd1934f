"""One device, and the hours of the week: what was measured over time, drawn by the server."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from flask import Blueprint, Response, abort, render_template, request

from netmon.analysis.rows import DeviceRow, IncidentRow
from netmon.domain.series import Series
from web.charts import Chart, drawn
from web.figures import rank
from web.heat import SHADES, Heat, heat
from web.operations import HTML, Guard
from web.prepared import Prepared
from web.views import Clock, SeriesViews, Views

MOST_CHARTS = 12
MOST_OF_ONE_KIND = 60

SELDOM = frozenset(
    {"interfaces_total", "access_points_total", "radio_channel", "radio_tx_power_dbm"}
)
"""What hardly ever changes is drawn only for who asks for it."""


@dataclass(frozen=True, slots=True)
class DevicePage:
    """What the page of a device shows; `measured` are the names of all that there is."""

    now: datetime
    row: DeviceRow
    incidents: tuple[IncidentRow, ...]
    charts: tuple[Chart, ...]
    measured: tuple[str, ...]
    asked: str
    left_out: int
    week: Heat
    is_kept: bool


def blueprint(views: Views, series: SeriesViews, clock: Clock, guard: Guard | None) -> Blueprint:
    """Return the pages; `guard` None: open to all."""
    room = Blueprint("devices", __name__)

    @room.before_request
    def admit() -> None:
        if guard is not None and not guard.admits():
            abort(404)

    @room.get("/ops/devices/<path:device_id>")
    def device(device_id: str) -> Response:
        now = clock()
        row = next((each for each in views.devices(now) if each.id == device_id), None)
        if row is None:
            abort(404)
        page = _device_page(series, row, now, request.args.get("measurement", ""))
        return _answer(render_template("device.html", page=page, shades=SHADES))

    @room.get("/ops/heatmap")
    def heatmap() -> Response:
        now = clock()
        week = heat(series.week(now))
        text = render_template(
            "heatmap.html", week=week, now=now, shades=SHADES, is_kept=series.is_kept
        )
        return _answer(text)

    return room


def address_of(device_id: str, measurement: str = "") -> str:
    """Return the address of a device's page, of one measurement alone where one is named."""
    asked = f"?measurement={quote(measurement)}" if measurement else ""
    return f"/ops/devices/{quote(device_id, safe='')}{asked}"


def _answer(text: str) -> Response:
    return Prepared.of(text.encode(), HTML).answer()


def _device_page(series: SeriesViews, row: DeviceRow, now: datetime, asked: str) -> DevicePage:
    found = sorted(series.measured(row.id, now), key=lambda each: rank(*each[1:]))
    names = tuple(dict.fromkeys(each.measurement for each in found))
    asked = asked if asked in names else ""
    chosen = _chosen(found, asked)
    charts = series.charts(chosen, now)
    order = {each: place for place, each in enumerate(chosen)}
    return DevicePage(
        now=now,
        row=row,
        incidents=tuple(series.incidents_of(row.id, now)),
        charts=tuple(drawn(each, now) for each in sorted(charts, key=lambda c: order[c.series])),
        measured=names,
        asked=asked,
        left_out=len([each for each in found if asked in {each.measurement, ""}]) - len(chosen),
        week=heat(series.week(now, row.id)),
        is_kept=series.is_kept,
    )


def _chosen(found: list[Series], asked: str) -> list[Series]:
    """Return all of one measurement, or of all measurements the telling ones."""
    if asked:
        return [each for each in found if each.measurement == asked][:MOST_OF_ONE_KIND]
    found = [each for each in found if each.measurement not in SELDOM]
    own = [each for each in found if not each.label]
    return [*own, *(each for each in found if each.label)][:MOST_CHARTS]

"""The face: one Flask application, made from views of the record and the layers of a city."""

from zoneinfo import ZoneInfo

from flask import Flask

from netmon.analysis.feed import STATUS_WORD_NL
from netmon.storage.issued import IssuedReports
from netmon.words import planning as planning_words
from netmon.words.clean import clean
from web import (
    assets,
    devices,
    feed,
    health,
    heartbeats,
    impact,
    incident,
    layers,
    operations,
    plan,
    plan_exports,
    plan_figures,
    plan_scenarios,
    plan_shapes,
    plan_whatif,
    problems,
    public,
    reports,
    security,
    words,
)
from web.desk import COLUMNS
from web.figures import amount, figures, figures_of, named, written
from web.heartbeats import Receiver
from web.layers import CityLayers
from web.localtime import LocalTime
from web.maps import city_map, plan_map
from web.reasons import reason
from web.snapshot import Snapshots
from web.views import Clock, ImpactViews, PlanViews, SeriesViews, Views


def create_app(  # noqa: PLR0913 - the composition root hands in everything by name
    views: Views,
    city: CityLayers,
    *,
    clock: Clock,
    timezone: ZoneInfo,
    is_demo: bool,
    bind_host: str,
    loopback_only_desk: bool = True,
    poll_s: float = 10.0,
    receiver: Receiver | None = None,
    series: SeriesViews | None = None,
    issued: IssuedReports | None = None,
    impacts: ImpactViews | None = None,
    planning: PlanViews | None = None,
) -> Flask:
    """
    Return the application, everything static prepared.

    Parameters
    ----------
    views
        The record, read-only.
    city
        The layers of the map.
    clock
        The present instant, aware, in UTC.
    timezone
        The zone in which the city's people read the clock.
    is_demo
        Whether to show synthetic spots, under a banner that says so.
    bind_host
        The address on which the server listens.
    loopback_only_desk
        Whether `/ops` answers only where `bind_host` is loopback, and only to a request
        that came from this machine and names it; everywhere else it is 404.
    poll_s
        How often an open page asks whether something changed, in seconds.
    receiver
        Where heartbeats go; None: they are not received.
    series
        What was measured over time; None: devices have no pages of their own.
    issued
        The month reports that were issued; None: there are no pages of them.
    impacts
        What open incidents mean for residents; None: pages do without.
    planning
        What planners ask; None: there are no pages for them.
    """
    app = Flask(__name__, static_folder=None)
    files = assets.Assets.load()
    snapshots = Snapshots(views, city.streets, clock, is_demo)
    guard = operations.Guard(bind_host) if loopback_only_desk else None
    _speak(
        app,
        files,
        city=city.name,
        local=LocalTime(timezone),
        is_demo=is_demo,
        poll_s=poll_s,
        has_series=series is not None,
        has_reports=issued is not None,
        has_plan=planning is not None,
    )
    for room in (
        public.blueprint(snapshots, city, city_map(files, city)),
        feed.blueprint(snapshots),
        operations.blueprint(views, clock, guard, impacts),
        health.blueprint(views, clock),
        layers.blueprint(city),
        assets.blueprint(files),
    ):
        app.register_blueprint(room)
    if receiver is not None:
        app.register_blueprint(heartbeats.blueprint(receiver, clock))
    if series is not None:
        app.register_blueprint(devices.blueprint(views, series, clock, guard))
    if issued is not None:
        app.register_blueprint(reports.blueprint(issued, guard))
    if planning is not None:
        drawn = plan_map(files, city)
        planner = plan.Planner(planning, city, drawn, clock, LocalTime(timezone), guard)
        for part in (plan, plan_exports, plan_shapes, plan_whatif, plan_scenarios):
            app.register_blueprint(part.blueprint(planner))
    problems.explain(app)
    security.protect(app)
    return app


def _speak(app: Flask, files: assets.Assets, **facts: object) -> None:
    """Give the templates their words."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["clean"] = clean
    app.jinja_env.globals.update(
        asset=files.url,
        **facts,
        words=words,
        status_word=STATUS_WORD_NL,
        columns=COLUMNS,
        amount=amount,
        figures=figures,
        named=named,
        figures_of=figures_of,
        plan_exports=plan_exports,
        plan_figures=plan_figures,
        plan_words=planning_words,
        incident_page=incident,
        impact_words=impact,
        devices_page=devices,
        reason=reason,
        written=written,
    )

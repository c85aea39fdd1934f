"""The planner's page: coverage, the ledger and whom to visit, over a window of days."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from flask import Blueprint, Response, abort, render_template, request

from netmon.analysis.plan_rows import Picture, PlanRows, Scenario
from netmon.words.planning import SHOWS
from web.layers import CityLayers
from web.localtime import LocalTime
from web.maps import MapParts
from web.operations import HTML, Guard
from web.plan_page import PlanPage, is_too_early
from web.plan_question import Question, Show
from web.plan_turns import Turns
from web.prepared import Prepared
from web.views import Clock, PlanViews

WAIT_S = 5
"""How soon a browser asks again while figures are being made."""


@dataclass(frozen=True, slots=True)
class Middle:
    """A place that stands for a street, for who does not click on a map."""

    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Planner:
    """All that the planner's pages are made of; `guard` None: open to all."""

    views: PlanViews
    city: CityLayers
    drawn: MapParts
    clock: Clock
    local: LocalTime
    guard: Guard | None
    turns: Turns = field(default_factory=Turns)

    def room(self, name: str, *, is_quick: bool = False) -> Blueprint:
        """
        Return a blueprint for whom the guard admits, once there is something to plan with.

        What is not quick takes a turn: see `web.plan_turns`.
        """
        room = Blueprint(name, __name__)
        room.before_request(self._admit)
        if not is_quick:
            self.turns.keep_in(room)
        return room

    @property
    def middles(self) -> list[Middle]:
        """Return a point on each Wi-Fi street, in the middle of it."""
        frame = self.city.streets
        points = frame.geometry.representative_point()
        rows = zip(frame["name"], points.x, points.y, strict=True)
        return sorted((Middle(str(name), x, y) for name, x, y in rows), key=lambda one: one.name)

    def _admit(self) -> Response | None:
        if self.guard is not None and not self.guard.admits():
            abort(404)
        return _waiting(self.views)

    def asked(self, now: datetime, *, can_promise: bool = True) -> PlanPage:
        """Return the figures that the present request asks for, measured unless it says else."""
        question = Question.of(request.args, now.astimezone(self.local.zone).date())
        rows = self.views.rows(question.bounds(now, self.local.zone), now)
        if question.basis == "promise" and can_promise:
            return PlanPage(question, self._promised(rows, now), now)
        measured = question if question.basis != "promise" else replace(question, basis="record")
        return PlanPage(measured, rows, now, is_too_early(rows))

    def shown(self, now: datetime) -> PlanPage:
        """Return the same, but an ordinary week where nobody chose and nothing is known yet."""
        found = self.asked(now)
        if not found.is_too_early or found.question.basis:
            return found
        question = replace(found.question, basis="promise")
        return replace(found, question=question, rows=self._promised(found.rows, now))

    def _promised(self, rows: PlanRows, now: datetime) -> PlanRows:
        """Return the ordinary week of the city as it is; streets stay those of the window."""
        week = self.views.what_if(Scenario("", "", ()), now).after
        return replace(week, streets=rows.streets, outreach=rows.outreach)

    def picture(self, question: Question, now: datetime) -> Picture | None:
        """Return the picture to lay on the map, None where the question needs none."""
        if question.show is not Show.NOW:
            return None
        return self.views.coverage_png(is_optimistic=question.is_optimistic, now=now)


def blueprint(planner: Planner) -> Blueprint:
    """Return the page of figures, and the list to print."""
    room = planner.room("plan")

    @room.get("/plan")
    def page() -> Response:
        now = planner.clock()
        found = planner.shown(now)
        text = render_template(
            "plan.html",
            page=found,
            map=planner.drawn,
            layers=planner.city,
            shows=SHOWS,
            picture=planner.picture(found.question, now),
        )
        return Prepared.of(text.encode(), HTML).answer()

    @room.get("/plan/outreach")
    def outreach() -> Response:
        text = render_template("plan_outreach.html", page=planner.asked(planner.clock()))
        return Prepared.of(text.encode(), HTML).answer()

    return room


def _waiting(views: PlanViews) -> Response | None:
    """Return the page that says why there are no figures yet; None once there are."""
    why = views.waits()
    if why is None:
        return None
    response = Response(render_template("plan_waits.html", why=why, wait_s=WAIT_S), 503)
    response.headers["Retry-After"] = str(WAIT_S)
    response.headers["Cache-Control"] = "no-store"
    return response

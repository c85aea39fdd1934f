"""The desk: incidents and devices, for the people who repair the network."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from netmon.analysis.impact import Impact
from web.desk import Question, answer
from web.incident import address_of, page_of
from web.prepared import Prepared
from web.views import Clock, ImpactViews, Views

HTML = "text/html; charset=utf-8"
DESK_WAITS_S, PAGE_WAITS_S = 0.2, 2.0
"""How long pages wait for what incidents mean: the desk asks again by itself."""

PROXY_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


@dataclass(frozen=True, slots=True)
class Guard:
    """Lets nobody in but the machine itself, until there is a log-in."""

    bind_host: str

    def admits(self) -> bool:
        """
        Tell whether the present request may see the desk.

        The name asked for counts too: a hostile page could point a name of its own at
        127.0.0.1 and read the answers (DNS rebinding).
        """
        is_relayed = any(name in request.headers for name in PROXY_HEADERS)
        asked = request.host.rsplit(":", 1)[0].strip("[]")
        ends = (self.bind_host, request.remote_addr or "", asked)
        return not is_relayed and all(map(is_loopback, ends))


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address means this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def blueprint(
    views: Views, clock: Clock, guard: Guard | None, impacts: ImpactViews | None = None
) -> Blueprint:
    """
    Return the desk, its table alone (for updates in place) and the page of an incident.

    `guard` None: open to all.
    """
    room = Blueprint("operations", __name__)

    @room.before_request
    def admit() -> None:
        if guard is not None and not guard.admits():
            abort(404)

    def page(template: str) -> Response:
        question = Question.of(request.args)
        now = clock()
        meant = {} if impacts is None else impacts.within(now, DESK_WAITS_S)
        text = render_template(template, desk=answer(views, now, question, meant))
        return Prepared.of(text.encode(), HTML).answer()

    @room.get("/ops")
    def desk() -> Response:
        return page("operations.html")

    @room.get("/ops/table")
    def table() -> Response:
        return page("desk.html")

    @room.get("/ops/incidents/<path:key>")
    def incident(key: str) -> AnyResponse:
        return _incident(views, clock(), key, impacts)

    return room


def _incident(views: Views, now: datetime, key: str, impacts: ImpactViews | None) -> AnyResponse:
    found = views.incident(key, now)
    if found is None:
        abort(404)
    if found.row.id != key:  # worked out anew since, or its device has another id
        return redirect(address_of(found.row.id))
    meant: Mapping[str, Impact] = {}
    if impacts is not None and found.row.ended_at is None:
        meant = impacts.within(now, PAGE_WAITS_S)
    text = render_template("incident.html", page=page_of(found, now, meant.get(found.row.id)))
    return Prepared.of(text.encode(), HTML).answer()

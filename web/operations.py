"""The desk: incidents and devices, for the people who repair the network."""

import ipaddress
from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, request

from web.desk import Question, answer
from web.prepared import Prepared
from web.views import Clock, Views

HTML = "text/html; charset=utf-8"
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


def blueprint(views: Views, clock: Clock, guard: Guard | None) -> Blueprint:
    """Return the desk and its table alone (for updates in place); `guard` None: open to all."""
    room = Blueprint("operations", __name__)

    @room.before_request
    def admit() -> None:
        if guard is not None and not guard.admits():
            abort(404)

    def page(template: str) -> Response:
        question = Question.of(request.args)
        text = render_template(template, desk=answer(views, clock(), question))
        return Prepared.of(text.encode(), HTML).answer()

    @room.get("/ops")
    def desk() -> Response:
        return page("operations.html")

    @room.get("/ops/table")
    def table() -> Response:
        return page("desk.html")

    return room

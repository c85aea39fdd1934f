"""Turns: planners who ask much at once must not keep everybody else's pages waiting."""

import threading

from flask import Blueprint, Response, g, render_template, request

from netmon.words.planning import BUSY, BUSY_TITLE
from web.plan_steps import Refused, refused

MOST_AT_ONCE = 4
"""Half of the server's threads; questions are answered one after the other all the same."""

TRY_AGAIN_S = 5


class Turns:
    """Lets so many requests of the planner's pages be at work or wait at once, and no more."""

    def __init__(self, most: int = MOST_AT_ONCE) -> None:
        self._free = threading.BoundedSemaphore(most)

    def keep_in(self, room: Blueprint) -> None:
        """Give each request of a blueprint a turn, or the answer that there is none now."""
        room.before_request(self._take)
        room.teardown_request(self._give_back)

    def _take(self) -> Response | None:
        g.has_turn = self._free.acquire(blocking=False)
        return None if g.has_turn else _busy()

    def _give_back(self, _error: BaseException | None) -> None:
        if g.pop("has_turn", False):
            self._free.release()


def _busy() -> Response:
    if request.method == "POST":
        response = refused(Refused(503, BUSY))
    else:
        text = render_template("plan_waits.html", title=BUSY_TITLE, why=BUSY)
        response = Response(text, 503)
        response.headers["Cache-Control"] = "no-store"
    response.headers["Retry-After"] = str(TRY_AGAIN_S)
    return response

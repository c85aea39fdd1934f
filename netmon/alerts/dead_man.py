"""The dead man's switch: an address outside that hears from netmon while netmon is well."""

import logging
import time
from collections.abc import Callable

from collectors.web.failure import WebFailure
from collectors.web.fetch import fetch

logger = logging.getLogger(__name__)

LONGEST_S = 20.0
"""How long one ping may take."""

_TAKEN = range(200, 300)


class DeadMan:
    """
    Pings an address; whoever keeps it raises the alarm when the pings stop.

    Parameters
    ----------
    url
        Asked with GET; never logged, since whoever knows it can keep the switch quiet.
    complaint
        Says in a few words what keeps netmon from being well, nothing where it is.
    """

    def __init__(self, url: str, complaint: Callable[[], str]) -> None:
        self._url, self._complaint = url, complaint
        self._told = ""

    def ping(self) -> None:
        """Ping once, unless netmon is not well; what changes is logged once."""
        complaint = self._complaint()
        outcome = f"not well: {complaint}" if complaint else self._failure()
        if outcome == self._told:
            return
        self._told = outcome
        if outcome:
            logger.warning("dead_man=silent reason=%s", outcome)
        else:
            logger.warning("dead_man=pinged again")

    def _failure(self) -> str:
        try:
            status = fetch(
                self._url, deadline=time.monotonic() + LONGEST_S, wants_body=False
            ).status
        except WebFailure as failure:
            return failure.detail
        return "" if status in _TAKEN else f"HTTP status {status}"

"""The web side: Flask behind waitress, in a thread of its own."""

import errno
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from waitress.server import create_server
from waitress.trigger import trigger
from waitress.wasyncore import close_all

from netmon.analysis.plan_views import PlanViews
from netmon.analysis.series_views import SeriesViews
from netmon.analysis.views import RecordViews
from netmon.cli.receiving import Receiving
from netmon.config.settings import Settings
from netmon.domain.errors import ConfigError, Problem
from netmon.storage.issued import IssuedReports
from web.app import create_app
from web.heartbeats import Receiver
from web.layers import CityLayers
from web.views import ImpactViews

THREADS = 8
STOP_WITHIN_S = 5.0
MAX_CONNECTIONS = 1000
IDLE_S = 30
"""A connection that says nothing is closed: a hundred of them would keep everyone else out."""
MAX_BODY_BYTES = 1_048_576
"""Of any request; left alone, the server would keep a gigabyte of it on disk."""


def receiver(receiving: Receiving | None) -> Receiver | None:
    """Return the receiver of heartbeats as the pages want it, None where there is none."""
    if receiving is None:
        return None
    return Receiver(receiving.inbox, receiving.knows, receiving.secret)


class WebServer:
    """
    Listens from the moment it is made; `start` begins to answer.

    Raises
    ------
    ConfigError
        If the port is taken or may not be used; the line names the flag that changes it.
    """

    def __init__(  # noqa: PLR0913 - the composition root hands in everything by name
        self,
        settings: Settings,
        views: RecordViews,
        clock: Callable[[], datetime],
        receiver: Receiver | None = None,
        series: SeriesViews | None = None,
        *,
        impacts: ImpactViews | None = None,
        planning: PlanViews | None = None,
    ) -> None:
        city = CityLayers.load(settings.city.folder)
        app = create_app(
            views,
            city,
            clock=clock,
            timezone=ZoneInfo(settings.city.timezone),
            is_demo=settings.store.origin == "demo",
            bind_host=settings.web.host,
            receiver=receiver,
            series=series,
            planning=planning,
            issued=IssuedReports(settings.store.folder),
            impacts=impacts,
        )
        self._sockets: dict[int, Any] = {}
        self._server = _listen(app, settings.web.host, settings.web.port, self._sockets)
        self._thread = threading.Thread(target=self._server.run, name="web", daemon=True)

    @property
    def address(self) -> str:
        """Return where a browser finds the pages."""
        # A name like localhost may stand for two addresses; the first one will do.
        listened = getattr(self._server, "effective_listen", None)
        host, port = listened[0] if listened else self._one_address()
        return f"http://{f'[{host}]' if ':' in str(host) else host}:{port}"

    def start(self) -> None:
        """Answer requests until `stop`."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is under way and let go of the port, kept-alive connections included."""
        wakers = [each for each in self._sockets.values() if isinstance(each, trigger)]
        if self._thread.is_alive() and wakers:
            # Closed by its own thread: a browser that stays connected would keep it for ever.
            wakers[0].pull_trigger(lambda: close_all(self._sockets, ignore_all=True))
            self._thread.join(timeout=STOP_WITHIN_S)
        else:
            self._server.close()
        self._server.task_dispatcher.shutdown()

    def _one_address(self) -> tuple[str, int]:
        return self._server.effective_host, self._server.effective_port


def _listen(app: Any, host: str, port: int, sockets: dict[int, Any]) -> Any:  # noqa: ANN401 - waitress is untyped
    try:
        return create_server(
            app,
            host=host,
            port=port,
            threads=THREADS,
            ident=None,
            map=sockets,
            max_request_body_size=MAX_BODY_BYTES,
            connection_limit=MAX_CONNECTIONS,
            channel_timeout=IDLE_S,
            cleanup_interval=IDLE_S // 3,
        )
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        found = "a port that is taken" if taken else str(error.strerror)
        expected = "an address that is free: choose another with --port"
        raise ConfigError([Problem("web", "", f"{host}:{port}", expected, found)]) from error

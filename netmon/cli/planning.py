"""The planner's pages of a running netmon: what they ask, and the thread that prepares it."""

import threading

from netmon.analysis.plan_views import PlanViews
from netmon.analysis.scenarios import Scenarios
from netmon.analysis.views import RecordViews
from netmon.cli.wiring import now
from netmon.config.calendar import Calendar
from netmon.config.settings import Settings
from netmon.storage.desk import DeskReader, DeskWriter

STOP_WITHIN_S = 10.0


class Planning:
    """
    Prepares what planners ask, in a thread of its own: the other pages need not wait for it.

    Parameters
    ----------
    settings, calendar
        Of the city.
    views
        The record and the desk.
    desk, writer
        Where scenarios are read and kept; without a writer none can be kept.
    """

    def __init__(
        self,
        settings: Settings,
        calendar: Calendar,
        views: RecordViews,
        desk: DeskReader,
        writer: DeskWriter | None,
    ) -> None:
        scenarios = Scenarios(desk, None if writer is None else writer.keep_scenario)
        self.views = PlanViews(settings, calendar, views, scenarios)
        self._thread = threading.Thread(
            target=lambda: self.views.prepare(now()), name="plan", daemon=True
        )

    def start(self) -> None:
        """Begin to prepare; to be called once the inventory is in the desk."""
        self._thread.start()

    def stop(self) -> None:
        """Wait for what is being prepared: it reads the stores, which are closed next."""
        if self._thread.ident is not None:
            self._thread.join(timeout=STOP_WITHIN_S)

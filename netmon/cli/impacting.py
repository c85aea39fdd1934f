"""What incidents mean for residents, put together from the stores and the city's map."""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from geodata.errors import DataError
from netmon.analysis.in_time import InTime
from netmon.analysis.month_reading import Stores
from netmon.analysis.views import RecordViews
from netmon.domain.errors import StoreError
from netmon.domain.model import Inventory

logger = logging.getLogger(__name__)

if TYPE_CHECKING:  # a process that only collects pays for the map when something breaks
    from netmon.analysis.impact import Impact
    from netmon.analysis.impacts import City, Impacts


def impacts_in_time(views: RecordViews) -> "InTime[Impact]":
    """Return what answers what open incidents mean, by their ids; to be closed."""
    return InTime(impacts_at(views), views.version)


def impacts_known(views: RecordViews, now: datetime) -> "Mapping[str, Impact]":
    """Return what open incidents mean, by their ids; none where the city's map cannot be read."""
    try:
        return impacts_at(views)(now)
    except (DataError, StoreError) as error:
        logger.info("impact: not known: %s", error)
        return {}


def impacts_at(views: RecordViews) -> "Callable[[datetime], Mapping[str, Impact]]":
    """Return what works out what open incidents mean at an instant; the map is read when asked."""
    made: list[Impacts] = []
    lock = threading.Lock()

    def at(now: datetime) -> "Mapping[str, Impact]":
        from netmon.analysis.impacts import Impacts  # noqa: PLC0415 - 60 MB that most never need

        with lock:
            if not made:
                made.append(Impacts(views, _Cities(views).newest))
        return made[0].at(now)

    return at


class _Cities:
    """
    Keeps the map of the newest inventory.

    Layers and people are read once; a new inventory plans only its radios anew.
    """

    def __init__(self, views: RecordViews) -> None:
        self._views = views
        self._of: Callable[[Inventory], City] | None = None
        self._made: tuple[int, City] | None = None

    def newest(self) -> "City":
        revision = self._views.revision()
        if self._of is None:
            self._of = _city_of(self._views.stores)
        if self._made is None or self._made[0] != revision.number:
            self._made = revision.number, self._of(revision.inventory)
        return self._made[1]


def _city_of(stores: Stores) -> "Callable[[Inventory], City]":
    # As above: none of this is paid for before something breaks.
    from geodata.city import City as Files  # noqa: PLC0415
    from geodata.layers import load_layer  # noqa: PLC0415
    from netmon.analysis.accounts import LedgerViews  # noqa: PLC0415
    from netmon.analysis.impacts import City, where_in  # noqa: PLC0415
    from netmon.analysis.on_foot import OnFoot  # noqa: PLC0415
    from netmon.analysis.people import People  # noqa: PLC0415
    from netmon.analysis.radio_maps import RadioMaps  # noqa: PLC0415

    settings, folder = stores.settings, stores.settings.city.folder
    streets, ways = load_layer(Files.open(folder).streets), OnFoot.in_city(folder).ways
    maps, people = RadioMaps.of_settings(settings), People.load(settings)
    ledger = LedgerViews(stores, people, maps.of)

    def of(inventory: Inventory) -> City:
        radio = maps.of(inventory.devices)
        where = where_in(inventory, streets)
        return City(where, ways, radio if radio.ids else None, people, ledger)

    return of

"""Files become a revision in the store, by whichever process may write the desk."""

import logging
from collections.abc import Sequence
from datetime import datetime

from netmon.analysis.hours import OpeningHours, OpeningYears
from netmon.cli.wiring import Loaded, now
from netmon.config.calendar import HoursRule, device_rule
from netmon.domain.errors import StoreError
from netmon.domain.intervals import epoch_s
from netmon.domain.model import Inventory
from netmon.storage.desk import DeskReader, DeskWriter

logger = logging.getLogger(__name__)


def open_desk(loaded: Loaded, *, is_owner: bool) -> DeskWriter | None:
    """
    Import the inventory, and keep the desk open where this process owns it.

    The web side owns the desk. A collecting side without one borrows it for as long as
    the import takes; where a web side runs elsewhere, that one has imported already.

    Raises
    ------
    StoreError
        If this process should own the desk and another one does.
    """
    store = loaded.settings.store
    try:
        desk = DeskWriter(store.folder, origin=store.origin)
    except StoreError:
        if is_owner or not (store.folder / "desk.db").exists():
            raise
        logger.info("desk: another process writes it and imports the inventory")
        return None
    import_into(desk, loaded)
    if is_owner:
        return desk
    desk.close()
    return None


def import_into(desk: DeskWriter, loaded: Loaded) -> None:
    """Keep the inventory as a revision, with its opening hours worked out as windows."""
    at = now()
    desk.import_inventory(loaded.inventory, epoch_s(at))
    reader = DeskReader(loaded.settings.store.folder)
    try:
        hours = OpeningHours(loaded.calendar, reader.opening_years())
    finally:
        reader.close()
    desk.keep_opening_years(missing_years(loaded.inventory, hours, at))


def missing_years(inventory: Inventory, hours: OpeningHours, at: datetime) -> OpeningYears:
    """Work out what `hours` lacks of last year, this one and the next."""
    return hours.missing(_rules(inventory), range(at.year - 1, at.year + 2))


def _rules(inventory: Inventory) -> Sequence[HoursRule]:
    places = {place.id: place for place in inventory.places}
    rules = (device_rule(device, places[device.place_id]) for device in inventory.devices)
    return list(dict.fromkeys(rule for rule in rules if rule is not None))

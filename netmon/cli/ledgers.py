"""Ledgers put together from the settings: the people and the Wi-Fi of the city meet the record."""

from netmon.analysis.accounts import LedgerViews
from netmon.analysis.people import People
from netmon.analysis.radio_maps import RadioMaps
from netmon.analysis.views import RecordViews
from netmon.config.settings import Settings


def ledger_views(settings: Settings, views: RecordViews) -> LedgerViews:
    """
    Return the ledgers of a city.

    Raises
    ------
    DataError
        Where a layer of the city is missing or not as it should be.
    ConfigError
        Where its groups are not.
    StoreError
        Where the calibration in the data folder cannot be read.
    """
    maps = RadioMaps.of_settings(settings)
    return LedgerViews(views.stores, People.load(settings), maps.of)

"""Whether the routes of alerts lead to channels and come from places that there are."""

from collections.abc import Iterable, Iterator

from netmon.config.alert_settings import OF_PLACE, SITES, STREETS, RouteSettings
from netmon.config.complaints import brief
from netmon.config.settings import Settings
from netmon.domain.errors import Problem
from netmon.domain.model import DeviceKind, Inventory


def alert_problems(settings: Settings, inventory: Inventory, file: str) -> list[Problem]:
    """Return every channel, place, owner and device that routes name and nobody knows."""
    return [
        *_in_routes(settings, inventory, file),
        *_unknown(settings.alerts.not_for, _known_to_inventory(inventory), "alerts.not_for", file),
    ]


def _in_routes(settings: Settings, inventory: Inventory, file: str) -> Iterator[Problem]:
    channels = set(settings.channels)
    places = {place.id for place in inventory.places} | {STREETS, SITES}
    owners = {offer.owner for place in inventory.places for offer in place.offers if offer.owner}
    for number, route in enumerate(settings.alerts.routes):
        at = f"alerts.routes.{number}"
        for key, known in (
            ("channels", channels),
            ("escalate_to", channels),
            ("places", places),
            ("owners", owners),
        ):
            yield from _unknown(_named(route, key), known, f"{at}.{key}", file)


def _named(route: RouteSettings, key: str) -> tuple[str, ...]:
    return tuple(map(str, getattr(route, key)))


def _known_to_inventory(inventory: Inventory) -> set[str]:
    devices = {device.id for device in inventory.devices}
    return devices | {place.id for place in inventory.places} | {*DeviceKind, OF_PLACE}


def _unknown(named: Iterable[str], known: set[str], key: str, file: str) -> Iterator[Problem]:
    shown = brief(", ".join(sorted(known))) or "none"
    for each in named:
        if each not in known:
            yield Problem(file, "", key, f"one of: {shown}", repr(brief(each)))

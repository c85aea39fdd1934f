"""What a reason means for the services of a place: which of them it stops."""

from collections.abc import Mapping

from netmon.domain.model import SERVICE_OF_KIND, DeviceKind, Service

_ONLINE = frozenset({Service.WIFI, Service.COMPUTER, Service.GUIDED})
_NONE = frozenset[Service]()

STOPS: Mapping[str, frozenset[Service]] = {
    "disk_full": _NONE,
    "clock_wrong": _NONE,
    "certificate_expiring": _NONE,
    "printer_attention": _NONE,
    "auth": _NONE,
    "malformed": _NONE,
    "printer_empty": frozenset({Service.PRINT}),
    "printer_error": frozenset({Service.PRINT}),
    "no_page": _ONLINE,
    "tls": _ONLINE | {Service.PRINT},
    "content": _ONLINE | {Service.PRINT},
}
"""The reasons of a degraded device; `docs/reasons.md` explains each and is compared with this."""

OWN_SERVICE: Mapping[DeviceKind, Service] = {
    **SERVICE_OF_KIND,
    DeviceKind.PRINTER: Service.PRINT,
}
"""What each kind of device gives by itself; whether it is *usable* speaks of this."""


def stays_usable(reason: str, service: Service) -> bool:
    """
    Tell whether a service can still be had from a device that is degraded for a reason.

    A reason that only a city's own limits know stops nothing here: whether its device stays
    usable is what the limit says.
    """
    return service not in STOPS.get(reason, _NONE)

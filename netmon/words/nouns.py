"""What devices are called, one of them and many."""

from collections.abc import Mapping
from typing import NamedTuple

from netmon.domain.model import DeviceKind
from netmon.words.language import Language


class Noun(NamedTuple):
    """A noun, in the singular and the plural."""

    one: str
    many: str

    def of(self, count: int) -> str:
        """Return the form that goes with a number."""
        return self.one if count == 1 else self.many


KINDS: Mapping[Language, Mapping[DeviceKind, Noun]] = {
    Language.NL: {
        DeviceKind.ACCESS_POINT: Noun("wifi-punt", "wifi-punten"),
        DeviceKind.CONTROLLER: Noun("controller", "controllers"),
        DeviceKind.PUBLIC_PC: Noun("computer", "computers"),
        DeviceKind.SWITCH: Noun("switch", "switches"),
        DeviceKind.GATEWAY: Noun("router", "routers"),
        DeviceKind.PRINTER: Noun("printer", "printers"),
        DeviceKind.PROBE: Noun("meetpunt", "meetpunten"),
    },
    Language.EN: {
        DeviceKind.ACCESS_POINT: Noun("access point", "access points"),
        DeviceKind.CONTROLLER: Noun("controller", "controllers"),
        DeviceKind.PUBLIC_PC: Noun("computer", "computers"),
        DeviceKind.SWITCH: Noun("switch", "switches"),
        DeviceKind.GATEWAY: Noun("router", "routers"),
        DeviceKind.PRINTER: Noun("printer", "printers"),
        DeviceKind.PROBE: Noun("probe", "probes"),
    },
    Language.FR: {
        DeviceKind.ACCESS_POINT: Noun("borne wifi", "bornes wifi"),
        DeviceKind.CONTROLLER: Noun("contrôleur", "contrôleurs"),
        DeviceKind.PUBLIC_PC: Noun("ordinateur", "ordinateurs"),
        DeviceKind.SWITCH: Noun("switch", "switches"),
        DeviceKind.GATEWAY: Noun("routeur", "routeurs"),
        DeviceKind.PRINTER: Noun("imprimante", "imprimantes"),
        DeviceKind.PROBE: Noun("sonde", "sondes"),
    },
}
DEVICES: Mapping[Language, Noun] = {
    Language.NL: Noun("toestel", "toestellen"),
    Language.EN: Noun("device", "devices"),
    Language.FR: Noun("appareil", "appareils"),
}
"""What they are called together, or where the kind is not known."""

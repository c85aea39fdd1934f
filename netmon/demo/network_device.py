"""What a simulated switch or gateway says: its interfaces, and how much goes through them."""

from functools import partial

from netmon.demo import mib
from netmon.demo.crowd import Crowd, crowd
from netmon.demo.mib import Interface
from netmon.demo.roster import Simulated
from netmon.demo.row import Moment, Row, Syntax, oid
from netmon.domain.model import DeviceKind

PORTS = {DeviceKind.SWITCH: 12, DeviceKind.GATEWAY: 4}
OBJECT_ID = {
    DeviceKind.SWITCH: "1.3.6.1.4.1.32473.2.2",  # RFC 5612: an enterprise for examples
    DeviceKind.GATEWAY: "1.3.6.1.4.1.32473.2.3",
}
IP_FORWARDING = oid("1.3.6.1.2.1.4.1.0")  # RFC 4293: 1 forwards, 2 does not
PEOPLE = 120.0
RECEIVED_BYTES_PER_S, SENT_BYTES_PER_S = 2_200, 14_000
IDLE_BYTES_PER_S = 800


def rows(device: Simulated, seed: int) -> list[Row]:
    """Return everything this switch or gateway answers, in no particular order."""
    descr = f"Synthetic {device.kind}, not a real machine"
    ports = tuple(_port(device, seed, number) for number in range(1, PORTS[device.kind] + 1))
    forwards = 1 if device.kind is DeviceKind.GATEWAY else 2
    return [
        *mib.system(device, seed, descr, OBJECT_ID[device.kind]),
        *mib.interfaces(ports),
        Row(IP_FORWARDING, Syntax.INTEGER, forwards),
    ]


def _port(device: Simulated, seed: int, number: int) -> Interface:
    """Return one port; the first is the uplink, and one in five of the others is not in use."""
    fraction = device.fraction(seed, f"port {number}")
    is_up = number == 1 or fraction > 0.2  # noqa: PLR2004 - the sentence above
    people = crowd(device, seed, PEOPLE if number == 1 else PEOPLE * fraction / 12)
    before = int(6e11 * fraction)
    received, sent = (
        partial(_octets, people, per_s, before // part) if is_up else mib.nothing
        for per_s, part in ((RECEIVED_BYTES_PER_S, 6), (SENT_BYTES_PER_S, 1))
    )
    address = mib.mac(device, seed, number)
    return Interface(f"port{number}", mib.ETHERNET, 1000, address, received, sent, is_up)


def _octets(people: Crowd, per_s: int, before: int, now: Moment) -> int:
    return before + int(people.person_seconds(now) * per_s + IDLE_BYTES_PER_S * now.elapsed_s)

"""Who answers SNMP in a network: one cheap look at each address, at a gentle pace."""

import ipaddress
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from collectors.loop import shared
from collectors.observation import Outcome
from collectors.snmp.client import Client
from collectors.snmp.engine import Patience, SnmpFailure
from collectors.snmp.library import GENERIC, bundled
from collectors.snmp.profile import Profile
from collectors.snmp.survey import _choose as choose
from collectors.snmp.values import Value, integer, mac, text
from collectors.target import SnmpCredentials

MAX_ADDRESSES = 1024
CONCURRENCY = 64
PORT = 161

SYS_DESCR = "1.3.6.1.2.1.1.1.0"
SYS_OBJECT_ID = "1.3.6.1.2.1.1.2.0"
SYS_NAME = "1.3.6.1.2.1.1.5.0"
BRIDGE_MAC = "1.3.6.1.2.1.17.1.1.0"
BRIDGE_PORTS = "1.3.6.1.2.1.17.1.2.0"
IP_FORWARDING = "1.3.6.1.2.1.4.1.0"
HR_USERS = "1.3.6.1.2.1.25.1.5.0"
PHYS_ADDRESS = "1.3.6.1.2.1.2.2.1.6"
PRINTER = "1.3.6.1.2.1.43.5.1.1.1"
_ASKED = (SYS_DESCR, SYS_OBJECT_ID, SYS_NAME, BRIDGE_MAC, BRIDGE_PORTS, IP_FORWARDING, HR_USERS)
_PORTS_OF_A_SWITCH = 4
_FORWARDS = 1
_FIRST_INTERFACES = 4

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class TooManyError(ValueError):
    """A network holds more addresses than may be asked; the message says how many."""


@dataclass(frozen=True, slots=True)
class Found:
    """
    An agent that answered.

    `kind` is a guess in the words of the inventory, empty where nothing speaks for one;
    `credential` is the name of the first one that it accepted.
    """

    host: str
    port: int
    credential: str
    sys_name: str
    sys_descr: str
    sys_object_id: str
    profile: str
    kind: str
    mac: str | None


@dataclass(frozen=True, slots=True)
class Manner:
    """How politely to ask: seconds for one reply, asking once more, addresses a second."""

    timeout_s: float = 1.0
    retries: int = 1
    per_s: float = 50.0
    port: int = PORT


def addresses(cidr: str, limit: int = MAX_ADDRESSES) -> list[str]:
    """
    Return the hosts of a network, in order.

    Raises
    ------
    TooManyError
        If it has more than `limit` addresses.
    ValueError
        If it is no network, or has bits set behind its prefix.
    """
    network: Network = ipaddress.ip_network(cidr)
    if network.num_addresses > limit:
        raise TooManyError(f"{network.num_addresses} addresses, more than {limit}")
    return [str(each) for each in network.hosts()]


def discover(
    hosts: Sequence[str],
    credentials: Mapping[str, SnmpCredentials],
    manner: Manner,
    progress: Callable[[int], None],
) -> Iterator[Found]:
    """
    Ask each address once with each credential, and yield who answered, in no order.

    Parameters
    ----------
    hosts
        Addresses.
    credentials
        By name; the first that is accepted is told.
    manner
        No more than `per_s` addresses are begun in a second.
    progress
        Hears how many addresses are done.
    """
    pace, stop = _Pace(manner.per_s), threading.Event()
    with ThreadPoolExecutor(CONCURRENCY, thread_name_prefix="discover") as pool:
        try:
            todo = [pool.submit(_look, h, credentials, manner, pace, stop) for h in hosts]
            yield from _as_they_come(todo, progress)
        finally:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)


def _as_they_come(
    todo: Iterable[Future[Found | None]], progress: Callable[[int], None]
) -> Iterator[Found]:
    waiting, done = set(todo), 0
    while waiting:
        ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        done += len(ready)
        progress(done)
        for each in ready:
            if (found := each.result()) is not None:
                yield found


class _Pace:
    """Lets one through every so often."""

    def __init__(self, per_s: float) -> None:
        self._between_s, self._next_s = 1 / per_s, time.monotonic()
        self._guard = threading.Lock()

    def wait(self, stop: threading.Event) -> bool:
        """Wait for the turn; False where nobody wants it any more."""
        with self._guard:
            turn_s = max(self._next_s, time.monotonic())
            self._next_s = turn_s + self._between_s
        return not stop.wait(max(turn_s - time.monotonic(), 0))


def _look(
    host: str,
    credentials: Mapping[str, SnmpCredentials],
    manner: Manner,
    pace: _Pace,
    stop: threading.Event,
) -> Found | None:
    for name, credential in credentials.items():
        if not pace.wait(stop):
            return None
        whole_s = manner.timeout_s * (manner.retries + 1)
        patience = Patience(manner.timeout_s, manner.retries, time.monotonic() + 4 * whole_s)
        try:
            return shared().ask(_asked(host, name, credential, manner.port, patience))
        except SnmpFailure as failure:
            if failure.outcome in {Outcome.REFUSED, Outcome.NO_ROUTE}:
                return None  # nothing listens there, with whatever credential
    return None


async def _asked(
    host: str, name: str, credential: SnmpCredentials, port: int, patience: Patience
) -> Found | None:
    client = Client(host, port, credential)
    try:
        seen = await client.get(_ASKED, patience)
        if not seen:
            return None
        profile = (await choose(client, bundled(), seen, patience)).profile
        return Found(
            host=host,
            port=port,
            credential=name,
            sys_name=text(seen.get(SYS_NAME)) or "",
            sys_descr=text(seen.get(SYS_DESCR)) or "",
            sys_object_id=text(seen.get(SYS_OBJECT_ID)) or "",
            profile=profile.name,
            kind=_of_profile(profile) or await _of_tables(client, profile, seen, patience),
            mac=await _mac(client, seen, patience),
        )
    finally:
        client.close()


def _of_profile(profile: Profile) -> str:
    """Return the kind for which a vendor's own profile speaks, empty where it does not."""
    base = bundled().base
    if profile.access_points != base.access_points:
        return "controller"
    tables = ("radios", "vaps", "ssids")
    has_wifi = any(getattr(profile, name) != getattr(base, name) for name in tables)
    return "access_point" if has_wifi else ""


async def _of_tables(
    client: Client, profile: Profile, seen: Mapping[str, Value], patience: Patience
) -> str:
    """Return the kind for which the objects that are there speak, empty where none does."""
    if await _rows(client, PRINTER, 1, patience):
        return "printer"
    if (integer(seen.get(BRIDGE_PORTS)) or 0) > _PORTS_OF_A_SWITCH:
        return "switch"
    forwards = integer(seen.get(IP_FORWARDING)) == _FORWARDS
    is_host = HR_USERS in seen and not forwards and profile.name == GENERIC
    return "public_pc" if is_host else ""


async def _mac(client: Client, seen: Mapping[str, Value], patience: Patience) -> str | None:
    """Return the device's own hardware address: its bridge's, or of its first interface."""
    rows = await _rows(client, PHYS_ADDRESS, _FIRST_INTERFACES, patience)
    found = (mac(value) for value in (seen.get(BRIDGE_MAC), *rows) if value)
    return next((each for each in found if each and each != "00:00:00:00:00:00"), None)


async def _rows(client: Client, root: str, at_most: int, patience: Patience) -> list[Value]:
    """Return the first values of a column; none where the device would not say."""
    try:
        return [value for _, value in await client.walk(root, patience, at_most)]
    except SnmpFailure:
        return []

"""
What an agent says of itself, kept in a file that snmpsim serves and that tests replay.

One line a variable: `OID|TAG|VALUE`, the tag as in BER, with an `x` where the value is in hex.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

INTEGER, OCTETS, NULL, OBJECT_ID, IP_ADDRESS, OPAQUE = 2, 4, 5, 6, 64, 68
NUMBERS = frozenset({INTEGER, 65, 66, 67, 70})
"""INTEGER, Counter32, Gauge32, TimeTicks, Counter64."""

Arcs = tuple[int, ...]

ROOTS: tuple[Arcs, ...] = (
    (1, 2, 840, 10036),  # IEEE802dot11-MIB
    (1, 3, 6, 1, 2, 1),  # mib-2
    (1, 3, 6, 1, 4, 1),  # enterprises
    (1, 3, 6, 1, 6, 3, 10, 2, 1),  # SNMP-FRAMEWORK-MIB::snmpEngine
)
"""What is recorded, in the order of a walk."""

FORBIDDEN_SUBTREES: dict[str, str] = {
    # People: who is connected, with whom, and what runs for them.
    "1.2.840.10036.1.1.1.23": "dot11AuthenticateStation",
    "1.3.6.1.2.1.3": "at: addresses of neighbours",
    "1.3.6.1.2.1.4.21": "ipRouteTable",
    "1.3.6.1.2.1.4.22": "ipNetToMediaTable: ARP",
    "1.3.6.1.2.1.4.24": "ipForward: routes",
    "1.3.6.1.2.1.4.35": "ipNetToPhysicalTable: ARP",
    "1.3.6.1.2.1.4.37": "ipDefaultRouterTable",
    "1.3.6.1.2.1.6.13": "tcpConnTable",
    "1.3.6.1.2.1.6.19": "tcpConnectionTable",
    "1.3.6.1.2.1.6.20": "tcpListenerTable",
    "1.3.6.1.2.1.7.5": "udpTable",
    "1.3.6.1.2.1.7.7": "udpEndpointTable",
    "1.3.6.1.2.1.17.4.3": "dot1dTpFdbTable: who is behind which port",
    "1.3.6.1.2.1.17.7.1.2": "dot1qTp: who is behind which port",
    "1.3.6.1.2.1.25.4": "hrSWRun: command lines hold passwords",
    "1.3.6.1.2.1.25.5": "hrSWRunPerf",
    "1.3.6.1.2.1.25.6": "hrSWInstalled",
    "1.3.6.1.2.1.55.1.12": "ipv6NetToMediaTable",
    "1.3.6.1.4.1.77.1.2": "LanMgr: users, shares and sessions of Windows",
    "1.3.6.1.4.1.2021.2": "UCD-SNMP-MIB::prTable",
    "1.3.6.1.4.1.2021.8": "UCD-SNMP-MIB::extTable: commands",
    "1.3.6.1.4.1.2021.16": "UCD-SNMP-MIB::logMatch",
    "1.3.6.1.4.1.2021.18": "UCD-SNMP-MIB::fileTable",
    "1.3.6.1.4.1.8072.1.3.2.2": "NET-SNMP-EXTEND-MIB::nsExtendConfigTable: commands",
    "1.3.6.1.4.1.8072.1.5": "NET-SNMP-AGENT-MIB::nsCache",
    "1.3.6.1.4.1.8072.1.9": "NET-SNMP-VACM-MIB: who may read",
    # Client tables of access points and controllers.
    "1.3.6.1.4.1.9.9.273.1.2": "CISCO-DOT11-ASSOCIATION-MIB::cDot11ClientTable",
    "1.3.6.1.4.1.9.9.273.1.3": "CISCO-DOT11-ASSOCIATION-MIB: client statistics",
    "1.3.6.1.4.1.9.9.599": "CISCO-LWAPP-DOT11-CLIENT-MIB",
    "1.3.6.1.4.1.14179.2.1.4": "AIRESPACE: bsnMobileStationTable",
    "1.3.6.1.4.1.14179.2.1.6": "AIRESPACE: bsnMobileStationStatsTable",
    "1.3.6.1.4.1.14179.2.1.7": "AIRESPACE: bsnRogueAPTable",
    "1.3.6.1.4.1.14179.2.1.8": "AIRESPACE: bsnRogueAPAirespaceAPTable",
    "1.3.6.1.4.1.14179.2.1.9": "AIRESPACE: bsnThirdPartyAPTable",
    "1.3.6.1.4.1.14179.2.1.10": "AIRESPACE: bsnMobileStationByIpTable",
    "1.3.6.1.4.1.14179.2.1.11": "AIRESPACE: bsnMobileStationRssiDataTable",
    "1.3.6.1.4.1.14179.2.1.12": "AIRESPACE: bsnWatchListClientTable",
    "1.3.6.1.4.1.14823.2.2.1.4.1.2": "WLSX-USER-MIB::wlsxUserTable",
    "1.3.6.1.4.1.14823.2.2.1.5.2.2": "WLSX-WLAN-MIB: stations",
    "1.3.6.1.4.1.14823.2.2.1.5.3.2": "WLSX-WLAN-MIB: station statistics",
    "1.3.6.1.4.1.14823.2.3.3.1.2.4": "AI-AP-MIB::aiClientTable",
    "1.3.6.1.4.1.14988.1.1.1.2": "MIKROTIK-MIB::mtxrWlRtabTable",
    "1.3.6.1.4.1.14988.1.1.1.5": "MIKROTIK-MIB::mtxrWlCMRtabTable",
    "1.3.6.1.4.1.14988.1.1.6": "MIKROTIK-MIB::mtxrDHCP",
    "1.3.6.1.4.1.14988.1.1.11": "MIKROTIK-MIB::mtxrNeighbor",
    "1.3.6.1.4.1.25053.1.1.6.1.1.1.2": "RUCKUS-WLAN-MIB: stations",
    "1.3.6.1.4.1.25053.1.2.2.1.1.3": "RUCKUS-ZD-WLAN-MIB::ruckusZDWLANStaTable",
    "1.3.6.1.4.1.25053.1.2.2.1.1.4": "RUCKUS-ZD-WLAN-MIB: rogues",
    "1.3.6.1.4.1.26928.1.1.1.2.1.2": "AH-INTERFACE-MIB::ahAssociationTable",
    "1.3.6.1.4.1.41112.1.4.7": "UBNT-AirMAX-MIB::ubntStaTable",
    "1.3.6.1.4.1.42397.1.1.3.3": "GRANDSTREAM: gwnClientTable",
    "1.3.6.1.4.1.2011.6.139.18": "HUAWEI-WLAN-STATION-MIB",
    "1.3.6.1.4.1.2356.11.1.3.32": "LCOS-MIB: station table",
    "1.3.6.1.4.1.2356.11.1.3.44": "LCOS-MIB: competing networks and stations",
    "1.3.6.1.4.1.2356.13.1.3.4": "LCOS-LX-MIB: stations",
    "1.3.6.1.4.1.2356.13.1.3.32": "LCOS-LX-MIB: station table",
    "1.3.6.1.4.1.6486.802.1.1.2.1.2.8.1.4": "OAW-AP: clients",
    "1.3.6.1.4.1.12356.101.5": "FORTINET-FORTIGATE-MIB::fgVpn and users",
    "1.3.6.1.4.1.12356.101.11": "FORTINET-FORTIGATE-MIB: sessions",
    "1.3.6.1.4.1.14525.4.4": "TRAPEZE-NETWORKS-CLIENT-SESSION-MIB",
    "1.3.6.1.4.1.29671.1.1.5": "MERAKI: clients",
}
"""OID and why: what is about people or opens doors is neither kept by a recording nor asked."""


@dataclass(frozen=True, slots=True)
class Variable:
    """
    One instance: where it stands, its BER tag, and its value.

    The value is `int` for `NUMBERS`, the arcs of an OBJECT IDENTIFIER, else `bytes` (four of
    them for IpAddress, none for Null).
    """

    oid: Arcs
    tag: int
    value: int | bytes | Arcs


class RecordingError(ValueError):
    """A line is not of a recording; the message names it, what was expected and found."""


def forbidden(oid: Arcs) -> Arcs | None:
    """Return the forbidden subtree in which an instance stands, None where it may be kept."""
    return next((f for n in _LENGTHS if (f := oid[:n]) in _FORBIDDEN), None)


def dump(variables: Iterable[Variable]) -> str:
    """Return the text of a recording, in the order of a walk."""
    ordered = sorted(variables, key=lambda variable: variable.oid)
    return "".join(f"{_line(variable)}\n" for variable in ordered)


def parse(text: str) -> Iterator[Variable]:
    """Yield the variables of a recording; raises `RecordingError`."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.rstrip("\r"))
        if match is None:
            raise RecordingError(f"line {number}: expected OID|TAG|VALUE, found {line[:60]!r}")
        oid, tag, is_hex, value = match.groups()
        try:
            yield Variable(_arcs(oid), int(tag), _value(int(tag), value, is_hex=bool(is_hex)))
        except ValueError as error:
            raise RecordingError(f"line {number}: expected a value, found {error}") from None


def _line(variable: Variable) -> str:
    oid, value = ".".join(map(str, variable.oid)), variable.value
    if isinstance(value, tuple):
        return f"{oid}|{variable.tag}|{'.'.join(map(str, value))}"
    if isinstance(value, int):
        return f"{oid}|{variable.tag}|{value}"
    plain = value.decode("latin-1")
    if (
        variable.tag == OCTETS
        and plain.isascii()
        and plain.isprintable()
        and plain.strip() == plain
    ):
        return f"{oid}|{variable.tag}|{plain}"
    return f"{oid}|{variable.tag}{'x' * bool(value)}|{value.hex()}"


def _value(tag: int, value: str, *, is_hex: bool) -> int | bytes | Arcs:
    if is_hex:
        raw = bytes.fromhex(value)
        return int.from_bytes(raw, "big") if tag in NUMBERS else raw
    if tag in NUMBERS:
        return int(value)
    if tag == OBJECT_ID:
        return _arcs(value)
    if tag == IP_ADDRESS:
        return bytes(map(int, value.split("."))) if "." in value else value.encode("latin-1")
    return value.encode()


def _arcs(dotted: str) -> Arcs:
    return tuple(int(arc) for arc in dotted.strip(".").split("."))


_LINE = re.compile(r"([0-9.]+)\|([0-9]+)(x?)\|(.*)", re.DOTALL)
_FORBIDDEN = frozenset(_arcs(oid) for oid in FORBIDDEN_SUBTREES)
_LENGTHS = sorted({len(oid) for oid in _FORBIDDEN})

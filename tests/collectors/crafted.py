"""Devices made up row by row: what an agent on loopback says, and the reading that comes of it."""

from collections.abc import Callable, Mapping

from collectors.snmp.probe import probe
from collectors.snmp.reading import Reading
from tests.collectors import ber
from tests.collectors.conftest import Agent, Handler, serving

Start = Callable[[Handler], Agent]
Table = dict[str, ber.Tagged]
Said = int | str | bytes

E = "1.3.6.1.4.1"
DAY_S = 86400


def device(sys_object_id: str) -> Table:
    """Build what an agent says of itself: identity, and two days of uptime."""
    return {
        "1.3.6.1.2.1.1.1.0": ber.octets(b"a device"),
        "1.3.6.1.2.1.1.2.0": (ber.OID, ber.oid_body(sys_object_id)),
        "1.3.6.1.2.1.1.3.0": ber.number(2 * DAY_S * 100, ber.TICKS),
        "1.3.6.1.2.1.1.5.0": ber.octets(b"ap-bruul-1"),
    }


def column(oid: str, rows: Mapping[str, Said]) -> Table:
    """Build a column of a vendor, whose OID goes on from `E`, by index."""
    return standard(f"{E}.{oid}", rows)


def standard(oid: str, rows: Mapping[str, Said]) -> Table:
    """Build a column of a standard MIB, by index."""
    return {f"{oid}.{index}": _tagged(value) for index, value in rows.items()}


def _tagged(value: Said) -> ber.Tagged:
    if isinstance(value, int):
        return ber.number(value)
    return ber.octets(value.encode() if isinstance(value, str) else value)


def read(start: Start, table: Table) -> Reading:
    """Ask an agent that says what is in the table."""
    return probe(start(serving(table)).target)

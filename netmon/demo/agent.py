"""One simulated device on the network: an SNMPv2c agent that only reads."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator

from netmon.demo import message
from netmon.demo.message import Malformed, Question, Request
from netmon.demo.row import Moment, Oid
from netmon.demo.table import Table

REPLY_BYTES = 1400
"""What fits an Ethernet frame, and is read by every client."""
ENVELOPE_BYTES = 64
"""More than the envelope of a reply takes beside community and bindings."""

Address = tuple[str, int]


def bindings(request: Request, table: Table, moment: Moment) -> Iterator[bytes]:
    """Yield the encoded bindings that answer `request`, without an eye on their size."""
    if request.question is Question.GET:
        return (table.exact(oid, moment) for oid in request.names)
    if request.question is Question.GET_NEXT:
        return (table.following(oid, moment)[1] for oid in request.names)
    return _bulk(request, table, moment)


def _bulk(request: Request, table: Table, moment: Moment) -> Iterator[bytes]:
    """Yield what GETBULK asks (RFC 3416 §4.2.3), until every column has ended."""
    once, again = request.names[: request.non_repeaters], request.names[request.non_repeaters :]
    for oid in once:
        yield table.following(oid, moment)[1]
    columns: list[Oid] = list(again)
    for _ in range(request.max_repetitions):
        row = [table.following(oid, moment) for oid in columns]
        yield from (encoded for _, encoded in row)
        if not any(after for after, _ in row):
            return
        columns = [after or oid for (after, _), oid in zip(row, columns, strict=True)]


def answer(request: Request, table: Table, moment: Moment) -> bytes:
    """
    Return the encoded reply, of at most `REPLY_BYTES`.

    A GETBULK reply leaves out what does not fit; any other that does not fit is the error
    tooBig with no bindings (RFC 3416 §4.2).
    """
    room = REPLY_BYTES - ENVELOPE_BYTES - len(request.community)
    chosen: list[bytes] = []
    for encoded in bindings(request, table, moment):
        room -= len(encoded)
        if room < 0:
            if chosen and request.question is Question.GET_BULK:
                break
            return message.reply(request, [], message.TOO_BIG)
        chosen.append(encoded)
    return message.reply(request, chosen)


class Agent(asyncio.DatagramProtocol):
    """
    The agent of one device.

    `moment()` returns when it is, or None while the device must be silent. `counts` holds
    how many datagrams were `answered`, `silenced`, of a `foreign` community or `malformed`.
    """

    def __init__(self, table: Table, community: bytes, moment: Callable[[], Moment | None]) -> None:
        self._table = table
        self._community = community
        self._moment = moment
        self._transport: asyncio.DatagramTransport | None = None
        self.counts: Counter[str] = Counter()

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]  # the base class says BaseTransport
        """Keep the socket to answer on."""
        self._transport = transport

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """Answer, or keep silent: there is no third way for a device."""
        fate, response = self._respond(data)
        self.counts[fate] += 1
        if response is not None and self._transport is not None:
            self._transport.sendto(response, addr)

    def _respond(self, datagram: bytes) -> tuple[str, bytes | None]:
        moment = self._moment()
        if moment is None:
            return "silenced", None
        try:
            request = message.decode(datagram)
        except Malformed:
            return "malformed", None
        if request.community != self._community:
            return "foreign", None
        return "answered", answer(request, self._table, moment)

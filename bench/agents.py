"""
Cheap simulated agents: `python -m bench.agents --count 500 --ports-out FILE`.

Every device answers the same PDUs from a table of bindings that were encoded beforehand, so
that the agents leave the processor to what is measured. Values still move: eight variants of
each answer take turns, and all of them are made anew every few seconds, with the uptime of
that moment. One process, one socket for each agent; it ends when its standard input closes, from
which it takes `fail PORT` and `heal PORT`, a line each.
"""

import argparse
import json
import os
import select
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from netmon.demo import message
from netmon.demo.agent import bindings
from netmon.demo.row import Moment, Row, Syntax, Value, oid
from netmon.demo.table import Table

COMMUNITY = "bench"
ENTERPRISE = "1.3.6.1.4.1.32473"
ROWS = 24
VARIANTS = 8
FRESH_S = 5.0
FACTS = 8
"""Numbers there are one of, after sysObjectID, sysUpTime, snmpEngineTime and ifNumber."""
COLUMNS = ("stations", "channel", "tx_power_dbm", "utilization_ratio")
CHANNELS = (1, 6, 11, 36, 40, 44, 48, 100)
HEAD = b"\x02\x01\x01\x04" + bytes([len(COMMUNITY)]) + COMMUNITY.encode()
"""Version 2c and the community, as every message has them."""


def fact_oid(number: int) -> str:
    """Return the instance of one of the facts, 1 to `FACTS`."""
    return f"{ENTERPRISE}.8.{number}.0"


def column_oid(name: str) -> str:
    """Return the OID of one of `COLUMNS`."""
    return f"{ENTERPRISE}.9.1.{COLUMNS.index(name) + 1}"


def rows(turn: int, uptime_s: float) -> list[Row]:
    """Return all that an agent says; `turn` moves what moves on a real device."""
    table = [
        (f"{column_oid(name)}.{row}", Syntax.GAUGE, _cell(name, row, turn))
        for name in COLUMNS
        for row in range(1, ROWS + 1)
    ]
    facts = [(fact_oid(n), Syntax.GAUGE, 10 * n + turn) for n in range(1, FACTS + 1)]
    known: list[tuple[str, Syntax, Value]] = [
        ("1.3.6.1.2.1.1.1.0", Syntax.STRING, b"Simulated access point"),
        ("1.3.6.1.2.1.1.2.0", Syntax.OBJECT_ID, oid(f"{ENTERPRISE}.7")),
        ("1.3.6.1.2.1.1.3.0", Syntax.TICKS, int(uptime_s * 100)),
        ("1.3.6.1.2.1.1.5.0", Syntax.STRING, b"simulated"),
        ("1.3.6.1.2.1.2.1.0", Syntax.INTEGER, 0),
        *facts,
        *table,
        (f"{ENTERPRISE}.10.0", Syntax.INTEGER, 0),
        ("1.3.6.1.6.3.10.2.1.3.0", Syntax.INTEGER, int(uptime_s)),
    ]
    return [Row(oid(name), syntax, value) for name, syntax, value in known]


def _cell(name: str, row: int, turn: int) -> int:
    still = {"channel": CHANNELS[row % 8], "tx_power_dbm": 17 + row % 4}
    moving = {"stations": (row * 7 + turn * 3) % 40, "utilization_ratio": (row * 11 + turn) % 100}
    return {**still, **moving}[name]


@dataclass
class Answers:
    """The bindings that answer each question, encoded once for every variant."""

    began_s: float
    made_s: float = float("-inf")
    _turn: int = 0

    def to(self, datagram: bytes, now_s: float) -> bytes:
        """Return the reply to a request of the community; raises `ValueError` for another."""
        if now_s - self.made_s > FRESH_S:
            self._make(now_s)
        return self._reply(datagram, datagram.index(HEAD) + len(HEAD))

    def _reply(self, datagram: bytes, at: int) -> bytes:
        """`at` is where the PDU begins; its length takes one octet, or as many as it says."""
        size = datagram[at + 1]
        body = at + 2 + (size & 0x7F if size & 0x80 else 0)
        number_ends = body + 2 + datagram[body + 1]
        question = datagram[at : at + 1] + datagram[number_ends:]
        variants = self._known.get(question)
        if variants is None:
            variants = self._known[question] = self._encode(datagram)
        self._turn = (self._turn + 1) % VARIANTS
        pdu = datagram[body:number_ends] + variants[self._turn]
        return _tlv(b"\x30", HEAD + _tlv(b"\xa2", pdu))

    def _make(self, now_s: float) -> None:
        self.made_s, self._turn = now_s, 0
        uptime_s = 86_400 + now_s - self.began_s
        self._tables = [Table(rows(turn, uptime_s)) for turn in range(VARIANTS)]
        self._known: dict[bytes, list[bytes]] = {}

    def _encode(self, datagram: bytes) -> list[bytes]:
        """Return error-status, error-index and bindings for each variant."""
        request, moment = message.decode(datagram), Moment(0, 0)
        listed = [b"".join(bindings(request, table, moment)) for table in self._tables]
        return [b"\x02\x01\x00\x02\x01\x00" + _tlv(b"\x30", each) for each in listed]


def _tlv(tag: bytes, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:  # noqa: PLR2004 - X.690 §8.1.3.4
        return tag + bytes((size,)) + content
    return tag + b"\x82" + size.to_bytes(2, "big") + content


def main() -> int:
    """Answer until standard input ends."""
    parser = argparse.ArgumentParser(prog="bench.agents", description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--dead", type=int, default=0, help="how many never answer")
    parser.add_argument("--ports-out", type=Path, required=True, help="JSON list of ports")
    given = parser.parse_args()
    with ExitStack() as stack:
        sockets = [stack.enter_context(_bound()) for _ in range(given.count)]
        draft = given.ports_out.with_suffix(".draft")
        draft.write_text(json.dumps([each.getsockname()[1] for each in sockets]), "utf-8")
        draft.replace(given.ports_out)
        _serve(sockets[given.dead :])
    return 0


def _bound() -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    bound.bind(("127.0.0.1", 0))
    bound.setblocking(False)  # noqa: FBT003 - the socket's own signature
    return bound


def _serve(sockets: list[socket.socket]) -> None:
    answers = Answers(time.monotonic())
    by_number = {each.fileno(): each for each in sockets}
    waiting = select.epoll()
    for number in (sys.stdin.fileno(), *by_number):
        waiting.register(number, select.EPOLLIN)
    ports = {each.getsockname()[1]: number for number, each in by_number.items()}
    silent: set[int] = set()
    while True:
        events = waiting.poll()
        now_s = time.monotonic()
        for number, _ in events:
            if number in by_number:
                datagram, sender = by_number[number].recvfrom(4096)
                if number not in silent:
                    by_number[number].sendto(answers.to(datagram, now_s), sender)
            elif not _obeyed(os.read(number, 4096), ports, silent):
                return


def _obeyed(lines: bytes, ports: Mapping[int, int], silent: set[int]) -> bool:
    """Do what the lines say; return False where there is nobody any more to say anything."""
    for line in lines.decode().splitlines():
        order, port = line.split()
        {"fail": silent.add, "heal": silent.discard}[order](ports[int(port)])
    return bool(lines)


if __name__ == "__main__":
    sys.exit(main())

"""Mutated replies through both engines: each is counted, and nothing crashes, hangs or grows.

The default run takes a tenth of them; `FUZZ=1 pytest tests/collectors/test_hostile_datagrams.py`
sends them all, and `FUZZ_SEED=…` draws others.
"""

import os
import random
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from collectors.loop import shared
from collectors.observation import Outcome
from collectors.snmp.engine import Engine, Patience, SnmpFailure, TooBig
from collectors.snmp.gufo_engine import GufoEngine
from collectors.snmp.pysnmp_engine import PysnmpEngine
from collectors.target import SnmpCredentials, UsmUser
from tests.collectors import ber
from tests.collectors.conftest import PUBLIC, Answering
from tests.collectors.mutation import spoilt

SEED = int(os.environ.get("FUZZ_SEED", "20261123"))
SHARE = 1 if os.environ.get("FUZZ") else 10
SHARES = {
    "gufo v2c": 80_000 // SHARE,
    "gufo v3": 25_000 // SHARE,
    "pysnmp v2c": 8_000 // SHARE,
    "pysnmp v3": 2_000 // SHARE,
}
AT_ONCE = 16
GROWS_AT_MOST_BYTES = 48 << 20
NOBODY = UsmUser("nobody")
ENGINE_ID = b"\x80\x00\x00\x00\x05netmon"
ROOT = "1.3.6.1.2.1.2.2.1"
VALUES = [
    ber.number(-5),
    ber.octets(b"Mechelen Gratis"),
    (ber.OID, ber.oid_body("1.3.6.1.4.1.32473.1")),
    (ber.IP_ADDRESS, b"\x7f\0\0\1"),
    ber.number(4_000_000_000, ber.COUNTER32),
    ber.number(1 << 63, ber.COUNTER64),
    ber.number(8_640_000, ber.TICKS),
    (0x44, b"\x9f\x78\x04\x42\x0f\0\0"),
]


def bindings(request: ber.Request) -> bytes:
    """Return what an honest agent would say: an instance each, or a page of a column."""
    oids = request.oids
    if request.kind == ber.GET_BULK:
        oids = [f"{ROOT}.{n}" for n in range(1, 12)]
    pairs = [(oid, VALUES[n % len(VALUES)]) for n, oid in enumerate(oids)]
    return b"".join(
        ber.tlv(ber.SEQUENCE, ber.tlv(ber.OID, ber.oid_body(oid)) + ber.tlv(*value))
        for oid, value in pairs
    )


def honest(datagram: bytes) -> bytes:
    """Return the right answer to a request of version 2c or 3 (RFC 3412 §6)."""
    parts = ber.children(ber.children(datagram)[0][1])
    if parts[0][1] != b"\x03":
        request = ber.parse(datagram)
        pdu = _pdu(request, ber.RESPONSE, request.request_id)
        return ber.tlv(0x30, ber.integer(1) + ber.tlv(*parts[1]) + pdu)
    scoped = ber.children(parts[3][1])
    kind, body = scoped[2]
    request = _request(kind, body)
    is_discovery = not ber.children(ber.children(parts[2][1])[0][1])[0][1]
    pdu = _pdu(request, 0xA8 if is_discovery else ber.RESPONSE, request.request_id)
    header = ber.children(parts[1][1])
    wanted = ber.tlv(*header[0]) + ber.integer(65_507) + ber.tlv(4, b"\0") + ber.integer(3)
    user = b"" if is_discovery else NOBODY.name.encode()
    usm = ber.tlv(4, ENGINE_ID) + ber.integer(1) + ber.integer(100) + ber.tlv(4, user)
    security = ber.tlv(4, ber.tlv(0x30, usm + ber.tlv(4, b"") * 2))
    inner = ber.tlv(0x30, ber.tlv(4, ENGINE_ID) + ber.tlv(4, b"") + pdu)
    return ber.tlv(0x30, ber.integer(3) + ber.tlv(0x30, wanted) + security + inner)


def _request(kind: int, body: bytes) -> ber.Request:
    number, _, third, listed = ber.children(body)
    oids = [ber.dotted(ber.children(each[1])[0][1]) for each in ber.children(listed[1])]
    request_id = int.from_bytes(number[1], "big", signed=True)
    return ber.Request(kind, request_id, b"", oids, int.from_bytes(third[1], "big"))


def _pdu(request: ber.Request, kind: int, request_id: int) -> bytes:
    listed = ber.tlv(0x30, bindings(request))
    return ber.tlv(kind, ber.integer(request_id) + ber.integer(0) * 2 + listed)


class Spoiler(Answering):
    """Answers each request with a spoilt reply, and after it with the right one."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - drawn, no secret
        self.sent = 0
        super().__init__()

    def answers(self, datagram: bytes) -> list[bytes]:
        right = honest(datagram)
        self.sent += 1
        return [spoilt(right, self._chance), right]


@pytest.fixture
def spoiler() -> Iterator[Spoiler]:
    running = Spoiler(SEED)
    yield running
    running.close()


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


async def ask(engine: Engine, turn: int) -> Outcome:
    """Ask one question; whatever comes is one of the outcomes, or the test fails."""
    patience = Patience(0.3, 0, time.monotonic() + 1)
    try:
        if turn % 2:
            await engine.walk(ROOT, 11, patience, at_most=5)
        else:
            await engine.get([f"{ROOT}.{n}" for n in range(1, 6)], patience)
    except TooBig:
        return Outcome.MALFORMED
    except SnmpFailure as failure:
        return failure.outcome
    return Outcome.OK


def asked(
    make: Callable[[], Engine], spoiler: Spoiler, wanted: int
) -> tuple[Counter[Outcome], int]:
    """Ask until so many spoilt replies were sent; return the outcomes, and the bytes grown."""
    counted: Counter[Outcome] = Counter()
    sizes: list[int] = []

    async def ask_on() -> None:
        turn = 0
        while spoiler.sent < wanted:
            engine = make()
            for _ in range(50):
                counted[await ask(engine, turn)] += 1
                turn += 1
            engine.close()
            if spoiler.sent >= wanted / 5 and not sizes:
                sizes.append(resident_bytes())

    with ThreadPoolExecutor(AT_ONCE) as pool:
        together = [pool.submit(shared().ask, ask_on()) for _ in range(AT_ONCE)]
        for each in together:
            each.result(600)
    return counted, resident_bytes() - sizes[0]


@pytest.mark.parametrize(
    ("name", "kind", "credentials"),
    [
        ("gufo v2c", GufoEngine, PUBLIC),
        ("gufo v3", GufoEngine, NOBODY),
        ("pysnmp v2c", PysnmpEngine, PUBLIC),
        ("pysnmp v3", PysnmpEngine, NOBODY),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_spoilt_reply_is_counted_and_does_no_harm(
    spoiler: Spoiler,
    capfd: pytest.CaptureFixture[str],
    name: str,
    kind: Callable[[str, int, SnmpCredentials], Engine],
    credentials: SnmpCredentials,
) -> None:
    wanted = SHARES[name]
    counted, grown_bytes = asked(
        lambda: kind("127.0.0.1", spoiler.port, credentials), spoiler, wanted
    )
    assert grown_bytes < GROWS_AT_MOST_BYTES
    known = {Outcome.OK, Outcome.MALFORMED, Outcome.TIMEOUT, Outcome.AUTH}
    assert counted.keys() <= known, counted
    assert spoiler.sent >= wanted and counted[Outcome.OK], counted
    if kind is GufoEngine:  # pysnmp throws what it cannot decode away, and waits for better
        assert counted[Outcome.MALFORMED] > counted.total() / 2, counted
    capfd.readouterr()  # the Rust decoder tells of each panic on standard error
    with capfd.disabled():
        if SHARE == 1:
            print(f"\n{name}: {dict(counted)}, grew {grown_bytes} bytes")  # noqa: T201 - the report of the whole run

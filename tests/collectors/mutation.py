"""Spoiling datagrams: what a broken or hostile agent may send instead of a reply."""

import random

from tests.collectors import ber

LONGEST = 60_000
"""What one datagram over loopback carries, with room for its envelope."""
TAGS = [0x02, 0x04, 0x05, 0x06, 0x24, 0x30, 0x40, 0x41, 0x44, 0x46, 0x47, 0x80, 0x82, 0xA2, 0xFF]


def spoilt(datagram: bytes, chance: random.Random) -> bytes:
    """Return a datagram with one to three faults."""
    for _ in range(chance.randint(1, 3)):
        datagram = chance.choice(FAULTS)(datagram, chance)[:LONGEST] or b"\0"
    return datagram


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _bits(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _huge_length(data: bytes, chance: random.Random) -> bytes:
    """Let a length say megabytes, or more than any machine has."""
    at, octets = chance.randrange(len(data)), chance.randint(1, 9)
    return data[:at] + bytes([0x80 | octets]) + chance.randbytes(octets) + data[at + 1 :]


def _endless(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + b"\x80" + data[at + 1 :]


def _nested(data: bytes, chance: random.Random) -> bytes:
    inner = data
    for _ in range(chance.choice([3, 50, 2000])):
        inner = ber.tlv(chance.choice([0x30, 0xA2, 0x24]), inner)
        if len(inner) > LONGEST:
            break
    at = chance.randrange(len(data))
    return inner if chance.random() < 0.5 else data[:at] + inner


def _other_tag(data: bytes, chance: random.Random) -> bytes:
    places = [n for n, octet in enumerate(data) if octet in TAGS]
    at = chance.choice(places or [0])
    return data[:at] + bytes([chance.choice(TAGS)]) + data[at + 1 :]


def _long_text(data: bytes, chance: random.Random) -> bytes:
    """Put a text of many thousand octets somewhere, that may claim to be megabytes."""
    size = chance.choice([300, 5000, 50_000])
    text = ber.tlv(0x04, chance.randbytes(16) * (size // 16))
    if chance.random() < 0.5:
        text = b"\x04\x84" + (1 << chance.randint(20, 31)).to_bytes(4, "big") + text[4:]
    at = chance.randrange(len(data))
    return data[:at] + text + data[at:]


def _odd_number(data: bytes, chance: random.Random) -> bytes:
    """Put a counter that is negative, or longer than any, where a value may stand."""
    tag = chance.choice([0x02, 0x41, 0x42, 0x43, 0x46])
    body = chance.choice([b"", b"\xff", b"\x80" + bytes(7), b"\xff" * 9, b"\x7f" * 40])
    at = chance.randrange(len(data))
    return data[:at] + ber.tlv(tag, body) + data[at + 2 + len(body) :]


def _odd_name(data: bytes, chance: random.Random) -> bytes:
    body = chance.choice([b"", b"\x80" * 30, b"\xff" * 200 + b"\x01", b"\x2b" + b"\x01" * 200])
    at = chance.randrange(len(data))
    return data[:at] + ber.tlv(0x06, body) + data[at:]


def _repeated(data: bytes, chance: random.Random) -> bytes:
    at, size = chance.randrange(len(data)), chance.randint(1, 64)
    return data[:at] + data[at : at + size] * chance.randint(2, 40) + data[at:]


def _noise(data: bytes, chance: random.Random) -> bytes:
    return chance.randbytes(chance.randint(1, 200) if chance.random() < 0.9 else len(data))


FAULTS = [
    _cut,
    _bits,
    _huge_length,
    _endless,
    _nested,
    _other_tag,
    _long_text,
    _odd_number,
    _odd_name,
    _repeated,
    _noise,
]

"""What an agent answers, made safe: bytes of strangers become clean text and plain numbers."""

import re
import unicodedata

Value = int | float | bytes | str
"""
A value as both engines give it.

INTEGER, counters, gauges and TimeTicks are `int` (ticks of 1/100 s), Opaque floats `float`,
OCTET STRING and other Opaque `bytes`, OBJECT IDENTIFIER a dotted `str` without a leading dot,
IpAddress a dotted-quad `str`.
"""

MAX_TEXT = 255
"""Characters kept of a text: the length of a DisplayString (RFC 2579)."""

_LARGEST = 1e20
"""No counter comes near it (2^64), and the product of two such is still a finite number."""

_NUMBER = re.compile(r"\s*([+-]?\d{1,20}(?:\.\d{1,20})?)")
_MAC_OCTETS = 6
_IPV4_OCTETS = 4


def text(value: Value | None) -> str | None:
    """
    Return clean text, or None where there is none.

    Bytes are read as UTF-8 with replacement. Control, format and bidirectional characters
    (Unicode categories C*, Zl, Zp) are taken out: they forge log lines and turn text around.
    """
    if value is None:
        return None
    raw = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    if not raw.isprintable():
        raw = "".join(character for character in raw if _is_plain(character))
    return raw.strip()[:MAX_TEXT]


def _is_plain(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] != "C" and category not in {"Zl", "Zp"}


def number(value: Value | None) -> float | None:
    """Return the number, also that at the head of a text (`3.7`, `44E`, `38 C`), else None."""
    if isinstance(value, int | float):
        return value if -_LARGEST < value < _LARGEST else None
    found = _NUMBER.match(text(value) or "")
    return float(found[1]) if found else None


def integer(value: Value | None) -> int | None:
    """Return the whole number, or None where there is none."""
    found = number(value)
    return int(found) if found is not None and abs(found) < float("inf") else None


def mac(value: Value | None) -> str | None:
    """Return a hardware address as `aa:bb:cc:dd:ee:ff`, from six octets or from text."""
    if isinstance(value, bytes) and len(value) == _MAC_OCTETS:
        return value.hex(":")
    digits = re.sub(r"[^0-9a-f]", "", (text(value) or "").lower())
    return ":".join(digits[i : i + 2] for i in range(0, 12, 2)) if len(digits) == 12 else None  # noqa: PLR2004 - hex digits of six octets


def address(value: Value | None) -> str | None:
    """Return an IPv4 address as a dotted quad, from four octets or from text."""
    if isinstance(value, bytes) and len(value) == _IPV4_OCTETS:
        return ".".join(map(str, value))
    return text(value) or None


def index_text(index: str) -> str | None:
    """Return the string in an index of length and characters (RFC 2578 §7.7), else None."""
    arcs = [int(arc) for arc in index.split(".")]
    if len(arcs) != arcs[0] + 1 or max(arcs) > MAX_TEXT:
        return None
    return text(bytes(arcs[1:]))


def index_characters(index: str) -> str | None:
    """Return the string whose characters are the arcs of an index, else None."""
    arcs = [int(arc) for arc in index.split(".")]
    return text(bytes(arcs)) if max(arcs) <= MAX_TEXT else None


def bits(value: Value) -> tuple[int, ...]:
    """Return the numbers of the bits set in an octet string: 0 is the highest of the first."""
    if not isinstance(value, bytes):
        return ()
    every = enumerate(bit for octet in value[:MAX_TEXT] for bit in f"{octet:08b}")
    return tuple(number for number, bit in every if bit == "1")


def index_mac(index: str) -> str | None:
    """Return the hardware address in an index whose last six arcs are its octets, else None."""
    arcs = [int(arc) for arc in index.split(".")[-_MAC_OCTETS:]]
    return bytes(arcs).hex(":") if len(arcs) == _MAC_OCTETS and max(arcs) <= MAX_TEXT else None

"""
Names and addresses inside OIDs: rows are numbered by hardware addresses, addresses and texts.

Nothing in an OID says where its index begins. A conceptual table is `….1.COLUMN.INDEX`
(RFC 2578 §7.7), so an index part is looked for behind an arc 1 and one more, behind another
part, or behind one or two short numbers. What is known to be an address is found anywhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from collectors.recording.pseudonyms import is_host
from collectors.recording.snmprec import Arcs

_OCTET = 255
_MAC, _V4, _V6 = 6, 4, 16
_HIGH, _ASCII = 64, 127
_SHORTEST_TEXT, _LONGEST_TEXT = 3, 64
_PRIVATE = 10
_PRIVATE_FIRST = frozenset({_PRIVATE, 172, 192})
_BASES: tuple[tuple[Arcs, int], ...] = (
    ((1, 3, 6, 1, 4, 1), 8),  # an enterprise's own number is no index
    ((1, 3, 6, 1, 2, 1), 8),
    ((1, 3, 6, 1, 6, 3), 8),
    ((1, 2, 840, 10036), 5),
)


class Part(StrEnum):
    """What stands in an index."""

    MAC = "mac"
    V4 = "v4"
    V6 = "v6"
    TEXT = "text"
    OCTETS = "octets"


@dataclass(frozen=True, slots=True)
class Found:
    """A part of an OID: `arcs[start:end]` are its octets."""

    kind: Part
    start: int
    end: int


def parts(
    oid: Arcs, known: frozenset[bytes], entries: frozenset[Arcs] = frozenset()
) -> Iterator[Found]:
    """
    Yield the names and addresses in an OID.

    `known` are addresses met elsewhere, in octets; behind a column of one of the `entries` (of
    tables) begins an index for certain.
    """
    column = next((n + 1 for n in range(len(oid) - 2, 6, -1) if oid[:n] in entries), None)
    at = base = column or _base(oid)
    behind = column or -9
    while at < len(oid):
        may_begin = _may_begin(oid, at, base, behind)
        found = _known(oid, at, known, may_begin=may_begin)
        counted = _counted(oid, at) if may_begin else None
        if counted and (found is None or (counted.kind is Part.TEXT and counted.end == len(oid))):
            found = counted  # its length fits: letters may look like an address that is known
        if found is None and may_begin:
            found = _bare_mac(oid, at) or _bare_text(oid, at) or _private(oid, at)
        if found is None:
            at += 1
        else:
            yield found
            at = behind = found.end


def octets(arcs: Arcs) -> bytes | None:
    """Return arcs as octets, None where one is none."""
    return bytes(arcs) if all(arc <= _OCTET for arc in arcs) else None


def _base(oid: Arcs) -> int:
    return next((length for root, length in _BASES if oid[: len(root)] == root), 2)


def _may_begin(oid: Arcs, at: int, base: int, behind: int) -> bool:
    is_column = at - 2 >= base - 1 and oid[at - 2] == 1
    after_number = at - 3 >= base - 1 and oid[at - 3] == 1 and oid[at - 2] <= _OCTET
    return is_column or after_number or behind <= at <= behind + 2


def _known(oid: Arcs, at: int, known: frozenset[bytes], *, may_begin: bool) -> Found | None:
    for kind, size in ((Part.V6, _V6), (Part.MAC, _MAC), (Part.V4, _V4)):
        window = octets(oid[at : at + size])
        if window is not None and len(window) == size and window in known:
            is_clear = max(window) >= _HIGH or (window[0] == _PRIVATE and may_begin)
            if kind is Part.V4 and not is_clear:
                continue  # 1.2.3.4 is too common among arcs to be an address
            return Found(kind, at, at + size)
    return None


def _counted(oid: Arcs, at: int) -> Found | None:
    """Return a part that its length goes before: MAC, InetAddress or text."""
    size, left = oid[at], len(oid) - at - 1
    if oid[at : at + 2] in {(1, 4), (2, 16)} and left > oid[at + 1] and not _fills(oid, at + 2):
        window = octets(oid[at + 2 : at + 2 + oid[at + 1]])
        is_clear = window is not None and (max(window) >= _HIGH or window[0] == _PRIVATE)
        if window is not None and is_clear and (len(window) == _V6 or is_host(window)):
            return Found(Part.V4 if size == 1 else Part.V6, at + 2, at + 2 + len(window))
    if not _SHORTEST_TEXT <= size <= min(left, _LONGEST_TEXT):
        return None
    window = octets(oid[at + 1 : at + 1 + size])
    if window is not None and is_text(window):
        return Found(Part.TEXT, at + 1, at + 1 + size)
    if window is not None and _fills(oid, at) and max(window) > _ASCII:
        return Found(Part.OCTETS, at + 1, at + 1 + size)  # a text in another code than UTF-8
    is_mac = window is not None and size == _MAC and not window[0] % 2 and max(window) >= _HIGH
    return Found(Part.MAC, at + 1, at + 1 + size) if is_mac else None


def _fills(oid: Arcs, at: int) -> bool:
    """Say whether an arc counts exactly those that are left."""
    return oid[at] == len(oid) - at - 1


def _bare_mac(oid: Arcs, at: int) -> Found | None:
    window = octets(oid[at : at + _MAC])
    if window is None or len(window) < _MAC or window[0] % 2 or is_text(window):
        return None
    if any(_counted(oid, at + ahead) for ahead in range(1, _MAC)):
        return None  # numbers, and then a text that belongs together
    high = sum(octet >= _HIGH for octet in window)
    is_all = at + _MAC == len(oid)
    return Found(Part.MAC, at, at + _MAC) if high >= (1 if is_all else 2) else None


def _bare_text(oid: Arcs, at: int) -> Found | None:
    """Return a text to the end of the index (IMPLIED)."""
    window = octets(oid[at:])
    if window is None or len(window) <= _SHORTEST_TEXT or not is_text(window):
        return None
    return Found(Part.TEXT, at, len(oid))


def _private(oid: Arcs, at: int) -> Found | None:
    window = octets(oid[at : at + _V4])
    is_tail = at + _V4 == len(oid)
    if window is None or not is_tail or window[0] not in _PRIVATE_FIRST or len(set(window)) == 1:
        return None
    return Found(Part.V4, at, at + _V4)


def is_text(raw: bytes) -> bool:
    """Say whether octets read as printable UTF-8 with a letter in it."""
    try:
        plain = raw.decode()
    except UnicodeDecodeError:
        return False
    return plain.isprintable() and any(map(str.isalpha, plain))

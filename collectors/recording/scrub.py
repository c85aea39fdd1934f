"""
A recording that says what a device is and no longer whose: everything that names is replaced.

Kept are types, counts, numbers, models and versions, the order of a walk, and what belongs
together: the same address or name is the same pseudonym in a value, in a text and in an index.
Whatever is not known to be harmless is replaced.
"""

import ipaddress
import re
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from collectors.recording import scrub_index
from collectors.recording.pseudonyms import Pseudonyms, is_host
from collectors.recording.scrub_index import Part
from collectors.recording.scrub_text import CONTACT, Role, TextScrubber, Words, is_local, mac_of
from collectors.recording.scrub_text import parts as text_parts
from collectors.recording.scrub_words import (
    SYS_DESCR,
    hidden_words,
    kept_columns,
    measure_columns,
    profile_entries,
    secret_columns,
    sold_words,
    vocabulary,
)
from collectors.recording.snmprec import IP_ADDRESS, Arcs, Variable, forbidden

_OBJECT_ID: Arcs = (1, 3, 6, 1, 2, 1, 1, 2, 0)
_MAC, _V4, _V6 = 6, 4, 16
_DATES = frozenset({8, 11})  # DateAndTime (RFC 2579)
_SHORTEST_BLOB = 5
_SHORTEST_SECRET = 3
_NODE = re.compile(r"^(?:Linux|Darwin|FreeBSD|OpenBSD|SunOS|AIX|HP-UX) (\S+) \S*\d")
_WIDE_TEXT = re.compile(rb"[^\W\d_]\0[^\W\d_]")
"""Two octets a letter, as Windows and printers write: neither a text of ours nor a map of bits."""

_LETTERS = re.compile(rb"[^\W\d_]{3}")

_NOBODY = frozenset({bytes(6), b"\xff" * 6})
_KINDS = {"mac": _MAC, "short": _MAC}


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """A recording without names; `left_out` variables still held one, or are about people."""

    variables: tuple[Variable, ...]
    left_out: int


def scrub(
    variables: Iterable[Variable],
    words: Collection[str] = (),
    *,
    keep: Collection[str] = (),
    salt: bytes | None = None,
) -> Scrubbed:
    """
    Return a recording in which names and addresses are replaced, in the order of a walk.

    Parameters
    ----------
    variables
        What an agent said.
    words
        More that must not stay, such as the community with which it was asked.
    keep
        Words that may stay where nothing says that they are secret.
    salt
        The secret that decides the pseudonyms; None: a new one, which nobody ever knows.
    """
    kept = [variable for variable in variables if forbidden(variable.oid) is None]
    harvest = Harvest(kept, words)
    pseudonyms = Pseudonyms(
        salt or secrets.token_bytes(32), harvest.addresses | harvest.secrets | harvest.names
    )
    scrubber = _Scrubber(harvest, pseudonyms, vocabulary() | {word.lower() for word in keep})
    made = {each.oid: each for variable in kept if (each := scrubber.variable(variable))}
    return Scrubbed(tuple(made[oid] for oid in sorted(made)), len(kept) - len(made))


class Harvest:
    """Every address and name that a recording holds, found before anything is replaced."""

    def __init__(self, variables: list[Variable], words: Collection[str]) -> None:
        self._addresses: set[bytes] = set()
        self._secrets: set[str] = set()
        self._sold: set[str] = set()
        self._names: set[str] = {word.lower() for word in words if word}
        self._object_id = next((_dotted(v.value) for v in variables if v.oid == _OBJECT_ID), "")
        for word in words:
            self._name(word)
        for variable in variables:
            self._value(variable)
        self.addresses = frozenset(self._addresses)
        for variable in variables:
            self._index(variable.oid)
        self.addresses = frozenset(self._addresses)
        self.secrets = frozenset(self._secrets - self._sold)
        self.names = frozenset(self._names)

    def _value(self, variable: Variable) -> None:
        value = variable.value
        if not isinstance(value, bytes):
            return
        if is_address(value) or (variable.tag == IP_ADDRESS and is_host(value)):
            self._addresses.add(value)
        elif (plain := plain_text(value)) is not None:
            found = set(_addresses_in(plain))
            is_model = _role(variable.oid) is Role.MODEL
            self._addresses |= {each for each in found if not is_model or _is_sure(each)}
            self._text(variable.oid, plain)

    def _text(self, oid: Arcs, plain: str) -> None:
        if column_of(oid, secret_columns()):
            self._name(plain)
        elif oid[: len(SYS_DESCR)] == SYS_DESCR:
            self._sold |= _words(" ".join(sold_words(plain, self._object_id)))
            if node := _NODE.match(plain):
                self._name(node[1], shortest=1)
        elif column_of(oid, kept_columns()):
            # Many are named like what they are until somebody names them.
            self._sold |= _words(CONTACT.sub(" ", plain))

    def _name(self, name: str, shortest: int = _SHORTEST_SECRET) -> None:
        """Remember a name as a whole, and its words but for those that name kinds of things."""
        if name.strip():
            self._names.add(name.lower())
        telling = {word for word in _words(name) if len(word) >= shortest}
        numbers = {word for word in telling if word.isdigit() and len(word) <= _SHORTEST_SECRET}
        self._secrets |= telling - numbers - vocabulary()

    def _index(self, oid: Arcs) -> None:
        for part in scrub_index.parts(oid, self.addresses, profile_entries()):
            window = bytes(oid[part.start : part.end])
            if part.kind is Part.TEXT:
                self._addresses |= set(_addresses_in(window.decode()))
            elif part.kind is not Part.OCTETS:
                self._addresses.add(window)


class _Scrubber:
    def __init__(self, harvest: Harvest, pseudonyms: Pseudonyms, words: frozenset[str]) -> None:
        self._known, self._pseudonyms = harvest.addresses, pseudonyms
        about = Words(words, harvest.secrets, harvest.names, hidden_words(), self._known)
        self._text = TextScrubber(pseudonyms, about)
        macs = [each for each in harvest.addresses if len(each) == _MAC and each not in _NOBODY]
        self._macs = _any_of(macs)
        self._hex_macs = _any_of([each.hex().encode() for each in macs])

    def variable(self, variable: Variable) -> Variable | None:
        """Return a variable with other names, None where one could not be taken out."""
        oid, value = self._arcs(variable.oid), variable.value
        if isinstance(value, tuple):
            value = value if oid == _OBJECT_ID else self._arcs(value)
        elif isinstance(value, bytes):
            value = self._bytes(value, variable)
        made = Variable(oid, variable.tag, value)
        return None if self._still_tells(made) else made

    def _arcs(self, oid: Arcs) -> Arcs:
        made, end = list[int](), 0
        for part in scrub_index.parts(oid, self._known, profile_entries()):
            made += oid[end : part.start]
            window = bytes(oid[part.start : part.end])
            if part.kind is Part.TEXT:
                other = self._text.scrub(window.decode()).encode()
                if part.start and oid[part.start - 1] == len(window):
                    made[-1] = len(other)  # an address in a text may change its length
                made += other
            elif part.kind is Part.OCTETS:
                made += self._pseudonyms.octets(window)
            else:
                made += self._address(window)
            end = part.end
        return (*made, *oid[end:])

    def _bytes(self, value: bytes, variable: Variable) -> bytes:
        if variable.tag == IP_ADDRESS or is_address(value) or value in self._known:
            return self._address(value)
        if _WIDE_TEXT.search(value):
            return self._pseudonyms.octets(value)
        plain = plain_text(value)
        if plain is not None:
            return self._padded(plain, value, _role(variable.oid))
        if len(value) < _SHORTEST_BLOB or _is_date(value):
            return value
        made = self._macs.sub(lambda match: self._pseudonyms.mac(match[0]), value)
        quiet = sum(octet in {0, 255} for octet in value)
        is_map = 2 * quiet >= len(value) and not _LETTERS.search(value)
        return made if is_map else self._pseudonyms.octets(value)

    def _padded(self, plain: str, value: bytes, role: Role) -> bytes:
        body = plain.rstrip("\0")
        made = self._text.scrub(body, role).encode("utf-8", "surrogatepass")
        return made if body == plain else made.ljust(len(value), b"\0")[: len(value)]

    def _address(self, octets: bytes) -> bytes:
        if len(octets) == _MAC:
            return self._pseudonyms.mac(octets)
        if len(octets) == _V4:
            return self._pseudonyms.ipv4(octets)
        return self._pseudonyms.ipv6(octets) if len(octets) == _V6 else octets

    def _still_tells(self, made: Variable) -> bool:
        """Say whether a hardware address of the original is left in any form."""
        value = made.value
        raw = value if isinstance(value, bytes) else b""
        digits = re.sub(rb"[^0-9a-f]", b"", raw.lower())
        arcs = [made.oid, *([value] if isinstance(value, tuple) else [])]
        if any(self._macs.search(bytes(min(arc, 255) for arc in each)) for each in arcs):
            return True
        return bool(self._macs.search(raw) or self._hex_macs.search(digits))


def plain_text(value: bytes) -> str | None:
    """Return a text, its padding of NULs included, or None where these are no text."""
    try:
        plain = value.decode()
    except UnicodeDecodeError:
        return None
    is_plain = all(letter.isprintable() or letter in "\t\r\n\0" for letter in plain)
    return plain if plain.strip("\0") and is_plain else None


def is_address(value: bytes) -> bool:
    """Say whether octets that are no text are a MAC, IPv4 or IPv6 address of somebody."""
    if len(value) == _MAC:
        return not value.isalnum() and (
            plain_text(value) is None or value[0] % 2 == 0 < _odd(value)
        )
    if plain_text(value) is not None or not any(value):
        return False
    if len(value) == _V4:
        return is_host(value) and any(value[1:])
    return len(value) == _V6 and 2 * value.count(0) < len(value) + 8


def _dotted(value: int | bytes | Arcs) -> str:
    return ".".join(map(str, value)) if isinstance(value, tuple) else ""


def _words(text: str) -> set[str]:
    return {part.lower() for part, kind, _ in text_parts(text) if kind == "word"}


def column_of(oid: Arcs, columns: frozenset[Arcs]) -> bool:
    """Say whether an instance belongs to one of these columns (or is one of these scalars)."""
    return any(oid[:length] in columns for length in range(len(oid), 4, -1))


def _odd(value: bytes) -> int:
    """Return how many octets are no letter, digit or usual sign of a name."""
    return sum(not (chr(octet).isalnum() or chr(octet) in " -_./") for octet in value)


def _role(oid: Arcs) -> Role:
    if column_of(oid, secret_columns()):
        return Role.SECRET
    if column_of(oid, kept_columns()):
        return Role.MODEL
    return Role.MEASURE if column_of(oid, measure_columns()) else Role.OTHER


def _is_date(value: bytes) -> bool:
    return (
        len(value) in _DATES
        and 1970 <= int.from_bytes(value[:2], "big") <= 2100  # noqa: PLR2004 - years
        and 1 <= value[2] <= 12  # noqa: PLR2004 - months
        and 1 <= value[3] <= 31  # noqa: PLR2004 - days
    )


def _addresses_in(text: str) -> Iterable[bytes]:
    for part, kind, _ in text_parts(text):
        if kind in _KINDS:
            yield mac_of(part)
        elif kind in {"v4", "v6"}:
            octets = ipaddress.ip_address(part).packed
            if len(octets) == _V6 or is_host(octets):
                yield octets


def _is_sure(octets: bytes) -> bool:
    """Say whether what stands in a text about a model is an address and no version."""
    return len(octets) != _V4 or is_local(octets)


def _any_of(needles: Iterable[bytes]) -> re.Pattern[bytes]:
    found = [re.escape(each) for each in needles]
    return re.compile(b"|".join(sorted(found)) if found else rb"(?!)", re.DOTALL)

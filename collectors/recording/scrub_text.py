"""Taking names and addresses out of a text: by its words, keeping what is plainly nobody's."""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from collectors.recording.pseudonyms import Pseudonyms

_HEX = "[0-9A-Fa-f]"
_MAC = (
    rf"(?<!{_HEX})(?<!{_HEX}[-:._ \n]){_HEX}{{2}}(?P<by>[-:._ ]){_HEX}{{2}}"
    rf"(?:(?P=by){_HEX}{{2}}){{4}}(?!{_HEX})(?![-:._ \n]+{_HEX}{{2}}\b)"
    rf"|(?<!{_HEX}){_HEX}{{4}}(?P<by4>[-:. ]){_HEX}{{4}}(?P=by4){_HEX}{{4}}(?!{_HEX})"
    rf"|(?<!{_HEX}){_HEX}{{6}}[-:]{_HEX}{{6}}(?!{_HEX})"
    rf"|(?<!{_HEX}){_HEX}{{12}}(?!{_HEX})"
)
_SHORT_MAC = rf"(?<![0-9A-Za-z:]){_HEX}{{1,2}}(?::{_HEX}{{1,2}}){{5}}(?![0-9A-Za-z:])"
_IPV6 = rf"(?<![0-9A-Za-z:.])(?:{_HEX}{{0,4}}:){{2,7}}{_HEX}{{0,4}}(?![0-9A-Za-z:])"
_IPV4 = r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d)"
_PARTS = re.compile(
    rf"(?P<mac>{_MAC})|(?P<short>{_SHORT_MAC})|(?P<v6>{_IPV6})|(?P<v4>{_IPV4})|(?P<word>[^\W_]+)"
)
_SERIAL = re.compile(r"(?i)\b(?:s/?n|fn|serial(?:\s*(?:no|number|num))?)[\s:#.=]*([^\W_]+)")
CONTACT = re.compile(r"[^\s@<>()]+@[^\s@<>()]+")
"""Somebody at something, as builders leave it in versions: never a model."""

_DIGITS_KEPT = 6
"""A text with more digits than this may be a serial number; with fewer it is a measure."""
_LONGEST_READING = 9
_LONGEST_MODEL = 9
_MANY_DIGITS = 5


class Role(Enum):
    """What the text of a column is for."""

    SECRET = auto()
    """It names a person, a place or one thing: no word stays."""
    MODEL = auto()
    """It names what is sold: words stay but for those that are secret elsewhere."""
    MEASURE = auto()
    """A profile reads a number or a state in it: numbers stay."""
    OTHER = auto()
    """Nobody knows: only words of the vocabulary and short numbers stay."""


@dataclass(frozen=True, slots=True)
class Words:
    """
    What a text may hold and what it may not, in lower case.

    `harmless` words stay where they are not secret; `secrets` never stay, nor do texts that are
    as a whole in `names`. `hidden` words stay even in a name: they say that a network is for
    nobody. `known` are addresses, in octets, that stand elsewhere: among models and versions
    only these are addresses.
    """

    harmless: frozenset[str]
    secrets: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    known: frozenset[bytes] = frozenset()


class TextScrubber:
    """Replaces what is in texts."""

    def __init__(self, pseudonyms: Pseudonyms, words: Words) -> None:
        self._pseudonyms, self._words = pseudonyms, words

    def scrub(self, text: str, role: Role = Role.OTHER) -> str:
        """Return the text with every name and address in it replaced."""
        if role is not Role.MODEL and text.lower() in self._words.names:
            role = Role.SECRET
        telling = {match.start(1) for match in _SERIAL.finditer(text)}
        for match in CONTACT.finditer(text):
            telling.update(range(*match.span()))
        digits = sum(
            letter.isdigit() for part, kind, _ in parts(text) if kind == "word" for letter in part
        )
        made, end = [], 0
        for part, kind, start in parts(text):
            made.append(text[end:start])
            if kind != "word":
                made.append(self._address(part, kind, role))
            elif start not in telling and self._stays(part, role, digits):
                made.append(part)
            else:
                made.append(self._pseudonyms.word(part))
            end = start + len(part)
        return "".join([*made, text[end:]])

    def _stays(self, word: str, role: Role, digits: int) -> bool:
        lower = word.lower()
        if role is Role.SECRET:
            return lower in self._words.hidden or (word.isdigit() and len(word) == 1)
        if lower in self._words.secrets:
            return False
        if role is Role.MODEL:
            many = sum(letter.isdigit() for letter in word) >= _MANY_DIGITS
            return word.isdigit() or not (many and len(word) >= _LONGEST_MODEL)
        if role is Role.MEASURE and word.isdigit() and len(word) <= _LONGEST_READING:
            return True
        return lower in self._words.harmless or self._is_measure(
            lower, 0 if role is Role.MEASURE else digits
        )

    def _is_measure(self, word: str, digits: int) -> bool:
        """Say whether a word is a number, a channel (`44E`) or a numbered thing (`eth0`)."""
        if digits > _DIGITS_KEPT or not word.isascii():
            return False
        number = re.fullmatch(r"([a-z]*)(\d{1,4})([a-z]*)", word)
        if number is None:
            return len(word) == 1
        before, _, after = number.groups()
        is_letter = len(after) == 1
        is_unit = not after or is_letter or after in self._words.harmless
        return is_unit and (not before or before in self._words.harmless)

    def _address(self, part: str, kind: str, role: Role) -> str:
        if kind == "mac":
            return _hex_into(part, self._pseudonyms.mac(mac_of(part)))
        if kind == "short":
            return ":".join(f"{octet:x}" for octet in self._pseudonyms.mac(mac_of(part)))
        if kind == "v6":
            octets = ipaddress.IPv6Address(part).packed
            return str(ipaddress.IPv6Address(self._pseudonyms.ipv6(octets)))
        octets = ipaddress.IPv4Address(part).packed
        if role is Role.MODEL and octets not in self._words.known and not is_local(octets):
            return part  # a version such as 4.3.28.11
        return ".".join(map(str, self._pseudonyms.ipv4(octets)))


def parts(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield each address and word of a text: itself, `mac short v6 v4 word`, where it begins."""
    at = 0
    while match := _PARTS.search(text, at):
        kind = next(name for name in ("mac", "short", "v6", "v4", "word") if match[name])
        part = match[0]
        if not _is_real(part, kind):
            word = re.compile(r"[^\W_]+").search(text, match.start())
            if word is None:
                return
            match, kind, part = word, "word", word[0]
        yield part, kind, match.start()
        at = match.end()


def mac_of(part: str) -> bytes:
    """Return the six octets of a hardware address in any of its usual forms."""
    if ":" in part and len(part) < 17:  # noqa: PLR2004 - 0:b:86:…
        octets = part.split(":")
        if len(octets) == 6:  # noqa: PLR2004 - octets of a MAC
            return bytes(int(octet, 16) for octet in octets)
    return bytes.fromhex(re.sub(rf"(?!{_HEX}).", "", part))


def _is_real(part: str, kind: str) -> bool:
    if kind not in {"v4", "v6"}:
        return True
    try:
        ipaddress.ip_address(part)
    except ValueError:
        return False
    return True


def is_local(octets: bytes) -> bool:
    """Say whether four octets are a private address that no version looks like: not of 10/8."""
    return octets[0] in {172, 192} and ipaddress.IPv4Address(octets).is_private


def _hex_into(form: str, octets: bytes) -> str:
    """Return octets in the form of another: its separators, its upper or lower case."""
    digits = iter(octets.hex().upper() if any(map(str.isupper, form)) else octets.hex())
    return "".join(next(digits) if re.fullmatch(_HEX, each) else each for each in form)

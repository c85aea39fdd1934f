"""
Names and addresses that stand for others: the same for the same, and no way back.

Each is drawn with a keyed hash (BLAKE2b) of the original; the key is thrown away with the
run. Addresses come from ranges that belong to nobody, so that anyone sees what was replaced:
`02:…` (locally administered), 198.18.0.0/15 (RFC 2544) and 2001:db8::/32 (RFC 3849).
"""

import ipaddress
from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T", bound=bytes | str)

_ATTEMPTS = 64
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_WIDE = {2: 0xE0, 3: 0x4E00, 4: 0x20000}  # letters of two, three and four bytes in UTF-8
_WIDE_COUNT = {2: 22, 3: 20_000, 4: 40_000}


class Pseudonyms:
    """
    The pseudonyms of one run.

    Parameters
    ----------
    salt
        Secret and random, 1 to 64 bytes.
    avoid
        Originals (addresses in octets, words in lower case) that no pseudonym may equal.
    """

    def __init__(self, salt: bytes, avoid: Iterable[bytes | str] = ()) -> None:
        self._salt = salt
        self._avoid = frozenset(avoid)
        self._given: dict[tuple[str, bytes | str], bytes | str] = {}
        self._taken: set[tuple[str, bytes | str]] = set()

    def mac(self, octets: bytes) -> bytes:
        """Return six other octets; all zeros and all ones, which are nobody's, stay."""
        if octets in {bytes(6), b"\xff" * 6}:
            return octets
        return self._draw("mac", octets, lambda noise: b"\x02" + noise[:5])

    def ipv4(self, octets: bytes) -> bytes:
        """Return four other octets; masks, loopback, multicast and 0.0.0.0 stay."""
        if not is_host(octets):
            return octets
        return self._draw("ip", octets, lambda n: bytes((198, 18 + n[0] % 2, n[1], n[2])))

    def ipv6(self, octets: bytes) -> bytes:
        """Return sixteen other octets; what is no host's address stays."""
        plain = ipaddress.IPv6Address(octets)
        if plain.is_unspecified or plain.is_loopback or plain.is_multicast:
            return octets
        return self._draw("ip6", octets, lambda n: b"\x20\x01\x0d\xb8" + n[:12])

    def word(self, word: str) -> str:
        """Return a word as long, with letters for letters and digits for digits, case kept."""
        lower = word.lower()
        if _widths(lower) != _widths(word):  # a letter that changes its length with its case
            lower = word
        other = self._draw("word", lower, lambda noise: _word_like(lower, noise))
        return "".join(
            b.upper() if a.isupper() and b.upper().lower() == b else b
            for a, b in zip(word, other, strict=True)
        )

    def octets(self, octets: bytes) -> bytes:
        """Return as many other octets."""
        return self._draw("octets", octets, lambda noise: _stretched(noise, len(octets)))

    def _draw(self, kind: str, original: T, make: Callable[[bytes], T]) -> T:
        key = kind, original
        if key in self._given:
            return self._given[key]  # type: ignore[return-value]  # the kind decides the type
        raw = original.encode("utf-8", "surrogatepass") if isinstance(original, str) else original
        made = original
        for attempt in range(_ATTEMPTS):
            noise = blake2b(
                attempt.to_bytes(2, "big") + raw, key=self._salt, person=kind.encode()
            ).digest()
            made = make(noise)
            if (kind, made) not in self._taken and made not in self._avoid and made != original:
                break
        self._given[key] = made
        self._taken.add((kind, made))
        return made


def is_host(octets: bytes) -> bool:
    """Say whether four octets can be the address of a host that is not this one."""
    first = octets[0]
    return 0 < first < 224 and first != 127  # noqa: PLR2004 - multicast and loopback


def _widths(word: str) -> list[int]:
    return [len(letter.encode("utf-8", "surrogatepass")) for letter in word]


def _word_like(word: str, noise: bytes) -> str:
    stream = _stretched(noise, 2 * len(word))
    return "".join(
        _letter_like(letter, int.from_bytes(stream[2 * i : 2 * i + 2], "big"))
        for i, letter in enumerate(word)
    )


def _letter_like(letter: str, noise: int) -> str:
    if letter.isascii():
        return str(noise % 10) if letter.isdigit() else _LETTERS[noise % 26]
    width = len(letter.encode("utf-8", "surrogatepass"))
    return chr(_WIDE[width] + noise % _WIDE_COUNT[width])


def _stretched(noise: bytes, length: int) -> bytes:
    made = noise
    while len(made) < length:
        made += blake2b(made[-64:]).digest()
    return made[:length]

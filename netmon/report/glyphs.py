"""Which characters the typefaces of the paper can draw; others get a box in their place."""

import unicodedata
from bisect import bisect_right

from netmon.words.clean import clean

RANGES = (
    (0x20, 0x7E), (0xA0, 0x24F), (0x370, 0x3FF), (0x400, 0x4FF), (0x621, 0x63A), (0x640, 0x64A),
    (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x2030, 0x2040), (0x20A0, 0x20BF), (0x2190, 0x219F),
    (0x2200, 0x226F), (0x2500, 0x25FF),
)  # fmt: skip
"""
First and last of each run of characters, in ascending order: Latin, Greek, Cyrillic, Arabic, signs.

PDF/UA refuses a text with a character that no typeface has; a test draws every one of these.
"""

BOX = "\N{WHITE SQUARE}"
_FIRSTS = tuple(first for first, _ in RANGES)


def drawable(text: str) -> str:
    """Return text from outside as one short line of characters that can be drawn."""
    # The composed form first: a letter and its accent are one character to a typeface.
    composed = unicodedata.normalize("NFC", clean(text))
    return "".join(char if _has(char) else BOX for char in composed if not _is_mark(char))


def _is_mark(char: str) -> bool:
    """Tell whether it only stands on the letter before it, which no typeface foresaw so."""
    return unicodedata.category(char)[0] == "M"


def _has(char: str) -> bool:
    place = bisect_right(_FIRSTS, ord(char)) - 1
    is_inside = place >= 0 and ord(char) <= RANGES[place][1]
    return is_inside and unicodedata.category(char)[0] != "C"

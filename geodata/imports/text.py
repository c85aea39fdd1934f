"""Text and numbers as files of people write them."""

import math
import re
import unicodedata

LONGEST = 200
"""Characters of one text that are kept; no street or school has a longer name."""

LONGEST_HEADER = 80
_LONGEST_NUMBER = 40
_FORMULA = ("=", "+", "-", "@")
_SPACES = re.compile(r"[\s\u00a0\u202f']+")
_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{3})+")


def clean(value: str) -> str:
    """Return text on one line, without control and bidi characters, of bounded length."""
    bounded = value[: 4 * LONGEST]
    kept = "".join(
        " " if letter.isspace() else letter
        for letter in bounded
        if letter.isspace() or unicodedata.category(letter)[0] != "C"
    )
    return " ".join(kept.split())[:LONGEST].rstrip()


def is_formula(value: str) -> bool:
    """Return whether a spreadsheet would compute this text rather than show it."""
    return value.startswith(_FORMULA) and number_of(value) is None


def header_key(header: str) -> str:
    """Return a header as it is compared: lower-case ASCII letters and digits, joined by `_`."""
    flat = unicodedata.normalize("NFKD", header[:LONGEST_HEADER]).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", flat.lower()).strip("_")


def number_of(text: str) -> float | None:
    """
    Return a number with a decimal point or a decimal comma; None where it is none.

    Spaces and apostrophes group thousands. Where both `.` and `,` occur the last one is the
    decimal sign; one that occurs more than once groups thousands. A single sign is always
    decimal: `1.234` is not a thousand. What is not finite is no number.
    """
    bare = _SPACES.sub("", text[: _LONGEST_NUMBER + 1])
    if len(bare) > _LONGEST_NUMBER:
        return None
    plain = _with_point(bare)
    if plain is None or not _PLAIN.fullmatch(plain):
        return None
    value = float(plain)
    return value if math.isfinite(value) else None


def _with_point(bare: str) -> str | None:
    """Return the number with a decimal point and no groups; None where its groups are none."""
    last = max(bare.rfind("."), bare.rfind(","))
    if last < 0:
        return bare
    sign = bare[last]
    other = "," if sign == "." else "."
    if bare.count(sign) > 1:
        is_grouped = other not in bare and _GROUPED.fullmatch(bare)
        return bare.replace(sign, "") if is_grouped else None
    whole, part = bare[:last], bare[last + 1 :]
    if other in whole:
        if not _GROUPED.fullmatch(whole):
            return None
        whole = whole.replace(other, "")
    return f"{whole}.{part}" if part else whole

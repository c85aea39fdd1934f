"""Columns that may be absent, and keys that are there once."""

import re
from collections import Counter
from collections.abc import Iterable

import pandas as pd

from geodata.imports.text import header_key

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./:-]{0,79}")


def column(frame: pd.DataFrame, name: str) -> list[str]:
    """Return the texts of a column, empty ones where there is no such column."""
    return [str(value) for value in frame[name]] if name in frame else [""] * len(frame)


def text_or_none(values: Iterable[str]) -> list[str | None]:
    """Return the texts, None for the empty ones: that is how a layer says nothing."""
    return [value or None for value in values]


def unique_ids(frame: pd.DataFrame, word: str) -> list[str]:
    """
    Return a key for each row: what the source calls it, or the word and the row's number.

    The second of two rows with one key is told from the first by `~2`.
    """
    own = column(frame, "id")
    labels = [
        str(row) if isinstance(row, str) else (key if _KEY.fullmatch(key) else f"{word}-{row}")
        for row, key in zip(frame.index, own, strict=True)
    ]
    return once(labels)


def once(keys: Iterable[str]) -> list[str]:
    """Return the keys, a repeated one told from the first by its number."""
    seen: Counter[str] = Counter()
    made = []
    for key in keys:
        seen[key] += 1
        made.append(key if seen[key] == 1 else f"{key}~{seen[key]}")
    return made


def slug(text: str) -> str:
    """Return text as part of a key: lower-case letters, digits and dashes."""
    return header_key(text).replace("_", "-") or "x"

"""Text from files and devices, made fit to stand beside our own."""

import unicodedata

TEXT_LIMIT = 200
"""The longest text, in characters, that is repeated from a file or a device."""


def clean(text: str, limit: int = TEXT_LIMIT) -> str:
    """
    Return text fit to show: no control, format or surrogate characters, at most `limit` long.

    Bidirectional overrides are format characters (Unicode category Cf): with them a
    hostile name could reorder the words beside it.
    """
    words = ("".join(filter(_is_fit, word)) for word in text[: 4 * limit].split())
    kept = " ".join(filter(None, words))
    return kept if len(kept) <= limit else kept[: limit - 1].rstrip() + "…"


def _is_fit(char: str) -> bool:
    return not unicodedata.category(char).startswith("C")

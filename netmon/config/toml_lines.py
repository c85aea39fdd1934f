"""On which line of a TOML file a key stands: the parser forgets it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

_NAME = r"""(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)"""
_PART = re.compile(r"""["']?([^"'.\s]+)["']?""")
_KEY = re.compile(rf"\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*=")
_HEADING = re.compile(r"\s*(\[\[?)([^\[\]]+)\]")


def line_of(text: str, keys: Sequence[str]) -> str:
    """
    Return `line N` of a key in TOML text.

    Where the key itself is not written out on a line of its own it is the line of the
    nearest table around it, and empty where there is none.
    """
    wanted = tuple(keys)
    longest, where, inside = 0, "", ""
    for path, number in _written(text):
        if len(path) > longest and path == wanted[: len(path)]:
            longest, where = len(path), f"line {number}"
        elif not inside and path[: len(wanted)] == wanted:
            inside = f"line {number}"  # `[a.b]` writes `a` out without a line of its own
    return where if longest == len(wanted) or not inside else inside


def _written(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield the keys that TOML text writes out, with their lines; tables of a list count from 0."""
    table: tuple[str, ...] = ()
    counts: Counter[tuple[str, ...]] = Counter()
    for number, line in enumerate(text.split("\n"), 1):
        if heading := _HEADING.match(line):
            table = tuple(_PART.findall(heading.group(2)))
            if heading.group(1) == "[[":
                counts[table] += 1
                table = (*table, str(counts[table] - 1))
            yield table, number
        elif key := _KEY.match(line):
            yield (*table, *_PART.findall(key.group(1))), number

"""JSON of strangers: of bounded depth, with numbers that a computer holds."""

import json
from collections.abc import Iterable
from math import isfinite
from typing import Any

from collectors.observation import Outcome
from collectors.web.failure import WebFailure

MAX_DEPTH = 32
"""Lists and objects within one another; no interface that is read here needs ten."""

MAX_CONTAINERS = 400_000
"""Lists and objects in all: an empty one of three octets takes thirty times that in memory."""

MAX_VALUES = 2_000_000
"""Commas, and so nearly the values; a source's biggest answer has half as many."""

MAX_DIGITS = 40
"""Of a whole number; a thousand more, and it would not fit a float."""


def read_json(body: bytes) -> Any:  # noqa: ANN401 - whatever JSON says; the caller looks
    """Read JSON; raises `WebFailure` (malformed) where it is none, or beyond the bounds."""
    if body.count(b"[") + body.count(b"{") > MAX_CONTAINERS or body.count(b",") > MAX_VALUES:
        raise WebFailure(Outcome.MALFORMED, "the JSON has more values than any answer needs")
    try:
        found = json.loads(body, parse_constant=_refused, parse_float=_finite, parse_int=_whole)
    except (ValueError, RecursionError) as error:
        raise WebFailure(Outcome.MALFORMED, "the answer is not JSON") from error
    level = [found]
    for _ in range(MAX_DEPTH):
        inner = (v for each in level for v in _children(each))
        level = [value for value in inner if isinstance(value, dict | list)]
        if not level:
            return found
    raise WebFailure(Outcome.MALFORMED, "the JSON is nested too deep")


def _children(value: Any) -> Iterable[Any]:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _refused(word: str) -> float:
    raise ValueError(f"{word} is no JSON number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not isfinite(number):
        raise ValueError("a number beyond what a computer holds")
    return number


def _whole(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError("a number of too many digits")
    return int(digits)

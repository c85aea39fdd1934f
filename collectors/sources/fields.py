"""Reading JSON of strangers: clean words, finite numbers, instants, and rows of the right shape."""

import re
from datetime import UTC, datetime
from math import isfinite

from collectors.observation import Measurement, Outcome
from collectors.snmp import values
from collectors.web.failure import WebFailure

Row = dict[str, object]

_LONGEST = 1_024
"""Characters that are looked at before a text is cleaned and cut to what is kept."""

_NUMBER = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?")
_PER_CENT = 100


def malformed(detail: str) -> WebFailure:
    """Return the failure of an answer that is not what its maker documents."""
    return WebFailure(Outcome.MALFORMED, detail)


def record(value: object, what: str) -> Row:
    """Return a JSON object; raises `WebFailure` (malformed) where it is something else."""
    if not isinstance(value, dict):
        raise malformed(f"{what}: expected an object, found {_kind(value)}")
    return value


def rows(value: object, what: str) -> list[Row]:
    """Return a JSON list of objects; raises `WebFailure` (malformed) where it is not one."""
    if not isinstance(value, list):
        raise malformed(f"{what}: expected a list, found {_kind(value)}")
    return [record(each, f"{what}, an entry") for each in value]


def word(value: object) -> str:
    """
    Return clean text of at most 255 characters, empty where there is none.

    Blanks of any kind become one space: a name that was copied from a page still matches.
    """
    if not isinstance(value, str):
        return ""
    return " ".join((values.text(value[:_LONGEST]) or "").split())


def number(value: object) -> float | None:
    """Return a finite number, also one written as text; None where there is none."""
    if isinstance(value, str):
        value = float(value) if _NUMBER.fullmatch(value) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if isfinite(value) else None
    except OverflowError:  # JSON knows no largest integer, a double does
        return None


def whole(value: object) -> int | None:
    """Return a whole number that is not negative, else None."""
    found = number(value)
    return int(found) if found is not None and found >= 0 and found == int(found) else None


def instant(value: object) -> datetime | None:
    """Return the instant (aware, UTC) of seconds since 1970 or of ISO 8601 text, else None."""
    seconds = number(value)
    try:
        if seconds is not None:
            return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
        read = datetime.fromisoformat(word(value))
        return read.astimezone(UTC) if read.tzinfo else None
    except (ValueError, OverflowError, OSError):
        return None


def not_after(at: datetime | None, now: datetime) -> datetime | None:
    """Return the instant, or now where a clock that runs ahead put it into the future."""
    return min(at, now) if at is not None else None


def hardware_address(value: object) -> str | None:
    """Return a MAC as `aa:bb:cc:dd:ee:ff`, else None."""
    return values.mac(word(value))


def amount(name: str, value: object, label: str = "") -> tuple[Measurement, ...]:
    """Return one measurement of a number that is not negative, else nothing."""
    found = number(value)
    return (Measurement(name, found, label),) if found is not None and found >= 0 else ()


def share(name: str, per_cent: object, label: str = "") -> tuple[Measurement, ...]:
    """Return a ratio (0 to 1) from a percentage; nothing where it is none."""
    found = number(per_cent)
    if found is None or not 0 <= found <= _PER_CENT:
        return ()
    return (Measurement(name, found / _PER_CENT, label),)


def _kind(value: object) -> str:
    return {type(None): "nothing", str: "text", bool: "a truth value", list: "a list"}.get(
        type(value), "a number"
    )

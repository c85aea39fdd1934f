"""When a receiver wants to be asked again."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_S = 86_400.0
"""Who asks for more than a day is asked after a day: an alert of last week helps nobody."""

_DIGITS = 9


def retry_after_s(value: str, now: datetime) -> float | None:
    """
    Read `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date.

    Returns seconds from `now` (aware) between 0 and a day, None where it says neither.
    """
    value = value.strip()
    if value.isascii() and value.isdigit() and len(value) <= _DIGITS:
        return min(float(value), LONGEST_S)
    try:
        at = parsedate_to_datetime(value)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return min(max((at - now).total_seconds(), 0.0), LONGEST_S)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None

"""A report as it is kept: its figures and what changed since the edition before, as JSON."""

import json
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from netmon.analysis.month_report import MonthReport, Provenance

FORMAT = 1

Why = Literal[
    "inventory", "hours", "announcements", "runs", "notes", "settings", "smoothing", "software"
]
"""What two editions can have been made from differently."""

_DIGESTS: tuple[tuple[Why, str], ...] = (
    ("inventory", "inventory_digest"),
    ("hours", "hours_digest"),
    ("announcements", "announcements_digest"),
    ("runs", "runs_digest"),
    ("notes", "notes_digest"),
    ("settings", "settings_digest"),
    ("smoothing", "smoothing_s"),
    ("software", "method_version"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """One figure that is another than in the edition before, as both are printed."""

    section: str
    what: str
    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Edition:
    """
    One edition of a month's report.

    `revision` counts from 1 and is None for a draft, which is not kept. `netmon` is the version
    that made it. `changes` and `why` are against the revision before: `why` names everything
    that it was made from differently, and is empty where that cannot be told.
    """

    revision: int | None
    netmon: str
    report: MonthReport
    changes: tuple[Change, ...] = ()
    why: tuple[Why, ...] = ()


_EDITION = TypeAdapter(Edition)
_UNTOLD = Provenance((), "", "", "", 0, "", "", 0)


def to_json(edition: Edition) -> bytes:
    """Return the canonical JSON of an edition: UTF-8, keys sorted, the same for the same."""
    document = {"format": FORMAT, **_EDITION.dump_python(edition, mode="json")}
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    return f"{text}\n".encode()


def from_json(content: bytes) -> Edition:
    """Return the edition that some JSON holds; raises `ValueError` where it holds none."""
    try:
        document: Any = json.loads(content)
        found = document["format"]
        if found == FORMAT:
            return _EDITION.validate_python(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise ValueError(f"edition: expected one of netmon, found {first['msg']}") from None
    except (ValueError, TypeError, KeyError) as error:
        found = f"{type(error).__name__}"
    raise ValueError(f"edition: expected one of format {FORMAT}, found {found}")


def is_same(one: MonthReport, other: MonthReport) -> bool:
    """Tell whether two reports say the same, whatever they were made from."""
    return replace(one, made_from=_UNTOLD) == replace(other, made_from=_UNTOLD)


def why_different(old: Edition, new: Edition) -> tuple[Why, ...]:
    """Return what two editions were made from differently."""
    before, after = old.report.made_from, new.report.made_from
    found = [why for why, name in _DIGESTS if getattr(before, name) != getattr(after, name)]
    if old.netmon != new.netmon and "software" not in found:
        found.append("software")
    return tuple(found)

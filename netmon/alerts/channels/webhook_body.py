"""The body of a webhook; `docs/alerts.md` says what each field means."""

import json
from datetime import UTC, datetime
from typing import Any

from netmon.alerts.message import Message, Problem
from netmon.alerts.reference import reference
from netmon.alerts.text import Text
from netmon.words.clean import clean

VERSION = 1
"""Grows when a field goes or changes its meaning; new fields may come at any time."""

MOST_AFFECTED = 200
"""Ids that are named; the count beside them is whole."""

MOST_PROBLEMS = 200


def webhook_body(message: Message, text: Text) -> bytes:
    """
    Return the JSON of a message in UTF-8, the same bytes for the same message.

    Names come from files and devices: control and bidirectional characters are gone, lengths
    are bounded. Instants are UTC (RFC 3339).
    """
    document = {
        "version": VERSION,
        "type": f"alert.{message.happening.value}" if message.problems else "alert.test",
        "group": reference(message),
        "number": message.number,
        "at": _instant(message.at),
        "route": clean(message.route),
        "subject": text.subject,
        "body": text.body,
        "problem_count": len(message.problems),
        "problems": [_problem(each) for each in message.problems[:MOST_PROBLEMS]],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "id": clean(problem.key),
        "subject": {"id": clean(problem.subject_id), "name": clean(problem.subject_name)},
        "kind": problem.kind and problem.kind.value,
        "place": {
            "id": clean(problem.place_id),
            "name": clean(problem.place_name),
            "is_street": problem.is_street,
            "owner": clean(problem.owner),
            "is_open_now": problem.is_open_now,
        },
        "status": problem.status.value,
        "reason": clean(problem.reason),
        "severity": problem.severity.value,
        "audience": problem.audience.value,
        "began_at": _instant(problem.began_at),
        "ended_at": _instant(problem.ended_at),
        "is_withdrawn": problem.is_withdrawn,
        "is_flapping": problem.is_flapping,
        "acknowledged_until": _instant(problem.acknowledged_until),
        "affected_count": len(problem.affected),
        "affected": [clean(each) for each in problem.affected[:MOST_AFFECTED]],
        "link": clean(problem.link, 500),
    }


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

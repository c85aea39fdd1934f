"""What the record holds, as values: how its rows are read, and how they are written."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import apsw

from collectors.observation import Measurement, Observation, Outcome
from netmon.domain.intervals import Span, epoch_s, instant
from netmon.domain.model import Status
from netmon.domain.sightings import Stranger
from netmon.domain.state import Look, Run, Transition
from netmon.domain.verdict import Verdict

FILE = "record.db"
_STATUS = {status.value: status for status in Status}

OPEN_S = 2**40
"""Where the span of an open run ends: nowhere yet."""

Key = tuple[str, str]
"""A device and the kind of one of its checks."""

Strangers = Mapping[str, Sequence[Stranger]]
"""By source."""

NONE_STRANGE: Strangers = {}

Runs = dict[Key, list[Span]]
"""Runs by (device, check), sorted and disjoint; only the last of a list can be open."""

SPANS = f"SELECT start_s, ifnull(end_s, {OPEN_S}), status, is_usable, reason FROM run"  # noqa: S608 - our own number
SPANS_OF_CHECK = f"{SPANS} WHERE device_id = ? AND check_kind = ?"


@dataclass(frozen=True, slots=True)
class Step:
    """
    One observation, the run as it stands after it, and the edges it confirmed.

    `observation` is None where something else changed the run: netmon lost its own sight.
    """

    observation: Observation | None
    run: Run
    transitions: tuple[Transition, ...] = ()


@dataclass(frozen=True, slots=True)
class LatestLook:
    """The newest observation of a check, with the looks that speak against its run."""

    observation: Observation
    recent: tuple[Look, ...]


def spans(db: apsw.Connection, sql: str, bound: tuple[str | int, ...]) -> list[Span]:
    """Return what a query that begins with `SPANS` finds."""
    return [
        Span(start_s, end_s, _STATUS[status], is_usable == 1, reason)
        for start_s, end_s, status, is_usable, reason in db.execute(sql, bound)
    ]


def latest_looks(db: apsw.Connection) -> Iterator[LatestLook]:
    """Yield the newest look of each (device, check)."""
    sql = (
        "SELECT device_id, check_kind, at_s, outcome, detail, measurements, recent, source"
        " FROM latest"
    )
    for device_id, check, at_s, outcome, detail, measurements, recent, source in db.execute(sql):
        yield LatestLook(
            Observation(
                device_id,
                check,
                instant(at_s),
                Outcome(outcome),
                tuple(Measurement(*row) for row in json.loads(measurements)),
                detail,
                source=source,
            ),
            tuple(
                Look(instant(look_s), Verdict(Status(status), reason, is_usable))
                for look_s, status, is_usable, reason in json.loads(recent)
            ),
        )


def latest_row(seen: Observation, recent: Sequence[Look]) -> tuple[str | int, ...]:
    """Return the row of `latest` that a look leaves, with those that speak against its run."""
    return (
        seen.target,
        seen.check,
        epoch_s(seen.at),
        seen.outcome.value,
        seen.detail,
        _measurements_json(seen.measurements),
        recent_json(recent),
        seen.source,
    )


_JSON = json.JSONEncoder(check_circular=False, separators=(",", ":"))
"""Measurements are plain: looking for circles in them took a third of the writing."""


def _measurements_json(measurements: Sequence[Measurement]) -> str:
    return _JSON.encode([(each.name, each.value, each.label) for each in measurements])


def recent_json(recent: Sequence[Look]) -> str:
    """Return looks as `latest` keeps them."""
    if not recent:
        return "[]"
    return _JSON.encode(
        [
            [epoch_s(look.at), look.verdict.status, look.verdict.is_usable, look.verdict.reason]
            for look in recent
        ]
    )

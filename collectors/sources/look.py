"""One look at a source: what it says of its devices, or why it says nothing, as an observation."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from collectors.observation import Measurement, Observation, Outcome, Sighting
from collectors.sources.verdict import distinct
from collectors.target import Target
from collectors.web.failure import WebFailure


@dataclass(frozen=True, slots=True)
class Seen:
    """
    What a source said.

    `is_whole` where it named every device that it has, so that one which is missing is gone.
    `failure` ended the reading early; what came before it still holds.
    """

    sightings: tuple[Sighting, ...]
    is_whole: bool = False
    measurements: tuple[Measurement, ...] = ()
    failure: WebFailure | None = None


def look(
    kind: str, target: Target, deadline_s: float, ask: Callable[[datetime, float], Seen]
) -> Observation:
    """
    Ask a source once; whatever the network does is an outcome.

    `ask(at, until)` is given the instant of the observation and the monotonic instant at which
    everything ends; it raises `WebFailure` where the source said nothing.
    """
    at = datetime.now(UTC)
    try:
        seen = ask(at, time.monotonic() + deadline_s)
    except WebFailure as failure:
        return Observation(target.id, kind, at, failure.outcome, (), failure.detail)
    sightings = distinct(each for each in seen.sightings if each.mac or each.name)
    outcome, detail = _ending(seen)
    # Two rows of one device: the list moved between two pages, and others may have slid past us.
    is_whole = seen.is_whole and len(sightings) == len(seen.sightings)
    return Observation(target.id, kind, at, outcome, seen.measurements, detail, sightings, is_whole)


def _ending(seen: Seen) -> tuple[Outcome, str]:
    if seen.failure is None:
        return Outcome.OK, ""
    prefix = "only some devices: " if seen.sightings else ""
    return seen.failure.outcome, f"{prefix}{seen.failure.detail}"

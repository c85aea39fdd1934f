"""Some months of a town, drawn edge by edge: whatever its checks may have said."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from collectors.observation import Observation, Outcome
from netmon.config.settings import Settings
from netmon.domain.intervals import epoch_s, instant
from netmon.domain.maintenance import Announcement, Effect, Timing
from netmon.domain.model import DeviceKind, Inventory, Power, Status
from netmon.domain.state import Run, Transition
from netmon.domain.verdict import UP, Verdict
from netmon.storage.record import Step
from tests.analysis.town import BRUUL, Town, access_point

HOUR_S, DAY_S, DAYS = 3600, 86_400, 75
BEGIN_S = epoch_s(datetime(2026, 9, 20, tzinfo=UTC))
END_S = BEGIN_S + DAYS * DAY_S
"""The fourth of December."""

LIBRARY = replace(BRUUL, id="library", is_street=False, opening_hours="Mo-Su 08:00-20:00")
COMPUTERS = [
    replace(
        access_point(f"pc-{n}", "sw", place="library", power=Power.WITH_SITE),
        kind=DeviceKind.PUBLIC_PC,
    )
    for n in "12"
]
DEVICES = (
    access_point("sw"),
    access_point("sw-2"),
    access_point("ap", "sw"),
    access_point("ap-2", "sw", "sw-2"),
    *COMPUTERS,
)
CHECKS = ("icmp", "http")
KEYS = [(each.id, check) for each in DEVICES for check in CHECKS]

VERDICTS = [
    UP,
    UP,
    Verdict(Status.DOWN, "timeout", is_usable=False),
    Verdict(Status.DEGRADED, "slow", is_usable=True),
    Verdict(Status.DEGRADED, "tls", is_usable=False),
    Verdict(Status.UNKNOWN, "not_observed", is_usable=False),
]

Edges = Sequence[tuple[int, Verdict]]


@dataclass(frozen=True)
class Season:
    """The edges of each check, how long after the last it was looked at, and announced work."""

    edges: dict[tuple[str, str], Edges]
    looked_s: dict[tuple[str, str], int]
    work: Sequence[tuple[str, Effect, int, int]]


def season_settings() -> Settings:
    """Return settings in which what explains each other may be hours apart."""
    kinds = {kind.value: {"checks": CHECKS, "deciding": "icmp"} for kind in DeviceKind}
    slow = {"interval_s": 2 * HOUR_S, "retry_interval_s": HOUR_S}
    given = {"kinds": kinds, "checks": dict.fromkeys(CHECKS, slow), "store": {"origin": "real"}}
    return Settings.model_validate(given)


# Often near the same few instants: what happens at once, or at the edge of a month, is hard.
_NEAR = [0, 11 * DAY_S - 2 * HOUR_S, 42 * DAY_S, 72 * DAY_S]
_instants = st.builds(
    lambda near_s, hours: BEGIN_S + min(max(0, near_s + hours * HOUR_S), DAYS * DAY_S - 1),
    st.one_of(st.sampled_from(_NEAR), st.integers(0, DAYS).map(lambda day: day * DAY_S)),
    st.integers(-30, 30),
)
_edges = st.dictionaries(_instants, st.sampled_from(VERDICTS), max_size=9)
_work = st.tuples(
    st.sampled_from([*(each.id for each in DEVICES), "library"]),
    st.sampled_from([Effect.MAINTENANCE, Effect.MAINTENANCE, Effect.OPEN]),
    _instants,
    st.integers(1, 60),
)


@st.composite
def seasons(draw: st.DrawFn) -> Season:
    edges = {key: _plain(draw(_edges)) for key in KEYS}
    looked = {key: draw(st.sampled_from([0, 5 * HOUR_S, END_S])) for key in KEYS}
    return Season(
        {key: each for key, each in edges.items() if each},
        looked,
        draw(st.lists(_work, max_size=3)),
    )


def _plain(drawn: dict[int, Verdict]) -> Edges:
    found: list[tuple[int, Verdict]] = []
    for at_s, verdict in sorted(drawn.items()):
        if not found or found[-1][1] != verdict:
            found.append((at_s, verdict))
    return found


def live(town: Town, season: Season) -> None:
    """Write a season into the stores of a town."""
    town.desk.import_inventory(Inventory((BRUUL, LIBRARY), DEVICES), BEGIN_S)
    town.record.write(
        [_step(key, each, season.looked_s[key]) for key, each in season.edges.items()]
    )
    said = [announcement(n, *each) for n, each in enumerate(season.work)]
    town.desk.announce(said, BEGIN_S)


def announcement(number: int, subject: str, effect: Effect, at_s: int, hours: int) -> Announcement:
    """Return work on a subject, or other hours of the library, from an instant on."""
    subject = subject if effect is Effect.MAINTENANCE else "library"
    timing = Timing(instant(at_s).replace(tzinfo=None), "UTC", exact_s=hours * HOUR_S)
    return Announcement(str(number), effect, (subject,), timing, BEGIN_S - DAY_S, "")


def _step(key: tuple[str, str], edges: Edges, looked_s: int) -> Step:
    last_s, verdict = edges[-1]
    seen_s = min(last_s + looked_s, END_S)
    seen = Observation(*key, instant(seen_s), Outcome.OK)
    turns: list[Any] = [
        Transition(*key, instant(at_s), Status.UNKNOWN, each) for at_s, each in edges
    ]
    return Step(seen, Run(*key, verdict, instant(last_s), seen.at), tuple(turns))

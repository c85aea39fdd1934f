"""What breaks in a soak, and whether the record tells it as it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.crowd import Order
from bench.fleet import Row
from netmon.analysis.rows import IncidentRow
from netmon.cli.wiring import reading
from netmon.domain.intervals import epoch_s, instant

HOUR_S = 60.0
"""An hour of the soak."""

FAILS_AT_S, HEALS_AT_S = 15.0, 40.0
"""In each hour; the last quarter is left for the record to see that all is well again."""

TOLERANCE_S = 8.0
"""Three looks of up to a second each and as long a wait, and a tick, until it is sure."""


def now_s() -> float:
    """Return the present instant, in epoch seconds."""
    return datetime.now(UTC).timestamp()  # noqa: TID251 - what really happens is dated now


@dataclass(frozen=True, slots=True)
class Outage:
    """A device that was silent, in epoch seconds."""

    device_id: str
    began_s: float
    ended_s: float


class Story:
    """Breaks one access point after the other, each for a while, and remembers it."""

    def __init__(self, order: Order, devices: Sequence[Row]) -> None:
        self._order = order
        self._ports = {row["id"]: row["port"] for row in devices if row["kind"] == "access_point"}
        self._victims = list(self._ports)
        self._broken: tuple[str, float] | None = None
        self.told: list[Outage] = []

    def go_on(self, elapsed_s: float) -> None:
        """Break or heal what is due so many seconds after the beginning."""
        hour, into_s = divmod(elapsed_s, HOUR_S)
        if FAILS_AT_S <= into_s < HEALS_AT_S:
            if self._broken is None:
                victim = self._victims[int(hour) % len(self._victims)]
                self._order(f"fail {self._ports[victim]}")
                self._broken = victim, now_s()
        else:
            self.heal()

    def heal(self) -> None:
        """Mend what is broken."""
        if self._broken is not None:
            victim, began_s = self._broken
            self._order(f"heal {self._ports[victim]}")
            self.told.append(Outage(victim, began_s, now_s()))
            self._broken = None


def differences(config: Path, outages: Sequence[Outage], since_s: float) -> list[str]:
    """Return, in a line each, what the incidents of the record do not tell as it was."""
    at_s = int(now_s())
    with reading(config) as (_, views):
        found = views.incidents_between((int(since_s), at_s + 1), instant(at_s))
    missing = [each for each in outages if not any(_tells(row, each) for row in found)]
    wrong = [row for row in found if not any(_tells(row, each) for each in outages)]
    return [
        *(f"{each.device_id}: silent from {each.began_s:.0f}, no incident" for each in missing),
        *(f"{row.id}: {row.status} {row.reason}, nothing was broken" for row in wrong),
    ]


def _tells(row: IncidentRow, outage: Outage) -> bool:
    if row.subject_id != outage.device_id or row.ended_at is None:
        return False
    edges = (epoch_s(row.began_at), outage.began_s), (epoch_s(row.ended_at), outage.ended_s)
    return all(abs(seen - real) <= TOLERANCE_S for seen, real in edges)

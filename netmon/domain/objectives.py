"""What a city promises itself: a ratio of the promised time, and what may still be lost of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from netmon.domain.figures import Figures
from netmon.domain.model import DeviceKind, Service


@dataclass(frozen=True, slots=True)
class Aim:
    """
    A ratio to reach, and for what: None is any.

    `place_id` is a site or a street.
    """

    target: float
    service: Service | None = None
    kind: DeviceKind | None = None
    place_id: str | None = None

    @property
    def rank(self) -> tuple[bool, bool, bool]:
        """Return how closely it is aimed: a place before a kind, a kind before a service."""
        return self.place_id is not None, self.kind is not None, self.service is not None

    @property
    def scope(self) -> tuple[Service | None, DeviceKind | None, str | None]:
        """Return what it is for; two for the same thing would contradict each other."""
        return self.service, self.kind, self.place_id

    def covers(
        self, service: Service | None, kind: DeviceKind | None, place_id: str | None
    ) -> bool:
        """Tell whether something with these facts is meant; what it says must be so of that."""
        found = (service, kind, place_id)
        return all(
            mine is None or mine == theirs for mine, theirs in zip(self.scope, found, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Objective:
    """
    What should be reached, and how much may still fail before it is not.

    `target` is a ratio. `budget_s` are the device-seconds that may be lost in all of the
    interval, `budget_left_s` what remains of them, negative where more was lost. `is_met` is None
    while it may still turn out either way, and where nothing was observed.
    """

    target: float
    budget_s: int
    budget_left_s: int
    is_met: bool | None


def closest(
    aims: Iterable[Aim], service: Service | None, kind: DeviceKind | None, place_id: str | None
) -> Aim | None:
    """Return the aim that is most closely aimed at something, None where none is."""
    meant = [each for each in aims if each.covers(service, kind, place_id)]
    return max(meant, key=lambda aim: aim.rank, default=None)


def budget(target: float, figures: Figures, ahead_s: int, *, is_over: bool) -> Objective:
    """
    Return what a target leaves to lose.

    What is promised is the time that counts, and what is still ahead of it: not the calendar, nor
    what nobody knows or what was muted. So at the end nothing is left to lose exactly
    where the availability equals the target, and a target is met where the budget was kept.

    Parameters
    ----------
    target
        A ratio, 0 to 1; taken as it is written, so that 0.999 of 1,000 s leaves one second.
    figures
        What became of the time until now.
    ahead_s
        Promised device-seconds that are still to come.
    is_over
        Whether nothing more will come. A target that was missed before is missed.
    """
    promised_s = figures.counted_s + ahead_s
    budget_s = floor((1 - Fraction(str(target))) * promised_s)
    left_s = budget_s - figures.lost_s
    is_decided = left_s < 0 or (is_over and figures.counted_s > 0)
    return Objective(target, budget_s, left_s, left_s >= 0 if is_decided else None)

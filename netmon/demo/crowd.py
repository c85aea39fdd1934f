"""
How many people use a device: more by day than by night, and a little different each minute.

The number is a sum of sines, so that its integral is exact and every byte counter grows
by what the people of that moment use.
"""

from dataclasses import dataclass
from math import cos, pi, sin

from netmon.demo.roster import Simulated
from netmon.demo.row import Moment

QUIETEST_HOUR = 4.0
DAY_S = 86_400.0
DAY_SHARE = 0.8
RIPPLE_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Crowd:
    """
    The people at one device; at most `capacity` of them.

    `ripples` are the angular speed (rad/s) and the phase (rad) of two slow waves that make
    them come and go within minutes.
    """

    capacity: float
    ripples: tuple[tuple[float, float], ...]

    def people(self, moment: Moment) -> float:
        """Return how many there are, as a real number from 0 to `capacity`."""
        day = (1 - cos(2 * pi * (moment.hour - QUIETEST_HOUR) / 24)) / 2
        ripple = sum(1 + sin(speed * moment.elapsed_s + phase) for speed, phase in self.ripples)
        return self.capacity * (DAY_SHARE * day + RIPPLE_SHARE / 2 * ripple)

    def person_seconds(self, moment: Moment) -> float:
        """Return the integral of `people` from the start of the demo to `moment`, in s."""
        elapsed_s = moment.elapsed_s
        began, now = (
            2 * pi * (hour - QUIETEST_HOUR) / 24
            for hour in (moment.start_hour, moment.start_hour + elapsed_s / 3600)
        )
        day_s = elapsed_s / 2 - DAY_S / (4 * pi) * (sin(now) - sin(began))
        ripple_s = sum(
            elapsed_s + (cos(phase) - cos(speed * elapsed_s + phase)) / speed
            for speed, phase in self.ripples
        )
        return self.capacity * (DAY_SHARE * day_s + RIPPLE_SHARE / 2 * ripple_s)


def crowd(device: Simulated, seed: int, capacity: float) -> Crowd:
    """Return the crowd of a device; its waves last 3 to 8 and 15 to 40 minutes."""
    periods_s = (
        180 + 300 * device.fraction(seed, "short wave"),
        900 + 1500 * device.fraction(seed, "long wave"),
    )
    phases = (2 * pi * device.fraction(seed, f"phase {n}") for n in range(2))
    return Crowd(
        capacity,
        tuple(
            (2 * pi / period_s, phase) for period_s, phase in zip(periods_s, phases, strict=True)
        ),
    )

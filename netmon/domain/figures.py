"""How several devices spent an interval together: device-seconds that add up exactly."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from netmon.domain.availability import Shares


@dataclass(frozen=True, slots=True)
class Figures:
    """
    Device-seconds by what became of them; the seven others add up to `window_s`.

    `unpromised_s` is the time of devices of which nobody published when they should be on:
    no promise that could be kept or broken.
    """

    window_s: int = 0
    usable_s: int = 0
    failed_s: int = 0
    unreachable_s: int = 0
    unknown_s: int = 0
    maintenance_s: int = 0
    expected_off_s: int = 0
    unpromised_s: int = 0

    @property
    def counted_s(self) -> int:
        """Return the time that counts: promised, not muted, and observed."""
        return self.usable_s + self.failed_s + self.unreachable_s

    @property
    def lost_s(self) -> int:
        """Return the time in which the promise was broken."""
        return self.failed_s + self.unreachable_s

    @property
    def promised_s(self) -> int:
        """Return the time in which something should have worked, whatever is known of it."""
        return self.counted_s + self.unknown_s

    @property
    def availability(self) -> float | None:
        """Return the usable ratio of what counts, None where nothing was observed."""
        return self.usable_s / self.counted_s if self.counted_s else None

    @property
    def unknown_ratio(self) -> float | None:
        """Return the ratio of promised time of which nothing is known, None without a promise."""
        return self.unknown_s / self.promised_s if self.promised_s else None


NO_FIGURES = Figures()


def total(parts: Iterable[Figures]) -> Figures:
    """Return the sum, number by number; whole seconds have no order that could matter."""
    each = list(parts)
    sums = {
        field.name: sum(getattr(part, field.name) for part in each) for field in fields(Figures)
    }
    return Figures(**sums)


def figures_of(shares: Shares, *, is_promised: bool) -> Figures:
    """Return one device's shares as figures; without a promise none of its time counts."""
    if not is_promised:
        return Figures(window_s=shares.window_s, unpromised_s=shares.window_s)
    return Figures(
        window_s=shares.window_s,
        usable_s=shares.usable_s,
        failed_s=shares.failed_s,
        unreachable_s=shares.unreachable_s,
        unknown_s=shares.unknown_s,
        maintenance_s=shares.maintenance_s,
        expected_off_s=shares.expected_off_s,
    )

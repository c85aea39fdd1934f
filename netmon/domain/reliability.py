"""
How long a failure lasts, and how long it works between two: in promised time.

The terms are those of the electrotechnical vocabulary (IEC 60050-192), the words our own:
mean time to restoration (192-07-23) and mean operating time between failures (192-05-13).
Both are about time in which something should have worked: a computer that fails at closing
time and works again an hour after opening took one hour to repair.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from netmon.domain.intervals import Interval


class Outage(NamedTuple):
    """An incident as far as it matters here; `ended_s` is None while it is open."""

    began_s: int
    ended_s: int | None
    promised_s: int


@dataclass(frozen=True, slots=True)
class Reliability:
    """
    What the incidents of an interval say of it.

    `incidents` touch it, `failures` of these began in it, `repairs` ended in it, and `open`
    ones had not ended when it did. `repair_s` is the promised time that the repaired ones took,
    from their beginning, even before the interval. `operating_s` is the promised time in which
    it was usable.
    """

    incidents: int
    failures: int
    repairs: int
    open: int
    repair_s: int
    operating_s: int

    @property
    def mttr_s(self) -> float | None:
        """
        Return the mean promised time to restoration, None where nothing was restored.

        What is still open is no repair: it would count as quicker than it will have been.
        """
        return self.repair_s / self.repairs if self.repairs else None

    @property
    def mtbf_s(self) -> float | None:
        """
        Return the mean operating time between failures, None where nothing failed.

        Of several devices: their operating time together, by their failures together.
        """
        return self.operating_s / self.failures if self.failures else None


def reliability(incidents: Iterable[Outage], bounds: Interval, operating_s: int) -> Reliability:
    """
    Count incidents in `[start_s, end_s)`; what is restored in its first second is its repair.

    Parameters
    ----------
    incidents
        Of one device or many. What ended at or after the end of the interval was open then.
    bounds
        Epoch seconds.
    operating_s
        Promised time within in which the same devices were usable, together.
    """
    start_s, end_s = bounds
    touching = [
        each
        for each in incidents
        if each.began_s < end_s and (each.ended_s is None or each.ended_s >= start_s)
    ]
    repaired = [each for each in touching if each.ended_s is not None and each.ended_s < end_s]
    return Reliability(
        incidents=len(touching),
        failures=sum(1 for each in touching if each.began_s >= start_s),
        repairs=len(repaired),
        open=len(touching) - len(repaired),
        repair_s=sum(each.promised_s for each in repaired),
        operating_s=operating_s,
    )

"""What the figures of the planner's page are worth: made up or not, how precise, made with what."""

from collections.abc import Sequence

from netmon.analysis.coverage_views import CoverageReport
from netmon.analysis.ledger_report import LEDGER_METHOD, LedgerReport
from netmon.analysis.people import OfferPoint, People, to_be_located
from netmon.analysis.plan_rows import Honesty
from netmon.analysis.radio import RadioMap
from netmon.domain.model import Revision
from netmon.words import plan_notes as words

DIGEST_SHOWN = 16
"""Letters of a digest that tell two versions apart for people."""


def of_record(report: LedgerReport, coverage: CoverageReport, groups_lost: int) -> Honesty:
    """Return what the figures of a window are worth; `groups_lost` are places without a place."""
    made = report.made_from
    precision_m = worst_m(report.precision_m, coverage.precision_m)
    versions = {
        words.INVENTORY: ", ".join(map(str, made.revisions))
        or made.inventory_digest[:DIGEST_SHOWN],
        words.HOURS: made.hours_digest[:DIGEST_SHOWN],
        words.PEOPLE: made.people_digest,
        words.WIFI: made.radio_digest[:DIGEST_SHOWN],
        words.METHOD: made.method_version,
    }
    told = words.notes(tuple(str(each) for each in report.notes))
    counts = {
        words.TO_BE_LOCATED: len(report.to_be_located),
        words.ACCESS_POINTS_NOWHERE: len(coverage.unplaced),
        words.GROUPS_LOST: groups_lost,
    }
    more = tuple(text.format(count=count) for text, count in counts.items() if count)
    is_synthetic = report.is_synthetic or coverage.is_synthetic
    known = {name: version for name, version in versions.items() if version}
    return Honesty(is_synthetic, precision_m, known, told + more)


def of_promise(
    people: People,
    revision: Revision,
    points: Sequence[OfferPoint],
    radio: RadioMap | None,
) -> Honesty:
    """Return what the figures of an ordinary week are worth."""
    precision_m = people.precision_m(points)
    is_synthetic = any(people.is_synthetic(each) for each in people.groups) or any(
        each.synthetic for each in revision.inventory.places
    )
    keys: list[str] = []
    if radio is not None:
        precision_m = worst_m(precision_m, radio.precision_m)
        is_synthetic = is_synthetic or radio.is_synthetic
        keys += [] if radio.is_calibrated else ["uncalibrated"]
        keys += ["corridors"] if radio.walls == "corridors" else []
    keys += ["straight"] if people.method == "straight" else []
    lost = to_be_located(points)
    told = (words.TO_BE_LOCATED.format(count=len(lost)),) if lost else ()
    versions = {
        words.INVENTORY: str(revision.number),
        words.PEOPLE: people.digest,
        words.METHOD: LEDGER_METHOD,
    }
    return Honesty(
        is_synthetic, precision_m, versions, (words.PROMISE, *words.notes(tuple(keys)), *told)
    )


def worst_m(*precisions: float | None) -> float | None:
    """Return the worst precision, None where one is not known."""
    known = [each for each in precisions if each is not None]
    return max(known) if len(known) == len(precisions) else None

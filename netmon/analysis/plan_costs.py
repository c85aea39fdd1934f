"""What incidents, and whatever else is to blame, cost people, as rows of the planner's page."""

from collections.abc import Iterable, Mapping

from netmon.analysis.ledger_report import IncidentCost, LedgerReport
from netmon.analysis.plan_rows import CostRow
from netmon.analysis.rows import IncidentRow
from netmon.domain.groups import EVERYBODY
from netmon.domain.intervals import instant
from netmon.domain.model import Service
from netmon.words.plan_notes import APART


def cost_rows(
    report: LedgerReport, incidents: Iterable[IncidentRow], names: Mapping[str, str]
) -> tuple[CostRow, ...]:
    """
    Return what cost everybody person-hours, the dearest first.

    What is no incident, such as announced work, is told with the window as its time.

    Parameters
    ----------
    report
        The ledger of the window.
    incidents
        Those of it.
    names
        Of places, by id.
    """
    known = {each.id: each for each in incidents}
    costs: dict[str, dict[Service, float]] = {}
    blamed: dict[str, IncidentCost] = {}
    for each in report.incidents:
        if each.group == EVERYBODY:
            blamed[each.id] = each
            costs.setdefault(each.id, {})[each.service] = each.cost_h
    rows = [_row(blamed[key], costs[key], known.get(key), names, report) for key in costs]
    return tuple(sorted(rows, key=lambda each: (-sum(each.cost_h.values()), each.id)))


def _row(
    blamed: IncidentCost,
    cost_h: Mapping[Service, float],
    incident: IncidentRow | None,
    names: Mapping[str, str],
    report: LedgerReport,
) -> CostRow:
    if incident is not None:
        return CostRow(
            *(incident.id, incident.subject_name, incident.place_name),
            *(incident.began_at, incident.ended_at, cost_h),
        )
    place_name = names.get(blamed.place_id, blamed.place_id)
    start, end = map(instant, report.bounds)
    return CostRow(
        blamed.id, APART.get(str(blamed.cause), blamed.id), place_name, start, end, cost_h
    )

"""Coverage of streets as rows of the planner's page."""

from netmon.analysis.coverage_views import CoverageReport, StreetCoverage
from netmon.analysis.plan_rows import Edges, StreetRow
from netmon.analysis.radio import RadioMap
from netmon.analysis.street_figures import Band, StreetFigures

_ALL = ""
"""The id of the figures of all streets together, which rows leave out."""


def rows_now(now: CoverageReport, window: CoverageReport | None) -> tuple[StreetRow, ...]:
    """
    Return each street as it is covered for sure now, and on average over a window.

    What is lost is what even the access points of which nothing is known do not make good.
    """
    shares = {} if window is None else {each.planned.id: each for each in window.streets}
    return tuple(
        _row(each.sure, _lost(each, now), *_share(shares.get(each.planned.id), window))
        for each in now.streets
        if each.planned.id != _ALL
    )


def rows_promised(radio: RadioMap) -> tuple[StreetRow, ...]:
    """Return each street with all access points at work."""
    figures = radio.street_figures(radio.ids)
    return tuple(
        _row(each, (Band(0.0, 0.0), Band(0.0, 0.0)), None, None)
        for each in figures
        if each.id != _ALL
    )


def _lost(street: StreetCoverage, now: CoverageReport) -> tuple[Band, Band]:
    return street.lost_m(now.level), street.lost_m2(now.level)


def _row(
    figures: StreetFigures, lost: tuple[Band, Band], share: Edges | None, unknown: Edges | None
) -> StreetRow:
    return StreetRow(
        figures.id,
        figures.name,
        figures.length_m,
        figures.area_m2,
        {each.level: _edges(each.length_m) for each in figures.classes},
        {each.level: _edges(each.area_m2) for each in figures.classes},
        _edges(lost[0]),
        share,
        _edges(lost[1]),
        unknown,
    )


def _share(
    street: StreetCoverage | None, window: CoverageReport | None
) -> tuple[Edges | None, Edges | None]:
    """Return which share of a street's surface was covered, and of which nobody knows."""
    if street is None or window is None or not street.sure.area_m2:
        return None, None
    # By surface: squares have no length.
    sure, most = (each.at(window.level).area_m2 for each in (street.sure, street.perhaps))
    whole_m2 = street.sure.area_m2
    unknown = Edges(
        max(0.0, most.planning - sure.planning) / whole_m2,
        max(0.0, most.optimistic - sure.optimistic) / whole_m2,
    )
    return Edges(sure.planning / whole_m2, sure.optimistic / whole_m2), unknown


def _edges(band: Band) -> Edges:
    return Edges(band.planning, band.optimistic)

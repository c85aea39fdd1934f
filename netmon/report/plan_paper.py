"""What the planner's page tells, as two pages for a councillor."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from netmon.analysis.plan_rows import WHOLE_CITY, CostRow, LedgerRow, PlanRows, StreetRow
from netmon.domain.model import Service
from netmon.report.charts import Bar, bar_chart
from netmon.report.drawing import Part
from netmon.report.dutch import NOTHING, count, moment, percent
from netmon.report.glyphs import drawable
from netmon.report.ledger_parts import DELIVERED, LEDGER, PLANNING, share, shares
from netmon.report.paper import Chart, Column, Paper, Row, Section, Table
from netmon.report.plan_map import City, city_map
from netmon.report.plan_texts_nl import BIGGEST, LANGUAGE, OFFERS, SHORT, TEXTS
from netmon.report.plan_told import left_out, told
from netmon.words.groups import GROUPS

EVERYBODY = "all"
SERVICES = tuple(OFFERS)
MOST_AREAS, MOST_COSTS, MOST_GROUPS = 14, 4, 8
LONGEST_NAME, LONGEST_NOTES = 40, 500
"""With so much of each, at most, there are two pages."""

LEVEL_DBM = -70
ROW_PX = 15


def compose_plan(rows: PlanRows, city: City, zone: ZoneInfo) -> Paper:
    """
    Return the paper; small groups are left out of it.

    Parameters
    ----------
    rows
        What the planner's page shows.
    city
        The name of the city and the shapes of its map.
    zone
        Of the people who read it.
    """
    shown = told(rows)
    last = (rows.ends_at - timedelta(seconds=1)).astimezone(zone)
    return Paper(
        title=_say("title", city=drawable(city.name)),
        subtitle=_say("subtitle_promise")
        if rows.is_promise
        else _say("subtitle", **_window(rows, zone)),
        language=LANGUAGE,
        dated=last.date().isoformat(),
        summary=_summary(shown),
        marks=_marks(rows),
        sections=(
            _brief(shown),
            _groups(shown),
            _areas(shown, city, left_out(rows)),
            _costs(shown, zone),
            _method(shown),
        ),
    )


def of_city(rows: PlanRows, service: Service, group: str = EVERYBODY) -> LedgerRow | None:
    """Return the row of a group in the whole city, None where there is none."""
    found = (
        each
        for each in rows.ledger
        if (each.service, each.group, each.area) == (service, group, WHOLE_CITY)
    )
    return next(found, None)


def group_word(group: str) -> str:
    """Return what people call a group."""
    return _say("all") if group == EVERYBODY else GROUPS.get(group, drawable(group))


def _say(key: str, **facts: object) -> str:
    return TEXTS[key].format(**facts)


def _window(rows: PlanRows, zone: ZoneInfo) -> dict[str, str]:
    return {"start": moment(rows.starts_at, zone), "end": moment(rows.ends_at, zone)}


def _marks(rows: PlanRows) -> tuple[str, ...]:
    synthetic = (_say("mark_synthetic"),) if rows.honesty.is_synthetic else ()
    return (*synthetic, _say("mark_city"))


def _summary(rows: PlanRows) -> str:
    row = of_city(rows, Service.COMPUTER)
    ratio = None if row is None else share(row.parts, DELIVERED)
    if ratio is None:
        return _say("summary_nothing")
    key = "summary_promise" if rows.is_promise else "summary"
    return _say(key, share=percent(ratio), offer=OFFERS[Service.COMPUTER])


def _brief(rows: PlanRows) -> Section:
    said = [
        _say(
            "brief_service",
            offer=OFFERS[service].capitalize(),
            share=percent(share(row.parts, DELIVERED)),
            why=_why(row),
        )
        for service in SERVICES
        if (row := of_city(rows, service)) is not None
    ]
    return Section("brief", _say("brief"), points=(*said, *_of_streets(rows.streets)))


def _why(row: LedgerRow) -> str:
    missing = {part: ratio for part, ratio in shares(row.parts).items() if part is not DELIVERED}
    worst = max(missing, key=missing.__getitem__, default=None)
    return BIGGEST[worst] if worst is not None and missing[worst] else ""


def _of_streets(streets: Sequence[StreetRow]) -> tuple[str, ...]:
    if not streets:
        return ()
    covered = sum(
        edges.planning
        for each in streets
        for level, edges in each.covered_m.items()
        if level == LEVEL_DBM
    )
    length, lost = sum(each.length_m for each in streets), sum(s.lost_m.planning for s in streets)
    figures = {"covered": covered, "length": length, "lost": lost}
    return (_say("brief_streets", **{key: count(round(m)) for key, m in figures.items()}),)


def _groups(rows: PlanRows) -> Section:
    charts = (_chart(rows, service) for service in SERVICES)
    drawn = tuple(each for each in charts if each is not None)
    return Section("groups", _say("groups"), (_say("groups_note"),), charts=drawn)


def _chart(rows: PlanRows, service: Service) -> Chart | None:
    lines = [
        row
        for row in rows.ledger
        if (row.service, row.area) == (service, WHOLE_CITY) and row.people
    ][:MOST_GROUPS]
    if not lines:
        return None
    bars = [
        Bar(group_word(row.group), shares(row.parts), percent(share(row.parts, DELIVERED)))
        for row in lines
    ]
    figures = ", ".join(f"{bar.name} {bar.figure}" for bar in bars)
    offer = OFFERS[service].capitalize()
    return Chart(
        _say("groups_caption", offer=offer),
        _say("groups_alt", figures=figures),
        bar_chart(f"groups-{service}", bars, LEDGER, row_px=ROW_PX),
    )


def _areas(rows: PlanRows, city: City, hidden: int) -> Section:
    lines = _by_area(rows.ledger)
    table = Table(
        _say("areas_caption"),
        (Column(_say("area")), *_area_heads()),
        tuple(_area_row(number, each) for number, each in enumerate(lines[:MOST_AREAS], 1)),
    )
    more = (_say("areas_more", number=len(lines) - MOST_AREAS),) if len(lines) > MOST_AREAS else ()
    less = (_say("areas_less", number=hidden),) if hidden else ()
    picture = city_map(
        city, [(_area(each), _ratio(each, Service.COMPUTER, DELIVERED)) for each in lines], _say
    )
    return Section("areas", _say("areas"), (*more, *less), (), (picture,), (table,))


def _area_heads() -> Iterable[Column]:
    yield from (Column(SHORT[service], is_number=True) for service in SERVICES)
    yield Column(_say("no_computer"), is_number=True)


def _by_area(ledger: Sequence[LedgerRow]) -> list[dict[Service, LedgerRow]]:
    """Return the rows of everybody by area, those that were given the least first."""
    found: dict[str, dict[Service, LedgerRow]] = {}
    for row in ledger:
        if row.group == EVERYBODY and row.area != WHOLE_CITY:
            found.setdefault(row.area, {})[row.service] = row
    return sorted(
        found.values(),
        key=lambda each: (_ratio(each, Service.COMPUTER, DELIVERED) or 0.0, _name(each)),
    )


def _name(rows: Mapping[Service, LedgerRow]) -> str:
    return next(iter(rows.values())).area_name


def _area_row(number: int, rows: Mapping[Service, LedgerRow]) -> Row:
    name = f"{number}. {drawable(_name(rows))[:LONGEST_NAME]}"
    ratios = [_ratio(rows, service, DELIVERED) for service in SERVICES]
    far = _ratio(rows, Service.COMPUTER, PLANNING)
    return Row.of(_area(rows), name, *map(percent, (*ratios, far)))


def _ratio(rows: Mapping[Service, LedgerRow], service: Service, part: Part) -> float | None:
    row = rows.get(service)
    return None if row is None else share(row.parts, part)


def _with_computer(rows: Mapping[Service, LedgerRow]) -> float | None:
    return _ratio(rows, Service.COMPUTER, DELIVERED)


def _area(rows: Mapping[Service, LedgerRow]) -> str:
    return next(iter(rows.values())).area


def _costs(rows: PlanRows, zone: ZoneInfo) -> Section:
    dearest = sorted(rows.costs, key=lambda each: -sum(each.cost_h.values()))[:MOST_COSTS]
    felt = [each for each in dearest if sum(each.cost_h.values()) > 0]
    if not felt:
        none = _say("costs_promise" if rows.is_promise else "costs_none")
        return Section("costs", _say("costs"), (none,))
    heads = (
        Column(_say("incident")),
        Column(_say("began")),
        *(Column(OFFERS[service].capitalize(), is_number=True) for service in SERVICES),
    )
    lines = tuple(_cost_row(each, zone) for each in felt)
    return Section("costs", _say("costs"), tables=(Table(_say("costs_caption"), heads, lines),))


def _cost_row(cost: CostRow, zone: ZoneInfo) -> Row:
    name = drawable(f"{cost.name} ({cost.place_name})")[:LONGEST_NAME]
    hours = (_hours(cost.cost_h.get(service)) for service in SERVICES)
    return Row.of(cost.id, name, moment(cost.began_at, zone), *hours)


def _hours(cost_h: float | None) -> str:
    return NOTHING if cost_h is None else f"{count(round(cost_h))} u"


def _method(rows: PlanRows) -> Section:
    honesty = rows.honesty
    precision = (
        _say("method_no_precision")
        if honesty.precision_m is None
        else _say("method_precision", precision=count(round(honesty.precision_m)))
    )
    versions = ", ".join(f"{drawable(k)} {drawable(v)[:24]}" for k, v in honesty.versions.items())
    made = (_say("method_versions", versions=versions),) if versions else ()
    notes = " ".join(map(drawable, honesty.notes))[:LONGEST_NOTES]
    return Section("method", _say("method"), (" ".join(filter(None, (notes, precision, *made))),))

"""The planner's files: they open, say the same, and tell nothing of single people."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import geopandas as gpd
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from geodata.demand import SMALLEST_SHOWN
from netmon.analysis.plan_rows import WHOLE_CITY, PlanRows
from netmon.domain.model import Service
from netmon.report.dutch import percent
from netmon.report.ledger_parts import DELIVERED, LEDGER, share, shares
from netmon.report.plan_files import MEDIA_TYPES, plan_file
from netmon.report.plan_texts_nl import TEXTS
from netmon.report.plan_told import left_out, told
from tests.report.plans import ground, ledger, parts, plan

ZONE = ZoneInfo("Europe/Brussels")
LONG = "Een wijk met een erg lange naam die van geen ophouden weet " * 3


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def table_of(text: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig")), delimiter=";"))


def test_the_paper_has_two_pages_that_a_screen_reader_reads() -> None:
    made = PdfReader(io.BytesIO(plan_file("pdf", plan(), ground(), ZONE)))
    root = made.trailer["/Root"]
    assert len(made.pages) == 2
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "nl"


def test_the_paper_keeps_to_two_pages_however_much_there_is_to_tell() -> None:
    areas = [f"w{number}" for number in range(40)]
    people = {group: dict.fromkeys(areas, 900.0) for group in ("all", *"abcdefghijkl")}
    crowded = plan(people, costs=30)
    named = tuple(replace(row, area_name=LONG) for row in crowded.ledger)
    costs = tuple(replace(each, name=LONG, place_name=LONG) for each in crowded.costs)
    honesty = replace(crowded.honesty, notes=(LONG,) * 9)
    rows = replace(crowded, ledger=named, costs=costs, honesty=honesty)
    made = plan_file("pdf", rows, ground(tuple(areas)), ZONE)
    assert len(PdfReader(io.BytesIO(made)).pages) == 2


def test_the_paper_says_the_figures_of_the_page() -> None:
    rows = plan()
    said = text_of(plan_file("pdf", rows, ground(), ZONE))
    row = next(each for each in rows.ledger if each.service is Service.COMPUTER)
    assert percent(share(row.parts, DELIVERED)) in said
    assert "Met verzonnen gegevens" in said
    assert "Switch 1" in said


def test_a_name_is_never_read_as_markup() -> None:
    rows = plan()
    hostile = tuple(replace(each, name='#panic() <script>"') for each in rows.costs)
    said = text_of(plan_file("pdf", replace(rows, costs=hostile), ground(), ZONE))
    assert "#panic()" in said


def test_an_empty_plan_makes_every_file_and_says_that_nothing_is_known() -> None:
    rows = replace(plan(), ledger=(), streets=(), equity=(), costs=(), outreach=())
    for ending in MEDIA_TYPES:
        assert plan_file(ending, rows, ground(), ZONE)
    said = text_of(plan_file("pdf", rows, ground(), ZONE))
    assert TEXTS["summary_nothing"] in said.replace("\n", " ")


@pytest.mark.parametrize("ending", MEDIA_TYPES)
def test_the_same_rows_give_the_same_bytes(ending: str) -> None:
    assert plan_file(ending, plan(), ground(), ZONE) == plan_file(ending, plan(), ground(), ZONE)


def test_a_geographic_information_system_opens_the_package(tmp_path: Path) -> None:
    path = tmp_path / "plan.gpkg"
    path.write_bytes(plan_file("gpkg", plan(), ground(), ZONE))
    names = {str(name) for name, _ in pyogrio.list_layers(path)}
    assert names == {"areas", "streets", "target_places", "ledger"}
    areas = gpd.read_file(path, layer="areas")
    assert areas.crs == "EPSG:4326"
    assert areas["people"].tolist() == [800.0, 400.0]
    assert areas["made_synthetic"].all()
    assert {"source", "licence", "vintage", "precision_m", "synthetic"} <= set(areas.columns)
    assert len(pyogrio.read_dataframe(path, layer="ledger")) == len(plan().ledger)


def test_geojson_tells_what_it_was_made_with() -> None:
    found = json.loads(plan_file("geojson", plan(), ground(), ZONE))
    assert found["made_with"] == {"inventaris": "3", "bevolking": "2015"}
    assert {each["properties"]["layer"] for each in found["features"]} == {
        "areas", "streets", "target_places",
    }  # fmt: skip


def test_the_table_has_a_row_for_each_part_of_the_page() -> None:
    rows = table_of(plan_file("csv", plan(), ground(), ZONE))
    kinds = {row["onderdeel"] for row in rows}
    assert kinds == {"uren", "gelijkheid", "straat", "storing", "plek van doelgroep"}
    hours = [row for row in rows if row["onderdeel"] == "uren"]
    assert hours[0]["mensen"] == "1200"
    assert hours[0]["alles (uur)"] == "117600"
    (way,) = [row for row in rows if row["onderdeel"] == "plek van doelgroep"]
    assert (way["wandelen (m)"], way["in rechte lijn"]) == ("340", "nee")


def small() -> PlanRows:
    return plan(
        {"all": {"a": 800.0, "b": 400.0, "c": 70.0}, "older": {"a": 4.0, "b": 30.0, "c": 90.0}}
    )


def test_few_people_and_what_gives_them_away_are_told_in_no_file() -> None:
    areas = ("a", "b", "c")
    shown = table_of(plan_file("csv", small(), ground(areas), ZONE))
    older = {row["id"] for row in shown if row["groep"] == "ouderen" and row["onderdeel"] == "uren"}
    assert older == {WHOLE_CITY, "c"}
    assert left_out(small()) == 2
    assert "Van 2 groepen" in text_of(plan_file("pdf", small(), ground(areas), ZONE))


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.floats(0, 60, allow_subnormal=False), min_size=2)
)
def test_nothing_that_is_told_lets_a_small_number_be_worked_out(people: dict[str, float]) -> None:
    rows = replace(plan(), ledger=ledger({"older": people}))
    shown = {each.area: each.people for each in told(rows).ledger}
    hidden = [count for area, count in people.items() if area not in shown]
    assert all(count == 0 or count >= SMALLEST_SHOWN for count in shown.values())
    if WHOLE_CITY in shown and hidden:
        others = [count for area, count in people.items() if area in shown and count]
        # One alone would be the total less the others; with two, neither is known.
        assert len(hidden) > 1 or not others


@given(st.floats(0, 1))
def test_shares_add_up_to_everything(delivered: float) -> None:
    found = shares(parts(100.0, delivered * 0.75))
    assert list(found) == list(LEDGER)
    assert sum(found.values()) == pytest.approx(1.0)

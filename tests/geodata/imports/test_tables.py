"""Tables as cities and Statbel write them."""

import pandas as pd
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from geodata.errors import DataError
from geodata.imported import load_addresses, load_imported, load_income, load_population
from geodata.imports.kinds import Kind

PLACES = "naam;doelgroep;soort;volledig_adres;publiek;x;y\n"
LON_LAT = (4.480345, 51.028138)


def places(folder):
    return load_imported(folder, Kind.PLACES)


@pytest.mark.parametrize("crs", [31370, 3812])
@pytest.mark.parametrize("sign", [".", ","])
def test_a_citys_own_table_in_either_lambert_lands_on_the_market(bring, folder, crs, sign):
    x, y = Transformer.from_crs(4326, crs, always_xy=True).transform(*LON_LAT)
    at = f"{x:.2f};{y:.2f}".replace(".", sign)
    done = bring("places", f"{PLACES}LDC De Rooster;ouderen;dienstencentrum;Straat 1;ja;{at}\n")
    (row,) = places(folder).itertuples()
    assert (row.name, row.group, row.public) == ("LDC De Rooster", "older", True)
    assert (row.geometry.x, row.geometry.y) == pytest.approx(LON_LAT, abs=2e-5)
    assert (done.read, done.kept, done.refused) == (1, 1, 0)
    assert (row.source, row.licence, row.vintage) == ("the city", "CC0", "2025")


def test_a_place_of_two_groups_is_there_for_both_and_one_without_a_position_waits(bring, folder):
    bring(
        "places",
        "name,groups,kind,public,lat,lon\n"
        'Huis,"werkzoekenden, nieuwkomers",house,no,51.02,4.48\nErgens,jongeren,club,,,\n',
    )
    found = places(folder)
    assert list(found["group"]) == ["job_seekers", "newcomers", "young"]
    assert list(found["public"]) == [False, False, True]
    assert found.geometry.isna().tolist() == [False, False, True]
    assert found["precision_m"].isna().tolist() == [False, False, True]


def test_what_is_wrong_with_a_row_is_told_with_its_number_and_the_rest_is_kept(bring, folder):
    rows = "A;ouderen;k;;ja;4,48;51,02\nB;dieren;k;;ja;4,48;51,02\nC;jongeren;k;;misschien;;\n"
    good = "".join(f"D{n};jongeren;k;;ja;4,48;51,03\n" for n in range(5))
    done = bring("places", PLACES + rows + good)
    told = [(finding.feature, finding.key) for finding in done.findings]
    assert told == [("#1", "group"), ("#2", "public")]
    assert len(places(folder)) == done.kept == 6


def test_a_file_of_which_most_rows_are_refused_changes_nothing(bring, folder):
    bring("places", f"{PLACES}A;ouderen;k;;ja;4,48;51,02\n")
    before = (folder / "target_groups.geojson").read_bytes()
    with pytest.raises(DataError, match="most to be usable"):
        bring("places", f"{PLACES}A;ouderen;k;;ja;4,48;51,02\nB;x;k;;ja;;\nC;x;k;;ja;;\n")
    assert (folder / "target_groups.geojson").read_bytes() == before


def test_a_formula_is_refused_for_it_would_be_computed_by_whoever_opens_an_export(bring):
    rows = "=HYPERLINK(1);ouderen;k;;ja;4,48;51,02\nA;ouderen;k;;ja;4,48;51,02\n"
    done = bring("places", PLACES + rows)
    assert [(each.feature, each.key) for each in done.findings] == [("#0", "name")]


def test_lon_and_lat_in_each_others_place_lie_elsewhere(bring):
    with pytest.raises(DataError, match="1 of them elsewhere"):
        bring("addresses", "straat;huisnummer;lon;lat\nBruul;1;51.02;4.48\n")


def test_a_number_that_is_none_is_refused_and_no_address_is_placed_at_zero(bring, folder):
    rows = "Bruul;1;4.48;51.02\nBruul;2;NaN;NaN\nBruul;3;0;0\n"
    rows += "Bruul;4;4.48;51.03\nBruul;5;4.48;51.0201\n"
    done = bring("addresses", f"straat;huisnummer;lon;lat\n{rows}")
    assert [finding.feature for finding in done.findings] == ["#1", "#2"]
    assert list(load_addresses(folder)["number"]) == ["1", "4", "5"]


def test_boxes_at_one_door_are_dwellings_of_one_address_and_retired_ones_are_gone(bring, folder):
    head = "EPSG:31370_x,EPSG:31370_y,EPSG:4326_lat,EPSG:4326_lon,address_id,box_number,"
    head += "house_number,postcode,streetname_nl,status\n"
    rows = [
        f"0,0,51.02,4.48,{n},{box},12,2800,Bruul,{status}"
        for n, box, status in [(1, "", "current"), (2, "1", "current"), (3, "2", "current")]
    ]
    rows += ["0,0,51.02,4.49,9,,14,2800,Bruul,current", "0,0,51.02,4.47,8,,9,2800,Bruul,retired"]
    bring("addresses", head + "\n".join(rows) + "\n")
    found = load_addresses(folder)
    assert dict(zip(found["number"], found["dwellings"], strict=True)) == {"12": 2, "14": 1}


STATBEL = "CD_REFNIS|CD_SECTOR|TOTAL|TX_DESCR_SECTOR_NL\n"


def test_population_is_joined_on_the_sector_and_the_country_around_is_left_out(bring, folder):
    done = bring("population", f"{STATBEL}12025|12025A00-|1204|CENTRUM\n11001|11001A00-|9|X\n")
    found = load_population(folder)
    assert list(zip(found["id"], found["people"], strict=True)) == [("12025A00-", 1204)]
    assert (done.read, done.kept) == (2, 1)
    assert found["precision_m"].isna().all()


def test_a_thousands_point_in_a_count_is_refused_and_not_a_person_and_a_bit(bring):
    with pytest.raises(DataError, match="thousands sign"):
        bring("population", f"{STATBEL}12025|12025A00-|1.204|CENTRUM\n")


def test_groups_come_from_the_columns_that_are_named(bring, folder):
    bring(
        "population",
        "gebiedscode;Aantal inwoners;65 jaar en ouder\n12025A00-;100;20\n12025A01-;50;\n",
        columns={"older": "65 jaar en ouder"},
    )
    found = load_population(folder).set_index("id")
    assert found.loc["12025A00-", "older"] == 20
    assert pd.isna(found.loc["12025A01-", "older"]), "an empty cell is unknown, not 0"


def test_of_many_years_the_last_one_counts_and_is_the_vintage(bring, folder):
    text = (
        "CD_YEAR;CD_SECTOR;MS_MEDIAN_NET_TAXABLE_INC\n2021;12025A00-;1\n2022;12025A00-;25.500,5\n"
    )
    done = bring("income", text, vintage="")
    assert list(load_income(folder)["income_median_eur"]) == [25500.5]
    assert done.told.vintage == "2022"


def test_a_workbook_says_the_same_as_the_table(bring, folder, tmp_path):
    bring("population", f"{STATBEL}12025|12025A00-|1204|CENTRUM\n")
    from_table = (folder / "population.geojson").read_bytes()
    rows = {"CD_REFNIS": ["12025"], "CD_SECTOR": ["12025A00-"], "TOTAL": [1204]}
    file = tmp_path / "sectors.xlsx"
    pyogrio.write_dataframe(pd.DataFrame(rows), file, driver="XLSX", layer="Blad 1")
    done = bring("population", file)
    assert done.format == "XLSX"
    assert (folder / "population.geojson").read_bytes() == from_table


def test_a_table_that_windows_wrote_keeps_its_accents_and_says_so(bring, folder):
    text = "straat;huisnummer;lon;lat\nFrédéric de Merodestraat;1;4,48;51,02\n"
    done = bring("addresses", text.encode("cp1252"))
    assert list(load_addresses(folder)["street"]) == ["Frédéric de Merodestraat"]
    assert any("1252" in remark for remark in done.remarks)


def test_a_line_with_too_many_fields_is_refused_by_its_number(bring):
    rows = "Bruul;1;4,48;51,02\nBruul;2;4,48;51,02;x;y\nBruul;3;4,48;51,03\n"
    done = bring("addresses", f"straat;huisnummer;lon;lat\n{rows}")
    assert [(each.feature, each.key) for each in done.findings] == [("line 3", "fields")]
    assert done.kept == 2


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=20))
def test_every_row_within_the_city_is_kept_once_whatever_the_signs(rows):
    """The same points, written with decimal commas and with points, make the same layer."""
    from geodata.imports.journal import Journal  # noqa: PLC0415 - beside its one use
    from geodata.imports.points import positions  # noqa: PLC0415 - likewise

    lon = [f"{4.46 + a / 2500:.6f}" for a, _ in rows]
    lat = [f"{51.01 + b / 2500:.6f}" for _, b in rows]
    journal = Journal("t")
    point = positions(pd.DataFrame({"lon": lon, "lat": lat}), {}, journal)
    comma = positions(
        pd.DataFrame(
            {
                "lon": [each.replace(".", ",") for each in lon],
                "lat": [each.replace(".", ",") for each in lat],
            }
        ),
        {},
        journal,
    )
    assert journal.refused == 0
    assert point is not None and comma is not None
    assert point.points.geom_equals(comma.points).all()
    assert [(p.x, p.y) for p in point.points] == [(float(a), float(b)) for a, b in zip(lon, lat)]  # noqa: B905 - made alike


def test_a_place_whose_position_cannot_be_read_is_left_out_and_does_not_wait(bring, folder):
    rows = "A;jongeren;hier;daar\nB;jongeren;4,48;51,02\nC;jongeren;;\n"
    done = bring("places", f"naam;doelgroep;lon;lat\n{rows}")
    assert [finding.feature for finding in done.findings] == ["#0"]
    assert list(places(folder)["name"]) == ["B", "C"]


@pytest.mark.parametrize("kind", ["addresses", "places"])
def test_a_table_of_another_city_is_refused_and_counted(bring, kind):
    with pytest.raises(DataError, match="0 of 1, 1 of them elsewhere"):
        bring(kind, "naam;doelgroep;straat;nr;huisnr;lon;lat\nA;jongeren;B;1;1;3.72;51.05\n")

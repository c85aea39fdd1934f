"""The planner's pages: what they say of the rows, and what they refuse."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.link import ServiceClass
from netmon.analysis.ledger import Parts
from netmon.analysis.plan_rows import WHOLE_CITY, Edges, OutreachRow
from netmon.domain.intervals import epoch_s
from netmon.domain.model import Service
from netmon.report.plan_files import MEDIA_TYPES
from netmon.words.planning import METHODS, PART_MEANS
from netmon.words.planning import PARTS as PART_WORDS
from tests.web.conftest import MECHELEN, NOW, Record
from tests.web.plans import HONESTY, MOVED, NOTHING, PARTS, Plans, ledger, plan, street
from web.app import create_app
from web.plan_figures import band, number, percent, pieces, shade, signed, together
from web.plan_question import MOST_DAYS, Question, Show

TODAY = date(2026, 11, 25)
ADDED = {"action": "add_access_point", "id": "nieuw", "lon": 4.4805, "lat": 51.0281}
JSON = st.none() | st.floats() | st.dictionaries(st.sampled_from(["steps", "name"]), st.text())
HERE = "http://127.0.0.1"


@pytest.fixture
def plans() -> Plans:
    """What answers the page, changed by a test as it likes."""
    return Plans()


@pytest.fixture
def app(record: Record, city, plans: Plans) -> Flask:
    """The face with a planner's page."""
    made = create_app(
        record,
        city,
        clock=record.clock,
        timezone=MECHELEN,
        is_demo=True,
        bind_host="127.0.0.1",
        planning=plans,
    )
    made.testing = True
    return made


def read(client: FlaskClient, address: str, code: int = 200) -> str:
    """Return the words of a page, without its markup."""
    answer = client.get(address, base_url=HERE)
    assert answer.status_code == code
    body = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))
    return " ".join(unescape(body).replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.mark.parametrize(
    "address",
    ["/plan", "/plan/outreach", "/plan/whatif", "/plan/scenarios", "/plan/map.js"]
    + [f"/plan/{name}.geojson" for name in ("streets", "areas", "gaps", "coverage")]
    + ["/plan/coverage.png"],
)
def test_the_planner_answers_on_this_machine_alone(client, address):
    assert client.get(address, base_url=HERE).status_code == 200
    for wrong in ("http://192.0.2.1", "http://evil.example"):
        assert client.get(address, base_url=wrong).status_code == 404
    assert client.get(address, base_url=HERE, headers={"Via": "proxy"}).status_code == 404


def test_without_somebody_who_answers_there_is_no_page_and_no_link(record, city):
    app = create_app(
        record, city, clock=record.clock, timezone=MECHELEN, is_demo=False, bind_host="127.0.0.1"
    )
    with app.test_client() as client:
        assert client.get("/plan", base_url=HERE).status_code == 404
        assert b'"/plan"' not in client.get("/ops", base_url=HERE).data


def test_the_desk_leads_to_the_planner(client):
    assert b'<a href="/plan">' in client.get("/ops", base_url=HERE).data


def test_streets_are_bands_of_metres_by_class(client):
    said = read(client, "/plan")
    assert "Bruul 300 m 100 tot 200 m 150 tot 220 m 200 tot 240 m 250 tot 260 m 20 tot 30 m" in said
    assert "Hoogstraat 300 m – – – – 20 tot 30 m" in said


def test_a_square_has_no_length_and_is_told_in_square_metres(client, plans):
    levels = {level: Edges(700.0, 900.0) for level in ServiceClass}
    square = street(
        id="markt",
        name="Grote Markt",
        length_m=0.0,
        area_m2=1000.0,
        covered_m2=levels,
        lost_m2=Edges(40.0, 40.0),
        share=None,
    )
    plans.found = plan(streets=(square,))
    said = read(client, "/plan")
    assert "Grote Markt 1.000 m² 700 tot 900 m² 700 tot 900 m²" in said
    assert "700 tot 900 m² 40 m²" in said
    page = client.get("/plan", base_url=HERE).get_data(as_text=True)
    assert 'data-value="70\N{NO-BREAK SPACE}%"' in page


def test_a_period_shows_the_share_that_was_served_and_a_dash_where_that_is_not_known(client):
    said = read(client, "/plan?show=period")
    assert "Bruul 300 m 41 % 62 % –" in said
    assert "Hoogstraat 300 m – – –" in said


def test_a_street_of_which_most_is_not_known_has_no_shade(client, plans):
    plans.found = plan(streets=(street(share=Edges(0.1, 0.1), unknown_share=Edges(0.9, 0.9)),))
    page = client.get("/plan?show=period", base_url=HERE).get_data(as_text=True)
    assert 'data-shade="" data-value="–"' in page
    assert "Bruul 300 m 10 % 10 % 90 %" in read(client, "/plan?show=period")


def test_map_and_table_hold_the_same_figure(client):
    page = client.get("/plan?show=areas&part=outage", base_url=HERE).get_data(as_text=True)
    (row,) = re.findall(r'<tr data-area="12025W01".*?</tr>', page, re.DOTALL)
    assert 'data-value="10\N{NO-BREAK SPACE}%"' in row and 'data-shade="0"' in row
    assert '<td class="number">10\N{NO-BREAK SPACE}%</td>' in row


def test_the_best_of_wifi_is_shown_to_who_asks_for_it(client):
    assert "Arsenaal 50 40 % 400 u" in read(client, "/plan?show=areas")
    assert "Arsenaal 50 95 % 950 u" in read(client, "/plan?show=areas&edge=optimistic")


def test_gaps_are_the_planning_part_whatever_else_is_asked(client):
    said = read(client, "/plan?show=gaps&part=delivered")
    assert "Arsenaal 50 20 % 200 u 0,250" in said


def test_places_name_what_is_nearest_and_what_is_not_known(client):
    said = read(client, "/plan?show=places")
    assert "LDC De Rooster ouderen Battel Bruul , 320 m niets binnen 5.000 m –" in said
    assert "Bib , 90 m (geschat, in rechte lijn)" in said
    listed = read(client, "/plan/outreach")
    assert "Bib , 90 m wandelen (geschat, in rechte lijn)" in listed
    assert "Bruul , 320 m wandelen" in listed
    assert "Bruul , 320 m wandelen (geschat" not in listed


def test_the_ledger_adds_areas_up_by_group_and_never_groups_or_services(client):
    said = read(client, "/plan")
    assert "ouderen 100 mensen · 2.000 u" in said
    assert "geleverd 65 %, gesloten 10 %, stuk 5 %, niets in de buurt 15 %, onzeker 5 %" in said
    assert "Wifi op zijn best: geleverd 95 %" in said
    assert "4.000 u" not in said


def test_targets_stand_beside_results_and_nothing_is_said_without_one(client):
    said = read(client, "/plan")
    assert "gratis wifi ouderen 65 % 66 % 0,125 75 % 80 % nee" in said
    assert "een computer ouderen – – – – – geen doel" in said


def test_costs_lead_to_their_incident(client):
    page = client.get("/plan", base_url=HERE).get_data(as_text=True)
    assert '<a href="/ops/incidents/ap-bruul-01@1">' in page
    assert "1.234 u – –" in read(client, "/plan")


def test_every_page_with_figures_says_that_they_are_synthetic_and_how_precise(client, plans):
    key = plans.save("A", (MOVED,), NOW).key
    other = plans.save("B", (MOVED,), NOW).key
    compare = f"/plan/compare?key={key}&key={other}"
    for address in ("/plan", "/plan/outreach", f"/plan/s/{key}", compare):
        said = read(client, address)
        assert "Verzonnen gegevens." in said, address
        assert "op 120 m na" in said and "±12–15 dB" in said
    plans.found = plan(honesty=replace(HONESTY, is_synthetic=False, precision_m=None))
    said = read(client, "/plan")
    assert "Verzonnen" not in said
    assert "Hoe nauwkeurig de plaatsen zijn, weten we niet." in said


def test_each_figure_opens_its_method_and_versions(client):
    said = read(client, "/plan")
    for kind in ("coverage", "ledger", "equity", "costs"):
        assert METHODS[kind] in said
    assert "bevolking voorbeeld" in said


def test_nothing_at_all_is_told_in_sentences(client, plans):
    plans.found = NOTHING
    said = read(client, "/plan")
    assert "Er zijn geen straten met wifi ingelezen." in said
    assert "Er is geen bevolking ingelezen" in said
    assert "kostte geen enkele storing uren" in said
    assert "geen plekken van doelgroepen" in read(client, "/plan/outreach")
    assert "geen plekken van doelgroepen" in read(client, "/plan?show=places")
    assert "geen bevolking" in read(client, "/plan?show=gaps")
    answer = client.post(
        "/plan/whatif", json={"steps": [ADDED]}, headers={"Accept": "text/html"}, base_url=HERE
    )
    assert "Zonder bevolking" in answer.get_data(as_text=True)


def test_a_ledger_of_no_hours_has_no_shares(client, plans):
    empty = tuple(replace(row, parts=Parts(), parts_optimistic=None) for row in ledger())
    plans.found = plan(ledger=empty)
    assert "Arsenaal 50 – 0 u" in read(client, "/plan?show=areas")


@pytest.mark.parametrize("path", ["/plan", "/plan/whatif", "/plan/coverage.png"])
def test_while_nothing_is_ready_every_page_says_why(client, plans, path):
    plans.why = "De kaart van het signaal wordt berekend."
    assert "wordt berekend" in read(client, path, 503)
    assert client.get(path, base_url=HERE).headers["Retry-After"] == "5"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=foo", "„foo” is geen dag."),
        ("from=2026-11-20&to=2026-11-10", "De eerste dag komt na de laatste."),
        ("from=2026-12-01&to=2026-12-02", "Die dagen moeten nog komen."),
        ("from=2020-01-01&to=2026-11-01", f"Kies ten hoogste {MOST_DAYS} dagen."),
        ("from=0001-01-01&to=0001-01-02", "Van het jaar 1 weten we niets."),
        ("to=0001-01-02", "Van het jaar 1"),
        ("show=<script>", "De keuze „<script>” kennen we niet."),
        ("service=print", "De keuze „print” kennen we niet."),
    ],
)
def test_a_wrong_question_is_said_and_the_last_seven_days_are_shown(client, query, sentence):
    said = read(client, f"/plan?{query}")
    assert sentence in said
    assert "19 november 2026 tot en met 25 november 2026" in said


def test_hostile_names_stay_text(client, plans):
    bad = '<img src=x onerror=alert(1)>"\N{RIGHT-TO-LEFT OVERRIDE}'
    rows = tuple(replace(row, area=bad, area_name=bad, group=bad) for row in ledger())
    place = OutreachRow(bad, bad, bad, {Service.WIFI: (bad, 3.0)}, 4.48, 51.02)
    plans.found = plan(streets=(street(id=bad, name=bad),), ledger=rows, outreach=(place,))
    for show in Show:
        page = client.get(f"/plan?show={show}", base_url=HERE).get_data(as_text=True)
        assert "<img" not in page and "\N{RIGHT-TO-LEFT OVERRIDE}" not in page
    page = client.get("/plan/outreach", base_url=HERE).get_data(as_text=True)
    assert "<img" not in page


def test_days_are_local_both_included_and_what_is_to_come_is_left_out(plans, client):
    read(client, "/plan?from=2026-10-25&to=2026-10-25")
    (start, end) = plans.asked[-1]
    assert end - start == 25 * 3600  # the clock goes back that day
    read(client, "/plan")
    assert plans.asked[-1][1] == epoch_s(NOW) // 300 * 300


@given(
    first=st.dates(date(1990, 1, 1), date(2030, 1, 1)),
    last=st.dates(date(1990, 1, 1), date(2030, 1, 1)),
)
def test_any_two_days_make_a_window_of_at_least_some_time(first, last):
    asked = Question.of({"from": str(first), "to": str(last)}, TODAY)
    start, end = asked.bounds(NOW, MECHELEN)
    assert start < end <= epoch_s(NOW) + 300
    assert (first <= last and first <= TODAY and first.year >= 2000) or asked.problems


@given(st.dictionaries(st.sampled_from(["from", "to", "show", "group", "part"]), st.text()))
def test_no_address_is_too_strange_to_answer(asked):
    assert Question.of(asked, TODAY).bounds(NOW, MECHELEN)


def test_a_question_is_its_own_address():
    asked = Question(
        TODAY, TODAY, Show.AREAS, Service.GUIDED, "older", "outage", is_optimistic=True
    )
    query = dict(pair.split("=") for pair in asked.link()[1:].split("&"))
    assert Question.of(query, TODAY) == asked


@given(st.lists(st.floats(0, 1e7), min_size=7, max_size=7))
def test_a_bar_is_full_and_its_pieces_stand_in_order(hours):
    found = pieces(Parts(*hours))
    assert [each.part for each in found] == [p for p in PART_WORDS if p in {f.part for f in found}]
    if sum(hours) > 1e-3:
        assert sum(each.width for each in found) == pytest.approx(100, abs=0.02)


def test_every_part_has_a_meaning_and_parts_stand_as_the_house_says():
    assert list(PART_WORDS) == ["delivered", "schedule", "outage", "planning", "unverified"]
    assert set(PART_MEANS) == set(PART_WORDS)


def test_the_city_is_the_sum_of_its_areas():
    for whole in together(ledger()):
        assert whole.parts.total_h == PARTS.total_h + 1000
        assert whole.target == 0.8


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (percent(None), "–"),
        (percent(0.0), "0 %"),
        (percent(0.0004), "< 0,1 %"),
        (percent(0.9999), "99,9 %"),
        (percent(1.0), "100 %"),
        (percent(0.414), "41 %"),
        (number(1234.4, "m"), "1.234 m"),
        (number(-3.25), "\N{MINUS SIGN}3,2"),
        (number(None), "–"),
        (signed(0.0, "u"), "0 u"),
        (signed(12, "u"), "+12 u"),
        (signed(-12, "u"), "\N{MINUS SIGN}12 u"),
        (band(20.0, 20.4, "m"), "20 m"),
        (band(None, 1.0), "–"),
    ],
)
def test_figures_read_as_people_write_them(shown, text):
    assert shown.replace("\N{NO-BREAK SPACE}", " ") == text


@pytest.mark.parametrize(
    ("ratio", "step"), [(None, None), (0.0, 0), (0.199, 0), (0.2, 1), (1.0, 4)]
)
def test_a_shade_is_a_fifth_of_the_whole(ratio, step):
    assert shade(ratio) == step


# --- what-if -----------------------------------------------------------------------------


def test_steps_are_answered_with_before_and_after(client):
    answer = client.post("/plan/whatif", json={"steps": [ADDED]}, base_url=HERE)
    found = answer.get_json()
    assert answer.status_code == 200
    assert found["problems"] == [] and found["synthetic"] is True and found["precision_m"] == 120
    assert found["streets"] == [{"id": "bruul", "unit": "m", "before": 150.0, "after": 190.0}]
    assert {"service": "wifi", "group": "all", "hours_per_week": 12.5} in found["gained"]


def test_a_browser_gets_the_outcome_in_words(client):
    answer = client.post(
        "/plan/whatif", json={"steps": [ADDED]}, headers={"Accept": "text/html"}, base_url=HERE
    )
    page = answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")
    assert "Berekend in 0,12 s." in page
    assert "+40 m" in page and "+12 u" in page and "\N{MINUS SIGN}2,5 u" in page


def test_what_cannot_be_done_is_said_and_no_figures_are_shown(client):
    step = {"action": "remove_site", "id": "weg"}
    answer = client.post(
        "/plan/whatif", json={"steps": [step]}, headers={"Accept": "text/html"}, base_url=HERE
    )
    page = answer.get_data(as_text=True)
    assert "Stap 1: „weg” kennen we niet." in page
    assert "Berekend in" not in page


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"steps": [{**ADDED, "lon": 900}]}, "Stap 1, de lengtegraad: dit klopt niet."),
        ({"steps": [{**ADDED, "lon": "oost"}]}, "Stap 1, de lengtegraad: dit klopt niet."),
        (
            {"steps": [ADDED, {"action": "explode", "id": "x"}]},
            "Stap 2, wat je wilt doen: dit klopt",
        ),
        ({"steps": [{"action": "remove_site"}]}, "Stap 1, het toestel of de plek: dit ontbreekt."),
        ({"steps": [{**ADDED, "hours": "x" * 300}]}, "Stap 1, de openingsuren: dit is te veel."),
        ({"steps": [{**ADDED, "evil": 1}]}, "Stap 1, een deel van het bericht: dat kennen"),
        ({"steps": [ADDED] * 41}, "De stappen: dit is te veel."),
        ({}, "De stappen: dit ontbreekt."),
        ([], "Een deel van het bericht: dit klopt niet."),
    ],
)
def test_a_wrong_request_is_refused_in_a_sentence(client, body, sentence):
    answer = client.post("/plan/whatif", json=body, base_url=HERE)
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert sentence in answer.get_json()["detail"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300) | st.lists(JSON).map(lambda one: json.dumps(one).encode()))
def test_no_body_breaks_the_page(app, body):
    answer = app.test_client().post(
        "/plan/whatif", data=body, content_type="application/json", base_url=HERE
    )
    assert answer.status_code in {200, 413, 422}


def test_a_request_of_another_site_changes_nothing(client, plans):
    body = {"name": "A", "steps": [ADDED]}
    for headers in (
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        answer = client.post("/plan/scenarios", json=body, headers=headers, base_url=HERE)
        assert answer.status_code == 403
    form = client.post("/plan/scenarios", data={"name": "A"}, base_url=HERE)
    assert form.status_code == 415
    assert plans.kept == []


def test_too_much_is_refused_before_it_is_read(client):
    answer = client.post(
        "/plan/whatif", data=b" " * 70_000, content_type="application/json", base_url=HERE
    )
    assert answer.status_code == 413


def test_a_plan_is_kept_and_found_by_its_link(client, plans):
    headers = {"Origin": HERE, "Sec-Fetch-Site": "same-origin"}
    body = {"name": "Meer\u202e wifi", "steps": [ADDED]}
    answer = client.post("/plan/scenarios", json=body, headers=headers, base_url=HERE)
    assert answer.status_code == 201
    address = answer.headers["Location"]
    assert address == answer.get_json()["url"] == f"/plan/s/{plans.kept[0].key}"
    page = client.get(address, base_url=HERE).get_data(as_text=True)
    assert "Meer wifi" in page
    assert plans.kept[0].steps == (MOVED,)
    assert "&#34;id&#34;: &#34;nieuw&#34;" in page
    assert "Meer wifi" in read(client, "/plan/scenarios")


def test_a_plan_without_a_name_or_without_steps_is_not_kept(client, plans):
    for body in ({"steps": [ADDED]}, {"name": "A", "steps": []}):
        answer = client.post("/plan/scenarios", json=body, base_url=HERE)
        assert answer.status_code == 422
    assert plans.kept == []


def test_what_does_not_fit_any_more_is_said(client, plans):
    plans.most = 0
    answer = client.post("/plan/scenarios", json={"name": "A", "steps": [ADDED]}, base_url=HERE)
    assert (answer.status_code, answer.get_json()["detail"]) == (
        409,
        "Er zijn al te veel plannen bewaard.",
    )


def test_two_plans_stand_side_by_side(client, plans):
    keys = [plans.save(name, (MOVED,), NOW + timedelta(days=1)).key for name in ("Een", "Twee")]
    said = read(client, f"/plan/compare?key={keys[0]}&key={keys[1]}")
    assert "gratis wifi iedereen 65,0 % 65,0 % +12 u 65,0 % +12 u" in said
    assert "Kies twee plannen" in read(client, f"/plan/compare?key={keys[0]}", 400)
    assert client.get("/plan/compare?key=a&key=b", base_url=HERE).status_code == 404
    assert client.get("/plan/s/nope", base_url=HERE).status_code == 404


def test_pictures_and_shapes_differ_by_edge(client):
    for name in ("coverage.png", "gaps.geojson"):
        first = client.get(f"/plan/{name}", base_url=HERE)
        best = client.get(f"/plan/{name}?edge=optimistic", base_url=HERE)
        assert first.data != best.data
        again = client.get(
            f"/plan/{name}", base_url=HERE, headers={"If-None-Match": first.headers["ETag"]}
        )
        assert again.status_code == 304


@pytest.mark.parametrize("ending", MEDIA_TYPES)
def test_every_file_of_the_page_can_be_taken_along(client, ending):
    answer = client.get(f"/plan/export.{ending}?from=2026-11-01&to=2026-11-20", base_url=HERE)
    assert answer.status_code == 200
    assert answer.mimetype == MEDIA_TYPES[ending].split(";")[0]
    name = f"netmon-plan-2026-11-01_2026-11-20.{ending}"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert f'href="/plan/export.{ending}?' in client.get("/plan", base_url=HERE).text


def test_a_file_of_another_kind_or_for_somebody_else_is_not_there(client):
    assert client.get("/plan/export.exe", base_url=HERE).status_code == 404
    assert client.get("/plan/export.csv", base_url="http://192.0.2.1").status_code == 404


def test_the_city_as_a_whole_is_no_area_and_counts_once(client, plans):
    rows = ledger()
    city = tuple(replace(row, area=WHOLE_CITY, area_name="") for row in rows)
    assert together((*rows, *city)) == together(rows)
    plans.found = plan(ledger=(*rows, *city))
    assert "buiten de wijken" not in read(client, "/plan?show=areas")


NEVER_SEEN = Parts(unverified_h=500, timetable_h=100, distance_h=400)


@pytest.fixture
def unseen(plans: Plans) -> Plans:
    """Plans of a city in which netmon has only just begun to look."""
    week = plan(is_promise=True)
    plans.promised = week
    plans.found = plan(ledger=tuple(replace(row, parts=NEVER_SEEN) for row in ledger()), costs=())
    return plans


@pytest.mark.usefixtures("unseen")
def test_before_anything_is_measured_an_ordinary_week_is_shown_and_said_to_be_a_promise(client):
    page = read(client, "/plan")
    assert "Van de dagen die je koos, weten we nog bijna niets." in page
    assert "geleverd 65 %" in page
    assert "In een gewone week, zoals beloofd, is niets stuk." in page


@pytest.mark.usefixtures("unseen")
def test_who_asks_for_what_was_measured_gets_it_however_little_it_is(client):
    page = read(client, "/plan?basis=record")
    assert "netmon kijkt nog niet lang genoeg" in page
    assert "onzeker 50 %" in page


def test_once_it_is_measured_a_promise_is_shown_to_who_asks_for_it_alone(client, plans):
    plans.promised = plan(is_promise=True)
    assert "Dit is een belofte, geen meting" not in read(client, "/plan")
    assert "Dit is een belofte, geen meting" in read(client, "/plan?basis=promise")


@pytest.mark.usefixtures("unseen")
def test_a_promise_goes_along_on_paper_alone_and_tables_hold_what_was_measured(client):
    def name(ending: str, basis: str) -> str:
        answer = client.get(f"/plan/export.{ending}?basis={basis}", base_url=HERE)
        return answer.headers["Content-Disposition"]

    assert "gewone-week" in name("pdf", "promise")
    assert "gewone-week" not in name("csv", "promise")
    assert "gewone-week" not in name("pdf", "")


def test_who_has_it_at_home_is_sent_nowhere(client, plans):
    at_home = replace(plans.found.outreach[0], nearest={Service.WIFI: ("LDC De Rooster", 0.0)})
    plans.found = plan(outreach=(at_home,))
    for address in ("/plan/outreach", "/plan?show=places"):
        assert "hier zelf" in read(client, address)

"""The page of one device and the week: what was measured, in lines, in words and in a table."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from netmon.analysis.series_views import STEP_S, ChartRow, SeriesViews, WeekRow
from netmon.domain.intervals import epoch_s
from netmon.domain.series import Series, Trace
from netmon.domain.summaries import stretches, unbroken
from netmon.domain.week import Cell
from tests.web.conftest import MECHELEN, NOW, Record, device, incident
from tests.web.past import GAP, series_views, written
from web import scale
from web.app import create_app
from web.charts import HEIGHT, WIDTH, drawn
from web.devices import MOST_CHARTS, address_of
from web.heat import heat, per_cent
from web.incident import address_of as address_of_incident
from web.layers import CityLayers

PAGE = "/ops/devices/ap-bruul-01"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    written(folder)
    return folder


def face(record: Record, city: CityLayers, series: SeriesViews | None, **changes: object) -> Flask:
    asked = {"bind_host": "127.0.0.1", "is_demo": False, **changes}
    return create_app(record, city, clock=lambda: NOW, timezone=MECHELEN, series=series, **asked)


@pytest.fixture
def client(record: Record, city: CityLayers, store: Path) -> Iterator[FlaskClient]:
    with face(record, city, series_views(store, incident())).test_client() as client:
        yield client


def test_the_page_tells_how_it_is_what_was_measured_and_what_broke(client: FlaskClient):
    text = client.get(PAGE).text
    assert "Access point Bruul 1" in text and "192.0.2.7:161" in text
    assert "verbonden 12" in text, "the last values"
    assert f'href="{address_of_incident("ap-bruul-01@1")}"' in text
    assert "antwoordtijd" in text
    assert "laagste 2 ms · midden 2 ms · hoogste 400 ms" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "2 u 44 min zonder meting" in text, "two hours of a gap, and what came before"
    assert "None" not in text and "style=" not in text


def test_incidents_are_those_of_thirty_days_of_the_device_itself_or_of_what_took_it_along(
    record: Record, city: CityLayers, store: Path
):
    rows = (
        incident("own@1", began_at=NOW - timedelta(days=2)),
        incident("parent@1", device_id="sw-1", device_name="Switch 1", affected=("ap-bruul-01",)),
        incident("other@1", device_id="ap-9", affected=("ap-8",)),
    )
    series = series_views(store, *rows)
    text = face(record, city, series).test_client().get(PAGE).text
    shown = re.findall(r'href="/ops/incidents/([^"]+)"', text)
    assert shown == ["parent@1", "own@1"], "the newest first"
    assert "door <bdi>Switch 1</bdi>" in text
    ((start_s, end_s),) = series._views.asked
    assert (start_s, end_s) == (epoch_s(NOW) - 30 * 86_400, epoch_s(NOW) + 1)


def test_so_many_charts_and_no_more_and_the_rest_by_name(client: FlaskClient):
    text = client.get(PAGE).text
    assert text.count("<figure") == MOST_CHARTS
    assert "En nog 11" in text
    all_of_one = client.get(address_of("ap-bruul-01", "rx_bytes_per_s")).text
    assert all_of_one.count("<figure") == 20
    assert 'measurement=rx_bytes_per_s" aria-current="true"' in all_of_one
    assert client.get(address_of("ap-bruul-01", "nonsense")).text == text


def test_every_chart_has_words_and_a_table_of_the_same(client: FlaskClient):
    text = client.get(address_of("ap-bruul-01", "stations")).text
    assert text.count("<figure") == 1
    (table,) = re.findall(r"<table>.*?</table>", text, re.DOTALL)
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", table, re.DOTALL)
    cells = [re.findall(r"<td>(.*?)</td>", row) for row in rows]
    assert len(rows) == 24 - 1, "23 hours, of which the gap hides one whole one"
    assert sum(int(each[3]) for each in cells) == (23 - 2) * 60
    assert ["0", "29,5", "59", "60"] in cells


def test_labels_of_devices_are_text_and_nothing_else(client: FlaskClient):
    text = client.get(address_of("ap-bruul-01", "ssid_stations")).text
    assert "&lt;b&gt;net&lt;/b&gt;" in text
    assert "<b>net</b>" not in text and "\N{RIGHT-TO-LEFT OVERRIDE}" not in text


@pytest.mark.parametrize("key", ["nobody", "../../etc/passwd", "ap-bruul-01/", "<script>", "%00"])
def test_what_is_no_device_has_no_page(client: FlaskClient, key: str):
    answer = client.get(f"/ops/devices/{key}")
    assert answer.status_code == 404
    assert "<script>" not in answer.text.replace('<script type="module"', "")


@given(st.text(min_size=1, max_size=40).filter(lambda text: text.strip("./") == text))
def test_whatever_its_id_a_device_is_found_by_its_address(key: str):
    if not key.isprintable():
        return
    assert re.fullmatch(r"/ops/devices/[A-Za-z0-9_.~%-]+", address_of(key))


def test_an_id_from_a_file_leads_to_its_page(record: Record, city: CityLayers, store: Path):
    odd = 'ap "één"/1?x=<b>'
    record.tell(devices=(device(odd),))
    client = face(record, city, series_views(store)).test_client()
    desk = client.get("/ops").text
    (link,) = re.findall(r'href="(/ops/devices/[^"]+)"', desk)
    assert link == address_of(odd)
    assert client.get(link).status_code == 200


def test_without_a_store_the_page_says_so_honestly(
    record: Record, city: CityLayers, tmp_path: Path
):
    for is_kept, words in ((True, "niets gemeten dat een lijn geeft"), (False, "enabled = false")):
        series = series_views(tmp_path, is_kept=is_kept)
        client = face(record, city, series).test_client()
        assert words in client.get(PAGE).text
        assert "<figure" not in client.get(PAGE).text
        week = client.get("/ops/heatmap").text
        assert "<table" not in week
        assert ("nog niets bekend" if is_kept else "enabled = false") in week


def test_without_series_the_desk_links_nowhere(record: Record, city: CityLayers):
    client = face(record, city, None).test_client()
    assert "/ops/devices/" not in client.get("/ops").text
    assert client.get(PAGE).status_code == client.get("/ops/heatmap").status_code == 404


@pytest.mark.parametrize("path", [PAGE, "/ops/heatmap"])
def test_nobody_else_sees_them(record: Record, city: CityLayers, store: Path, path: str):
    series = series_views(store)
    assert face(record, city, series).test_client().get(path).status_code == 200
    far = face(record, city, series, bind_host="0.0.0.0").test_client()  # noqa: S104 - the point of it
    assert far.get(path).status_code == 404
    near = face(record, city, series).test_client()
    assert near.get(path, headers={"Host": "evil.example"}).status_code == 404


def test_the_week_is_a_table_with_a_number_and_words_in_every_cell(client: FlaskClient):
    text = client.get("/ops/heatmap").text
    cells = re.findall(r'<td class="heat-(\w+)" title="([^"]+)">([^<]+)</td>', text)
    assert len(cells) == 168
    # 12:00 UTC is 13 o'clock in November.
    half = [words for shade, words, number in cells if (shade, number) == ("4", "50")]
    assert half == [f"{day} 13–14 uur: 50 %" for day in (
        "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag",
    )]  # fmt: skip
    assert len([1 for shade, _, number in cells if (shade, number) == ("0", "100")]) == 161
    assert "Slechtste uur: maandag 13–14 uur: 50 %" in text


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_share_is_rounded_down_and_never_to_nothing(usable_s, judged_s):
    usable_s = min(usable_s, judged_s)
    found = float(per_cent(Cell(usable_s, judged_s)).replace(",", "."))
    assert (found == 100) == (usable_s == judged_s)
    assert (found == 0) == (usable_s == 0)
    assert found <= 100 * usable_s / judged_s or found == 0.1


def test_an_empty_week_has_no_worst_hour():
    week = heat(WeekRow((Cell(0, 0),) * 168, None, NOW))
    assert week.worst == "" and {cell.shade for _, day in week.days for cell in day} == {"none"}


NUMBERS = st.floats(-1e12, 1e12).filter(lambda x: x == 0 or abs(x) > 1e-6)


@given(NUMBERS, NUMBERS)
def test_an_axis_holds_all_that_is_drawn(one: float, other: float):
    low, high = min(one, other), max(one, other)
    bottom, top = scale.ends(low, high)
    slack = 1e-9 * max(abs(bottom), abs(top))
    assert bottom < top
    assert bottom <= low + slack and high <= top + slack
    if low >= 0:
        assert bottom == 0


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ((0), 0, (0, 1)),
        (0, 46, (0, 100)),
        (0.2, 0.39, (0, 0.4)),
        (0.2, 1.0, (0, 1)),
        (-94, -90, (-94, -90)),
        (-95, -90, (-95, -85)),
        (-1, 1, (-1, 1)),
        (-92, -92, (-92, -91)),
    ],
)
def test_the_ends_of_an_axis_are_round(low, high, expected):
    assert scale.ends(low, high) == pytest.approx(expected)


def row(points: dict[int, float]) -> ChartRow:
    """Return a chart of points: seconds after the start of the day → number."""
    start = NOW.replace(hour=0, minute=0, second=0)
    trace = Trace([epoch_s(start) + at_s for at_s in points], [*points.values()])
    runs = unbroken(stretches(trace, epoch_s(start), STEP_S), 600)
    values = sorted(trace.values)
    return ChartRow(
        Series("d", "x"),
        start,
        start + timedelta(days=1),
        tuple(map(tuple, runs)),
        len(values),
        values[0],
        values[len(values) // 2],
        values[-1],
        trace.values[-1],
    )


@given(
    st.dictionaries(st.integers(0, 86_399), NUMBERS, min_size=1).map(
        lambda points: dict(sorted(points.items()))
    )
)
def test_a_drawing_stays_in_its_frame_and_has_a_path_for_each_run(points):
    chart = drawn(row(points), NOW)
    assert chart.line.count("M") == chart.band.count("M") == len(chart.row.runs)
    for path in (chart.line, chart.band):
        numbers = [float(each) for each in re.findall(r"-?[\d.]+(?:e-?\d+)?", path)]
        assert all(-1 <= x <= WIDTH + 1 for x in numbers[::2])
        assert all(-0.1 <= y <= HEIGHT + 0.1 for y in numbers[1::2])
    assert sum(sums.size for _, sums in chart.hours) == len(points)


def test_a_spike_of_one_point_reaches_the_top_of_the_band():
    calm = dict.fromkeys(range(0, 43_200, 10), 1.0)
    chart = drawn(row(dict(sorted({**calm, 20_005: 100.0}.items()))), NOW)
    assert chart.marks == (100, 50, 0)
    assert re.search(r"L[\d.]+ 0.0L", chart.band)
    assert len(chart.row.runs) == 1


def test_times_are_those_of_the_city_on_the_day_of_25_hours(record: Record, city: CityLayers):
    summer = row(dict.fromkeys(range(0, 86_400, 60), 1.0))
    start = summer.starts_at.replace(month=10, day=24, hour=20)
    chart = drawn(replace(summer, starts_at=start, ends_at=start + timedelta(days=1)), NOW)
    app = face(record, city, None)
    local = app.jinja_env.globals["local"]
    assert [local.clock_time(at) for at in chart.times] == [
        "22.00", "3.00", "9.00", "15.00", "21.00",
    ]  # fmt: skip


def test_a_gap_is_told_and_not_drawn_over(store: Path):
    (chart,) = series_views(store).charts([Series("ap-bruul-01", "rtt_s")], NOW)
    (before, after) = chart.runs
    assert before[-1].end_s == epoch_s(GAP[0]) - 60 or before[-1].end_s < epoch_s(GAP[0])
    assert after[0].start_s >= epoch_s(GAP[1])
    assert sum(len(run) for run in chart.runs) <= 86_400 // STEP_S

"""Walk tests as phones write them, and as nobody should."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.errors import DataError
from geodata.walk_test import Reading, read_walk

GPX = """<?xml version="1.0"?>
<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1" xmlns:w="http://example.org/w">
<wpt lat="51.02" lon="4.48"><name>start</name></wpt><trk><trkseg>
<trkpt lat="51.0270" lon="4.4808"><time>2026-11-01T10:00:00Z</time>
<extensions><w:bssid>02:00:5E:10:00:01</w:bssid><w:rssi>-61</w:rssi><w:frequency>2437</w:frequency>
</extensions></trkpt>
<trkpt lat="51.0271" lon="4.4809"><extensions><bssid>02005e100001</bssid><rssi>-62.5</rssi>
</extensions></trkpt></trkseg></trk></gpx>"""
CSV = "lon,lat,time,bssid,rssi_dbm,frequency\n4.4808,51.027,2026-11-01 10:00:00,"
ONE = Reading(4.4808, 51.027, "02:00:5e:10:00:01", -61.0, 2437.0, date(2026, 11, 1))


@pytest.fixture
def read(tmp_path):
    def read_text(text):
        path = tmp_path / "walk"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_walk(path)

    return read_text


@pytest.mark.parametrize(
    "text",
    [
        CSV + "02:00:5e:10:00:01,-61,2437\n",
        "\ufeff" + CSV + "02-00-5E-10-00-01,-61,2437\n",
        (
            "BSSID;RSSI;Frequency;Longitude;Latitude;Timestamp\n"
            "0200.5e10.0001;-61;2437;4,4808;51,027;2026-11-01T10:00:00Z\n"
        ),
        (
            "MAC\tSSID\tlevel\tfreq\tlon\tlat\ttime\n"
            "02:00:5e:10:00:01\tMechelen\t-61\t2437\t4.4808\t51.027\t2026-11-01\n"
        ),
    ],
)
def test_columns_are_known_by_their_usual_names(read, text):
    walk = read(text)
    assert (walk.readings, walk.refused) == ([ONE], 0)


def test_a_track_with_what_its_points_say_of_wifi(read):
    walk = read(GPX)
    second = Reading(4.4809, 51.0271, "02:00:5e:10:00:01", -62.5)
    assert (walk.readings, walk.refused) == ([ONE, second], 0)


@pytest.mark.parametrize(
    ("cells", "key"),
    [
        ("02:00:5e:10:00:01,nan,2437", "rssi_dbm"),
        ("02:00:5e:10:00:01,61,2437", "rssi_dbm"),
        ("02:00:5e:10:00:01,-1e999,2437", "rssi_dbm"),
        ("02:00:5e:10:00,-61,2437", "bssid"),
        ("=cmd|'/c calc'!A0,-61,2437", "bssid"),
        ("02:00:5e:10:00:01,-61,fast", "frequency_mhz"),
        ("", "rssi_dbm"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused_alone(read, cells, key):
    walk = read(CSV + "02:00:5e:10:00:01,-61,2437\n4.4808,51.027,," + cells + "\n")
    assert (len(walk.readings), walk.refused) == (1, 1)
    assert walk.findings[0].key == key
    assert str(walk.findings[0]).isprintable()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "expected 1 to"),
        ("lon,lat,bssid\n1,2,3\n", "expected a column rssi_dbm"),
        ("lon,lat,bssid,rssi\n", "expected readings with lon, lat, bssid, rssi_dbm, found none"),
        ("lon,lat,bssid,rssi\n1,2,x,-50\n", "the first: walk:#1: bssid"),
        (b"\xff\xfe\x00rubbish", "CSV in UTF-8"),
        ('lon,lat,bssid,rssi\n"' + "x" * 200_000, "CSV in UTF-8"),
        ("<kml></kml>", "<kml> where <gpx> was expected"),
        ("<gpx><trkpt>", "GPX"),
        (GPX.replace("<gpx", '<!DOCTYPE gpx [<!ENTITY a "aaaa">]><gpx'), "a DOCTYPE"),
        (
            GPX.replace("<gpx", '<!DOCTYPE g SYSTEM "file:///etc/passwd"><gpx').encode("utf-16"),
            "expected",
        ),
        ("<gpx></gpx>", "found none"),
    ],
)
def test_a_file_that_is_no_walk_is_refused_in_one_line(read, text, expected):
    with pytest.raises(DataError) as caught:
        read(text)
    assert expected in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_folder_and_a_file_that_is_not_there_are_refused(tmp_path):
    for path in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(DataError, match="file: expected"):
            read_walk(path)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=400),
        st.text(max_size=300).map(lambda each: "lon,lat,bssid,rssi\n" + each),
        st.integers(0, len(GPX)).map(lambda at: GPX[:at] + "<" + GPX[at:]),
    )
)
def test_whatever_a_file_holds_nothing_but_its_refusal_comes_out(read, text):
    try:
        walk = read(text if isinstance(text, bytes) else text.encode("utf-8", "replace"))
    except DataError as error:
        told = [str(each) for each in error.findings]
    else:
        told = [str(each) for each in walk.findings]
        assert all(-120 <= each.rssi_dbm <= -1 for each in walk.readings)
    assert all(len(each) < 500 and each.isprintable() for each in told)

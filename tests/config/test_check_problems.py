"""Every problem is told at once, in one line that names file, place, key, expected and found."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from collectors.registry import all_checks
from tests.collectors.source_server import certificate
from tests.config.conftest import COMMUNITY, INSIDE, MECHELEN, SETTINGS, CityFiles, device, site

KNOWN = ", ".join(sorted(all_checks()))
CANARY = "canary-5up3r-s3cr3t"
LONGEST_LINE = 1000


def test_a_good_city_has_no_problem(city: CityFiles) -> None:
    assert city.problems() == []
    loaded = city.load()
    assert [each.id for each in loaded.inventory.devices] == ["pc-1"]
    assert loaded.credentials["lab"].value == COMMUNITY


@pytest.mark.parametrize(
    ("addition", "expected"),
    [
        pytest.param(
            "[city]\nfolder = 'city'\nnaam = 'Mechelen'\n",
            "netmon.toml:line 3: city.naam: expected a known setting (perhaps name), "
            "found an unknown key",
            id="an unknown key",
        ),
        pytest.param(
            "[city]\nfolder = 'city'\n[wbe]\nport = 1\n",
            "netmon.toml:line 3: wbe: expected a known setting (perhaps web), found an unknown key",
            id="an unknown table",
        ),
        pytest.param(
            "[city]\nfolder = 'city'\n[check.http]\ninterval_s = 60\n",
            "netmon.toml:line 3: check: expected a known setting (perhaps checks), "
            "found an unknown key",
            id="a table within an unknown one",
        ),
        pytest.param(
            "[notifications]\nport = 162\n",
            "netmon.toml:line 1: notifications.credentials: "
            "expected SNMP entries of [credentials]: none, found none",
            id="notifications that nobody could believe",
        ),
        pytest.param(
            "[credentials.web]\ntoken_env = 'A'\n[credentials.city]\n"
            "[notifications]\ncredentials = ['web']\n",
            "netmon.toml:line 5: notifications.credentials: "
            "expected SNMP entries of [credentials]: city, found an unknown one",
            id="notifications under a token",
        ),
        pytest.param(
            "[city]\nfolder = 'city'\ntimezone = 'Mars/Base'\n",
            "netmon.toml:line 3: city.timezone: expected a time zone such as Europe/Brussels, "
            "found 'Mars/Base'",
            id="a time zone that does not exist",
        ),
        pytest.param(
            "[city]\nfolder = 'city'\ncountry = 'XX'\n",
            "netmon.toml:line 3: city.country: expected a country such as BE, found 'XX'",
            id="a country without a calendar",
        ),
        pytest.param(
            "[web]\nport = 70000\n",
            "netmon.toml:line 2: web.port: expected less than or equal to 65535, found 70000",
            id="a port out of range",
        ),
        pytest.param(
            '[store]\nfolder = "a\\u0000b"\n',
            "netmon.toml:line 2: store.folder: expected a path that can exist, found 'a\\x00b'",
            id="a path that cannot exist",
        ),
        pytest.param(
            "[kinds.toaster]\nchecks = ['icmp']\n",
            "netmon.toml:line 1: kinds.toaster: expected 'access_point', 'controller', "
            "'public_pc', 'switch', 'gateway', 'printer' or 'probe', found 'toaster'",
            id="a kind that does not exist",
        ),
        pytest.param(
            "[[kinds.switch.limits]]\nmeasurement = 'cpu_ratio'\nat_least = 1.0\nreason = 'busy'\n"
            "\n[[kinds.switch.limits]]\nmeasurement = 'cpu_ratio'\nreason = 'busy'\n",
            "netmon.toml:line 6: kinds.switch.limits.1.at_least: expected a value, found none",
            id="a limit without its value",
        ),
        pytest.param(
            "[checks.snmp]\ninterval_s = inf\n",
            "netmon.toml:line 2: checks.snmp.interval_s: expected a finite number, found inf",
            id="an interval that never ends",
        ),
        pytest.param(
            "[checks.snmp]\nfail_m = 2\nfail_n = 3\n",
            "netmon.toml:line 3: checks.snmp.fail_n: "
            "expected at most 2, the number of looks that count, found 3",
            id="more failures than looks",
        ),
        pytest.param(
            "[checks.icmp]\nrecover_n = 3\n",
            "netmon.toml:line 2: checks.icmp.recover_n: "
            "expected at most 2, the number of looks that count, found 3",
            id="more recoveries than looks",
        ),
        pytest.param(
            "[checks.snmp]\ninterval_s = 30\ndeadline_s = 31\n",
            "netmon.toml:line 3: checks.snmp.deadline_s: "
            "expected at most interval_s = 30, found 31",
            id="a deadline beyond the interval",
        ),
        pytest.param(
            "[kinds.switch]\nchecks = ['snmp']\n",
            "netmon.toml:line 1: kinds.switch.deciding: "
            "expected one of its checks: snmp, found 'icmp'",
            id="a deciding check that is not run",
        ),
    ],
)
def test_a_wrong_setting_is_told(city: CityFiles, addition: str, expected: str) -> None:
    city.settings(addition)
    assert expected in city.problems()


@pytest.mark.parametrize(
    ("addition", "expected"),
    [
        pytest.param(
            "[kinds.switch]\nchecks = ['telepathy']\ndeciding = 'telepathy'\n",
            f"netmon.toml:line 8: kinds.switch.checks: expected one of {KNOWN}, found 'telepathy'",
            id="a check that does not exist",
        ),
        pytest.param(
            "[checks.telepathy]\n",
            f"netmon.toml:line 7: checks.telepathy: expected one of {KNOWN}, found 'telepathy'",
            id="settings of a check that does not exist",
        ),
        pytest.param(
            "[checks.icmp]\nparams = { count = 0 }\n",
            "netmon.toml:line 8: checks.icmp.params.count: "
            "expected greater than or equal to 1, found 0",
            id="a parameter out of range",
        ),
        pytest.param(
            "[checks.snmp.params]\nretreis = 1\n",
            "netmon.toml:line 8: checks.snmp.params.retreis: "
            "expected one of timeout_s, retries, found an unknown one",
            id="an unknown parameter",
        ),
        pytest.param(
            "[credentials.other]\n",
            "netmon.toml:line 7: credentials.other.community: "
            "expected community_env or community_file, found neither",
            id="a credential without a secret",
        ),
        pytest.param(
            "[credentials.other]\ncommunity_env = 'NETMON_NOT_SET'\n",
            "netmon.toml:line 8: credentials.other.community_env: "
            "expected environment variable NETMON_NOT_SET to be set, found nothing",
            id="a variable that is not set",
        ),
        pytest.param(
            "[credentials.other]\nversion = '3'\n",
            "netmon.toml:line 7: credentials.other.user: "
            "expected the name of an SNMPv3 user, found none",
            id="an SNMPv3 credential without a user",
        ),
        pytest.param(
            "[credentials.other]\nversion = '3'\nuser = 'u'\nauth = ''\n",
            "netmon.toml:line 7: credentials.other.priv: "
            "expected none where auth is none (RFC 3414), found 'aes128'",
            id="privacy without authentication",
        ),
    ],
)
def test_what_the_settings_ask_for_must_exist(
    city: CityFiles, addition: str, expected: str
) -> None:
    city.settings(f"{SETTINGS}\n{addition}")
    assert city.problems() == [expected]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param(
            {"colour": "red"},
            "colour: expected a known key, found an unknown one",
            id="unknown key",
        ),
        pytest.param(
            {"offers": [{"service": "coffee"}]},
            "offers.0.service: expected 'wifi', 'computer', 'guided', 'print', 'lending' or "
            "'course', found coffee",
            id="an offer that does not exist",
        ),
        pytest.param(
            {"geometry": {"type": "Point", "coordinates": [4.3517, 50.8503]}},
            "lon, lat: expected a point inside the city's boundary, found 4.3517, 50.8503",
            id="a point in another city",
        ),
        pytest.param(
            {"geometry": {"type": "Point", "coordinates": list(INSIDE[::-1])}},
            "lon, lat: expected a point inside the city's boundary, "
            "found 51.0281, 4.4803, lon and lat seem swapped",
            id="swapped coordinates",
        ),
        pytest.param(
            {"geometry": {"type": "Point", "coordinates": [float("nan"), 51.0]}},
            "lon, lat: expected a point inside the city's boundary, found nan, 51",
            id="a coordinate that is no number",
        ),
        pytest.param(
            {"geometry": {"type": "Point", "coordinates": [10**400, 51]}},
            "geometry: expected a Point of lon, lat, or null, "
            "found {'type': 'Point', 'coordinates': [1" + "0" * 85,
            id="a coordinate beyond all numbers",
        ),
        pytest.param(
            {"geometry": "here"},
            "geometry: expected a Point of lon, lat, or null, found here",
            id="a geometry that is none",
        ),
        pytest.param(
            {"opening_hours": "sometimes"},
            "opening_hours: expected OpenStreetMap opening hours, found 'sometimes'",
            id="hours that do not parse",
        ),
        pytest.param(
            {"opening_hours": " ; "},
            "opening_hours: expected OpenStreetMap opening hours, found ' ; '",
            id="empty hours",
        ),
        pytest.param(
            {"opening_hours": "Mo-Fr 09:00-12:00, SH 10:00-11:00"},
            "opening_hours: expected OpenStreetMap opening hours, found SH elsewhere than at the "
            "start of a rule, before its hours: 'Mo-Fr 09:00-12:00, SH 10:00-11:00'",
            id="school holidays where they are not understood",
        ),
        pytest.param(
            {"offers": [{"service": "guided", "opening_hours": "25:00-26:99"}]},
            "offers.guided.opening_hours: expected OpenStreetMap opening hours, "
            "found '25:00-26:99'",
            id="an offer whose hours do not parse",
        ),
        pytest.param(
            {"opening_hours": "PH off; Mo-Fr 09:00-12:00"},
            "opening_hours: expected closed on public holidays, as its `PH off` says: "
            "put that last, found 'PH off; Mo-Fr 09:00-12:00', open on 2025-01-01",
            id="an order that cancels the holidays",
        ),
        pytest.param(
            {"lead_s": 10**30},
            "lead_s: expected less than or equal to 86400, found 1" + "0" * 30,
            id="a lead longer than a day",
        ),
        pytest.param(
            {"renamed_from": "bib"},
            "renamed_from: expected another id, found bib",
            id="a place renamed from itself",
        ),
    ],
)
def test_a_wrong_site_is_told(city: CityFiles, changes: dict[str, Any], expected: str) -> None:
    city.sites(site(**changes))
    assert city.problems() == [f"sites.geojson:feature bib: {expected}"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param(
            {"place_id": "atlantis"},
            "place_id: expected a known site or street, found atlantis",
            id="without a site",
        ),
        pytest.param(
            {"parents": "sw-none"},
            "parents: expected a known device, found sw-none",
            id="no parent",
        ),
        pytest.param(
            {"parents": "pc-1"},
            "parents: expected no loop, found pc-1 depends on itself",
            id="its own parent",
        ),
        pytest.param(
            {"lon": "51.0281", "lat": "4.4803"},
            "lon, lat: expected a point inside the city's boundary, "
            "found 51.0281, 4.4803, lon and lat seem swapped",
            id="swapped coordinates",
        ),
        pytest.param(
            {"lon": "4.4803"},
            "lon, lat: expected both of them or neither, found one",
            id="half a point",
        ),
        pytest.param(
            {"credential": ""},
            "credential: expected the name of one: SNMP is asked, found none",
            id="no credential",
        ),
        pytest.param(
            {"credential": CANARY},
            "credential: expected an entry of [credentials]: lab, found an unknown one",
            id="a credential that is not configured",
        ),
        pytest.param(
            {"port": "0"}, "port: expected greater than or equal to 1, found 0", id="no port"
        ),
        pytest.param(
            {"host": ""},
            "host: expected an address, or devices in seen_by that see it, found none",
            id="no address",
        ),
        pytest.param(
            {"host": "", "checks": "icmp"},
            "host: expected an address, or devices in seen_by that see it, found none",
            id="no address for one of its checks",
        ),
        pytest.param(
            {"checks": "icmp toast"},
            f"checks: expected some of {', '.join(sorted(all_checks()))}, found toast",
            id="a check that does not exist",
        ),
        pytest.param(
            {"place_id": ""},
            "place_id: expected lower-case letters, digits and hyphens, at most 64, found nothing",
            id="no place",
        ),
        pytest.param(
            {"host": "http://192.0.2.1/"},
            "host: expected a name or an IP address, without scheme, port or path, "
            "found http://192.0.2.1/",
            id="a link for an address",
        ),
        pytest.param(
            {"seen_by": "nobody"},
            "seen_by: expected another device that is known, found nobody",
            id="seen by nobody known",
        ),
        pytest.param(
            {"seen_by": "pc-1"},
            "seen_by: expected another device that is known, found pc-1",
            id="seen by itself",
        ),
        pytest.param(
            {"mac": "02:00:5e"},
            "mac: expected a hardware address such as 02:00:5e:10:00:01, found 02:00:5e",
            id="half a hardware address",
        ),
        pytest.param(
            {"kind": "toaster"},
            "kind: expected 'access_point', 'controller', 'public_pc', 'switch', 'gateway', "
            "'printer' or 'probe', found toaster",
            id="no kind",
        ),
        pytest.param(
            {"synthetic": "perhaps"},
            "synthetic: expected a valid boolean, unable to interpret input, found perhaps",
            id="no claim",
        ),
    ],
)
def test_a_wrong_device_is_told(city: CityFiles, changes: dict[str, str], expected: str) -> None:
    city.devices(device(**changes))
    assert city.problems() == [f"devices.csv:line 2, pc-1: {expected}"]


def test_a_device_that_repeats_is_told_with_its_second_line(city: CityFiles) -> None:
    city.devices(device(), device("pc-2"), device())
    assert city.problems() == [
        "devices.csv:line 4, pc-1: id: expected an id that no device has yet, found pc-1"
    ]


def test_a_loop_is_told_for_every_device_in_it_and_for_none_behind_it(city: CityFiles) -> None:
    city.devices(
        device("sw-1", parents="sw-2"), device("sw-2", parents="sw-1"), device(parents="sw-1")
    )
    assert city.problems() == [
        "devices.csv:line 2, sw-1: parents: expected no loop, found sw-1 depends on itself",
        "devices.csv:line 3, sw-2: parents: expected no loop, found sw-2 depends on itself",
    ]


def test_a_name_that_still_lives_cannot_be_an_old_one(city: CityFiles) -> None:
    city.devices(device(), device("pc-2", renamed_from="pc-1"))
    assert city.problems() == [
        (
            "devices.csv:line 3, pc-2: renamed_from: "
            "expected an id that no device has any more, found pc-1"
        )
    ]


def test_a_site_that_repeats_is_told_in_its_own_file(city: CityFiles) -> None:
    streets = json.loads((MECHELEN / "streets.geojson").read_text(encoding="utf-8"))
    streets["features"].append(streets["features"][0])
    city.layer("streets.geojson", json.dumps(streets))
    city.sites(site(), site("station"), site())
    taken = streets["features"][0]["properties"]["id"]
    assert city.problems() == [
        (
            f"city/streets.geojson:feature {taken}: id: "
            f"expected an id that no site or street has yet, found {taken}"
        ),
        *(
            f"sites.geojson:feature {each}: id: "
            f"expected an id that no site or street has yet, found {each}"
            for each in ("station", "bib")
            if each == "bib" or any(f["properties"]["id"] == each for f in streets["features"])
        ),
    ]


def test_nobody_is_blamed_for_a_neighbour_that_is_wrong(city: CityFiles) -> None:
    city.sites(site(name=""), "no feature", {"properties": None}, site("hall"))
    city.devices(device("sw-1", port="x"), device(parents="sw-1"), device("pc-2", place_id="hall"))
    assert city.problems() == [
        "sites.geojson:feature bib: name: expected at least 1 character, found nothing",
        "sites.geojson:feature 2: properties: expected the facts of a place, found None",
        "sites.geojson:feature 3: properties: expected the facts of a place, found None",
        (
            "devices.csv:line 2, sw-1: port: "
            "expected a valid integer, unable to parse string as an integer, found x"
        ),
    ]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        pytest.param(
            [*device(), "community"],
            "community: expected no secret: name an entry of [credentials], found a secret",
            id="a secret",
        ),
        pytest.param(
            [*device(), "host"], "host: expected this column once, found 2 of them", id="one twice"
        ),
        pytest.param(
            [name for name in device() if name != "synthetic"],
            "synthetic: expected this column, found none",
            id="one too few",
        ),
        pytest.param(
            [*device(), "colour"],
            f"colour: expected one of {', '.join(device())}, found an unknown column",
            id="one too many",
        ),
    ],
)
def test_a_wrong_column_is_told_and_its_cells_never_shown(
    city: CityFiles, columns: list[str], expected: str
) -> None:
    city.table(columns, [[CANARY] * len(columns)])
    assert city.problems() == [f"devices.csv:line 1: {expected}"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("", "no line", id="an empty file"),
        pytest.param(";".join(device()) + "\n", "semicolons", id="a spreadsheet's semicolons"),
        pytest.param("id\n", "one column", id="one column"),
    ],
)
def test_a_file_without_columns_is_one_problem(city: CityFiles, text: str, found: str) -> None:
    (city.folder / "devices.csv").write_text(text, encoding="utf-8")
    (line,) = city.problems()
    assert line.startswith("devices.csv:line 1: columns: expected a heading of columns apart by")
    assert line.endswith(f"found {found}")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("", "an empty file", id="an empty file"),
        pytest.param("{}", "JSON without a list of features", id="no features"),
        pytest.param("[]", "JSON without a list of features", id="a list"),
        pytest.param("{", "Expecting property name", id="half a file"),
    ],
)
def test_a_file_of_sites_that_is_none_says_what_it_is(
    city: CityFiles, text: str, found: str
) -> None:
    (city.folder / "sites.geojson").write_text(text, encoding="utf-8")
    (line,) = city.problems()
    expected = "sites.geojson: file: expected a GeoJSON FeatureCollection, found "
    assert line.startswith(expected + found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(None, "No such file or directory", id="no file"),
        pytest.param("", "an empty file", id="an empty file"),
        pytest.param("-----BEGIN CERTIFICATE-----\nx\n", "none", id="no certificate"),
    ],
)
def test_a_file_of_authorities_lies_beside_the_configuration_and_holds_some(
    city: CityFiles, text: str | None, found: str
) -> None:
    path = city.folder / "ca.pem"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    city.settings(SETTINGS + "[checks.http.params]\nca_file = 'ca.pem'\n")
    (line,) = city.problems()
    assert line == (
        "netmon.toml:line 7: checks.http.params.ca_file: "
        f"expected ca.pem to hold PEM certificates, found {found}"
    )


def test_a_file_of_authorities_that_is_fine_is_no_problem(city: CityFiles) -> None:
    (city.folder / "ca.pem").write_bytes(certificate().read_bytes())
    city.settings(SETTINGS + "[checks.http.params]\nca_file = 'ca.pem'\n")
    assert city.problems() == []
    assert city.load().settings.check("http").params == {"ca_file": str(city.folder / "ca.pem")}


def test_a_row_with_too_few_cells_is_told(city: CityFiles) -> None:
    city.table(device(), [list(device().values())[:-1]])
    assert city.problems() == [
        "devices.csv:line 2: row: expected 19 cells, found another number of them"
    ]


def test_a_table_saved_by_a_spreadsheet_is_read(city: CityFiles) -> None:
    path = city.folder / "devices.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert city.problems() == []


def test_the_problems_of_all_files_are_told_at_once(city: CityFiles) -> None:
    city.settings(f"{SETTINGS}\n[checks.icmp]\nparams = {{ count = 0 }}\n")
    city.secret(COMMUNITY, mode=0o644)
    city.sites(site(opening_hours="sometimes"), site("hall", lag_s="x"))
    city.devices(device(place_id="atlantis"), device("pc-2", port="x"))
    files = [line.split(": ")[0] for line in city.problems()]
    assert files == [
        "netmon.toml:line 5",
        "netmon.toml:line 8",
        "sites.geojson:feature bib",
        "sites.geojson:feature hall",
        "devices.csv:line 3, pc-2",
        "devices.csv:line 2, pc-1",
    ]


def test_a_folder_without_a_city_hides_no_other_problem(city: CityFiles) -> None:
    for name in ("holidays.toml", "boundary.geojson", "streets.geojson"):
        (city.folder / "city" / name).unlink()
    city.secret(COMMUNITY, mode=0o644)
    city.sites(site(opening_hours="sometimes"))
    city.devices(device(parents="sw-none"))
    assert [line.split(": ")[0] for line in city.problems()] == [
        "netmon.toml:line 5",
        "city/holidays.toml",
        "city/boundary.geojson",
        "city/streets.geojson",
        "sites.geojson:feature bib",
        "devices.csv:line 2, pc-1",
    ]


def test_an_outline_that_is_none_is_told(city: CityFiles) -> None:
    city.layer("boundary.geojson", json.dumps({"type": "FeatureCollection", "features": []}))
    (problem,) = city.problems()
    assert problem.startswith("city/boundary.geojson: boundary: expected the outline of the city")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("netmon.toml", ["netmon.toml: file: expected a readable file, found {}"]),
        ("sites.geojson", ["sites.geojson: file: expected a readable file, found {}"]),
        ("devices.csv", ["devices.csv: file: expected a readable file, found {}"]),
        (
            "city/streets.geojson",
            ["city/streets.geojson: file: expected a readable file, found {}"],
        ),
    ],
)
def test_a_missing_file_is_one_problem(city: CityFiles, name: str, expected: list[str]) -> None:
    (city.folder / name).unlink()
    assert city.problems() == [each.format("No such file or directory") for each in expected]
    (city.folder / name).mkdir()
    assert city.problems() == [each.format("Is a directory") for each in expected]


@pytest.mark.parametrize(
    "name",
    [
        "netmon.toml",
        "sites.geojson",
        "devices.csv",
        "community",
        *(f"city/{layer}" for layer in ("boundary.geojson", "streets.geojson", "holidays.toml")),
    ],
)
@pytest.mark.parametrize(
    "content", [b"\xff\xfe\xff", b"\x00\x01", b"", b"[" * 100_000, b"{}", b"null", b"[]"]
)
def test_garbage_in_a_file_is_told_in_its_name(city: CityFiles, name: str, content: bytes) -> None:
    path = city.folder / name
    path.unlink()
    path.write_bytes(content)
    path.chmod(0o600)
    problems = city.problems()
    is_secret_after_all = name == "community" and content not in {b"\xff\xfe\xff", b""}
    if is_secret_after_all or (name == "netmon.toml" and content == b""):
        assert all("netmon.toml" not in each for each in problems)
        return
    accused = "netmon.toml" if name == "community" else name
    assert problems and all(each.startswith((accused, "netmon.toml")) for each in problems)
    assert all(each.isprintable() and len(each) < LONGEST_LINE for each in problems)


def test_wrong_syntax_is_told_with_its_line(city: CityFiles) -> None:
    city.settings("[city]\nfolder = city\n")
    assert city.problems() == [
        "netmon.toml: TOML: expected valid syntax, found Invalid value (at line 2, column 10)"
    ]


# --- secrets -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (f"community = '{CANARY}'", "credentials.lab.community"),
        (f"password = '{CANARY}'", "credentials.lab.password"),
        (f"secret = ['{CANARY}']", "credentials.lab.secret"),
        (f"communitty = '{CANARY}'", "credentials.lab.communitty"),
        (f"community_env = '{CANARY}'", "credentials.lab.community_env"),
        (f"community_env = ['{CANARY}']", "credentials.lab.community_env"),
        (f"community = {{ value = '{CANARY}' }}", "credentials.lab.community"),
        (f"version = '{CANARY}'", "credentials.lab.version"),
        (f"[[credentials.more]]\ncommunity = '{CANARY}'", "credentials.more.0.community"),
        (f"[credentials]\nother = '{CANARY}'", "credentials.other"),
        (f"[[web]]\nnote = '{CANARY}'", "web"),
        (f"[web.password]\nx = '{CANARY}'", "web.password"),
        (f"[web]\npassword = '{CANARY}'", "web.password"),
        (f"[checks.snmp.params]\ncommunity = '{CANARY}'", "checks.snmp.params.community"),
    ],
)
def test_a_secret_in_the_settings_is_named_and_never_shown(
    city: CityFiles, text: str, key: str
) -> None:
    city.settings(f"[credentials.lab]\n{text}\n")
    problems = city.raw_problems()
    assert key in [each.key for each in problems]
    assert all(CANARY not in str(each) and CANARY not in repr(each) for each in problems)


def test_a_secret_in_the_settings_is_told_with_what_to_do_instead(city: CityFiles) -> None:
    city.settings(f"[credentials.lab]\nversion = '2c'\ncommunity = '{CANARY}'\n")
    assert city.problems() == [
        (
            "netmon.toml:line 3: credentials.lab.community: expected no secret here: "
            "name a variable (…_env) or a private file (…_file), found a secret"
        )
    ]


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o660, 0o601])
def test_a_secret_file_that_others_can_reach_is_refused(city: CityFiles, mode: int) -> None:
    city.secret(CANARY, mode=mode)
    assert city.problems() == [
        (
            "netmon.toml:line 5: credentials.lab.community_file: expected community "
            f"to be readable by its owner only (0600), found mode {mode:04o}"
        )
    ]


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_secret_file_of_its_owner_is_read(city: CityFiles, mode: int) -> None:
    city.secret(f"{CANARY}\n", mode=mode)
    loaded = city.load()
    assert loaded.credentials["lab"].value == CANARY
    assert CANARY not in repr(loaded)


@pytest.mark.parametrize("content", ["", " \n"])
def test_an_empty_secret_file_is_told(city: CityFiles, content: str) -> None:
    city.secret(content)
    assert city.problems() == [
        (
            "netmon.toml:line 5: credentials.lab.community_file: "
            "expected a secret in community, found nothing"
        )
    ]


def test_a_missing_secret_file_is_told(city: CityFiles) -> None:
    (city.folder / "community").unlink()
    assert city.problems() == [
        (
            "netmon.toml:line 5: credentials.lab.community_file: "
            "expected readable file community, found No such file or directory"
        )
    ]


def test_a_secret_comes_from_the_environment(
    city: CityFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.settings("[city]\nfolder = 'city'\n[credentials.lab]\ncommunity_env = 'NETMON_LAB'\n")
    assert city.problems() == [
        (
            "netmon.toml:line 4: credentials.lab.community_env: "
            "expected environment variable NETMON_LAB to be set, found nothing"
        )
    ]
    monkeypatch.setenv("NETMON_LAB", CANARY)
    assert city.load().credentials["lab"].value == CANARY


def test_a_pass_phrase_that_is_too_short_is_told_and_not_shown(
    city: CityFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETMON_AUTH", CANARY)
    monkeypatch.setenv("NETMON_PRIV", CANARY[:7])
    city.settings(
        "[city]\nfolder = 'city'\n[credentials.lab]\nversion = '3'\nuser = 'reader'\n"
        "auth_env = 'NETMON_AUTH'\npriv_env = 'NETMON_PRIV'\n"
    )
    assert city.problems() == [
        (
            "netmon.toml:line 3: credentials.lab.priv: "
            "expected a pass phrase of 8 characters or more (RFC 3414), found a shorter one"
        )
    ]
    monkeypatch.setenv("NETMON_PRIV", CANARY)
    assert city.load().credentials["lab"].priv_passphrase == CANARY


# --- hostile text ------------------------------------------------------------------------

HOSTILE = "\x1b]0;owned\x07\r\n\u2028\u202e\x9b31m" + "é" * 10_000
SITE_FIELDS = [key for key in site()["properties"] if key != "synthetic"] + ["address", "note"]


@pytest.mark.parametrize("column", list(device()))
def test_hostile_text_in_a_cell_comes_out_as_one_short_printable_line(
    city: CityFiles, column: str
) -> None:
    city.devices(device(**{column: HOSTILE}))
    _assert_tame(city)


@pytest.mark.parametrize("key", [*SITE_FIELDS, HOSTILE])
def test_hostile_text_in_a_feature_comes_out_as_one_short_printable_line(
    city: CityFiles, key: str
) -> None:
    city.sites(site(**{key: HOSTILE}, geometry={"type": HOSTILE}))
    _assert_tame(city)


def test_text_that_is_no_unicode_comes_out_printable(city: CityFiles) -> None:
    city.sites(site(name="\ud800"), site("hall", **{"\udfff": 1}))
    _assert_tame(city)


@pytest.mark.parametrize(
    "text",
    [
        "{hostile} = 1",
        "[{hostile}]\nx = 1",
        "[city]\nname = 1\ntimezone = {hostile}",
        "[city]\ncountry = {hostile}",
        "[city]\nfolder = {hostile}",
        "[inventory]\nowner = {hostile}",
        "[checks.{hostile}]\nfail_n = 9",
        "[kinds.{hostile}]\nx = 1",
        "[kinds.switch]\nchecks = [{hostile}]",
        "[kinds.switch]\nchecks = ['icmp']\ndeciding = {hostile}",
        "[credentials.{hostile}]",
        "[credentials.lab]\ncommunity_file = {hostile}",
        "[credentials.lab]\ncommunity_env = {hostile}",
        "[credentials.lab.{hostile}]\ncommunity = {hostile}",
    ],
)
def test_hostile_text_in_the_settings_comes_out_as_one_short_printable_line(
    city: CityFiles, text: str
) -> None:
    city.settings(text.replace("{hostile}", json.dumps(HOSTILE)))
    _assert_tame(city)


UNICODE = st.text(st.characters(codec="utf-8"), max_size=30)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    cells=st.dictionaries(st.sampled_from(list(device())), UNICODE, max_size=4),
    facts=st.dictionaries(
        st.sampled_from([*site()["properties"], "note", "geometry"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
            lambda inner: (
                st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2)
            ),
            max_leaves=4,
        ),
        max_size=4,
    ),
)
def test_whatever_the_files_hold_is_accepted_or_told(
    city: CityFiles, cells: dict[str, str], facts: dict[str, Any]
) -> None:
    """No traceback, no second line, no control character, whatever stands in the files."""
    city.devices(device(**cells))
    city.sites(site(**facts))
    for each in city.problems():
        assert each.isprintable() and len(each) < LONGEST_LINE


def _assert_tame(city: CityFiles) -> None:
    problems = city.raw_problems()
    for each in problems:
        assert str(each).isprintable() and len(str(each)) < LONGEST_LINE
        assert all(part.isprintable() for part in (each.where, each.key, each.found))
    assert len(problems) < 20


def test_the_folder_of_the_city_is_where_its_layers_are(city: CityFiles) -> None:
    city.settings(SETTINGS.replace('"city"', json.dumps(str(MECHELEN))))
    assert city.problems() == []
    assert Path(city.load().settings.city.folder) == MECHELEN

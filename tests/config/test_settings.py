"""`netmon.toml`: what is not written has a default, and what is not known is refused."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import BaseModel

from netmon.config.settings import (
    CheckSettings,
    CitySettings,
    CredentialSettings,
    InventorySettings,
    KindSettings,
    LimitSettings,
    Settings,
    StoreSettings,
    WebSettings,
)
from netmon.config.settings_file import load_settings
from netmon.config.toml_lines import line_of
from netmon.domain.errors import ConfigError
from netmon.domain.model import Device, DeviceKind
from netmon.domain.state import Policy
from netmon.domain.verdict import Limit

TABLES: dict[str, type[BaseModel]] = {
    "": Settings,
    "city": CitySettings,
    "inventory": InventorySettings,
    "store": StoreSettings,
    "web": WebSettings,
    "credentials.lab": CredentialSettings,
    "checks.snmp": CheckSettings,
    "kinds.switch": KindSettings,
    "kinds.switch.limits": LimitSettings,
}


def read(folder: Path, text: str) -> Settings:
    path = folder / "netmon.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path)


def test_an_empty_file_gives_the_defaults_in_its_own_folder(tmp_path: Path) -> None:
    settings = read(tmp_path, "")
    assert settings.city.name == "Mechelen"
    assert settings.city.timezone == "Europe/Brussels"
    assert settings.city.folder == tmp_path
    assert settings.inventory.sites == tmp_path / "sites.geojson"
    assert settings.inventory.devices == tmp_path / "devices.csv"
    assert settings.store.folder == tmp_path / "var"
    assert settings.store.origin == "real"
    assert (settings.web.host, settings.web.port) == ("127.0.0.1", 8080)
    assert settings.concurrency == 256


def test_relative_paths_begin_at_the_file_and_absolute_ones_stay(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    settings = read(
        tmp_path,
        "city.folder = 'map'\n"
        f"store.folder = '{elsewhere}'\n"
        "[inventory]\nsites = '../sites.geojson'\n"
        "[credentials.lab]\ncommunity_file = 'secret'\nauth_file = '/etc/auth'\n",
    )
    assert settings.city.folder == tmp_path / "map"
    assert settings.store.folder == elsewhere
    assert settings.inventory.sites == tmp_path / "../sites.geojson"
    assert settings.credentials["lab"].community_file == tmp_path / "secret"
    assert settings.credentials["lab"].auth_file == Path("/etc/auth")
    assert settings.credentials["lab"].priv_file is None


def test_every_setting_has_a_sentence_for_the_manual() -> None:
    for name, model in TABLES.items():
        for key, field in model.model_fields.items():
            if not (isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)):
                assert field.description, f"{name}.{key}"


def test_a_policy_joins_the_timing_of_a_check_and_the_limits_of_a_kind(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        "[checks.snmp]\ninterval_s = 30\nretry_interval_s = 5\nfail_n = 2\nfail_m = 4\n"
        "recover_n = 1\nrecover_m = 3\n"
        "[[kinds.switch.limits]]\nmeasurement = 'cpu_ratio'\nat_least = 0.9\nreason = 'busy'\n"
        "is_usable = false\n",
    )
    limit = Limit(measurement="cpu_ratio", at_least=0.9, reason="busy", is_usable=False)
    assert settings.policy(DeviceKind.SWITCH, "snmp") == Policy(30, 5, 2, 4, 1, 3, (limit,))
    assert settings.policy(DeviceKind.GATEWAY, "snmp").limits == ()
    assert settings.policy(DeviceKind.SWITCH, "icmp") == Policy(60, 20, 3, 3, 2, 2, (limit,))


def test_a_full_disk_degrades_a_public_computer_unless_its_kind_is_written(tmp_path: Path) -> None:
    limit, *_ = read(tmp_path, "").policy(DeviceKind.PUBLIC_PC, "snmp").limits
    assert (limit.measurement, limit.at_least, limit.reason) == (
        "storage_used_ratio",
        0.95,
        "disk_full",
    )
    settings = read(tmp_path, "[kinds.public_pc]\n")
    assert settings.policy(DeviceKind.PUBLIC_PC, "snmp").limits == ()


def test_failures_may_be_dated_two_rounds_of_the_slowest_check_apart(tmp_path: Path) -> None:
    assert read(tmp_path, "").dependency_slack_s() == 120
    assert read(tmp_path, "[checks.snmp]\ninterval_s = 300\n").dependency_slack_s() == 600
    # Whatever is configured may be named by a device.
    assert read(tmp_path, "[checks.http]\ninterval_s = 900\n").dependency_slack_s() == 1800


SEEN = Device("ap", DeviceKind.ACCESS_POINT, "AP", "bruul", "", seen_by=("wlc",))


@pytest.mark.parametrize(
    ("changes", "checks", "deciding"),
    [
        ({}, ("icmp", "snmp"), "icmp"),
        ({"checks": ("snmp", "http")}, ("snmp", "http"), "snmp"),
        ({"checks": ("http", "icmp")}, ("http", "icmp"), "icmp"),
        ({"seen_by": ("wlc",)}, ("icmp", "snmp"), "reported"),
        ({"seen_by": ("wlc",), "host": ""}, (), "reported"),
        ({"kind": DeviceKind.PROBE}, ("heartbeat",), "heartbeat"),
        ({"kind": DeviceKind.PROBE, "host": ""}, ("heartbeat",), "heartbeat"),
        ({"host": "", "checks": ("heartbeat",)}, ("heartbeat",), "heartbeat"),
    ],
)
def test_what_is_asked_of_a_device_and_what_decides(
    tmp_path: Path, changes: dict[str, Any], checks: tuple[str, ...], deciding: str
) -> None:
    device = replace(SEEN, **{"host": "192.0.2.1", "seen_by": (), **changes})
    settings = read(tmp_path, "")
    assert settings.checks_of(device) == checks
    assert settings.deciding(device) == deciding


def test_what_others_report_is_expected_as_often_as_the_slowest_is_asked(tmp_path: Path) -> None:
    assert read(tmp_path, "").check("reported").interval_s == 60
    unifi = "[checks.icmp]\ninterval_s = 30\n[checks.unifi]\ninterval_s = 300\n"
    assert read(tmp_path, unifi).check("reported").interval_s == 300
    written = unifi + "[checks.reported]\ninterval_s = 120\n"
    assert read(tmp_path, written).check("reported").interval_s == 120


@pytest.mark.parametrize(
    ("check", "expected"), [("icmp", True), ("reported", False), ("heartbeat", False)]
)
def test_only_what_costs_a_look_is_done_less_often(
    tmp_path: Path,
    check: str,
    expected: bool,  # noqa: FBT001 - a column of the table
) -> None:
    policy = read(tmp_path, "").policy(DeviceKind.ACCESS_POINT, check)
    assert policy.backs_off is expected


def test_a_beat_that_is_overdue_is_told_before_it_is_silence(tmp_path: Path) -> None:
    settings = read(tmp_path, "")
    beat, ping = (settings.policy(DeviceKind.PUBLIC_PC, each) for each in ("heartbeat", "icmp"))
    assert beat.lapse_intervals == 2 * ping.lapse_intervals


def test_files_of_secrets_lie_beside_the_configuration(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        "[heartbeats]\nsecret_file = 'beat'\n[credentials.api]\ntoken_file = 'token'\n",
    )
    assert settings.heartbeats.secret_file == tmp_path / "beat"
    assert settings.credentials["api"].token_file == tmp_path / "token"


# --- lines -------------------------------------------------------------------------------

TEXT = """\
concurrency = 3
city.name = "a"
# city = 7
[web]
 port = 1
"host" = "x"
[kinds.'switch']
checks = [
  "icmp",
]
[[kinds.switch.limits]]
reason = "a"
[[ kinds . "switch" . limits ]]
reason = "b"
[checks]
snmp = { interval_s = 1 }
icmp.params.count = 1
"""


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("concurrency", "line 1"),
        ("city.name", "line 2"),
        ("city", "line 2"),
        ("web", "line 4"),
        ("web.port", "line 5"),
        ("web.host", "line 6"),
        ("web.absent", "line 4"),
        ("kinds.switch", "line 7"),
        ("kinds.switch.checks.0", "line 8"),
        ("kinds.switch.limits.0.reason", "line 12"),
        ("kinds.switch.limits.1", "line 13"),
        ("kinds.switch.limits.1.reason", "line 14"),
        ("kinds.switch.limits.1.at_least", "line 13"),
        ("checks.snmp.interval_s", "line 16"),
        ("checks.icmp.params.count", "line 17"),
        ("nowhere", ""),
    ],
)
def test_a_key_is_found_on_its_line_or_that_of_the_table_around_it(key: str, expected: str) -> None:
    assert line_of(TEXT, key.split(".")) == expected


@given(st.text(alphabet="[]\"'=.# ab\n\u2028\x0b", max_size=200))
def test_any_text_has_lines_or_none(text: str) -> None:
    where = line_of(text, ("a", "b"))
    assert where == "" or 1 <= int(where.removeprefix("line ")) <= text.count("\n") + 1


@pytest.mark.parametrize(
    "text", ["[" * 20_000, "a" * 20_000, "a." * 10_000, " " * 20_000, '"' * 20_000]
)
def test_a_hostile_line_takes_no_longer_than_others(text: str) -> None:
    assert line_of(text, ("b",)) == ""


# --- strict ------------------------------------------------------------------------------


def test_nothing_but_what_is_known_is_accepted(tmp_path: Path) -> None:
    _assert_refused(tmp_path, "kinds.switch.limits", "colour")


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(
    table=st.sampled_from(list(TABLES)),
    key=st.text(alphabet="abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=12),
)
def test_an_unknown_key_is_refused_wherever_it_stands(tmp_path: Path, table: str, key: str) -> None:
    if key not in TABLES[table].model_fields:
        _assert_refused(tmp_path, table, key)


def _assert_refused(folder: Path, table: str, key: str) -> None:
    is_list = table.endswith("limits")
    heading = f"[[{table}]]" if is_list else f"[{table}]" * bool(table)
    with pytest.raises(ConfigError) as caught:
        read(folder, f"{heading}\n{key} = 1\n")
    path = ".".join(filter(None, [table, "0" * is_list, key]))
    told = {problem.key: problem for problem in caught.value.problems}
    assert told[path].where == "line 2"
    assert "unknown key" in told[path].found or "secret" in told[path].found


@pytest.mark.parametrize(
    "text",
    [
        "concurrency = 0",
        "concurrency = 1.5",
        "[city]\nname = 5",
        "[store]\norigin = 'fake'",
        "[inventory]\nowner = 'desk'",
        "[web]\nport = -1",
        "[credentials.lab]\nversion = '1'",
        "[credentials.lab]\nauth = 'md4'",
        "[credentials.lab]\ncommunity_env = 'not a name'",
        "[checks.snmp]\ninterval_s = 0",
        "[checks.snmp]\ninterval_s = nan",
        "[checks.snmp]\ninterval_s = 86401",
        "[checks.snmp]\nfail_n = 0",
        "[checks.snmp]\nparams = 5",
        "[kinds]\nswitch = 5",
        "[sight]\nwitnesses = ['dns.example']",
        "[sight]\nquorum_ratio = 0.5",
        "[sight]\nquorum_ratio = 1.1",
        "[sight]\nwindow_s = 0",
        "[sight]\nleast_devices = 1",
        "[coverage]\nband = '5-middle'",
        "[coverage]\nlevel_dbm = -71",
        "[coverage]\ncell_m = 0.5",
        "[coverage]\neirp_dbm = inf",
        "city = 5",
    ],
)
def test_a_wrong_value_is_told_once_with_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    (problem,) = caught.value.problems
    assert problem.where == f"line {text.count(chr(10)) + 1}"


def test_settings_cannot_be_changed_once_they_are_read(tmp_path: Path) -> None:
    settings: Any = read(tmp_path, "")
    with pytest.raises(ValueError, match="frozen"):
        settings.concurrency = 5

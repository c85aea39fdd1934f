"""`netmon ledger` and `netmon host`: what they print, keep and refuse."""

import json
from pathlib import Path

import pytest

import geodata
from tests.analysis.ledger_town import LedgerTown
from tests.cli.asking import Call

PARTS = ("delivered_h", "unverified_h", "outage_h", "schedule_h", "planning_h")
ROW_KEYS = {"service", "group", "area", "total_h", *PARTS, "announced_h", "outage_by_cause"}
DAY = ("--from", "2026-10-14", "--to", "2026-10-15")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The bundled city with the record of the worked day; nobody holds its stores."""
    path = tmp_path / "netmon.toml"
    folder = Path(geodata.__file__).parent / "mechelen"
    path.write_text(f'[city]\nfolder = "{folder}"\n[store]\nfolder = "store"\n')
    with LedgerTown(tmp_path / "store") as town:
        town.play_the_worked_day()
    return path


def test_the_json_has_the_keys_that_stay_and_its_parts_add_up(netmon: Call, config: Path) -> None:
    answer = netmon("ledger", "-c", config, "--json", *DAY)
    assert (answer.code, answer.err) == (0, "")
    document = answer.document
    assert list(document)[:6] == ["from", "to", "unit", "rows", "incidents", "seats"]
    assert document["unit"] == "person-hours"
    assert (document["from"], document["to"]) == ("2026-10-13T22:00:00Z", "2026-10-14T22:00:00Z")
    for row in document["rows"]:
        assert row.keys() >= ROW_KEYS
        assert sum(row[part] for part in PARTS) == pytest.approx(row["total_h"], rel=1e-12)
        assert sum(row["outage_by_cause"].values()) == pytest.approx(row["outage_h"], rel=1e-9)
    assert {key: document["seats"][key] for key in ("promised_h", "working_h", "failed_h")} == {
        "promised_h": 27,
        "working_h": 18,
        "failed_h": 6,
    }
    assert document["synthetic"] is True
    assert "synthetic" in document["notes"]


def test_the_city_is_the_sum_of_its_areas(netmon: Call, config: Path) -> None:
    rows = netmon("ledger", "-c", config, "--json", *DAY, "--service", "computer").document["rows"]
    everybody = [row for row in rows if row["group"] == "all"]
    (city,) = [row for row in everybody if row["area"] == "city"]
    for part in (*PARTS, "total_h", "people"):
        areas = sum(row[part] for row in everybody if row["area"] != "city")
        assert areas == pytest.approx(city[part], rel=1e-12)


@pytest.mark.parametrize("by", ["area", "street", "site", "hour"])
def test_every_table_is_printed_with_what_it_is_worth(netmon: Call, config: Path, by: str) -> None:
    answer = netmon("ledger", "-c", config, *DAY, "--by", by, "--group", "all")
    assert answer.code == 0
    assert "- synthetic: " in answer.out
    assert "no host was checked in" not in answer.out


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--group", "pirates"), "expected one of all, "),
        (("--area", "atlantis"), "expected one of "),
        (("--month", "2026-10", "--from", "2026-10-01"), "--month alone"),
        (("--anew",), "--anew with a --month"),
        (("--month", "2026-13"), "expected one like 2026-10"),
        (("--service", "print"), "print"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    netmon: Call, config: Path, options: tuple[str, ...], expected: str
) -> None:
    assert expected in netmon("ledger", "-c", config, *options).refused()


def test_an_area_is_known_by_its_name_too(netmon: Call, config: Path) -> None:
    wanted = ("--json", *DAY, "--group", "all", "--service", "computer", "--area", "centrum")
    (row,) = netmon("ledger", "-c", config, *wanted).document["rows"]
    assert row["area"].startswith("12025W")


def test_where_nobody_offers_it_there_is_nothing_to_show(netmon: Call, config: Path) -> None:
    answer = netmon("ledger", "-c", config, *DAY, "--service", "wifi")
    assert answer.code == 1
    assert "nobody offers it" in answer.err


def _kept(path: Path) -> dict[str, object]:
    """Return what is printed of a kept month: what incidents cost is kept of every group."""
    found = json.loads(path.read_text())
    return {**found, "incidents": [e for e in found["incidents"] if e["group"] == "all"]}


def test_an_old_month_prints_as_it_was_though_its_record_changed(
    netmon: Call, config: Path
) -> None:
    asked = ("ledger", "-c", config, "--month", "2026-10", "--json")
    first = netmon(*asked).document
    assert first["revision"] == 1
    store = config.parent / "store"
    with LedgerTown(store) as town:
        town.closed("B", "16:00", "18:00", 1)
    assert netmon(*asked).document == first
    second = netmon(*asked, "--anew").document
    assert second["revision"] == 2
    assert second["made_from"]["offers_digest"] != first["made_from"]["offers_digest"]
    assert second["made_from"]["people_digest"] == first["made_from"]["people_digest"]
    assert netmon(*asked).document == second
    assert netmon(*asked, "--anew").document == second
    assert _kept(store / "reports" / "2026-10" / "l1.json") == first


def test_part_of_a_kept_month_is_read_from_what_is_kept(netmon: Call, config: Path) -> None:
    asked = ("ledger", "-c", config, "--month", "2026-10", "--json")
    whole = netmon(*asked).document
    part = netmon(*asked, "--service", "computer", "--group", "older").document
    assert part["rows"] == [
        row for row in whole["rows"] if (row["service"], row["group"]) == ("computer", "older")
    ]


@pytest.mark.parametrize("when", [DAY, ("--month", "2026-10")])
def test_what_incidents_cost_is_the_outage_of_the_group_that_was_asked_for(
    netmon: Call, config: Path, when: tuple[str, ...]
) -> None:
    for asked in ((), ("--group", "older")):
        found = netmon("ledger", "-c", config, "--json", *when, *asked).document
        group = asked[-1] if asked else "all"
        (city,) = [
            row
            for row in found["rows"]
            if (row["service"], row["group"], row["area"]) == ("computer", group, "city")
        ]
        assert city["outage_h"] > 0
        assert {each["group"] for each in found["incidents"]} == {group}
        cost_h = sum(each["cost_h"] for each in found["incidents"])
        assert cost_h == pytest.approx(city["outage_h"])


def test_a_damaged_kept_month_is_told_in_one_line(netmon: Call, config: Path) -> None:
    asked = ("ledger", "-c", config, "--month", "2026-10", "--json")
    netmon(*asked)
    (config.parent / "store" / "reports" / "2026-10" / "l1.json").write_text("{")
    assert "ledger: expected the JSON that was kept" in netmon(*asked).refused()


def test_a_host_who_checks_in_and_out_makes_help_delivered(netmon: Call, config: Path) -> None:
    # The day after the worked one: nothing was said of it yet.
    day = ("--from", "2026-10-15", "--to", "2026-10-16", "--service", "guided", "--group", "all")
    before = netmon("ledger", "-c", config, "--json", *day).document["seats"]
    assert (before["promised_h"], before["unknown_h"]) == (3, 3)
    assert netmon("host", "in", "A", "-c", config, "--at", "2026-10-15T08:30").code == 0
    whole = netmon("ledger", "-c", config, "--json", *day).document["seats"]
    assert (whole["working_h"], whole["unknown_h"]) == (3, 0)
    assert netmon("host", "out", "A", "-c", config, "--at", "2026-10-15T10:00").code == 0
    after = netmon("ledger", "-c", config, "--json", *day).document["seats"]
    assert (after["working_h"], after["unknown_h"]) == (1, 2)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("in", "B"), "a site with guided help"),
        (("in", "nowhere"), "a site with guided help"),
        (("out", "A", "--at", "2026-10-13T10:00"), "expected a host checked in"),
        (("in", "A", "--at", "2099-01-01"), "expected a time that is past"),
    ],
)
def test_a_host_is_refused_where_none_can_be(
    netmon: Call, config: Path, words: tuple[str, ...], expected: str
) -> None:
    assert expected in netmon("host", *words, "-c", config).refused()


def test_a_kept_month_survives_a_backup_and_a_restore(
    netmon: Call, config: Path, tmp_path: Path
) -> None:
    asked = ("ledger", "-c", config, "--month", "2026-10", "--json")
    first = netmon(*asked).document
    saved = tmp_path / "saved.zip"
    assert "2026-10/l1.json" in netmon("backup", saved, "-c", config, "--json").document["reports"]
    kept = config.parent / "store" / "reports" / "2026-10" / "l1.json"
    kept.unlink()
    assert netmon("restore", saved, "-c", config, "--force").code == 0
    assert _kept(kept) == first


def test_a_month_that_goes_on_is_not_kept(netmon: Call, config: Path) -> None:
    document = netmon("ledger", "-c", config, "--month", "2099-01", "--json").document
    assert document["revision"] is None
    assert "not_over" in document["notes"]
    assert not (config.parent / "store" / "reports" / "2099-01").exists()


def test_a_host_changes_no_hours_and_mutes_nothing(netmon: Call, config: Path) -> None:
    asked = ("availability", "-c", config, "--json", *DAY)
    before = netmon(*asked).document
    assert netmon("host", "in", "A", "-c", config, "--at", "2026-10-14T07:00").code == 0
    assert netmon(*asked).document == before
    assert netmon("exception", "list", "--all", "-c", config, "--json").document["rows"]
    for each in netmon("exception", "list", "--all", "-c", config, "--json").document["rows"]:
        assert each["effect"] != "host"

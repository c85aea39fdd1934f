"""The manual speaks of everything that there is, and of nothing else."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from collectors.registry import all_checks
from collectors.snmp.profile import Profile
from netmon.cli.main import COMMANDS, netmon
from netmon.config.alert_settings import AlertSettings, RouteSettings
from netmon.config.channel_settings import ChannelSettings
from netmon.config.coverage_settings import CoverageSettings
from netmon.config.dead_man_settings import DeadManSettings
from netmon.config.devices_file import COLUMNS
from netmon.config.group_settings import GroupSettings, TargetSettings
from netmon.config.objective_settings import ObjectiveSettings
from netmon.config.places_file import OfferFields, PlaceFields
from netmon.config.report_settings import ReportSettings
from netmon.config.series_settings import SeriesSettings
from netmon.config.settings import (
    CheckSettings,
    CitySettings,
    CredentialSettings,
    HeartbeatSettings,
    InventorySettings,
    KindSettings,
    LimitSettings,
    NotificationSettings,
    Settings,
    StoreSettings,
    WebSettings,
)
from netmon.config.sight_settings import SightSettings
from netmon.domain.model import DeviceKind, Power, Service, Status

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
SECTIONS: dict[str, type[BaseModel]] = {
    "city.": CitySettings,
    "inventory.": InventorySettings,
    "store.": StoreSettings,
    "web.": WebSettings,
    "credentials.NAME.": CredentialSettings,
    "heartbeats.": HeartbeatSettings,
    "notifications.": NotificationSettings,
    "alerts.": AlertSettings,
    "alerts.routes.": RouteSettings,
    "channels.NAME.": ChannelSettings,
    "dead_man.": DeadManSettings,
    "reports.": ReportSettings,
    "series.": SeriesSettings,
    "sight.": SightSettings,
    "coverage.": CoverageSettings,
    "checks.KIND.": CheckSettings,
    "kinds.KIND.": KindSettings,
    "kinds.KIND.limits.": LimitSettings,
    "objectives.": ObjectiveSettings,
    "groups.NAME.": GroupSettings,
    "targets.": TargetSettings,
}


def text(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def settings() -> Iterator[tuple[str, str]]:
    yield "concurrency", str(Settings.model_fields["concurrency"].description)
    for prefix, section in SECTIONS.items():
        for name, field in section.model_fields.items():
            yield prefix + name, str(field.description)


@pytest.mark.parametrize(("setting", "description"), list(settings()))
def test_every_setting_is_in_the_manual_in_its_own_words(setting: str, description: str) -> None:
    (row,) = [line for line in text("configure.md").splitlines() if f"| `{setting}` |" in line]
    assert description.rstrip(".") in row


def test_every_section_of_the_settings_is_looked_at() -> None:
    told = {prefix.split(".")[0] for prefix in SECTIONS} | {"concurrency"}
    assert told == set(Settings.model_fields)


def test_the_manual_names_no_setting_that_there_is_not() -> None:
    known = {setting for setting, _ in settings()}
    rows = re.findall(r"^\| `([a-z_]+(?:\.[A-Za-z_.]+)?)` \| ", text("configure.md"), re.MULTILINE)
    # `checks` is a column of the devices too: a setting of a section has a dot.
    sections = {prefix.split(".")[0] for prefix in SECTIONS}
    written = {row for row in rows if row.split(".")[0] in Settings.model_fields} - sections
    assert written == known


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_is_told(command: str) -> None:
    assert f"`netmon {command}" in text("operate.md")
    found = netmon.get_command(click.Context(netmon), command)
    assert found is not None and found.help
    options = [each for each in found.params if isinstance(each, click.Option)]
    assert all(option.help for option in options if option.name != "retries")


@pytest.mark.parametrize("kind", sorted(all_checks()))
def test_every_check_and_parameter_is_told(kind: str) -> None:
    (row,) = [line for line in text("configure.md").splitlines() if line.startswith(f"| `{kind}`")]
    for name, field in all_checks()[kind].params.model_fields.items():
        assert f"`{name}` ({field.default})" in row


@pytest.mark.parametrize("name", [*COLUMNS, *OfferFields.model_fields, *PlaceFields.model_fields])
def test_every_column_and_property_is_told(name: str) -> None:
    streets_only = {"width_source", "derivation"}
    assert f"`{name}`" in text("configure.md") or name in streets_only


@pytest.mark.parametrize("word", [*DeviceKind, *Power, *Service])
def test_every_word_of_the_inventory_is_told(word: str) -> None:
    assert word in text("configure.md")


@pytest.mark.parametrize("status", Status)
def test_every_status_is_explained(status: str) -> None:
    assert status.replace("_", " ") in text("method.md")


def test_every_route_is_told() -> None:

    rules = set(re.findall(r'\.(?:get|post|route)\("(/[^"]*)"', _sources("web")))
    assert rules, "no route was found: does this test still look in the right way?"
    for rule in rules:
        shown = re.sub(r"<[^>]+>.*", "", rule).rstrip("/") or "/"
        assert f"`{shown}" in text("operate.md"), rule


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")) + sorted(ROOT.glob("*.md")), ids=str)
def test_every_link_of_the_manual_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)", page.read_text("utf-8"))
    local = [target for target in targets if "://" not in target]
    missing = [target for target in local if not (page.parent / target).exists()]
    assert not missing


def test_the_smallest_profile_of_the_manual_is_one() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", text("vendors.md"), re.DOTALL)
    profile = Profile.model_validate({**tomllib.loads(example), "name": "acme"})
    assert profile.vendor == "Acme"
    assert profile.radios and profile.match[0].sys_descr


def test_every_decision_is_linked_from_the_architecture() -> None:
    page = text("architecture.md")
    assert all(f"adr/{adr.name}" in page for adr in (DOCS / "adr").glob("*.md"))


def test_the_readme_is_short_and_shows_the_map() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert len(readme.splitlines()) < 100
    assert "docs/images/map.png" in readme


def test_every_room_is_in_the_architecture() -> None:
    rooms = [path.name for path in (ROOT / "netmon").iterdir() if (path / "__init__.py").exists()]
    assert all(f"netmon/{room}/" in text("architecture.md") for room in rooms)


def _sources(folder: str) -> str:
    return "\n".join(path.read_text("utf-8") for path in (ROOT / folder).rglob("*.py"))

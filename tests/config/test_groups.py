"""The groups of a city: the usual seven, its own file, and what netmon.toml says of them."""

from pathlib import Path

import pytest

from geodata.city import City
from netmon.config.groups_file import load_groups, wrong_targets
from netmon.config.settings import CitySettings, Settings
from netmon.config.settings_file import load_settings
from netmon.domain.errors import ConfigError
from netmon.domain.groups import EVERYBODY

SEVEN = {"older", "low_income", "disability", "job_seekers", "newcomers", "young", "staff"}


def _settings(folder: Path, text: str = "", city: str = "") -> Settings:
    (folder / "netmon.toml").write_text(text, "utf-8")
    if city:
        (folder / "groups.toml").write_text(city, "utf-8")
    return load_settings(folder / "netmon.toml")


def test_without_any_configuration_there_are_everybody_and_the_seven(tmp_path: Path) -> None:
    groups = load_groups(_settings(tmp_path))
    assert set(groups) == {EVERYBODY, *SEVEN}
    assert {each.reach_m for each in groups.values()} == {400.0}
    hours = {(each.active_from_min, each.active_to_min) for each in groups.values()}
    assert hours == {(8 * 60, 22 * 60)}
    assert groups["older"].share == 1.0
    assert groups["low_income"].share is None  # nobody knows it of every city


def test_what_the_bundled_city_invents_says_so() -> None:
    groups = load_groups(Settings(city=CitySettings(folder=City.bundled().folder)))
    unsourced = {name for name, each in groups.items() if each.is_invented}
    assert unsourced == SEVEN - {"older", "young"}
    assert all(groups[name].source for name in unsourced)


def test_a_line_of_netmon_toml_overrides_that_line_of_the_city_alone(tmp_path: Path) -> None:
    city = (
        '[older]\nages = [60, 120]\nname = "Senioren"\n[low_income]\nshare = 0.2\ninvented = true\n'
    )
    told = "[groups.older]\nreach_m = 250\n[groups.low_income]\npeople = 900\n"
    groups = load_groups(_settings(tmp_path, told, city))
    assert (groups["older"].name, groups["older"].ages) == ("Senioren", (60, 120))
    assert groups["older"].reach_m == 250.0
    low = groups["low_income"]
    assert (low.people, low.share, low.is_invented) == (900.0, None, False)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[groups.older]\nactive_from = "22:00"\n', "active_to: expected a time after"),
        ("[groups.older]\nshare = 0.1\npeople = 5\n", "people: expected no number beside a share"),
        ("[groups.older]\nages = [80, 65]\n", "expected the youngest age before the oldest"),
        ("[groups.older]\nshare = 1.5\n", "share: expected"),
        ("[groups.Older]\nshare = 0.5\n", "lower-case letters, digits and underscores"),
        ("[groups.older]\nreach = 5\n", "perhaps reach_m"),
    ],
)
def test_what_cannot_be_meant_so_is_told(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=told):
        load_groups(_settings(tmp_path, text))


def test_a_broken_file_of_the_city_is_told_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"groups\.toml.*older\.share"):
        load_groups(_settings(tmp_path, "", "[older]\nshare = 7\n"))
    with pytest.raises(ConfigError, match=r"groups\.toml.*readable TOML"):
        load_groups(_settings(tmp_path, "", "[older\n"))


def test_targets_are_for_groups_that_there_are_and_said_once(tmp_path: Path) -> None:
    one = '[[targets]]\nservice = "wifi"\nyear = 2026\nshare = 0.95\n'
    other = '[[targets]]\nservice = "wifi"\ngroup = "pirates"\nyear = 2026\nshare = 0.9\n'
    settings = _settings(tmp_path, one + one + other)
    keys = [each.key for each in wrong_targets(settings, "netmon.toml")]
    assert keys == ["targets.1.share", "targets.2.group"]

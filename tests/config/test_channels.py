"""Channels are read with their secrets, and everything wrong with them is told at once."""

import re
import tomllib
from pathlib import Path

import pytest

from netmon.config.channel_settings import ChannelKind
from netmon.config.channels import Channel, dead_man_url, load_channels
from netmon.config.settings import Settings
from netmon.config.settings_file import load_settings
from netmon.domain.errors import ConfigError
from netmon.words.language import Language

CANARY = "mailtos://netmon:canary@example.org"
ENVIRONMENT = {
    "URL": CANARY,
    "HOOK": "https://canary.example.org/x",
    "SECRET": "a-secret-of-more-than-24-bytes",
    "SHORT": "whsec_c2hvcnQ=",
    "ODD": "whsec_ö",
    "USER_URL": "https://canary:canary@example.org/",
}


def settings(text: str) -> Settings:
    return Settings.model_validate(tomllib.loads(text))


def test_a_channel_has_its_address_and_its_language() -> None:
    told = settings(
        '[channels.duty]\nkind="apprise"\nurl_env="URL"\nlanguage="fr"\n'
        '[channels.desk]\nkind="webhook"\nurl="https://a.example/"\nsecret_env="SECRET"\n'
    )
    found, problems = load_channels(told, ENVIRONMENT, "netmon.toml")
    assert not problems
    assert found["duty"] == Channel("duty", ChannelKind.APPRISE, CANARY, b"", Language.FR)
    assert found["desk"].key == ENVIRONMENT["SECRET"].encode()
    assert "canary" not in repr(found) and "secret" not in repr(found)


@pytest.mark.parametrize(
    ("table", "keys"),
    [
        ('kind="apprise"', ["channels.x.url"]),
        ('kind="apprise"\nurl_env="UNSET"', ["channels.x.url_env"]),
        ('kind="webhook"', ["channels.x.url", "channels.x.secret"]),
        ('kind="webhook"\nurl="https://a.example/"\nsecret_env="SHORT"', ["channels.x.secret"]),
        ('kind="webhook"\nurl="https://a.example/"\nsecret_env="ODD"', ["channels.x.secret"]),
        ('kind="webhook"\nurl="ftp://a/"\nsecret_env="SECRET"', ["channels.x.url"]),
        ('kind="webhook"\nurl_env="USER_URL"\nsecret_env="SECRET"', ["channels.x.url"]),
    ],
)
def test_every_problem_of_a_channel_is_told_without_its_secrets(
    table: str, keys: list[str]
) -> None:
    found, problems = load_channels(settings(f"[channels.x]\n{table}"), ENVIRONMENT, "f")
    assert not found
    assert [each.key for each in problems] == keys
    assert "canary" not in "".join(map(str, problems))


@pytest.mark.parametrize(
    "table",
    [
        f'kind="apprise"\nurl="{CANARY}"',
        'kind="apprise"\nurl_env="URL"\nsecret_env="SECRET"',
        'kind="canary"',
        'kind="webhook"\nurl="https://a/"\nsecret="canary"',
        'kind="apprise"\nurl_env="canary lower case"',
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_shown(table: str, tmp_path: Path) -> None:
    file = tmp_path / "netmon.toml"
    file.write_text(f"[channels.x]\n{table}\n", "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings(file)
    assert "channels.x" in str(caught.value)
    assert "canary" not in str(caught.value)


def test_files_of_secrets_are_looked_for_beside_the_settings(tmp_path: Path) -> None:
    file, secret = tmp_path / "netmon.toml", tmp_path / "duty"
    secret.write_text(CANARY, "utf-8")
    secret.chmod(0o600)
    file.write_text('[channels.x]\nkind="apprise"\nurl_file="duty"\n[dead_man]\nurl_file="duty"\n')
    told = load_settings(file)
    found, problems = load_channels(told, {}, "f")
    assert (found["x"].url, problems) == (CANARY, [])
    secret.chmod(0o644)
    assert [each.key for each in load_channels(told, {}, "f")[1]] == ["channels.x.url_file"]
    assert dead_man_url(told, {}, "f")[1]


def test_the_switch_has_an_address_or_is_off() -> None:
    assert dead_man_url(Settings(), ENVIRONMENT, "f") == (None, [])
    told = settings('[dead_man]\nurl_env="HOOK"')
    assert dead_man_url(told, ENVIRONMENT, "f") == (ENVIRONMENT["HOOK"], [])
    told = settings("[dead_man]\ninterval_s=5")
    assert [each.key for each in dead_man_url(told, ENVIRONMENT, "f")[1]] == ["dead_man.url"]
    url, problems = dead_man_url(settings('[dead_man]\nurl_env="URL"'), ENVIRONMENT, "f")
    assert url is None and "canary" not in str(problems[0])


def test_the_examples_of_the_manual_are_settings() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "alerts.md").read_text("utf-8")
    examples = re.findall(r"```toml\n(.*?)```", manual, re.DOTALL)
    assert len(examples) >= 2
    for example in examples:
        settings(example)

"""Every kind of secret is read from its place, and never told."""

from pathlib import Path

import pytest

from collectors.target import Community, Credentials, Login, Token, UsmUser
from netmon.config.secrets import heartbeat_secret, load_credentials
from netmon.config.settings import CredentialSettings, HeartbeatSettings, Settings

SECRET = "an-unlikely-secret-of-more-than-32-characters"  # noqa: S105 - opens nothing
ENVIRONMENT = {"GIVEN": SECRET, "SHORT": "short"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"community_env": "GIVEN"}, Community(SECRET)),
        ({"token_env": "GIVEN"}, Token(SECRET)),
        ({"user": "netmon", "password_env": "GIVEN"}, Login("netmon", SECRET)),
        (
            {"version": "3", "user": "netmon", "auth_env": "GIVEN", "priv": ""},
            UsmUser("netmon", "sha256", SECRET),
        ),
    ],
)
def test_a_credential_is_of_the_kind_that_is_written(
    written: dict[str, str], expected: Credentials
) -> None:
    settings = Settings(credentials={"one": CredentialSettings.model_validate(written)})
    found, problems = load_credentials(settings, ENVIRONMENT, "netmon.toml")
    assert (found, problems) == ({"one": expected}, [])
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ({"token_env": "UNSET"}, "credentials.one.token_env"),
        ({"password_env": "GIVEN"}, "credentials.one.user"),
        ({"user": "netmon", "password_env": "UNSET"}, "credentials.one.password_env"),
    ],
)
def test_half_a_credential_is_told(written: dict[str, str], told: str) -> None:
    settings = Settings(credentials={"one": CredentialSettings.model_validate(written)})
    found, problems = load_credentials(settings, ENVIRONMENT, "netmon.toml")
    assert not found
    assert [problem.key for problem in problems] == [told]
    assert SECRET not in str(problems)


def test_heartbeats_are_off_until_a_secret_is_named() -> None:
    assert heartbeat_secret(Settings(), ENVIRONMENT, "netmon.toml") == (None, [])
    settings = Settings(heartbeats=HeartbeatSettings.model_validate({"secret_env": "GIVEN"}))
    assert heartbeat_secret(settings, ENVIRONMENT, "netmon.toml") == (SECRET, [])


@pytest.mark.parametrize("variable", ["SHORT", "UNSET"])
def test_a_heartbeat_secret_that_is_short_or_missing_is_refused(variable: str) -> None:
    settings = Settings(heartbeats=HeartbeatSettings(secret_env=variable))
    secret, problems = heartbeat_secret(settings, ENVIRONMENT, "netmon.toml")
    assert secret is None
    assert len(problems) == 1
    assert "short" not in str(problems)


def test_a_secret_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(SECRET, encoding="utf-8")
    (tmp_path / "token").chmod(0o644)
    credential = CredentialSettings(token_file=tmp_path / "token")
    found, problems = load_credentials(Settings(credentials={"one": credential}), {}, "netmon.toml")
    assert not found
    assert "0600" in problems[0].expected

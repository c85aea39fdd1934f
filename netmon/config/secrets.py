"""Secrets come from the environment or from a file that only its owner can read."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from collectors.target import Community, Credentials, UsmUser
from netmon.config.settings import CredentialSettings, Settings
from netmon.domain.errors import Problem

_SHARED = stat.S_IRWXG | stat.S_IRWXO


def load_credentials(
    settings: Settings, environment: Mapping[str, str], file: str
) -> tuple[dict[str, Credentials], list[Problem]]:
    """
    Return every named credential, and what keeps the others from being read.

    No secret is ever part of a problem.
    """
    found: dict[str, Credentials] = {}
    problems: list[Problem] = []
    for name, each in settings.credentials.items():
        reader = _Reader(f"credentials.{name}", environment, file, problems)
        credential = reader.community(each) if each.version == "2c" else reader.user(each)
        if credential is not None:
            found[name] = credential
    return found, problems


class _Reader:
    def __init__(
        self, key: str, environment: Mapping[str, str], file: str, problems: list[Problem]
    ) -> None:
        self._key, self._environment = key, environment
        self._file, self._problems = file, problems

    def community(self, settings: CredentialSettings) -> Community | None:
        secret = self._secret("community", settings.community_env, settings.community_file)
        return Community(secret) if secret else None

    def user(self, settings: CredentialSettings) -> UsmUser | None:
        if not settings.user:
            self._complain("user", "the name of an SNMPv3 user", "none")
            return None
        auth = self._secret("auth", settings.auth_env, settings.auth_file) if settings.auth else ""
        priv = self._secret("priv", settings.priv_env, settings.priv_file) if settings.priv else ""
        if auth is None or priv is None:
            return None
        return UsmUser(settings.user, settings.auth, auth, settings.priv, priv)

    def _secret(self, what: str, variable: str | None, path: Path | None) -> str | None:
        if variable is not None:
            return self._from_environment(what, variable)
        if path is not None:
            return self._from_file(what, path)
        self._complain(what, f"{what}_env or {what}_file", "neither")
        return None

    def _from_environment(self, what: str, variable: str) -> str | None:
        secret = self._environment.get(variable)
        if not secret:
            self._complain(f"{what}_env", f"environment variable {variable} to be set", "nothing")
        return secret or None

    def _from_file(self, what: str, path: Path) -> str | None:
        key = f"{what}_file"
        try:
            mode = path.stat().st_mode
            secret = path.read_text("utf-8").strip()
        except OSError as error:
            self._complain(key, f"readable file {path}", os.strerror(error.errno or 0))
            return None
        if mode & _SHARED:
            found = f"mode {stat.S_IMODE(mode):04o}"
            self._complain(key, f"{path} to be readable by its owner only (0600)", found)
            return None
        return secret

    def _complain(self, key: str, expected: str, found: str) -> None:
        self._problems.append(Problem(self._file, "", f"{self._key}.{key}", expected, found))

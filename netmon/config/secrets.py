"""Secrets come from the environment or from a file that only its owner can read."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from collectors.target import Community, Credentials, Login, Token, UsmUser
from netmon.config.settings import CredentialSettings, Settings
from netmon.domain.errors import Problem

_SHARED = stat.S_IRWXG | stat.S_IRWXO
_SHORTEST_PASSPHRASE = 8  # RFC 3414, section 11.2
_SHORTEST_SECRET = 32  # as many hexadecimal digits as 128 bits


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
        reader = SecretReader(f"credentials.{name}", environment, file, problems)
        credential = reader.credential(each)
        if credential is not None:
            found[name] = credential
    return found, problems


def heartbeat_secret(
    settings: Settings, environment: Mapping[str, str], file: str
) -> tuple[str | None, list[Problem]]:
    """Return the secret that device keys are made from, None where heartbeats are off."""
    problems: list[Problem] = []
    told = settings.heartbeats
    if told.secret_env is None and told.secret_file is None:
        return None, problems
    secret = SecretReader("heartbeats", environment, file, problems).secret(
        "secret", told.secret_env, told.secret_file
    )
    if secret is not None and len(secret) < _SHORTEST_SECRET:
        expected = f"{_SHORTEST_SECRET} characters or more"
        problems.append(Problem(file, "", "heartbeats.secret", expected, "fewer"))
        return None, problems
    return secret, problems


class SecretReader:
    """
    Reads the secrets of one table of settings, and notes what is wrong with them.

    `key` is the table's name in the file; `problems` takes what is wrong.
    """

    def __init__(
        self, key: str, environment: Mapping[str, str], file: str, problems: list[Problem]
    ) -> None:
        self._key, self._environment = key, environment
        self._file, self._problems = file, problems

    def credential(self, settings: CredentialSettings) -> Credentials | None:
        """Return the credential that is written, None where it cannot be read."""
        if settings.token_env or settings.token_file:
            return self.token(settings)
        if settings.password_env or settings.password_file:
            return self.login(settings)
        return self.community(settings) if settings.version == "2c" else self.user(settings)

    def token(self, settings: CredentialSettings) -> Token | None:
        """Return an HTTP token, None where it cannot be read."""
        secret = self.secret("token", settings.token_env, settings.token_file)
        return None if secret is None else Token(secret)

    def login(self, settings: CredentialSettings) -> Login | None:
        """Return a name and its password, None where one is missing."""
        if not settings.user:
            self.complain("user", "the name that goes with the password", "none")
            return None
        secret = self.secret("password", settings.password_env, settings.password_file)
        return None if secret is None else Login(settings.user, secret)

    def community(self, settings: CredentialSettings) -> Community | None:
        """Return an SNMPv2c community, None where it cannot be read."""
        secret = self.secret("community", settings.community_env, settings.community_file)
        return None if secret is None else Community(secret)

    def user(self, settings: CredentialSettings) -> UsmUser | None:
        """Return an SNMPv3 user, None where something of it is missing."""
        if not settings.user:
            self.complain("user", "the name of an SNMPv3 user", "none")
            return None
        if settings.priv and not settings.auth:
            self.complain("priv", "none where auth is none (RFC 3414)", repr(settings.priv))
            return None
        auth = self._passphrase("auth", settings.auth, settings.auth_env, settings.auth_file)
        priv = self._passphrase("priv", settings.priv, settings.priv_env, settings.priv_file)
        if auth is None or priv is None:
            return None
        return UsmUser(settings.user, settings.auth, auth, settings.priv, priv)

    def _passphrase(
        self, what: str, protocol: str, variable: str | None, path: Path | None
    ) -> str | None:
        if not protocol:
            return ""
        secret = self.secret(what, variable, path)
        if secret is not None and len(secret) < _SHORTEST_PASSPHRASE:
            expected = f"a pass phrase of {_SHORTEST_PASSPHRASE} characters or more (RFC 3414)"
            self.complain(what, expected, "a shorter one")
            return None
        return secret

    def secret(self, what: str, variable: str | None, path: Path | None) -> str | None:
        """Return one secret from `what`_env or `what`_file, None where it cannot be read."""
        if variable is not None:
            return self._from_environment(what, variable)
        if path is not None:
            return self._from_file(what, path)
        self.complain(what, f"{what}_env or {what}_file", "neither")
        return None

    def _from_environment(self, what: str, variable: str) -> str | None:
        secret = self._environment.get(variable)
        if not secret:
            self.complain(f"{what}_env", f"environment variable {variable} to be set", "nothing")
        return secret or None

    def _from_file(self, what: str, path: Path) -> str | None:
        key = f"{what}_file"
        try:
            mode = path.stat().st_mode
            secret = path.read_text("utf-8").strip()
        except OSError as error:
            self.complain(key, f"readable file {path}", os.strerror(error.errno or 0))
            return None
        except UnicodeDecodeError:
            self.complain(key, f"{path} to be UTF-8", "other bytes")
            return None
        if mode & _SHARED:
            found = f"mode {stat.S_IMODE(mode):04o}"
            self.complain(key, f"{path} to be readable by its owner only (0600)", found)
            return None
        if not secret:
            self.complain(key, f"a secret in {path}", "nothing")
        return secret or None

    def complain(self, key: str, expected: str, found: str) -> None:
        """Note one problem of this table; it never holds the secret."""
        self._problems.append(Problem(self._file, "", f"{self._key}.{key}", expected, found))

"""Channels with their secrets, and the address of the dead man's switch."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field

from collectors.web.address import web_address
from netmon.config.channel_settings import ChannelKind, ChannelSettings
from netmon.config.secrets import SecretReader
from netmon.config.settings import Settings
from netmon.domain.errors import Problem
from netmon.words.language import Language

SHORTEST_KEY_BYTES = 24
"""192 bits, the least that Standard Webhooks asks for."""

_ENCODED = "whsec_"
"""What a signing secret begins with that is written in base64 (Standard Webhooks)."""


@dataclass(frozen=True, slots=True)
class Channel:
    """
    One way to tell people, ready for use.

    `url` and `key` are secret and never shown; `key` signs webhooks and is empty otherwise.
    """

    name: str
    kind: ChannelKind
    url: str = field(repr=False)
    key: bytes = field(default=b"", repr=False)
    language: Language = Language.NL
    timeout_s: float = 30.0


def load_channels(
    settings: Settings, environment: Mapping[str, str], file: str
) -> tuple[dict[str, Channel], list[Problem]]:
    """
    Return every channel, and what keeps the others from being used.

    No address and no secret is ever part of a problem.
    """
    problems: list[Problem] = []
    found: dict[str, Channel] = {}
    for name, each in settings.channels.items():
        reader = SecretReader(f"channels.{name}", environment, file, problems)
        url, key = _url(reader, each), _key(reader, each)
        if url is not None and key is not None:
            found[name] = Channel(name, each.kind, url, key, each.language, each.timeout_s)
    return found, problems


def dead_man_url(
    settings: Settings, environment: Mapping[str, str], file: str
) -> tuple[str | None, list[Problem]]:
    """Return the address to ping while all is well, None where there is none."""
    problems: list[Problem] = []
    told = settings.dead_man
    if not told.model_fields_set:
        return None, problems
    reader = SecretReader("dead_man", environment, file, problems)
    return _web(reader, reader.secret("url", told.url_env, told.url_file)), problems


def _url(reader: SecretReader, told: ChannelSettings) -> str | None:
    url = told.url or reader.secret("url", told.url_env, told.url_file)
    return url if told.kind is ChannelKind.APPRISE else _web(reader, url)


def _web(reader: SecretReader, url: str | None) -> str | None:
    if url is None:
        return None
    try:
        web_address(url)
    except ValueError as error:
        expected = str(error).removeprefix("expected ")
        reader.complain("url", expected, "something else (not shown: it may be a secret)")
        return None
    return url


def _key(reader: SecretReader, told: ChannelSettings) -> bytes | None:
    """Return what signs, empty where nothing is signed, None where it is no good."""
    if told.kind is ChannelKind.APPRISE:
        return b""
    secret = reader.secret("secret", told.secret_env, told.secret_file)
    if secret is None:
        return None
    key = signing_key(secret)
    if key is None or len(key) < SHORTEST_KEY_BYTES:
        reader.complain("secret", f"{SHORTEST_KEY_BYTES} bytes or more", "fewer, or no base64")
        return None
    return key


def signing_key(secret: str) -> bytes | None:
    """Return the octets of a signing secret, of `whsec_` and base64 or as it is written."""
    if not secret.startswith(_ENCODED):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(_ENCODED), validate=True)
    except (binascii.Error, ValueError):
        return None

"""Zabbix over JSON-RPC 2.0: one call, with the token where the release wants it."""

import json
import re
from dataclasses import dataclass, field, replace
from typing import Self

from collectors.observation import Outcome
from collectors.sources import fields
from collectors.sources.access import Access
from collectors.sources.api import Api, token_of
from collectors.sources.fields import malformed
from collectors.target import Target
from collectors.web.failure import WebFailure

Release = tuple[int, int]

_PAGE = "/api_jsonrpc.php"
_KIND = "application/json-rpc"
_TOKEN_IN_HEADER: Release = (6, 4)
_OLDEST: Release = (6, 0)
_RELEASE = re.compile(r"(\d{1,3})\.(\d{1,3})\.")
_NOT_ALLOWED = re.compile(r"not authori[sz]ed|re-login|token|no permissions", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Zabbix:
    """A Zabbix frontend of a release, and the API token to ask it with."""

    api: Api
    release: Release
    token: str = field(repr=False)

    @classmethod
    def of(cls, target: Target, access: Access, until: float) -> Self:
        """
        Return the frontend at a target, having asked for its release without the token.

        Raises `WebFailure`, with content where the release is older than 6.0.
        """
        token = token_of(target)
        api = Api.of(target, access, until)
        release = _release(_call(api, "apiinfo.version", [], None))
        if release >= _TOKEN_IN_HEADER:
            return cls(replace(api, headers={"Authorization": f"Bearer {token}"}), release, token)
        return cls(api, release, token)

    def rows(self, method: str, params: dict[str, object]) -> list[fields.Row]:
        """Return the rows that a `get` method answers; raises `WebFailure`."""
        auth = None if self.release >= _TOKEN_IN_HEADER else self.token
        return fields.rows(_call(self.api, method, params, auth), method)


def _call(api: Api, method: str, params: object, auth: str | None) -> object:
    request = {"jsonrpc": "2.0", "method": method, "params": params, "id": 1}
    if auth is not None:
        request["auth"] = auth
    answer = fields.record(api.post(_PAGE, json.dumps(request).encode(), _KIND), method)
    if "error" in answer:
        raise _refusal(method, answer["error"])
    if answer.get("jsonrpc") != "2.0" or answer.get("id") != 1 or "result" not in answer:
        raise malformed(f"{method}: expected a JSON-RPC 2.0 result")
    return answer["result"]


def _refusal(method: str, error: object) -> WebFailure:
    # Its words sort the error and are not passed on: they quote what was sent.
    told = fields.record(error, f"{method}, error")
    words = f"{fields.word(told.get('message'))} {fields.word(told.get('data'))}"
    if _NOT_ALLOWED.search(words):
        return WebFailure(Outcome.AUTH, f"Zabbix refused the token for {method}")
    code = fields.number(told.get("code"))
    return WebFailure(Outcome.CONTENT, f"Zabbix refused {method} with error {code or 0:.0f}")


def _release(version: object) -> Release:
    found = _RELEASE.match(fields.word(version))
    if found is None:
        raise malformed("apiinfo.version: expected a release such as 6.0.14")
    release = int(found[1]), int(found[2])
    if release < _OLDEST:
        raise WebFailure(Outcome.CONTENT, "Zabbix is older than 6.0, which has no API tokens")
    return release

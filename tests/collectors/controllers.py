"""Replays of controllers that refuse every request which their makers do not document."""

import json
import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from tests.collectors.conftest import RECORDINGS
from tests.collectors.source_server import Answer, Request

UNIFI_KEY = "a-key-that-nobody-may-see"
ARUBA_TOKEN = "a-token-that-nobody-may-see"  # noqa: S105 - not one


class Replay:
    """Answers from a recording; `wrong` is every request that broke a rule of the interface."""

    def __init__(self, recording: str) -> None:
        self.data: dict[str, Any] = json.loads((RECORDINGS / recording).read_text("utf-8"))
        self.wrong: list[str] = []
        self.most_in_a_page = 10**9
        self.disturb: Callable[[Request, int], Answer | None] = lambda _request, _number: None
        self._number = 0

    def __call__(self, request: Request) -> Answer:
        self._number += 1
        return self.disturb(request, self._number) or self.serve(request)

    def serve(self, request: Request) -> Answer:
        raise NotImplementedError

    def refuse(self, request: Request, why: str) -> Answer:
        self.wrong.append(f"{request.method} {request.path}: {why}")
        return Answer(400, {"message": why})

    def is_number(self, request: Request, name: str, most: int) -> bool:
        text = request.query.get(name, "")
        return bool(re.fullmatch(r"0|[1-9]\d*", text)) and int(text) <= most


class Unifi(Replay):
    """The UniFi Network integration API: sites, their devices, and each device's statistics."""

    def __init__(self) -> None:
        super().__init__("unifi-network.json")

    @property
    def devices(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.data["devices"][self.data["sites"][0]["id"]]
        return found

    def serve(self, request: Request) -> Answer:
        if request.headers.get("x-api-key") != UNIFI_KEY:
            return Answer(401, {"statusCode": 401, "statusName": "UNAUTHORIZED"})
        if request.method != "GET" or "authorization" in request.headers:
            return self.refuse(request, "only GET, only with a key")
        found = re.fullmatch(r"/proxy/network/integration/v1/sites(/.*)?", request.path)
        if not found:
            return self.refuse(request, "no such address")
        if not found[1]:
            return self._page(request, self.data["sites"])
        site, _, rest = found[1][1:].partition("/")
        if site not in self.data["devices"]:
            return self.refuse(request, "no such site")
        return self._of_site(request, self.data["devices"][site], rest)

    def _of_site(self, request: Request, devices: list[dict[str, Any]], rest: str) -> Answer:
        if rest == "devices":
            return self._page(request, devices)
        found = re.fullmatch(r"devices/([^/]+)/statistics/latest", rest)
        if not found or found[1] not in {each.get("id") for each in devices}:
            return self.refuse(request, "no such address")
        statistics = self.data["statistics"].get(found[1])
        return Answer(404, {"statusCode": 404}) if statistics is None else Answer(body=statistics)

    def _page(self, request: Request, rows: list[dict[str, Any]]) -> Answer:
        numbers = self.is_number(request, "offset", 10**9), self.is_number(request, "limit", 200)
        if set(request.query) != {"offset", "limit"} or not all(numbers):
            return self.refuse(request, "expected offset and a limit of at most 200")
        offset, limit = int(request.query["offset"]), int(request.query["limit"])
        data = rows[offset : offset + min(limit, self.most_in_a_page)]
        told = {"offset": offset, "limit": limit, "count": len(data), "totalCount": len(rows)}
        return Answer(body={**told, "data": deepcopy(data)})


class Aruba(Replay):
    """Aruba Central's list of access points."""

    KNOWN = {  # noqa: RUF012 - a constant
        "limit",
        "offset",
        "calculate_total",
        "show_resource_details",
        "calculate_client_count",
        "group",
        "site",
    }

    def __init__(self) -> None:
        super().__init__("aruba-central.json")

    @property
    def aps(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.data["aps"]
        return found

    def serve(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {ARUBA_TOKEN}":
            return Answer(401, {"error": "invalid_token", "error_description": "expired"})
        if request.method != "GET" or request.path != "/monitoring/v2/aps":
            return self.refuse(request, "no such address")
        numbers = self.is_number(request, "offset", 10**9), self.is_number(request, "limit", 1000)
        if not set(request.query) <= self.KNOWN or not all(numbers):
            return self.refuse(request, "expected known parameters and a limit of at most 1000")
        return self._page(request)

    def _page(self, request: Request) -> Answer:
        wanted = {"group_name": request.query.get("group"), "site": request.query.get("site")}
        rows = [ap for ap in self.aps if all(v in (None, ap.get(k)) for k, v in wanted.items())]
        offset, limit = int(request.query["offset"]), int(request.query["limit"])
        page = rows[offset : offset + min(limit, self.most_in_a_page)]
        total = {"total": len(rows)} if request.query.get("calculate_total") == "true" else {}
        return Answer(body={"aps": deepcopy(page), "count": len(page), **total})

"""UniFi Network (official integration API, v1): what a controller says of its devices."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from pydantic import Field

from collectors.base import Check
from collectors.observation import Measurement, Observation, Outcome, Sighting
from collectors.sources import fields
from collectors.sources.access import Access
from collectors.sources.api import Api, token_of
from collectors.sources.fields import Row
from collectors.sources.look import Seen, look
from collectors.sources.pages import MAX_DEVICES, Page, read_pages
from collectors.sources.unifi_statistics import in_turn, read_statistics
from collectors.target import Target
from collectors.web.failure import WebFailure

T = TypeVar("T")

_PAGE = 200
_SITE_NAMES = ("id", "name", "internalReference")
_IDENTIFIER = re.compile(r"[0-9A-Za-z_-]{1,64}")
_NOT_OURS_YET = "PENDING_ADOPTION"
_OUTCOMES = {
    "ONLINE": Outcome.OK,
    "OFFLINE": Outcome.TIMEOUT,
    "CONNECTION_INTERRUPTED": Outcome.TIMEOUT,
    "ISOLATED": Outcome.TIMEOUT,
}
"""Every other state (UPDATING, ADOPTING, PENDING_ADOPTION, DELETING, …) decides nothing."""


class Params(Access):
    """
    Which site to read (its name or id; all by default), and how many statistics.

    `statistics` is the number of devices whose uptime, processor and memory are asked in one
    look, a request each; the devices take turns by the minute. `path` is `/integration/v1`
    on a controller that is not behind UniFi OS.
    """

    path: str = Field(
        default="/proxy/network/integration/v1", pattern=r"^(/[\w.~-]+)+$", max_length=255
    )
    site: str | None = Field(default=None, max_length=255)
    statistics: int = Field(default=20, ge=0, le=500)


@dataclass(frozen=True, slots=True)
class _Device:
    """A device as its controller lists it; `path` is empty where its id names no address."""

    path: str
    name: str
    mac: str | None
    address: str | None
    state: str
    is_access_point: bool


@dataclass(frozen=True, slots=True)
class _Devices:
    found: list[_Device]
    is_whole: bool
    failure: WebFailure | None = None


def observe(target: Target, params: Params, deadline_s: float) -> Observation:
    """Ask a controller for the devices of its sites; lists of clients are never asked for."""

    def ask(at: datetime, until: float) -> Seen:
        api = Api.of(target, params, until, {"X-API-KEY": token_of(target)})
        devices = _devices(api, _sites(api, params.site))
        online = [each.path for each in devices.found if each.path and each.state == "ONLINE"]
        told = read_statistics(api, in_turn(online, params.statistics, at))
        return Seen(
            tuple(_sighting(each, told.get(each.path, ())) for each in devices.found),
            devices.is_whole,
            _totals(devices.found) if devices.is_whole else (),
            devices.failure,
        )

    return look(CHECK.kind, target, deadline_s, ask)


def _sites(api: Api, wanted: str | None) -> list[str]:
    """Return the paths of the sites to read; raises `WebFailure` where they are not all told."""
    listing = read_pages(partial(_page, api, "/sites", partial(_site, wanted)))
    if listing.failure is not None:
        raise listing.failure
    paths = [path for path in listing.rows if path is not None]
    if not paths:
        raise WebFailure(Outcome.CONTENT, f"no site {wanted or 'at all'} on this controller")
    if "" in paths:
        raise fields.malformed("/sites: expected an id of letters, digits and hyphens")
    return paths


def _site(wanted: str | None, row: Row) -> str | None:
    """Return where a site is, None where it is not the one wanted."""
    is_wanted = wanted is None or wanted in map(row.get, _SITE_NAMES)
    return _path_below("/sites", row) if is_wanted else None


def _devices(api: Api, sites: list[str]) -> _Devices:
    """Return the devices of all sites; a failure ends the reading."""
    found: list[_Device] = []
    is_whole = True
    for site in sites:
        path = f"{site}/devices"
        listing = read_pages(partial(_page, api, path, partial(_device, path)))
        found += listing.rows
        is_whole = is_whole and listing.is_whole
        if listing.failure is not None or len(found) > MAX_DEVICES:
            return _Devices(found[:MAX_DEVICES], is_whole=False, failure=listing.failure)
    return _Devices(found, is_whole)


def _page(api: Api, path: str, read: Callable[[Row], T], offset: int) -> Page[T]:
    answer = fields.record(api.get(path, {"offset": str(offset), "limit": str(_PAGE)}), path)
    rows = [read(row) for row in fields.rows(answer.get("data"), path)]
    return Page(rows, fields.whole(answer.get("totalCount")))


def _path_below(path: str, row: Row) -> str:
    """Return where a row's own page is, empty where its id may not stand in an address."""
    found = fields.word(row.get("id"))
    return f"{path}/{found}" if _IDENTIFIER.fullmatch(found) else ""


def _device(path: str, row: Row) -> _Device:
    features = row.get("features")  # a list of names, or an object with a key for each
    return _Device(
        _path_below(path, row),
        fields.word(row.get("name")),
        fields.hardware_address(row.get("macAddress")),
        fields.word(row.get("ipAddress")) or None,
        fields.word(row.get("state")),
        isinstance(features, list | dict) and "accessPoint" in features,
    )


def _sighting(device: _Device, told: tuple[Measurement, ...]) -> Sighting:
    outcome = _OUTCOMES.get(device.state)
    return Sighting(
        device.name,
        device.mac,
        device.address,
        outcome,
        measurements=told,
        detail=f"UniFi says {device.state or 'nothing of its state'}"
        if outcome is not Outcome.OK
        else "",
    )


def _totals(devices: list[_Device]) -> tuple[Measurement, ...]:
    """Count the access points; one that waits for its adoption may be a neighbour's."""
    states = [each.state for each in devices if each.is_access_point]
    return (
        Measurement("access_points_up", states.count("ONLINE")),
        Measurement("access_points_total", len(states) - states.count(_NOT_OURS_YET)),
    )


CHECK = Check(kind="unifi", params=Params, observe=observe)

"""Aruba Central (classic API, monitoring v2): what the cloud says of its access points."""

from datetime import datetime

from pydantic import Field

from collectors.base import Check
from collectors.observation import Measurement, Observation, Outcome, Sighting
from collectors.sources import fields
from collectors.sources.access import Access
from collectors.sources.api import Api, bearer
from collectors.sources.fields import Row
from collectors.sources.look import Seen, look
from collectors.sources.pages import Page, read_pages
from collectors.target import Target

_PAGE = 1_000
_OUTCOMES = {"up": Outcome.OK, "down": Outcome.TIMEOUT}


class Params(Access):
    """Which part of the account to read: a group or a site of Central, by name; all by default."""

    group: str | None = Field(default=None, max_length=255)
    site: str | None = Field(default=None, max_length=255)


def observe(target: Target, params: Params, deadline_s: float) -> Observation:
    """
    Ask Central for all access points of the account, a page of 1,000 at a time.

    The credential is an access token. Central ends it after two hours; whatever renews it
    writes the file or variable that netmon reads.
    """

    def ask(at: datetime, until: float) -> Seen:
        api = Api.of(target, params, until, bearer(target))
        listing = read_pages(lambda offset: _page(api, params, offset, at))
        sightings = tuple(listing.rows)
        totals = _totals(sightings) if listing.is_whole else ()
        return Seen(sightings, listing.is_whole, totals, listing.failure)

    return look(CHECK.kind, target, deadline_s, ask)


def _page(api: Api, params: Params, offset: int, at: datetime) -> Page[Sighting]:
    query = {"limit": str(_PAGE), "offset": str(offset), "calculate_total": "true"}
    query |= {"show_resource_details": "true", "calculate_client_count": "true"}
    query |= {"group": params.group} if params.group else {}
    query |= {"site": params.site} if params.site else {}
    answer = fields.record(api.get("/monitoring/v2/aps", query), "aps")
    rows = fields.rows(answer.get("aps"), "aps")
    return Page([_sighting(row, at) for row in rows], fields.whole(answer.get("total")))


def _sighting(row: Row, now: datetime) -> Sighting:
    status = fields.word(row.get("status"))
    outcome = _OUTCOMES.get(status.lower())
    return Sighting(
        fields.word(row.get("name")),
        fields.hardware_address(row.get("macaddr")),
        fields.word(row.get("ip_address")) or None,
        outcome,
        measurements=_measurements(row) if outcome is Outcome.OK else (),
        detail="" if outcome is Outcome.OK else _detail(row, status, now),
    )


def _detail(row: Row, status: str, now: datetime) -> str:
    # `last_modified` dates the record, not Central's look: Central holds a session with every
    # access point, and what it says is said of now.
    changed = fields.not_after(fields.instant(row.get("last_modified")), now)
    since = f", record unchanged since {changed:%Y-%m-%d %H:%M} UTC" if changed else ""
    return f"Aruba Central says {status or 'nothing of its status'}{since}"


def _measurements(row: Row) -> tuple[Measurement, ...]:
    return (
        *fields.amount("uptime_s", row.get("uptime")),
        *fields.share("cpu_ratio", row.get("cpu_utilization")),
        *_memory(row),
        *fields.amount("stations", row.get("client_count")),
    )


def _memory(row: Row) -> tuple[Measurement, ...]:
    total, free = fields.number(row.get("mem_total")), fields.number(row.get("mem_free"))
    if total is None or free is None or not 0 <= free <= total or total == 0:
        return ()
    return (Measurement("memory_ratio", 1 - free / total),)


def _totals(sightings: tuple[Sighting, ...]) -> tuple[Measurement, ...]:
    up = sum(each.outcome is Outcome.OK for each in sightings)
    return (
        Measurement("access_points_up", up),
        Measurement("access_points_total", len(sightings)),
    )


CHECK = Check(kind="aruba_central", params=Params, observe=observe)

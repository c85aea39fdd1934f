"""What was told, what waits to be, and what no channel took, from the store."""

from contextlib import closing
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from netmon.alerts.document import message_of, state_of
from netmon.alerts.message import OWN_SIGHT
from netmon.alerts.policy import Hold, Route, held
from netmon.alerts.routes import RouteBook
from netmon.alerts.state import NOTHING, Group, State, Tracked
from netmon.cli.output import brief_text, print_table
from netmon.cli.wiring import Loaded, readable
from netmon.domain.errors import StoreError
from netmon.domain.intervals import epoch_s, instant
from netmon.storage.outbox import FAILED_LATELY_S, Delivery, Fate, OutboxReader

Told = dict[str, list[dict[str, Any]]]


def told_now(loaded: Loaded, at: datetime) -> Told:
    """
    Return three lists, as JSON shows them.

    `told` has what people know of and is not over, `waiting` what is not told yet and why,
    `undelivered` what waits for a channel and what was given up within a day.
    """
    folder = loaded.settings.store.folder
    with readable(folder), closing(OutboxReader(folder)) as outbox:
        state = _state(outbox, loaded)
        deliveries = outbox.deliveries(epoch_s(at) - FAILED_LATELY_S)
    is_blind = any(
        each.problem.subject_id == OWN_SIGHT and not each.problem.is_over
        for group in state.groups
        for each in group.problems
    )
    book = RouteBook(loaded.settings.alerts.routes, loaded.calendar).at(at)
    routes = {route.name: route for route in book}
    return {
        "told": [_told(group, each) for group in state.groups for each in group.told],
        "waiting": [
            _waiting(group, each, routes.get(group.route), at, is_blind=is_blind)
            for group in state.groups
            for each in group.untold
        ],
        "undelivered": [
            _undelivered(each) for each in deliveries if each.fate in {Fate.WAITING, Fate.FAILED}
        ],
    }


def print_told(told: Told, zone: ZoneInfo, at: datetime) -> None:
    """Print the lists that have anything in them."""

    def when(since: datetime) -> str:
        return brief_text(since, zone, at)

    _print(
        "told",
        ("route", "subject", "place", "since", "told", "channels"),
        [
            (
                row["route"],
                row["subject"],
                row["place"],
                when(row["began_at"]),
                when(row["told_at"]),
                ", ".join(row["channels"]),
            )
            for row in told["told"]
        ],
    )
    _print(
        "not told yet",
        ("route", "subject", "place", "since", "why"),
        [
            (row["route"], row["subject"], row["place"], when(row["began_at"]), row["why"])
            for row in told["waiting"]
        ],
    )
    _print(
        "not delivered",
        ("channel", "message", "planned", "tries", "state", "why"),
        [
            (
                row["channel"],
                f"{row['happening']} {row['key']}",
                when(row["at"]),
                row["attempts"],
                "given up" if row["state"] == Fate.FAILED else "waiting",
                row["reason"] or "–",
            )
            for row in told["undelivered"]
        ],
    )
    if not any(told.values()):
        click.echo("nothing is told, nothing waits")


def _print(title: str, columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    if rows:
        click.echo(title)
        print_table(columns, rows)
        click.echo()


def _state(outbox: OutboxReader, loaded: Loaded) -> State:
    text = outbox.state()
    try:
        return NOTHING if text is None else state_of(text)
    except ValueError:
        folder = loaded.settings.store.folder
        raise StoreError(f"{folder}: alerts: expected what netmon wrote, found others") from None


def _told(group: Group, each: Tracked) -> dict[str, Any]:
    return {**_about(group, each), "told_at": each.told_at, "channels": group.channels}


def _waiting(
    group: Group, each: Tracked, route: Route | None, at: datetime, *, is_blind: bool
) -> dict[str, Any]:
    hold = held(route, each.problem, at, is_blind=is_blind) if route else None
    return {**_about(group, each), "why": _why(hold)}


def _why(hold: Hold | None) -> str:
    return hold.value if hold else "may end by itself"


def _about(group: Group, each: Tracked) -> dict[str, Any]:
    problem = each.problem
    return {
        "route": group.route,
        "subject": problem.subject_id,
        "place": problem.place_name,
        "status": problem.status,
        "began_at": problem.began_at,
    }


def _undelivered(each: Delivery) -> dict[str, Any]:
    return {
        "channel": each.channel,
        "key": each.key,
        "happening": message_of(each.document).happening,
        "at": instant(each.at_s),
        "state": each.fate,
        "attempts": each.attempts,
        "tried_at": instant(each.tried_s) if each.attempts else None,
        "reason": each.reason,
    }

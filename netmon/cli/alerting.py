"""Alerts of a running netmon, put together: what is broken, who is told, and how."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from netmon.alerts.channels.sending import send
from netmon.alerts.description import Describe, Description, losses_of
from netmon.alerts.message import Message, Problem, Undelivered
from netmon.alerts.routes import RouteBook
from netmon.alerts.sending import Deliver, Sending
from netmon.alerts.service import AlertService
from netmon.alerts.text import compose
from netmon.analysis.views import RecordViews
from netmon.cli.problems import Problems
from netmon.cli.wiring import Loaded, now
from netmon.domain.model import Inventory, Status
from netmon.storage.desk import DeskReader
from netmon.storage.record import RecordReader, RecordWriter

if TYPE_CHECKING:  # it knows shapes, which a process that only collects does not load before need
    from netmon.analysis.impact import Impact
    from netmon.analysis.next_spot import NextSpot


IMPACT_WITHIN_S = 2.0
"""How long a message waits for what its incidents mean; then it is sent without."""

ImpactsOf = Callable[[datetime, float], Mapping[str, "Impact"]]
"""Returns what open incidents mean at an instant, by id, within so many seconds; never fails."""


def alerting(
    stack: ExitStack, loaded: Loaded, record: RecordWriter, impacts: ImpactsOf
) -> AlertService | None:
    """
    Return the alerts of a netmon that collects; stopped with `stack`.

    None where no route tells anybody, and none did before: what was told is told to its end.
    """
    settings, outbox = loaded.settings, record.outbox()
    if not settings.alerts.routes and outbox.state() is None:
        return None
    folder = settings.store.folder
    reader = stack.enter_context(closing(RecordReader(folder)))
    desk = stack.enter_context(closing(DeskReader(folder)))
    views = RecordViews(settings, loaded.calendar, reader, desk, follows_record=True)
    inventory = partial(_inventory, desk)
    deliver = delivery(loaded, inventory, impacts)
    sending = Sending(outbox, deliver, now, settings.alerts.give_up_after_s)
    service = AlertService(
        outbox,
        _announced(Problems(views, reader, desk, settings.alerts).at, impacts),
        RouteBook(settings.alerts.routes, loaded.calendar).at,
        sending,
        now,
    )
    stack.callback(service.stop)
    return service


def delivery(loaded: Loaded, inventory: Callable[[], Inventory], impacts: ImpactsOf) -> Deliver:
    """Return what puts a message into a channel's words and gives it to that; see `Deliver`."""
    zone = ZoneInfo(loaded.settings.city.timezone)

    def deliver(name: str, message: Message) -> None:
        channel = loaded.channels.get(name)
        if channel is None:
            raise Undelivered("netmon.toml has no such channel any more", is_final=True)
        at = now()
        describe = _describe(message, inventory(), impacts(at, IMPACT_WITHIN_S))
        send(channel, message, compose(message, describe, zone, channel.language, at), at)

    return deliver


def _inventory(desk: DeskReader) -> Inventory:
    return desk.revisions()[-1].inventory


def _announced(
    problems: Callable[[datetime], Sequence[Problem]], impacts: ImpactsOf
) -> Callable[[datetime], Sequence[Problem]]:
    """Return problems; what new ones mean is worked out while their route still waits."""
    known: set[str] = set()

    def at(moment: datetime) -> Sequence[Problem]:
        found = problems(moment)
        keys = {each.key for each in found if not each.is_over}
        if keys - known:
            impacts(moment, 0.0)
        known.clear()
        known.update(keys)
        return found

    return at


def _describe(message: Message, inventory: Inventory, impacts: Mapping[str, "Impact"]) -> Describe:
    devices = {device.id: device for device in inventory.devices}
    names = {place.id: place.name for place in inventory.places}

    def describe(problem: Problem) -> Description:
        losses = losses_of(_out(problem), devices, names)
        # Its name says more than "1 of 1".
        known = tuple(loss for loss in losses if loss.total > 1)
        return _described(Description(known), impacts.get(problem.key))

    return {problem.key: describe(problem) for problem in message.problems}.get


def _described(known: Description, impact: "Impact | None") -> Description:
    """Add what an incident means for residents, as far as that is known."""
    if impact is None:
        return known
    lost, people = impact.lost_m, impact.people
    found = replace(
        known,
        lost_m=None if lost is None else lost.planned,
        people=None if people is None else round(people.planned),
        is_synthetic=impact.synthetic,
    )
    return found if impact.next_spot is None else _with_spot(found, impact.next_spot)


def _with_spot(known: Description, spot: "NextSpot") -> Description:
    return replace(
        known,
        next_spot=spot.name,
        next_spot_until=spot.until,
        next_spot_m=spot.distance_m,
        is_straight=spot.method == "straight",
    )


def _out(problem: Problem) -> tuple[str, ...]:
    """Return the devices that are out because of a problem; a degraded one still works."""
    is_out = problem.status is Status.DOWN and problem.ended_at is None
    return (problem.subject_id, *problem.affected) if is_out else ()

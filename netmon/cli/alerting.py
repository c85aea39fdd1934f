"""Alerts of a running netmon, put together: what is broken, who is told, and how."""

from collections.abc import Callable
from contextlib import ExitStack, closing
from functools import partial
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


def alerting(stack: ExitStack, loaded: Loaded, record: RecordWriter) -> AlertService | None:
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
    sending = Sending(outbox, delivery(loaded, inventory), now, settings.alerts.give_up_after_s)
    service = AlertService(
        outbox,
        Problems(views, reader, desk, settings.alerts).at,
        RouteBook(settings.alerts.routes, loaded.calendar).at,
        sending,
        now,
    )
    stack.callback(service.stop)
    return service


def delivery(loaded: Loaded, inventory: Callable[[], Inventory]) -> Deliver:
    """Return what puts a message into a channel's words and gives it to that; see `Deliver`."""
    zone = ZoneInfo(loaded.settings.city.timezone)

    def deliver(name: str, message: Message) -> None:
        channel = loaded.channels.get(name)
        if channel is None:
            raise Undelivered("netmon.toml has no such channel any more", is_final=True)
        at, describe = now(), _describe(message, inventory())
        send(channel, message, compose(message, describe, zone, channel.language, at), at)

    return deliver


def _inventory(desk: DeskReader) -> Inventory:
    return desk.revisions()[-1].inventory


def _describe(message: Message, inventory: Inventory) -> Describe:
    devices = {device.id: device for device in inventory.devices}
    names = {place.id: place.name for place in inventory.places}

    def describe(problem: Problem) -> Description:
        losses = losses_of(_out(problem), devices, names)
        # Its name says more than "1 of 1".
        return Description(tuple(loss for loss in losses if loss.total > 1))

    return {problem.key: describe(problem) for problem in message.problems}.get


def _out(problem: Problem) -> tuple[str, ...]:
    """Return the devices that are out because of a problem; a degraded one still works."""
    is_out = problem.status is Status.DOWN and problem.ended_at is None
    return (problem.subject_id, *problem.affected) if is_out else ()

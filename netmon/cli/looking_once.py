"""One round of checks outside a running netmon: what they saw, and what others said."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from collectors.base import CannotAskError
from collectors.checks.heartbeat import INBOX
from collectors.inbox import Beat, Listening, NoVerdictError
from collectors.observation import Observation, Outcome, Sighting
from netmon.config.settings import HeartbeatSettings
from netmon.domain.model import REPORTED, Device
from netmon.domain.sightings import Register, best_by_device, reported
from netmon.scheduler.asking import Asking
from netmon.scheduler.duties import Duty
from netmon.storage.inbox import FILE, InboxReader


@dataclass(frozen=True, slots=True)
class Silence:
    """
    A check that says nothing of its device, and why.

    `is_ours` where this process could not ask, for want of a right: then something has to be
    changed here. Otherwise there is no verdict yet, and that is nobody's fault.
    """

    target: str
    check: str
    detail: str
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class Unlisted:
    """What a source named and the inventory lacks."""

    source: str
    sighting: Sighting


Seen = Observation | Silence


def ask_all(todo: Sequence[Duty], concurrency: int) -> list[Seen]:
    """
    Carry every duty out once, as many at a time as a running netmon would; keep their order.

    Raises what a check raised that is a defect of ours.
    """
    heard: SimpleQueue[tuple[Duty, Observation | Exception]] = SimpleQueue()
    asking = Asking(concurrency, lambda duty, seen: heard.put((duty, seen)))
    try:
        asking.ask(todo)
        found = dict(_heard(*heard.get()) for _ in todo)
    finally:
        asking.stop()
    return [found[duty.key] for duty in todo]


def said_of_others(
    seen: Iterable[Seen], devices: Sequence[Device]
) -> tuple[list[Seen], list[Unlisted]]:
    """Return what sources said of devices of ours, or why they say nothing; and the strangers."""
    register = Register(devices)
    told: list[Seen] = []
    unlisted: list[Unlisted] = []
    named: dict[str, set[str]] = {}
    for each in seen:
        if isinstance(each, Observation) and each.outcome is Outcome.OK:
            ours, others = best_by_device(each, register)
            words = (reported(device_id, word, each) for device_id, word in ours.items())
            told += [word for word in words if word is not None]
            unlisted += [Unlisted(each.target, other) for other in others]
            if each.sightings:
                named.setdefault(each.target, set()).update(ours)
    spoken_of = {each.target for each in told}
    unsaid = (each for each in devices if each.seen_by and each.id not in spoken_of)
    told += [_unsaid(device, named) for device in unsaid]
    return told, unlisted


@contextmanager
def inbox_of(settings: HeartbeatSettings, folder: Path) -> Iterator[None]:
    """Let the check find the heartbeats in the store, where there are any."""
    if settings.secret_env is None and settings.secret_file is None:
        yield
        return
    with ExitStack() as stack:
        if (folder / FILE).exists():
            INBOX.connect(stack.enter_context(closing(InboxReader(folder))))
        else:
            INBOX.connect(_NobodyListened())
        stack.callback(INBOX.connect, None)
        yield


class _NobodyListened:
    """The inbox of a netmon that never ran."""

    def newest(self, device_id: str) -> Beat | None:
        """Raise `NoVerdictError`: nothing was ever received."""
        raise NoVerdictError(f"no heartbeat of {device_id} yet: only `netmon run` receives them")

    def listening(self) -> Listening | None:
        """Return None: nobody ever did."""
        return None


def _heard(duty: Duty, seen: Observation | Exception) -> tuple[tuple[str, str], Seen]:
    if isinstance(seen, CannotAskError):
        is_ours = not isinstance(seen, NoVerdictError)
        return duty.key, Silence(*duty.key, str(seen), is_ours)
    if isinstance(seen, Exception):
        raise seen
    return duty.key, seen


def _unsaid(device: Device, named: Mapping[str, set[str]]) -> Silence:
    """Return why no source spoke of a device that they are said to see."""
    why = [_why(source, device.id, named.get(source)) for source in device.seen_by]
    return Silence(device.id, REPORTED, "; ".join(why))


def _why(source: str, device_id: str, named: set[str] | None) -> str:
    if named is None:
        return f"{source} named no device"
    if device_id in named:
        return f"{source} lists it and does not say how it is"
    return f"{source} does not list it: compare mac and name"

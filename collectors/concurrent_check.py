"""A check that waits for many devices in one thread, where others take a thread for each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from collectors.base import Check
from collectors.loop import Talk, shared
from collectors.observation import Observation
from collectors.target import Target

_GRACE_S = 5.0
"""After its deadline a look that is still waited for hangs: `TimeoutError`, a bug."""

Look = Callable[[Target, Any, float], Talk[Observation]]
Heard = Callable[[Observation | Exception], None]
Begin = Callable[[Target, Any, float, Heard], None]
Retain = Callable[[Iterable[Target]], None]


class PanicError(RuntimeError):
    """A check ended with what no `except Exception` catches; the message says what it was."""


@dataclass(frozen=True, slots=True)
class ConcurrentCheck(Check):
    """
    A check of which many can be under way without a thread for each.

    `begin(target, params, deadline_s, heard)` returns at once and calls `heard` exactly once,
    in a thread of its own that must not be held up: with the observation, with a
    `CannotAskError`, or with the exception that is a bug of the check. `retain(targets)` says
    who is asked from now on: what is kept of any other can be forgotten.
    """

    begin: Begin
    retain: Retain


def _keep_nothing(_: Iterable[Target]) -> None:
    """Retain targets for a check that keeps nothing of them."""


def concurrent(
    kind: str, params: type[BaseModel], look: Look, retain: Retain = _keep_nothing
) -> ConcurrentCheck:
    """Return the check that runs the coroutine `look(target, params, deadline_s)`."""

    def observe(target: Target, given: Any, deadline_s: float) -> Observation:  # noqa: ANN401 - see Observe
        return shared().ask(look(target, given, deadline_s), deadline_s + _GRACE_S)

    def begin(target: Target, given: Any, deadline_s: float, heard: Heard) -> None:  # noqa: ANN401 - see Begin
        shared().start(_told(look(target, given, deadline_s), heard))

    return ConcurrentCheck(kind, params, observe, begin, retain)


async def _told(talk: Talk[Observation], heard: Heard) -> None:
    try:
        seen: Observation | Exception = await talk
    except Exception as error:  # noqa: BLE001 - a bug, or not allowed to ask: who hears tells which
        seen = error
    except GeneratorExit:
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of a Rust library is no Exception
        seen = PanicError(repr(error))
    heard(seen)

"""What a check is: a kind, its parameters, and one function that asks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from collectors.observation import Observation
from collectors.target import Target


class CannotAskError(Exception):
    """
    A check cannot be run by this process, for want of a right; that says nothing of a device.

    The message is one line for people that says what to change.
    """


Observe = Callable[[Target, Any, float], Observation]


@dataclass(frozen=True, slots=True)
class Check:
    """
    The one declaration with which every file under `collectors/checks` ends.

    `observe(target, params, deadline_s)` is synchronous, runs in a worker thread,
    returns within `deadline_s` seconds (a small grace aside) and never raises for
    what the network does; it raises `CannotAskError` where it was not allowed to ask, and
    the device then stays unknown.
    """

    kind: str
    params: type[BaseModel]
    observe: Observe

"""Checks without a thread for each: whatever happens to a look, it is heard once."""

import queue

import pytest
from pydantic import BaseModel

from collectors import concurrent_check
from collectors.base import CannotAskError
from collectors.concurrent_check import PanicError, concurrent
from collectors.loop import Signal, shared
from collectors.observation import Observation
from collectors.target import Target

ANYBODY = Target("x", "127.0.0.1")


class Nothing(BaseModel, extra="forbid"):
    """A check without parameters."""


class Panic(BaseException):
    """What the binding of a Rust library raises is of this kind, and no Exception."""


@pytest.mark.parametrize(
    ("raised", "heard_as"),
    [
        (ZeroDivisionError("a bug"), ZeroDivisionError),
        (CannotAskError("no right"), CannotAskError),
        (Panic("index out of bounds"), PanicError),
    ],
    ids=["bug", "right", "panic"],
)
def test_whatever_ends_a_look_is_heard_once(
    raised: BaseException, heard_as: type[Exception]
) -> None:
    async def look(_target: Target, _params: Nothing, _deadline_s: float) -> Observation:
        raise raised

    heard: queue.SimpleQueue[Observation | Exception] = queue.SimpleQueue()
    concurrent("odd", Nothing, look).begin(ANYBODY, Nothing(), 1.0, heard.put)
    seen = heard.get(timeout=5)
    assert isinstance(seen, heard_as) and str(raised) in str(seen)
    assert heard.empty()


def test_who_waits_for_a_look_that_hangs_gets_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concurrent_check, "_GRACE_S", 0.1)
    let_go = Signal(shared())

    async def look(_target: Target, _params: Nothing, _deadline_s: float) -> Observation:
        await let_go.wait(float("inf"))
        raise CannotAskError("too late")

    with pytest.raises(TimeoutError):
        concurrent("odd", Nothing, look).observe(ANYBODY, Nothing(), 0.1)
    let_go.set()

"""Waiting for a condition, never for a time."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")
LOOK_EVERY_S = 0.05


def wait_for(question: Callable[[], Answer | None], *, within_s: float, what: str) -> Answer:
    """Return the first answer that is true; fail with what was waited for."""
    deadline_s = time.monotonic() + within_s
    pause = threading.Event()
    while time.monotonic() < deadline_s:
        if answer := question():
            return answer
        pause.wait(LOOK_EVERY_S)
    raise AssertionError(f"not within {within_s:g} s: {what}")

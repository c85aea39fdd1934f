"""
The proof in a process of its own, so that it can be ended at any moment.

HiGHS as SciPy has it calls nobody back, and a thread in it cannot be ended. The process ends with
whoever asked: when that one is gone, a thread of it sees so.
"""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from multiprocessing.process import parent_process

from geodata.cover_exact import Found, first_found, proven
from geodata.cover_problem import CoverProblem

LOOK_S = 0.1
"""How often it is asked whether to go on."""

GRACE_S = 1.0
"""What HiGHS gets beyond its time limit, which it looks at only now and then."""


def proven_apart(
    problem: CoverProblem,
    time_limit_s: float | None,
    tell: Callable[[Found], None],
    is_cancelled: Callable[[], bool],
) -> tuple[Found, bool]:
    """Return the best choice so far, and whether it was cancelled; nothing is left running."""
    best = first_found(problem)
    tell(best)
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe(duplex=False)
    child = spawn.Process(target=_work, args=(theirs, problem, time_limit_s), daemon=True)
    _start_deaf(child.start)
    theirs.close()
    latest = None if time_limit_s is None else time.monotonic() + time_limit_s + GRACE_S
    was_cancelled = False
    try:
        while not (was_cancelled := is_cancelled()) and not _is_over(latest):
            tell(best)
            if not ours.poll(LOOK_S):
                continue
            found, is_last = ours.recv()
            best = Found(found.chosen, found.covered, min(best.bound, found.bound))
            if is_last:
                break
    except EOFError:
        pass  # it was killed, for lack of memory perhaps: what it told so far holds
    finally:
        child.kill()
        child.join()
        child.close()
        ours.close()
    return best, was_cancelled


def _start_deaf(start: Callable[[], None]) -> None:
    """Start a process that no Ctrl-C reaches: whoever asked decides what that means."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _is_over(latest: float | None) -> bool:
    return latest is not None and time.monotonic() > latest


def _work(theirs: Connection, problem: CoverProblem, time_limit_s: float | None) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    deadline_s = None if time_limit_s is None else time.monotonic() + time_limit_s
    best = proven(problem, deadline_s, lambda found: theirs.send((found, False)))
    theirs.send((best, True))


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)

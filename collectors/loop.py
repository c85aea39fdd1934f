"""
One thread that waits for many sockets: what lets a few hundred devices be asked at once.

A coroutine awaits a `Readable` or a `Signal`, both until an instant; nothing else can be
awaited. Waking a thread for each of the five replies of a poll costs four times the processor
time of reading them together (ADR 13), and asyncio's futures and handles cost as much again.
"""

import heapq
import itertools
import logging
import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from concurrent.futures import Future
from typing import Any, TypeVar

logger = logging.getLogger(__name__)

T = TypeVar("T")
Talk = Coroutine[Any, Any, T]
"""What runs here: a coroutine that awaits nothing but what this module offers."""

_AT_ONCE = 4096
_NEVER = float("inf")


class Readable:
    """
    Await it to learn whether a descriptor became readable before an instant.

    `until` is of `time.monotonic()`. The answer is poll(2)'s events, 0 for none in time; the
    socket is looked at once more before that is said, however late this process was.
    """

    __slots__ = ("fd", "until")

    def __init__(self, fd: int, until: float) -> None:
        self.fd = fd
        self.until = until

    def __await__(self) -> Generator["Readable", int, int]:
        """Hand itself to the loop."""
        return (yield self)


class Signal:
    """One event from elsewhere, for which one coroutine waits."""

    __slots__ = ("_loop", "is_set", "task", "until")

    def __init__(self, loop: "Loop") -> None:
        self._loop = loop
        self.task: _Task | None = None
        self.until = _NEVER
        self.is_set = False

    def set(self) -> None:
        """Let it happen soon; from any thread."""
        self._loop.call(self.happen)

    def happen(self) -> None:
        """Let it happen now, and whoever waits go on; in the loop's thread."""
        self.is_set = True
        task, self.task = self.task, None
        if task is not None:
            self._loop.resume(task, 1)

    async def wait(self, until: float) -> bool:
        """Return whether it happened before `until`; for one coroutine at a time."""
        if not self.is_set:
            self.until = until
            await self
        return self.is_set

    def __await__(self) -> Generator["Signal", int, int]:
        """Hand itself to the loop."""
        return (yield self)


class _Task:
    """A coroutine, what it waits for, and when the loop looks whether that takes too long."""

    __slots__ = ("coroutine", "timer_at", "waits_for")

    def __init__(self, coroutine: Talk[None]) -> None:
        self.coroutine = coroutine
        self.timer_at = _NEVER
        self.waits_for: Readable | Signal | None = None


class Loop:
    """Runs coroutines in a thread of its own, which begins with the first of them."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._epoll = select.epoll()
        self._alarm = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._epoll.register(self._alarm, select.EPOLLIN)
        self._calls: deque[Callable[[], None]] = deque()
        self._is_called = False
        self._readers: dict[int, _Task] = {}
        self._watched: dict[int, Callable[[], None]] = {}
        self._timers: list[tuple[float, int, _Task]] = []
        self._count = itertools.count()

    def start(self, coroutine: Talk[None]) -> None:
        """Run a coroutine; what it raises is a bug, and logged."""
        task = _Task(coroutine)
        self.call(lambda: self.resume(task, None))

    def ask(self, coroutine: Talk[T], within_s: float | None = None) -> T:
        """
        Run a coroutine to its end; return or raise what it does. Not from the loop itself.

        Raises `TimeoutError` where it has not ended `within_s` seconds; None waits for ever.
        """
        answer: Future[T] = Future()

        async def told() -> None:
            try:
                answer.set_result(await coroutine)
            except BaseException as error:  # noqa: BLE001 - the caller raises it
                answer.set_exception(error)

        self.start(told())
        return answer.result(within_s)

    async def finished(self, future: "Future[Any]", until: float) -> bool:
        """Wait for what another thread works at; return whether it was done before `until`."""
        signal = Signal(self)
        future.add_done_callback(lambda _: signal.set())
        return await signal.wait(until)

    def call(self, function: Callable[[], None]) -> None:
        """Call a function in the loop's thread, soon."""
        self._calls.append(function)
        if not self._is_called:
            self._is_called = True
            os.eventfd_write(self._alarm, 1)
        if self._thread is None:
            self._begin()

    def watch(self, fd: int, seen: Callable[[], None]) -> None:
        """Call a function in the loop's thread whenever a descriptor is readable, for ever."""
        self._watched[fd] = seen
        self._epoll.register(fd, select.EPOLLIN)

    def resume(self, task: _Task, answer: int | None) -> None:
        """Let a coroutine go on until it waits again; in the loop's thread."""
        task.waits_for = None
        try:
            self._advance(task, answer)
        except StopIteration:
            return
        except BaseException:
            # Whatever it is, the thread must live: in it all others wait.
            logger.exception("loop=%s: a coroutine failed", self._name)

    def _advance(self, task: _Task, answer: int | None) -> None:
        waits_for = task.coroutine.send(answer)
        while isinstance(waits_for, Readable) and (error := self._arm(waits_for.fd)):
            waits_for = task.coroutine.throw(error)
        if waits_for.until < task.timer_at:
            self._set_timer(task, waits_for.until)
        task.waits_for = waits_for
        if isinstance(waits_for, Signal):
            waits_for.task = task
        else:
            self._readers[waits_for.fd] = task

    def _set_timer(self, task: _Task, at: float) -> None:
        """Look at a task at an instant; while it waits ever later, one timer is enough."""
        task.timer_at = at
        heapq.heappush(self._timers, (at, next(self._count), task))

    def _arm(self, fd: int) -> OSError | None:
        """
        Be told once: what comes when nobody waits for it must not keep the loop awake.

        What the kernel refuses (a closed descriptor, no room to watch another) is returned: it
        is for whoever wants to wait, and must not end the thread in which all others do.
        """
        events = select.EPOLLIN | select.EPOLLONESHOT
        try:
            try:
                self._epoll.modify(fd, events)
            except FileNotFoundError:
                self._epoll.register(fd, events)
        except OSError as error:
            return error
        return None

    def _begin(self) -> None:
        with self._guard:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            left_s = self._timers[0][0] - time.monotonic() if self._timers else -1.0
            events = self._epoll.poll(max(left_s, 0.0) if self._timers else -1, _AT_ONCE)
            for fd, seen in events:
                task = self._readers.pop(fd, None)
                if task is not None:
                    self.resume(task, seen)
                elif fd in self._watched:
                    self._guarded(self._watched[fd])
                elif fd == self._alarm:
                    os.eventfd_read(fd)
            self._take_calls()
            self._expire(time.monotonic())

    def _take_calls(self) -> None:
        self._is_called = False  # first: what is called from now on rings again
        for _ in range(len(self._calls)):  # what these call waits until replies were read
            self._guarded(self._calls.popleft())

    def _guarded(self, function: Callable[[], None]) -> None:
        """Call a function; a bug in it must not end the thread that serves all others."""
        try:
            function()
        except Exception:
            logger.exception("loop=%s: a call failed", self._name)

    def _expire(self, now: float) -> None:
        while self._timers and self._timers[0][0] <= now:
            at, _, task = heapq.heappop(self._timers)
            if at != task.timer_at:
                continue  # an earlier one was set since
            task.timer_at = _NEVER
            if task.waits_for is not None and task.waits_for.until <= now:
                self._end_waiting(task)
            elif task.waits_for is not None and task.waits_for.until < _NEVER:
                self._set_timer(task, task.waits_for.until)

    def _end_waiting(self, task: _Task) -> None:
        waited_for, task.waits_for = task.waits_for, None
        if isinstance(waited_for, Signal):
            waited_for.task = None
            self.resume(task, 0)
        elif isinstance(waited_for, Readable):
            self._readers.pop(waited_for.fd, None)
            # Busy with others, this thread may be late: what came meanwhile did come.
            self.resume(task, _look(waited_for.fd))


def _look(fd: int) -> int:
    """Return what poll(2) says of a descriptor without waiting."""
    now = select.poll()
    now.register(fd, select.POLLIN)
    events = now.poll(0)
    return events[0][1] if events else 0


_SHARED = Loop("asking")


def shared() -> Loop:
    """Return the loop of this process: one, whichever of its threads asks first."""
    return _SHARED

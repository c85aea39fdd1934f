"""The one thread in which many devices are waited for."""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager

import pytest

from collectors.loop import Loop, Readable, Signal, Talk
from tests.waiting import wait_for

LOOP = Loop("test-loop")


@contextmanager
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    near, far = socket.socketpair(type=socket.SOCK_DGRAM)
    with near, far:
        yield near, far


def soon(within_s: float) -> float:
    return time.monotonic() + within_s


def test_a_datagram_ends_the_wait() -> None:
    async def waiting(fd: int) -> int:
        return await Readable(fd, soon(10))

    with pair() as (near, far):
        timer = threading.Timer(0.05, far.send, [b"x"])
        timer.start()
        assert LOOP.ask(waiting(near.fileno()), 10)
        timer.join()


def test_silence_ends_at_the_instant_and_not_before() -> None:
    async def waiting(fd: int) -> tuple[int, float]:
        until = soon(0.2)
        return await Readable(fd, until), time.monotonic() - until

    with pair() as (near, _):
        events, late_s = LOOP.ask(waiting(near.fileno()), 10)
    assert not events and 0 <= late_s < 0.5


def test_what_came_while_the_loop_was_busy_is_no_timeout() -> None:
    """The datagram is there before the instant, the loop looks only long after it."""

    async def waiting(fd: int) -> int:
        return await Readable(fd, soon(0.05))

    async def busy() -> None:
        far.send(b"x")
        end_s = soon(0.3)
        while time.monotonic() < end_s:
            pass

    with pair() as (near, far):
        answer: Future[int] = Future()

        async def told() -> None:
            answer.set_result(await waiting(near.fileno()))

        LOOP.start(told())
        LOOP.start(busy())
        assert answer.result(5)


def test_a_later_wait_of_the_same_coroutine_is_not_cut_short_by_an_earlier_timer() -> None:
    async def waiting(fd: int) -> list[int]:
        first = await Readable(fd, soon(0.1))
        near.recv(10)
        return [first, await Readable(fd, soon(0.4))]

    with pair() as (near, far):
        far.send(b"x")
        began_s = time.monotonic()
        first, second = LOOP.ask(waiting(near.fileno()), 10)
        assert first and not second and time.monotonic() - began_s >= 0.4


def test_a_shorter_wait_after_a_longer_one_ends_in_time() -> None:
    async def waiting(fd: int) -> int:
        await Readable(fd, soon(30))
        near.recv(10)
        return await Readable(fd, soon(0.1))

    with pair() as (near, far):
        far.send(b"x")
        began_s = time.monotonic()
        assert not LOOP.ask(waiting(near.fileno()), 10) and time.monotonic() - began_s < 5


def test_a_signal_is_heard_whether_it_came_before_or_after_the_wait() -> None:
    async def waiting(signal: Signal, within_s: float) -> bool:
        return await signal.wait(soon(within_s))

    early, late, never = Signal(LOOP), Signal(LOOP), Signal(LOOP)
    early.set()
    timer = threading.Timer(0.05, late.set)
    timer.start()
    assert LOOP.ask(waiting(early, 5), 10) and LOOP.ask(waiting(late, 5), 10)
    assert not LOOP.ask(waiting(never, 0.05), 10)
    timer.join()


def test_what_another_thread_does_is_waited_for_without_holding_others_up() -> None:
    work: Future[int] = Future()

    async def waiting() -> bool:
        return await LOOP.finished(work, soon(5))

    async def other() -> str:
        return "done"

    answers: list[bool] = []
    thread = threading.Thread(target=lambda: answers.append(LOOP.ask(waiting(), 10)))
    thread.start()
    assert LOOP.ask(other(), 10) == "done"
    work.set_result(1)
    thread.join(5)
    assert answers == [True]


def test_a_coroutine_with_a_bug_is_logged_and_the_others_go_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def buggy() -> None:
        raise ZeroDivisionError("a bug")

    async def fine() -> int:
        return 7

    with caplog.at_level(logging.ERROR):
        LOOP.start(buggy())
        assert LOOP.ask(fine(), 10) == 7
    assert "a bug" in caplog.text
    with pytest.raises(ZeroDivisionError):
        LOOP.ask(buggy(), 10)


def test_hundreds_wait_at_once_in_one_thread() -> None:
    async def waiting(fd: int) -> int:
        return await Readable(fd, soon(10))

    def asked(talk: Talk[int], into: list[int], ended: threading.Semaphore) -> Talk[None]:
        async def told() -> None:
            into.append(await talk)
            ended.release()

        return told()

    pairs = [socket.socketpair(type=socket.SOCK_DGRAM) for _ in range(300)]
    events, ended = list[int](), threading.Semaphore(0)
    before = threading.active_count()
    for near, _ in pairs:
        LOOP.start(asked(waiting(near.fileno()), events, ended))
    assert threading.active_count() <= before + 1
    for _, far in pairs:
        far.send(b"x")
    assert all(ended.acquire(timeout=10) for _ in pairs) and all(events)
    for each in pairs:
        each[0].close()
        each[1].close()


def test_waiting_for_a_closed_descriptor_is_an_error_of_that_coroutine_alone() -> None:
    async def waiting(fd: int) -> int:
        return await Readable(fd, soon(5))

    with pair() as (near, _):
        fd = near.fileno()
    with pytest.raises(OSError, match="Bad file descriptor"):
        LOOP.ask(waiting(fd), 5)
    with pair() as (near, far):
        far.send(b"x")
        assert LOOP.ask(waiting(near.fileno()), 5), "the others go on"


def test_a_descriptor_that_is_used_anew_wakes_only_who_waits_for_the_new_one() -> None:
    """The old socket's datagram was late and its descriptor is another's by then."""

    async def waiting(fd: int, within_s: float) -> int:
        return await Readable(fd, soon(within_s))

    near, far = socket.socketpair(type=socket.SOCK_DGRAM)
    assert not LOOP.ask(waiting(near.fileno(), 0.01), 10)
    far.send(b"late")
    fd = near.fileno()
    near.close()
    far.close()
    with pair() as pair_of_new:
        (new,) = (each for each in pair_of_new if each.fileno() == fd)
        (other,) = (each for each in pair_of_new if each.fileno() != fd)
        assert not LOOP.ask(waiting(fd, 0.1), 10)
        other.send(b"x")
        assert LOOP.ask(waiting(fd, 5), 10) and new.recv(10) == b"x"


@pytest.mark.parametrize("way", ["call", "watch"])
def test_a_bug_in_a_call_is_logged_and_the_thread_lives(
    way: str, caplog: pytest.LogCaptureFixture
) -> None:
    loop = Loop("test-bug")

    def buggy() -> None:
        near.recv(10)
        raise ZeroDivisionError("a bug in a call")

    async def fine() -> int:
        return 7

    with pair() as (near, far), caplog.at_level(logging.ERROR):
        far.send(b"x")
        if way == "watch":
            loop.watch(near.fileno(), buggy)
        else:
            loop.call(buggy)
        assert loop.ask(fine(), 5) == 7
        wait_for(lambda: "a bug in a call" in caplog.text, within_s=5, what="the bug is told")
        assert loop.ask(fine(), 5) == 7


def test_awaiting_what_the_loop_does_not_know_is_a_bug_of_that_coroutine_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Stranger:
        def __await__(self) -> Iterator[object]:
            return iter([object()])

    async def foreign() -> None:
        await Stranger()  # type: ignore[misc]  # that is the bug

    async def fine() -> int:
        return 7

    with caplog.at_level(logging.ERROR):
        LOOP.start(foreign())
        assert LOOP.ask(fine(), 5) == 7
    assert "a coroutine failed" in caplog.text


def test_what_comes_when_nobody_waits_keeps_nobody_busy() -> None:
    """A device that goes on talking after its answer must not cost the processor its time."""

    async def waiting(fd: int, within_s: float) -> int:
        return await Readable(fd, soon(within_s))

    with pair() as (near, far):
        assert not LOOP.ask(waiting(near.fileno(), 0.01), 10)
        far.send(b"late")
        before_s = time.process_time()
        threading.Event().wait(0.3)
        assert time.process_time() - before_s < 0.15
        assert LOOP.ask(waiting(near.fileno(), 5), 10), "and is there for whoever asks again"


def test_no_call_from_many_threads_is_lost() -> None:
    loop, called = Loop("test-calls"), list[int]()

    def from_one(number: int) -> None:
        for _ in range(5_000):
            loop.call(lambda: called.append(number))

    threads = [threading.Thread(target=from_one, args=(n,)) for n in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    wait_for(lambda: len(called) == 20_000, within_s=10, what="all were called")


def test_calls_that_beget_calls_let_replies_be_read() -> None:
    """Looks that fail at once begin the next ones; those that wait must not wait for all."""
    read, begotten = threading.Event(), []

    async def waiting(fd: int) -> None:
        await Readable(fd, soon(10))
        read.set()

    def beget() -> None:
        begotten.append(1)
        if not read.is_set() and len(begotten) < 100_000:
            LOOP.call(beget)

    with pair() as (near, far):
        LOOP.start(waiting(near.fileno()))
        LOOP.call(beget)
        far.send(b"x")
        assert read.wait(10)
    assert len(begotten) < 100_000


def test_who_asks_a_stuck_loop_gives_up_in_time() -> None:
    loop, ended = Loop("test-stuck"), threading.Event()

    async def fine() -> int:
        return 7

    loop.call(lambda: bool(ended.wait(10)))
    with pytest.raises(TimeoutError):
        loop.ask(fine(), 0.1)
    ended.set()
    assert loop.ask(fine(), 5) == 7

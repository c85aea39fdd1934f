"""What a notification does: it brings a look forward, not too often, and nothing else."""

import threading
from collections.abc import Callable, Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.domain.model import Device, DeviceKind
from netmon.scheduler.notices import EVERY_S, RESOLVE_EVERY_S, Notices
from tests.waiting import wait_for


def device(device_id: str, host: str) -> Device:
    return Device(device_id, DeviceKind.ACCESS_POINT, device_id, "bib", host)


class Clock:
    """A clock that a test puts."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


class Hurried:
    """Whom the scheduler was told to hurry, call by call."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []

    def __call__(self, ids: Iterable[str]) -> None:
        self.calls.append(list(ids))


@pytest.fixture
def made() -> Iterator[Callable[..., tuple[Notices, Hurried, Clock]]]:
    started: list[Notices] = []

    def make(*devices: Device) -> tuple[Notices, Hurried, Clock]:
        hurried, clock = Hurried(), Clock()
        started.append(Notices(hurried, clock))
        started[-1].know(devices)
        return started[-1], hurried, clock

    yield make
    for each in started:
        each.close()


Made = Callable[..., tuple[Notices, Hurried, Clock]]


def test_a_sender_is_the_devices_at_its_address(made: Made) -> None:
    notices, hurried, _ = made(
        device("ap-2", "192.0.2.1"), device("ap-1", "192.0.2.1"), device("ap-3", "192.0.2.3")
    )
    notices.heard("192.0.2.1")
    assert hurried.calls == [["ap-1", "ap-2"]]


def test_an_address_is_the_same_however_it_is_written(made: Made) -> None:
    notices, hurried, _ = made(device("ap-1", "2001:DB8:0::1"))
    assert notices.knows("2001:db8::1")
    notices.heard("2001:db8::1")
    assert hurried.calls == [["ap-1"]]


def test_a_stranger_hurries_nobody(made: Made) -> None:
    notices, hurried, _ = made(device("ap-1", "192.0.2.1"), device("ap-2", ""))
    assert not notices.knows("192.0.2.9") and not notices.knows("")
    notices.heard("192.0.2.9")
    notices.heard("")
    assert hurried.calls == []


def test_many_notifications_are_one_look_in_ten_seconds(made: Made) -> None:
    notices, hurried, clock = made(device("ap-1", "192.0.2.1"))
    for _ in range(100):
        notices.heard("192.0.2.1")
        clock.now_s += EVERY_S / 101
    assert len(hurried.calls) == 1
    clock.now_s += EVERY_S / 10
    notices.heard("192.0.2.1")
    assert len(hurried.calls) == 2


@given(st.lists(st.tuples(st.floats(0, 15), st.sampled_from("abc")), max_size=60))
def test_no_device_is_ever_hurried_twice_within_the_limit(
    events: list[tuple[float, str]],
) -> None:
    clock, at = Clock(), dict[str, float]()

    def hurry(ids: Iterable[str]) -> None:
        for each in ids:
            assert clock.now_s - at.get(each, float("-inf")) >= EVERY_S
            at[each] = clock.now_s

    notices = Notices(hurry, clock)
    notices.know(device(name, f"192.0.2.{ord(name)}") for name in "abc")
    for wait_s, name in events:
        clock.now_s += wait_s
        notices.heard(f"192.0.2.{ord(name)}")
    notices.close()
    assert set(at) == {name for _, name in events}


def test_a_name_stands_for_its_addresses_once_it_is_resolved(made: Made) -> None:
    notices, hurried, _ = made(device("ap-1", "localhost"))
    wait_for(lambda: notices.knows("127.0.0.1"), within_s=10, what="localhost is resolved")
    notices.heard("127.0.0.1")
    assert hurried.calls == [["ap-1"]]


def test_a_name_without_an_address_harms_no_other(made: Made) -> None:
    notices, _, _ = made(device("ap-1", "no such name\0"), device("ap-2", "localhost"))
    wait_for(lambda: notices.knows("127.0.0.1"), within_s=30, what="localhost is resolved")


def test_another_inventory_replaces_the_first(made: Made) -> None:
    notices, hurried, _ = made(device("ap-1", "192.0.2.1"), device("ap-2", "192.0.2.2"))
    notices.heard("192.0.2.1")
    notices.know([device("ap-1", "192.0.2.3")])
    assert not notices.knows("192.0.2.1") and not notices.knows("192.0.2.2")
    notices.heard("192.0.2.3")
    assert hurried.calls == [["ap-1"]]  # it moved, but it was asked just now


def test_names_are_resolved_again_when_a_stranger_calls_long_after(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    notices, _, clock = made(device("ap-1", "localhost"))
    wait_for(lambda: notices.knows("127.0.0.1"), within_s=10, what="localhost is resolved")
    again = threading.Event()
    monkeypatch.setattr(notices, "_resolve_all", lambda _: again.set())
    assert not notices.knows("192.0.2.1") and not again.is_set()
    clock.now_s += RESOLVE_EVERY_S + 1
    assert not notices.knows("192.0.2.1")
    assert again.wait(10)

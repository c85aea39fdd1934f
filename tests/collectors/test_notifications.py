"""Traps and informs from net-snmp's own senders, and from those who mean harm."""

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.notifications.allowance import MAX_SENDERS, Allowance, Bucket, Rate
from collectors.notifications.engine import LESSONS, MAX_ENGINES
from collectors.notifications.listener import EACH, TOGETHER, Listener, plain_address
from collectors.target import Community, SnmpCredentials, UsmUser
from tests.collectors import ber
from tests.collectors.conftest import PUBLIC, USER
from tests.conftest import require
from tests.waiting import wait_for

LINK_DOWN = ["0", "1.3.6.1.6.3.1.1.5.3"]
V2C = ["-v2c", "-c", "public"]
V3 = [
    *("-v3", "-u", USER.name, "-l", "authPriv", "-a", "SHA-256", "-A", USER.auth_passphrase),
    *("-x", "AES", "-X", USER.priv_passphrase),
]
ENGINE = ["-e", "0x80007ed90501020304"]


class Ears:
    """A listener, and whom it has heard."""

    def __init__(
        self, *credentials: SnmpCredentials, knows: Callable[[str], bool] | None = None
    ) -> None:
        self.heard: list[str] = []
        names = {str(number): each for number, each in enumerate(credentials)}
        self.listener = Listener("127.0.0.1", 0, names, self.heard.append, knows=knows)

    def shout(self, *datagrams: bytes) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
            for datagram in datagrams:
                mouth.sendto(datagram, ("127.0.0.1", self.listener.port))

    def await_counts(self, **expected: int) -> None:
        def all_there() -> bool:
            found = self.listener.counts()
            return all(found[name] >= count for name, count in expected.items())

        wait_for(all_there, within_s=10, what=f"{expected} in {dict(self.listener.counts())}")
        found = dict(self.listener.counts())
        assert {name: count for name, count in found.items() if count} == expected


@pytest.fixture
def ears() -> Iterator[Callable[..., Ears]]:
    started: list[Ears] = []

    def start(*credentials: SnmpCredentials, **more: Callable[[str], bool]) -> Ears:
        started.append(Ears(*(credentials or (PUBLIC, USER)), **more))
        return started[-1]

    yield start
    for each in started:
        each.listener.close()


@pytest.fixture
def send(tmp_path: Path) -> Callable[..., int]:
    """Run net-snmp's `snmptrap` or `snmpinform`; returns its exit code."""
    require("snmptrap and snmpinform", shutil.which("snmpinform") is not None)

    def run(program: str, to: Ears, *options: str, words: list[str] = LINK_DOWN) -> int:
        more = ["-t", "2", "-r", "0"] if program == "snmpinform" else []
        where = f"127.0.0.1:{to.listener.port}"
        environment = {**os.environ, "MIBS": "", "SNMP_PERSISTENT_DIR": str(tmp_path)}
        done = subprocess.run(
            [program, *more, *options, where, *words],
            env=environment,
            capture_output=True,
            timeout=20,
            check=False,
        )
        return done.returncode

    return run


def trap(community: str = "public", number: int = 1) -> bytes:
    """Return an SNMPv2c trap: linkDown."""
    up_time = (ber.TICKS, bytes([number]))
    what = (ber.OID, ber.oid_body("1.3.6.1.6.3.1.1.5.3"))
    rows = [("1.3.6.1.2.1.1.3.0", up_time), ("1.3.6.1.6.3.1.1.4.1.0", what)]
    request = ber.Request(ber.GET, number, community.encode(), [], 0)
    return ber.response(request, rows).replace(b"\xa2", b"\xa7", 1)


def caught(options: list[str], folder: Path) -> bytes:
    """Return the datagram that `snmptrap` sends with these options, in the name of `ENGINE`."""
    require("snmptrap", shutil.which("snmptrap") is not None)
    environment = {**os.environ, "MIBS": "", "SNMP_PERSISTENT_DIR": str(folder)}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        ear.settimeout(10)
        where = f"127.0.0.1:{ear.getsockname()[1]}"
        command = ["snmptrap", *options, *ENGINE, where, *LINK_DOWN]
        subprocess.run(command, env=environment, capture_output=True, timeout=20, check=True)
        return ear.recv(65_535)


@pytest.mark.parametrize("program", ["snmptrap", "snmpinform"])
def test_a_v2c_notification_tells_its_sender(
    ears: Callable[..., Ears], send: Callable[..., int], program: str
) -> None:
    listening = ears()
    assert send(program, listening, *V2C) == 0  # an inform without answer would say 1
    listening.await_counts(heard=1)
    assert listening.heard == ["127.0.0.1"]


@pytest.mark.parametrize("engine", [ENGINE, []], ids=["a given engine", "its own engine"])
def test_a_v3_trap_is_heard_though_its_engine_was_never_met(
    ears: Callable[..., Ears], send: Callable[..., int], engine: list[str]
) -> None:
    listening = ears()
    for _ in range(2):
        assert send("snmptrap", listening, *V3, *engine) == 0
    listening.await_counts(heard=2)


def test_a_v3_inform_is_answered_by_our_own_engine(
    ears: Callable[..., Ears], send: Callable[..., int]
) -> None:
    listening = ears()
    assert send("snmpinform", listening, *V3) == 0
    listening.await_counts(heard=1)


@pytest.mark.parametrize(
    ("auth", "priv"),
    [("md5", ""), ("sha1", "des"), ("sha512", "aes128"), ("", "")],
)
def test_every_kind_of_user_is_heard(
    ears: Callable[..., Ears], send: Callable[..., int], auth: str, priv: str
) -> None:
    names = {"md5": "MD5", "sha1": "SHA", "sha512": "SHA-512", "des": "DES", "aes128": "AES"}
    level = "authPriv" if priv else "authNoPriv" if auth else "noAuthNoPriv"
    options = ["-v3", "-u", "other", "-l", level]
    options += ["-a", names[auth], "-A", "phrase-phrase"] if auth else []
    options += ["-x", names[priv], "-X", "secret-secret"] if priv else []
    user = UsmUser("other", auth, "phrase-phrase" * bool(auth), priv, "secret-secret" * bool(priv))
    listening = ears(user)
    assert send("snmptrap", listening, *options, *ENGINE) == 0
    assert send("snmpinform", listening, *options) == 0
    listening.await_counts(heard=2)


@pytest.mark.parametrize(
    "options",
    [
        ["-v2c", "-c", "canary"],
        ["-v1", "-c", "canary"],
        [each if each != USER.auth_passphrase else "wrong-wrong" for each in [*V3, *ENGINE]],
        [each if each != USER.priv_passphrase else "wrong-wrong" for each in [*V3, *ENGINE]],
        [each if each != USER.name else "nobody" for each in [*V3, *ENGINE]],
        ["-v3", "-u", USER.name, "-l", "noAuthNoPriv", *ENGINE],
    ],
    ids=["community", "v1", "authentication", "privacy", "user", "level"],
)
def test_who_has_no_right_is_refused_and_counted(
    ears: Callable[..., Ears], send: Callable[..., int], options: list[str]
) -> None:
    listening = ears()
    words = ["1.3.6.1.4.1.32473", "127.0.0.1", "2", "0", "1"] if "-v1" in options else LINK_DOWN
    assert send("snmptrap", listening, *options, words=words) == 0
    listening.await_counts(refused=1)
    assert listening.heard == []


def test_a_forged_trap_leaves_no_engine_behind_and_the_true_one_is_heard(
    ears: Callable[..., Ears], send: Callable[..., int]
) -> None:
    listening = ears()
    forged = [each if each != USER.auth_passphrase else "wrong-wrong" for each in V3]
    send("snmptrap", listening, *forged, *ENGINE)
    listening.await_counts(refused=1)
    assert len(listening.listener._engine) == 0
    send("snmptrap", listening, *V3, *ENGINE)
    listening.await_counts(refused=1, heard=1)
    assert len(listening.listener._engine) == 1 < MAX_ENGINES


def test_unknown_engines_are_tried_only_so_often(ears: Callable[..., Ears], tmp_path: Path) -> None:
    """A forger names ever new engines, straight to the engine and past the buckets."""
    forged = caught([each.replace(USER.auth_passphrase, "wrong-wrong") for each in V3], tmp_path)
    listening = ears()
    engine = listening.listener._engine
    learnt, add = [], engine._forget
    engine._forget = lambda key: (learnt.append(key), add(key))  # type: ignore[method-assign]
    for number in range(3 * LESSONS.burst):
        engine.receive(
            forged.replace(b"\x01\x02\x03\x04", number.to_bytes(4, "big")), ("127.0.0.1", 9)
        )
    assert LESSONS.burst <= len(learnt) <= LESSONS.burst + 20
    assert len(engine) == 0


def test_a_wrong_inform_is_told_so_and_refused(
    ears: Callable[..., Ears], send: Callable[..., int]
) -> None:
    listening = ears()
    forged = [each if each != USER.auth_passphrase else "wrong-wrong" for each in V3]
    assert send("snmpinform", listening, *forged) == 1
    listening.await_counts(refused=1)


def test_a_stranger_is_counted_and_never_decoded(ears: Callable[..., Ears]) -> None:
    listening = ears(knows=lambda address: address != "127.0.0.1")
    listening.shout(trap(), b"garbage")
    listening.await_counts(unknown_sender=2)
    assert listening.heard == []


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"\x30",
        b"not snmp at all",
        b"\x30\x82\xff\xff\x02\x01\x01",
        b"\x30\x84\x7f\xff\xff\xff" + b"\x30\x80" * 200,
        b"\x30\x80" * 20_000,
        trap()[:-3],
        trap().replace(b"\x02\x01\x01", b"\x02\x01\x07", 1),
    ],
    ids=["nothing", "one byte", "text", "length", "nested", "deep", "cut", "version"],
)
def test_bytes_that_are_no_notification_are_malformed(
    ears: Callable[..., Ears], datagram: bytes
) -> None:
    listening = ears()
    listening.shout(datagram)
    listening.await_counts(malformed=1)
    listening.shout(trap())
    listening.await_counts(malformed=1, heard=1)


def test_any_change_to_a_trap_is_survived(ears: Callable[..., Ears]) -> None:
    """2,000 mutated datagrams go straight to the engine, past the bucket."""
    listening = ears()
    engine, good = listening.listener._engine, bytearray(trap())
    for number in range(2000):
        changed = bytearray(good)
        changed[number % len(changed)] ^= (number * 37 + 1) % 256
        engine.receive(bytes(changed[: len(changed) - number % 7]), ("127.0.0.1", 9))
    listening.shout(trap())
    wait_for(lambda: listening.heard, within_s=10, what="the listener still hears")


def test_a_question_or_an_answer_is_no_notification(ears: Callable[..., Ears]) -> None:
    listening = ears()
    listening.shout(trap().replace(b"\xa7", b"\xa0", 1), trap().replace(b"\xa7", b"\xa2", 1))
    wait_for(
        lambda: sum(listening.listener.counts().values()) == 2, within_s=10, what="both counted"
    )
    assert listening.listener.counts()["heard"] == 0


def test_a_flood_is_dropped_before_it_is_decoded(ears: Callable[..., Ears]) -> None:
    """1,000 a second for two seconds: counted to the last, cheap, and over when it is over."""
    listening, clock = ears(), psutil.Process()
    before = clock.cpu_times()
    for second in range(20):
        began = time.monotonic()
        listening.shout(*[trap(number=second)] * 100)
        threading.Event().wait(max(0.1 - (time.monotonic() - began), 0))
    wait_for(
        lambda: sum(listening.listener.counts().values()) >= 1_990, within_s=10, what="all counted"
    )
    spent = clock.cpu_times()
    counts = listening.listener.counts()
    assert counts["heard"] <= EACH.burst + EACH.per_s * 5
    assert counts["dropped"] > 1_900
    assert spent.user + spent.system - before.user - before.system < 1.5
    wait_for(
        lambda: listening.shout(trap()) or listening.listener.counts()["heard"] > counts["heard"],
        within_s=5,
        what="a notification after the flood",
    )


def test_a_port_that_is_taken_is_an_error_at_once(ears: Callable[..., Ears]) -> None:
    with pytest.raises(OSError, match="in use"):
        Listener("127.0.0.1", ears().listener.port, {}, print)


def test_closing_twice_is_closing_once(ears: Callable[..., Ears]) -> None:
    listening = ears()
    listening.listener.close()
    listening.listener.close()


def test_ipv6_is_heard() -> None:
    heard: list[str] = []
    listener = Listener("::1", 0, {"city": Community("public")}, heard.append)
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as mouth:
            mouth.sendto(trap(), ("::1", listener.port))
        wait_for(lambda: heard, within_s=10, what="the trap")
    finally:
        listener.close()
    assert heard == ["::1"]


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::1"),
        ("2001:DB8::1", "2001:db8::1"),
    ],
)
def test_an_address_is_written_as_the_inventory_does(address: str, plain: str) -> None:
    assert plain_address(address) == plain


@given(
    st.lists(st.floats(0, 5), max_size=200),
    st.floats(0.1, 50),
    st.integers(1, 20),
)
def test_a_bucket_never_lets_more_through_than_its_burst_and_rate(
    waits_s: list[float], per_s: float, burst: int
) -> None:
    bucket, now_s, passed = Bucket(Rate(per_s, burst), 0.0), 0.0, 0
    for wait_s in waits_s:
        now_s += wait_s
        passed += bucket.take(now_s)
        assert passed <= burst + per_s * now_s + 1e-6


def test_one_that_floods_does_not_silence_another() -> None:
    allowance = Allowance(EACH, TOGETHER, 0.0)
    passed = sum(allowance.admits("192.0.2.1", number / 1000) for number in range(10_000))
    assert passed <= EACH.burst + EACH.per_s * 10
    assert allowance.admits("192.0.2.2", 10.0)


def test_forged_senders_take_a_bounded_room() -> None:
    allowance = Allowance(EACH, TOGETHER, 0.0)
    for number in range(3 * MAX_SENDERS):
        allowance.admits(f"sender-{number}", 0.0)
    assert len(allowance) == MAX_SENDERS

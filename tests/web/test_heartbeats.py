"""The receiver: genuine heartbeats are kept once, and everybody else learns nothing."""

import json
import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import apsw
import psutil
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from netmon.domain.heartbeat import BODY_LIMIT, Envelope
from netmon.domain.intervals import instant
from tests.beats import FIELDS, NOW_S, body, clock, envelope, headers, legs, written
from tests.web.receiving import PATH, Inbox, Server, application
from web.heartbeat_gate import PER_DEVICE, STRANGERS, Allowance, Bucket, Gate

NOW = instant(NOW_S)
MUTATIONS = 15_000 if os.environ.get("FUZZ") else 1500
"""How many mutated heartbeats a run sends; `make fuzz` asks for more."""


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    made = Inbox(tmp_path)
    yield made
    made.close()


@pytest.fixture
def client(inbox: Inbox) -> FlaskClient:
    return application(inbox, lambda: NOW).test_client()


def send(client: FlaskClient, letter: Envelope, **extra: str) -> TestResponse:
    return client.post(PATH, data=letter.body, headers={**headers(letter), **extra})


def nth(n: int, **changes: object) -> Envelope:
    """Return a letter of its own: another beat, another nonce."""
    return envelope(written(at_s=NOW_S - 60 * n, **changes), nonce=f"{n:032x}")


def problem(response: TestResponse) -> dict[str, Any]:
    assert response.content_type == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    document = json.loads(response.data)
    assert document["status"] == response.status_code
    assert document["instance"] == PATH
    return document


def test_a_genuine_heartbeat_is_kept(client: FlaskClient, inbox: Inbox) -> None:
    answer = send(client, envelope(written()))
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.date == NOW
    assert answer.headers["Cache-Control"] == "no-store"
    (document,) = inbox.documents()
    assert json.loads(document) == body() and set(json.loads(document)) == FIELDS


def test_no_cookie_is_set(client: FlaskClient) -> None:
    assert "Set-Cookie" not in send(client, envelope(written())).headers


def test_a_replay_is_refused(client: FlaskClient, inbox: Inbox) -> None:
    letter = envelope(written())
    assert send(client, letter).status_code == 204
    assert problem(send(client, letter))["title"] == "Unauthorized"
    assert inbox.reader.instants("pc-1") == [NOW_S]


def test_a_replay_after_a_restart_is_refused(tmp_path: Path) -> None:
    letter = envelope(written())
    for expected in (204, 401):
        inbox = Inbox(tmp_path)
        answer = send(application(inbox, lambda: NOW).test_client(), letter)
        inbox.close()
        assert answer.status_code == expected


def test_the_same_beat_sent_anew_is_welcome_and_counts_once(
    client: FlaskClient, inbox: Inbox
) -> None:
    for nonce in ("0" * 32, "1" * 32):
        assert send(client, envelope(written(), nonce=nonce)).status_code == 204
    assert inbox.reader.instants("pc-1") == [NOW_S]


def test_nothing_tells_an_unknown_device_from_a_wrong_key(client: FlaskClient) -> None:
    genuine = envelope(written())
    strangers = (
        envelope(written(), device_id="pc-9"),
        envelope(written(), device_id="-".join(["x"] * 30)),
        envelope(written(), secret="f" * 32),
        replace(genuine, signature="0" * 64),
        envelope(written(), sent_s=NOW_S - 301),
        envelope(written(), sent_s=NOW_S + 301),
        envelope(b"{", secret="f" * 32),
    )
    answers = {
        (a.status_code, a.data, str(a.headers)) for a in (send(client, s) for s in strangers)
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 401


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Netmon-Device", "PC 1"),
        ("Netmon-Device", "a" * 65),
        ("Netmon-Device", "../pc-1"),
        ("Netmon-Sent", "-1"),
        ("Netmon-Sent", "1e9"),
        ("Netmon-Sent", "٣"),
        ("Netmon-Sent", "9" * 13),
        ("Netmon-Nonce", "0" * 31),
        ("Netmon-Nonce", "G" * 32),
        ("Netmon-Signature", ""),
        ("Netmon-Signature", "é" * 64),
    ],
)
def test_a_malformed_head_is_named(client: FlaskClient, name: str, value: str) -> None:
    answer = send(client, envelope(written()), **{name: value.encode().decode("latin-1")})
    assert answer.status_code == 400
    assert problem(answer)["detail"].startswith(f"{name}: expected")


@pytest.mark.parametrize("name", ["Device", "Sent", "Nonce", "Signature"])
def test_a_head_that_is_absent_is_named(client: FlaskClient, name: str) -> None:
    given_headers = headers(envelope(written()))
    del given_headers[f"Netmon-{name}"]
    answer = client.post(PATH, data=written(), headers=given_headers)
    assert problem(answer)["detail"].startswith(f"Netmon-{name}: expected")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (b"[]", "body"),
        (b"{" * 4000, "body"),
        (b"[" * 4000, "body"),
        (b'{"\xff": 1}', "body"),
        (written(cpu_ratio=7), "cpu_ratio"),
        (written(user="jan"), "user"),
        (written(at_s=NOW_S - 90_000), "at_s"),
        (written(role="probe", page_s=None, service=legs(None)), "service"),
        (written(at_s=int("9" * 600)), "at_s"),
    ],
)
def test_a_genuine_letter_that_makes_no_sense_is_told_where(
    client: FlaskClient, inbox: Inbox, text: bytes, key: str
) -> None:
    answer = send(client, envelope(text))
    assert answer.status_code == 400
    assert problem(answer)["detail"].startswith(f"{key}: ")
    assert inbox.documents() == []


def test_what_was_written_is_never_sent_back(client: FlaskClient) -> None:
    answer = send(client, envelope(written(cpu_ratio="<script>alert(1)</script>")))
    assert answer.status_code == 400 and b"script" not in answer.data


@pytest.mark.parametrize("size", [BODY_LIMIT + 1, 100_000])
def test_a_long_body_is_refused_before_anything_else(client: FlaskClient, size: int) -> None:
    answer = send(client, envelope(b" " * size, secret="f" * 32))
    assert answer.status_code == 413 and "4096" in problem(answer)["detail"]


def test_a_body_of_exactly_the_limit_is_read(client: FlaskClient) -> None:
    text = written() + b" " * (BODY_LIMIT - len(written()))
    assert send(client, envelope(text)).status_code == 204


def test_a_letter_that_does_not_say_how_long_it_is_is_refused(client: FlaskClient) -> None:
    answer = send(client, envelope(b""))
    assert answer.status_code == 411 and problem(answer)["title"] == "Length Required"


def test_other_methods_are_refused(client: FlaskClient) -> None:
    answer = client.get(PATH)
    assert answer.status_code == 405 and "POST" in answer.headers["Allow"]


def test_a_device_that_sends_too_much_is_told_when_to_come_back(
    client: FlaskClient, inbox: Inbox
) -> None:
    codes = [send(client, nth(n)).status_code for n in range(PER_DEVICE.burst)]
    assert set(codes) == {204}
    answer = send(client, nth(PER_DEVICE.burst))
    assert problem(answer)["title"] == "Too Many Requests"
    assert answer.headers["Retry-After"] == "10"
    assert len(inbox.reader.instants("pc-1")) == PER_DEVICE.burst
    other = envelope(written(), device_id="pc-2")
    assert send(client, other).status_code == 204


def test_forged_letters_use_up_nothing_of_the_device_they_name(client: FlaskClient) -> None:
    forged = envelope(written(), secret="f" * 32)
    codes = Counter(send(client, forged).status_code for _ in range(STRANGERS.burst + 50))
    assert codes == {401: STRANGERS.burst, 429: 50}
    assert send(client, envelope(written())).status_code == 204


def test_in_a_flood_too_an_unknown_device_and_a_wrong_key_look_alike(client: FlaskClient) -> None:
    unknown = envelope(written(), device_id="pc-9")
    for _ in range(STRANGERS.burst):
        assert send(client, unknown).status_code == 401
    answers = [send(client, each) for each in (unknown, envelope(written(), secret="f" * 32))]
    assert [answer.status_code for answer in answers] == [429, 429]
    assert answers[0].data == answers[1].data
    assert answers[0].headers["Retry-After"] == answers[1].headers["Retry-After"] == "1"


def test_after_a_while_a_device_may_send_again(inbox: Inbox) -> None:
    now = [NOW]
    gate = Gate(per_device=Allowance(burst=1, every_s=10))
    client = application(inbox, lambda: now[0], gate).test_client()
    assert [send(client, nth(n)).status_code for n in range(2)] == [204, 429]
    now[0] += timedelta(seconds=10)
    assert send(client, nth(2)).status_code == 204


@given(st.lists(st.floats(0, 100), max_size=60), st.integers(1, 20), st.floats(0.1, 20))
def test_a_bucket_never_gives_more_than_it_got(
    pauses_s: list[float], burst: int, every_s: float
) -> None:
    now_s, taken, bucket = 0.0, 0, Bucket(Allowance(burst, every_s), 0.0)
    for pause_s in pauses_s:
        now_s += pause_s
        if bucket.wait_s(now_s) == 0:
            bucket.take()
            taken += 1
    assert taken <= burst + now_s / every_s + 1e-6


@given(st.floats(0, 1000))
def test_a_clock_that_is_set_back_fills_no_bucket(back_s: float) -> None:
    bucket = Bucket(Allowance(1, 10), 1000.0)
    bucket.take()
    assert bucket.wait_s(1000.0 - back_s) == 10


PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
VALUES = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMES = st.sampled_from(sorted(FIELDS)) | st.text(max_size=10)
CHANGED = st.dictionaries(NAMES, VALUES, min_size=1, max_size=4)
NESTED = [b"[", b'{"a":', b'"\\ud800']


def _cut(text: bytes, place: int, junk: bytes) -> bytes:
    place %= len(text) + 1
    return text[:place] + junk + text[place + len(junk) :]


BODIES = st.one_of(
    CHANGED.map(lambda changes: json.dumps(body(**changes)).encode()),
    st.builds(_cut, st.just(written()), st.integers(0, 2000), st.binary(max_size=30)),
    st.integers(0, len(written())).map(lambda length: written()[:length]),
    st.binary(max_size=BODY_LIMIT + 50),
    st.builds(lambda part, times: part * times, st.sampled_from(NESTED), st.integers(1, 1500)),
)
HEADS = st.dictionaries(
    st.sampled_from([*headers(envelope(b"")), "Content-Length"]),
    st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=80),
    max_size=2,
)


def test_mutated_heartbeats_are_refused_and_nothing_breaks(tmp_path: Path) -> None:
    """A genuine signature lets the mutation through to the parser; a mutated head does not."""
    inbox = Inbox(tmp_path)
    generous = Gate(Allowance(10**9, 1.0), Allowance(10**9, 1.0))
    client = application(inbox, lambda: NOW, generous).test_client()
    codes: Counter[int] = Counter()

    @settings(
        max_examples=MUTATIONS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(text=BODIES, head=HEADS)
    def send_mutated(text: bytes, head: dict[str, str]) -> None:
        letter = envelope(text, nonce=f"{sum(codes.values()):032x}")
        sent_head = {**headers(letter), **head}
        answer = client.post(PATH, data=text, headers=sent_head)
        codes[answer.status_code] += 1
        assert answer.status_code == 204 or 400 <= answer.status_code < 500
        if answer.status_code == 204:
            beat = inbox.reader.newest("pc-1")
            assert beat is not None and len({(m.name, m.label) for m in beat.measurements}) == len(
                beat.measurements
            )

    send_mutated()
    print(f"{sum(codes.values())} mutated heartbeats: {dict(codes)}")  # noqa: T201 - for `-s`
    assert sum(codes.values()) >= MUTATIONS
    assert codes[400] > MUTATIONS / 3 and codes[413] + codes[401] > 0
    inbox.close()


def test_a_beat_that_cannot_be_kept_is_not_acknowledged(
    client: FlaskClient, inbox: Inbox, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Its sender comes again; a line for each, with a trace, would fill a disk that is full."""
    inbox.db.set_busy_timeout(50)
    with closing(apsw.Connection(str(tmp_path / "desk.db"))) as other:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(3):
            answer = send(client, envelope(written()))
            assert problem(answer)["title"] == "Service Unavailable"
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert send(client, envelope(written())).status_code == 204
    assert len(caplog.records) == 1 and caplog.records[0].exc_info is None


def test_a_flood_does_no_harm(inbox: Inbox) -> None:
    """Two strangers as fast as they can, with known and unknown names; one computer goes on."""
    server = Server(application(inbox))
    stop, counts = threading.Event(), [0, 0]

    def flood(which: int) -> None:
        letter = envelope(written(), device_id=("pc-9", "pc-1")[which], secret="f" * 32)
        while not stop.is_set():
            status, _ = server.post(letter)
            assert status in {401, 429}
            counts[which] += 1

    threads = [threading.Thread(target=flood, args=(n,)) for n in (0, 1)]
    size_before = psutil.Process().memory_info().rss
    for each in threads:
        each.start()
    try:
        now_s = int(clock().timestamp())
        for n in range(40):
            text = written(at_s=now_s - n)
            status, _ = server.post(envelope(text, nonce=f"{n:032x}", sent_s=now_s))
            assert status == 204
        grew = psutil.Process().memory_info().rss - size_before
    finally:
        stop.set()
        for each in threads:
            each.join()
        server.stop()
    assert sum(counts) > 100, "a flood that is none proves nothing"
    assert len(inbox.reader.instants("pc-1")) == 40
    assert inbox.db.execute("SELECT count(*) FROM heartbeat_nonce").get == 40
    assert grew < 30_000_000

"""Whatever a stranger sends as a page or as HTTP, each is an outcome: nothing crashes or grows."""

import os
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.checks import http, node_exporter, windows_exporter
from collectors.observation import Observation, Outcome
from collectors.target import Target
from collectors.web.bounded_json import read_json
from collectors.web.computer import MAX_MEASUREMENTS, measurements
from collectors.web.exporter import Exporter
from collectors.web.failure import WebFailure
from collectors.web.samples import read_samples
from tests.collectors.web_server import Server, page, serving

TIMES = 10 if os.environ.get("FUZZ") else 1
"""How many times the default share of 5,000 mutations is tried; `make fuzz` sets it."""

GROWTH_BYTES = 64 << 20
AT = datetime(2026, 1, 1, tzinfo=UTC)
RECORDINGS = Path(__file__).parent / "recordings"
PAGES = [file.read_bytes() for file in sorted(RECORDINGS.glob("*_exporter-*.prom"))]
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
WHOLE = [
    page(b"Welkom", "Content-Type: text/html; charset=utf-8", "Content-Length: 6"),
    CHUNKED + b"3\r\nWel\r\n3\r\nkom\r\n0\r\nX: y\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 302 Found\r\nLocation: /a\r\nSet-Cookie: a=b\r\n\r\n",
    page(b"Welkom", "Content-Type: multipart/mixed; boundary*0=a; boundary*1*=%e2", "X: y"),
]
JSON = b'{"data": [{"name": "ap-1", "up": true, "n": [1, 2.5e3, null]}], "more": {"a": "\\u00e9"}}'
NASTY = [
    b"",
    b"\x00",
    b"\xff\xfe",
    b"\r\n",
    b"\n",
    b"{",
    b"}",
    b'"',
    b"\\",
    b"\xe2\x80\xae",
    b"9" * 400,
    b"-1",
    b"1e309",
    b"NaN",
    b"0x10",
    b" " * 3000,
    b'\\"' * 3000,
    b"[" * 3000,
    b',a="b"' * 500,
    b"%" * 500,
    b"Transfer-Encoding: chunked\r\n",
    b"Content-Length: 99999999999\r\n",
    b"Content-Encoding: gzip\r\n",
]


def mutated(whole: bytes, number: int) -> bytes:
    """Return `whole` with a few things cut, doubled, moved, flipped or put in."""
    chance = random.Random(number)  # noqa: S311 - to be repeated, not to be secret
    data = bytearray(whole)
    for _ in range(chance.randint(1, 6)):
        at = chance.randint(0, len(data))
        end = min(len(data), at + chance.choice([1, 2, 8, 60, 400]))
        piece = bytes(data[at:end])
        match chance.randrange(6):
            case 0:
                del data[at:end]
            case 1:
                data[at:at] = chance.choice(NASTY)
            case 2:
                data[at:at] = piece * chance.choice([2, 50])
            case 3:
                data[at:end] = chance.randbytes(len(piece))
            case 4:
                data[at:end] = chance.choice(NASTY)
            case _:
                other = chance.randint(0, len(data))
                data[other:other] = piece
    return bytes(data[: chance.choice([len(data), len(data), chance.randint(0, len(data))])])


def is_clean(seen: Observation) -> bool:
    """Say whether an observation holds the promises that all of them make."""
    keys = {(m.name, m.label) for m in seen.measurements}
    return (
        seen.detail.isprintable()
        and len(seen.detail) <= 255
        and (seen.outcome is Outcome.OK) == (seen.detail == "")
        and len(keys) == len(seen.measurements) <= MAX_MEASUREMENTS
        and all(abs(m.value) < float("inf") and m.label.isprintable() for m in seen.measurements)
    )


@pytest.fixture(autouse=True)
def _no_growth() -> Iterator[None]:
    """What was the most memory ever used hardly rises however many are read."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown * 1024 < GROWTH_BYTES


OUTCOMES: Counter[tuple[str, Outcome]] = Counter()
"""How often each test met each outcome."""


@settings(max_examples=2500 * TIMES, deadline=None)
@given(whole=st.sampled_from(PAGES), chance=st.integers(min_value=0), is_linux=st.booleans())
def test_a_mutated_page_of_an_exporter_is_read_or_malformed(
    *, whole: bytes, chance: int, is_linux: bool
) -> None:
    exporter = (node_exporter if is_linux else windows_exporter).EXPORTER
    began = time.thread_time()
    seen = read_page(exporter, mutated(whole, chance))
    assert time.thread_time() - began < 2 and is_clean(seen)
    ratios = [m.value for m in seen.measurements if m.name.endswith("_ratio")]
    assert all(0 <= ratio <= 1 for ratio in ratios)
    OUTCOMES["page", seen.outcome] += 1


def read_page(exporter: Exporter, data: bytes) -> Observation:
    try:
        samples = read_samples(data, exporter.series, frozenset({exporter.service_series}))
        computer = exporter.read(samples, ("spooler", "cups"))
        return Observation("x", "x", AT, Outcome.OK, measurements(computer, 1.75e9, 0.5))
    except WebFailure as failure:
        return Observation("x", "x", AT, failure.outcome, (), failure.detail)


SLOW = {
    "blanks before a brace": b"node_load1" + b" " * 8000 + b"{\n",
    "quotes": (b'node_load1{b="' + b'\\"' * 4000 + b'"} 1\n') * 1000,
    "backslashes": (b'node_load1{b="' + b"\\\\" * 4000 + b'"} 1\n') * 1000,
    "labels": (b"node_load1{" + b",".join(b'l%d="x"' % n for n in range(750)) + b"} 1\n") * 1000,
}


@pytest.mark.parametrize("data", SLOW.values(), ids=SLOW)
def test_a_page_made_to_be_slow_is_soon_done_with(data: bytes) -> None:
    """The deadline of a check ends the waiting, not the reading: that must be short by itself."""
    began = time.thread_time()
    assert read_page(node_exporter.EXPORTER, data).outcome is Outcome.MALFORMED
    assert time.thread_time() - began < 0.25


@pytest.mark.parametrize("piece", [b"{},", b"[],", b'{"a":1},', b"1.5,", b'"\xc3\xa9a",'])
def test_json_of_millions_of_values_takes_no_memory(piece: bytes) -> None:
    """16 MiB of empty objects are half a gigabyte in memory; `_no_growth` looks."""
    with pytest.raises(WebFailure, match="more values"):
        read_json(b"[" + piece * ((16 << 20) // len(piece)) + b"0]")


def test_an_answer_of_twenty_thousand_devices_is_read() -> None:
    labels = b'{"__name__":"ifHCInOctets","instance":"ap-%05d","ifName":"eth0"}'
    row = b'{"metric":' + labels + b',"value":[1,"2"]}'
    rows = [row % number for number in range(20_000)]
    assert len(read_json(b"[" + b",".join(rows) + b"]")) == len(rows)


@settings(max_examples=1000 * TIMES, deadline=None)
@given(chance=st.integers(min_value=0))
def test_mutated_json_is_read_or_malformed(chance: int) -> None:
    try:
        read_json(mutated(JSON, chance))
        outcome = Outcome.OK
    except WebFailure as failure:
        outcome = failure.outcome
    OUTCOMES["json", outcome] += 1


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(b"") as started:
        yield started


@settings(max_examples=1500 * TIMES, deadline=None)
@given(whole=st.sampled_from(WHOLE), chance=st.integers(min_value=0))
def test_a_mutated_answer_over_http_is_an_outcome(
    server: Server, whole: bytes, chance: int
) -> None:
    server.answer = mutated(whole, chance)
    params = http.Params(url=server.url(), text="Welkom", redirects=1, max_s=10)
    began = time.monotonic()
    seen = http.observe(Target("x", "127.0.0.1"), params, 10)
    assert time.monotonic() - began < 10 and is_clean(seen)
    OUTCOMES["http", seen.outcome] += 1


@pytest.mark.parametrize(
    ("kind", "outcomes"),
    [
        ("page", {Outcome.OK, Outcome.MALFORMED}),
        ("json", {Outcome.OK, Outcome.MALFORMED}),
        ("http", {Outcome.OK, Outcome.MALFORMED, Outcome.CONTENT}),
    ],
)
def test_each_mutation_met_an_outcome_and_every_outcome_was_met(
    kind: str, outcomes: set[Outcome]
) -> None:
    """A fuzz test whose answers all end alike examines nothing; a server that closes is in time."""
    met = {outcome for each, outcome in OUTCOMES if each == kind}
    if not met:
        pytest.skip("the mutations were not part of this run")
    assert met == outcomes

"""The outbox keeps what is to be told in order, until it is taken, and forgets nothing else."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmon.storage.outbox import (
    LONGEST_WAIT_S,
    Delivery,
    Fate,
    OutboxReader,
    OutboxWriter,
    Outgoing,
)
from netmon.storage.record import RecordWriter
from netmon.storage.retention import FORGOTTEN_AFTER_S

NOW_S = 1_796_000_000
CHANNELS = ("hook", "mail")


@pytest.fixture
def record(tmp_path: Path) -> Iterator[RecordWriter]:
    with closing(RecordWriter(tmp_path, origin="real")) as writer:
        yield writer


@pytest.fixture
def outbox(record: RecordWriter) -> OutboxWriter:
    return record.outbox()


def told(key: str, document: str = "", *, is_end: bool = False, at_s: int = NOW_S) -> Outgoing:
    return Outgoing(key, is_end, at_s, CHANNELS, document or key)


def due(outbox: OutboxWriter, channel: str = "mail", at_s: int = NOW_S) -> Delivery:
    found = outbox.due(channel, at_s)
    assert found is not None
    return found


def rows(folder: Path) -> list[tuple[str, str, Fate]]:
    with closing(OutboxReader(folder)) as reader:
        return [(each.document, each.channel, each.fate) for each in reader.deliveries(0)]


def test_a_plan_and_its_messages_are_kept_together(outbox: OutboxWriter, tmp_path: Path) -> None:
    assert outbox.state() is None
    outbox.keep("a plan", [told("a"), told("b")])
    assert outbox.state() == "a plan"
    assert outbox.channels() == ["hook", "mail"]
    with closing(OutboxReader(tmp_path)) as reader:
        assert reader.state() == "a plan"
        assert [each.key for each in reader.deliveries(0)] == ["a", "a", "b", "b"]


def test_an_end_never_overtakes_its_problem(outbox: OutboxWriter) -> None:
    outbox.keep("", [told("a", "problem"), told("a", "resolved", is_end=True)])
    outbox.postponed(due(outbox), NOW_S, 600, "no answer")
    assert outbox.due("mail", NOW_S + 599) is None
    first = due(outbox, at_s=NOW_S + 600)
    assert (first.document, first.attempts, first.reason) == ("problem", 1, "no answer")
    outbox.delivered(first, NOW_S + 600)
    assert due(outbox, at_s=NOW_S + 600).document == "resolved"


def test_what_waits_holds_neither_other_keys_nor_other_channels(outbox: OutboxWriter) -> None:
    outbox.keep("", [told("a"), told("b")])
    outbox.postponed(due(outbox), NOW_S, 600, "no answer")
    assert due(outbox).key == "b"
    assert due(outbox, "hook").key == "a"


def test_the_end_of_what_never_got_through_is_not_sent(
    outbox: OutboxWriter, tmp_path: Path
) -> None:
    outbox.keep("", [told("a", "problem"), told("a", "resolved", is_end=True)])
    outbox.failed(due(outbox), NOW_S, "no such person")
    assert outbox.due("mail", NOW_S) is None
    fates = {(document, fate) for document, channel, fate in rows(tmp_path) if channel == "mail"}
    assert fates == {("problem", Fate.FAILED), ("resolved", Fate.MOOT)}
    assert outbox.counts(NOW_S) == (2, 1)
    assert outbox.counts(NOW_S + 86_401) == (2, 0)


def test_a_clock_that_is_set_back_keeps_nothing_waiting(outbox: OutboxWriter) -> None:
    outbox.keep("", [told("a")])
    outbox.postponed(due(outbox), NOW_S, LONGEST_WAIT_S, "no answer")
    assert outbox.due("mail", NOW_S + 60) is None
    assert due(outbox, at_s=NOW_S - 60).key == "a"
    outbox.keep("", [told("b", at_s=NOW_S + 86_400)])
    assert outbox.due("mail", NOW_S + 60) is not None


def test_what_ended_long_ago_is_forgotten_and_what_lasts_is_not(
    outbox: OutboxWriter, record: RecordWriter, tmp_path: Path
) -> None:
    outbox.keep("", [told("over"), told("over", is_end=True), told("lasts")])
    for _ in range(3):
        for channel in CHANNELS:
            outbox.delivered(due(outbox, channel), NOW_S)
    record.tidy(NOW_S + FORGOTTEN_AFTER_S - 1)
    assert len(rows(tmp_path)) == 6
    record.tidy(NOW_S + FORGOTTEN_AFTER_S + 1)
    assert {document for document, *_ in rows(tmp_path)} == {"lasts"}
    outbox.keep("", [told("lasts", "resolved", is_end=True)])
    assert due(outbox).document == "resolved"


def test_what_waits_is_not_forgotten_however_old(
    outbox: OutboxWriter, record: RecordWriter, tmp_path: Path
) -> None:
    outbox.keep("", [told("a"), told("a", is_end=True)])
    assert outbox.oldest_waiting_s() == NOW_S
    record.tidy(NOW_S + 10 * FORGOTTEN_AFTER_S)
    assert len(rows(tmp_path)) == 4


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.booleans()), min_size=1, max_size=8),
    st.lists(st.sampled_from(["take", "refuse", "never"]), max_size=40),
)
@settings(max_examples=40, deadline=None)
def test_each_channel_hears_each_story_in_order(
    tmp_path_factory: pytest.TempPathFactory, planned: list[tuple[str, bool]], answers: list[str]
) -> None:
    """Whatever channels answer: in order, nothing twice, no end without a beginning."""
    with closing(RecordWriter(tmp_path_factory.mktemp("outbox"), origin="real")) as record:
        outbox, heard, at_s = record.outbox(), defaultdict[str, list[int]](list), NOW_S
        outbox.keep("", [told(key, str(n), is_end=e) for n, (key, e) in enumerate(planned)])
        for answer in [*answers, *["take"] * 2 * len(planned)]:
            at_s += 60
            found = outbox.due("mail", at_s)
            if found is None:
                continue
            assert not found.is_end or heard[found.key], "an end follows something that was heard"
            if answer == "take":
                outbox.delivered(found, at_s)
                heard[found.key].append(int(found.document))
            elif answer == "refuse":
                outbox.postponed(found, at_s, 60, "later")
            else:
                outbox.failed(found, at_s, "never")
        assert all(numbers == sorted(set(numbers)) for numbers in heard.values())
        assert outbox.channels() == ["hook"], "nothing waits for ever"


def test_what_is_kept_is_what_the_page_on_privacy_says(
    outbox: OutboxWriter, tmp_path: Path
) -> None:
    page = (Path(__file__).parents[2] / "docs/privacy.md").read_text("utf-8")
    with closing(OutboxReader(tmp_path)) as reader:
        columns = [
            (table, row[1])
            for table in ("alert_state", "alert_message", "alert_delivery")
            for row in reader._db.execute(f"PRAGMA table_info({table})")
        ]
    assert len(columns) == 14
    assert all(f"| `{table}` | `{name}` |" in page for table, name in columns)
    assert outbox.state() is None

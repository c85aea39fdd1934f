"""What tells that the past changed: it must whenever it did, and not where only later did."""

import tempfile
from contextlib import closing
from pathlib import Path

import apsw
from hypothesis import given, settings
from hypothesis import strategies as st

from netmon.domain.intervals import clipped
from netmon.storage.record import RecordReader, RecordWriter

DAY_S = 86_400
INSTANTS = [DAY_S * day for day in range(1, 6)]

at_s = st.integers(0, 5 * DAY_S)
CHANGES = {
    "begin": "INSERT OR IGNORE INTO run VALUES ('ap', 'icmp', :at, :at + :more, 'up', 1, '')",
    "open": "INSERT OR IGNORE INTO run VALUES ('ap', 'icmp', :at, NULL, 'down', 0, 'timeout')",
    "close": "UPDATE OR IGNORE run SET end_s = :at WHERE end_s IS NULL AND start_s < :at",
    "shorten": "UPDATE run SET end_s = start_s + :more WHERE end_s > start_s + :more",
    "lengthen": "UPDATE run SET end_s = end_s + :more WHERE start_s > :at",
    "reopen": "UPDATE OR IGNORE run SET end_s = NULL WHERE start_s > :at",
    "reword": "UPDATE run SET reason = reason || '!' WHERE start_s > :at",
    "rejudge": "UPDATE run SET status = 'degraded', is_usable = :more % 2 WHERE start_s > :at",
    "move": "UPDATE OR IGNORE run SET start_s = start_s - :more WHERE start_s > :at",
    "move on": "UPDATE OR IGNORE run SET start_s = end_s - 1 WHERE start_s > :at AND end_s > 1",
    "go": "DELETE FROM run WHERE start_s > :at",
    "begun by another": "UPDATE OR IGNORE run SET device_id = 'pc' WHERE start_s > :at",
}
changes = st.tuples(st.sampled_from(list(CHANGES)), at_s, st.integers(1, DAY_S))


def before(record: RecordReader, until_s: int) -> object:
    """Return all that runs say of the time before an instant."""
    runs = record.runs_between(-1, until_s)
    return {key: said for key, spans in runs.items() if (said := clipped(spans, -1, until_s))}


@settings(deadline=None)
@given(st.lists(changes, min_size=1, max_size=12))
def test_whoever_changes_the_past_is_noticed(told: list[tuple[str, int, int]]) -> None:
    """Whatever statement does it, and to whichever day."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(RecordWriter(Path(folder), origin="real")) as writer,
        closing(RecordReader(Path(folder))) as record,
    ):
        for device in ("ap", "pc"):
            look(writer._db, device, 0)
        for what, at, more in told:
            was = [(before(record, each), record.past(each)) for each in INSTANTS]
            writer._db.execute(CHANGES[what], {"at": at, "more": more})
            for each, (said, past) in zip(INSTANTS, was, strict=True):
                if before(record, each) != said:
                    assert record.past(each) != past, f"{what} before {each}"


def test_what_comes_later_leaves_the_past_alone(tmp_path: Path) -> None:
    with (
        closing(RecordWriter(tmp_path, origin="real")) as writer,
        closing(RecordReader(tmp_path)) as record,
    ):
        look(writer._db, "ap", 2 * DAY_S)
        writer._db.execute(CHANGES["open"], {"at": 5, "more": 0})
        past = record.past(2 * DAY_S)
        writer._db.execute(CHANGES["close"], {"at": 2 * DAY_S, "more": 0})
        writer._db.execute(CHANGES["open"], {"at": 2 * DAY_S, "more": 0})
        look(writer._db, "ap", 3 * DAY_S, f'[[{2 * DAY_S},"down",0,"timeout"]]')
        assert record.past(2 * DAY_S) == past


def test_a_look_that_proves_more_or_speaks_against_it_is_noticed(tmp_path: Path) -> None:
    with (
        closing(RecordWriter(tmp_path, origin="real")) as writer,
        closing(RecordReader(tmp_path)) as record,
    ):
        look(writer._db, "ap", 100)
        seen = [record.past(DAY_S)]
        look(writer._db, "ap", 200)
        seen.append(record.past(DAY_S))
        look(writer._db, "ap", 2 * DAY_S, '[[300,"down",0,"timeout"]]')
        seen.append(record.past(DAY_S))
        look(writer._db, "ap", 2 * DAY_S)
        seen.append(record.past(DAY_S))
        assert len(set(seen)) == 4


def look(db: apsw.Connection, device: str, at_s: int, recent: str = "[]") -> None:
    db.execute(
        "INSERT OR REPLACE INTO latest VALUES (?, 'icmp', ?, 'ok', '', '[]', ?, '')",
        (device, at_s, recent),
    )

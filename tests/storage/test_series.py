"""Points of looks: kept once, summed up, forgotten by the day, and never in the way."""

import struct
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmon.domain.errors import StoreError
from netmon.domain.series import Series
from netmon.domain.summaries import Summary, summarised
from netmon.domain.week import DAY_S, HOUR_S, HourShare
from netmon.storage import series as series_module
from netmon.storage.points import (
    BLOCK_S,
    packed,
    packed_slots,
    packed_worked,
    unpacked,
    unpacked_slots,
    unpacked_worked,
)
from netmon.storage.rollups import Redone
from netmon.storage.series import SETTLED_S, WRITE_S, Keeping, SeriesWriter
from netmon.storage.series_reader import SeriesReader
from tests.storage.told import START_S, day_start_s, rtt, told

RTT = Series("ap-1", "rtt_s")
RADIO = Series("ap-1", "radio_stations", "r0")
LATER_S = START_S + 2 * HOUR_S
Open = Callable[..., SeriesWriter]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    writers: list[SeriesWriter] = []

    def open_one(**keeping: object) -> SeriesWriter:
        writers.append(SeriesWriter(tmp_path, origin="real", keeping=Keeping(**keeping)))
        return writers[-1]

    yield open_one
    for each in writers:
        each.close()


@pytest.fixture
def writer(opened: Open) -> SeriesWriter:
    return opened()


@pytest.fixture
def reader(tmp_path: Path) -> SeriesReader:
    return SeriesReader(tmp_path)


def rounded(value: float) -> float:
    return struct.unpack("<f", struct.pack("<f", value))[0]


def stored(reader: SeriesReader, device: str = "ap-1") -> dict[Series, list[tuple[int, float]]]:
    found: dict[Series, list[tuple[int, float]]] = {}
    for day_s in range(day_start_s(START_S) - DAY_S, START_S + 3 * DAY_S, DAY_S):
        bounds = (day_s, day_s + DAY_S)
        for series, trace in reader.traces(reader.series(device, *bounds), *bounds).items():
            points = zip(*trace, strict=True)
            found.setdefault(series, []).extend((at_s - START_S, value) for at_s, value in points)
    return found


VALUES = st.floats(-1e6, 1e6, width=32)
TOLD = st.lists(st.tuples(st.integers(-4000, 100_000), VALUES), max_size=40)


@settings(max_examples=25, deadline=None)
@given(batches=st.lists(TOLD, max_size=4), again=st.booleans())
def test_what_was_told_is_what_is_read_late_twice_or_out_of_order(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[tuple[int, float]]], *, again: bool
) -> None:
    folder = tmp_path_factory.mktemp("series")
    expected: dict[int, float] = {}
    with closing(SeriesWriter(folder, origin="real", keeping=Keeping())) as writer:
        for turn, batch in enumerate([*batches, *(batches[-1:] if again else [])]):
            writer.take([rtt(*each) for each in batch])
            writer.turn(START_S + turn * WRITE_S)
            expected |= dict(batch)
    found = stored(SeriesReader(folder)).get(RTT, [])
    assert found == sorted(expected.items())


@given(st.dictionaries(st.integers(0, BLOCK_S - 1), VALUES))
def test_a_block_is_read_as_it_was_written(points: dict[int, float]) -> None:
    assert unpacked(packed(points)) == points
    assert list(unpacked(packed(points))) == sorted(points)


@given(
    st.dictionaries(
        st.integers(0, 30),
        st.lists(VALUES, min_size=1, max_size=9).map(summarised),
        min_size=1,
    )
)
def test_summaries_are_read_as_they_were_written(slots: dict[int, Summary]) -> None:
    found = unpacked_slots(packed_slots(slots))
    assert {n: each.size for n, each in found.items()} == {n: s.size for n, s in slots.items()}
    assert packed_slots(found) == packed_slots(slots), "bit by bit"


def test_a_spoilt_block_of_summaries_is_an_empty_one() -> None:
    assert unpacked_slots(b"") == unpacked_slots(b"no zlib") == {}
    assert unpacked_worked(b"no zlib") == ((0,) * 24, (0,) * 24)
    day = (tuple(range(24)), tuple(range(3577, 3601)))
    assert unpacked_worked(packed_worked(day)) == day


def test_points_wait_a_minute_and_are_written_at_the_end(
    tmp_path: Path, reader: SeriesReader
) -> None:
    writer = SeriesWriter(tmp_path, origin="real", keeping=Keeping())
    writer.take([rtt(0, 0.25)])
    writer.turn(START_S)
    assert stored(reader) == {RTT: [(0, 0.25)]}
    writer.take([rtt(10, 0.5)])
    writer.turn(START_S + 10)
    assert len(writer) == 1 and stored(reader) == {RTT: [(0, 0.25)]}
    writer.close()
    assert stored(reader) == {RTT: [(0, 0.25), (10, 0.5)]}


def test_hours_are_summed_up_when_they_are_over_and_again_when_points_come_late(
    writer: SeriesWriter, reader: SeriesReader
) -> None:
    writer.take([told(n * 60, ("rtt_s", n, ""), ("radio_stations", 2, "r0")) for n in range(60)])
    writer.turn(START_S)
    writer.roll(START_S + HOUR_S + SETTLED_S - 1)
    assert reader.summaries("ap-1", HOUR_S, START_S, LATER_S) == {}
    writer.roll(START_S + HOUR_S + SETTLED_S)
    hours = reader.summaries("ap-1", HOUR_S, START_S, LATER_S)
    assert hours == {
        RTT: [(START_S, Summary(60, 0, 59, 29.5))],
        RADIO: [(START_S, Summary(60, 2, 2, 2))],
    }
    writer.take([rtt(61, 1000.0)])
    writer.turn(LATER_S)
    writer.roll(LATER_S)
    (late,) = reader.summaries("ap-1", HOUR_S, START_S, LATER_S)[RTT]
    assert late[1].size == 61 and late[1].high == 1000
    days = reader.summaries("ap-1", DAY_S, day_start_s(START_S), LATER_S)
    assert days == {RADIO: [(day_start_s(START_S), Summary(60, 2, 2, 2))]}


def test_a_day_of_a_radio_is_the_sum_of_its_hours(
    writer: SeriesWriter, reader: SeriesReader
) -> None:
    for hour in range(3):
        writer.take(
            told(hour * HOUR_S + n * 600, ("radio_stations", hour * 10 + n, "r0")) for n in range(6)
        )
    writer.turn(START_S)
    for hour in range(1, 5):
        writer.roll(START_S + hour * HOUR_S)
    ((_, day),) = reader.summaries("ap-1", DAY_S, day_start_s(START_S), LATER_S)[RADIO]
    assert day == Summary(18, 0, 25, 12.5)


@settings(max_examples=10, deadline=None)
@given(told_values=TOLD, rolls=st.lists(st.integers(0, 30), max_size=2))
def test_worked_out_anew_every_bit_is_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    told_values: list[tuple[int, float]],
    rolls: list[int],
) -> None:
    """However often, and in whatever order, hours were summed up before."""
    folder = tmp_path_factory.mktemp("series")
    end_s = START_S + 40 * HOUR_S
    with closing(SeriesWriter(folder, origin="real", keeping=Keeping())) as writer:
        for turn, (at_s, value) in enumerate(told_values):
            writer.take([told(at_s, ("rtt_s", value, ""), ("radio_stations", value, "r0"))])
            if turn % 20 == 0:
                writer.turn(START_S + turn * WRITE_S)
                for hours in rolls:
                    writer.roll(START_S + hours * HOUR_S)
        writer.turn(end_s)
        writer.roll(end_s)
    before = rows(folder, "summary")
    with closing(SeriesWriter(folder, origin="real", keeping=Keeping())) as writer:
        done = writer.rebuild(end_s)
        assert (done.changed, done.added) == (0, 0)
    assert rows(folder, "summary") == before
    (folder / "series" / "rollup.db").unlink(missing_ok=True)
    with closing(SeriesWriter(folder, origin="real", keeping=Keeping())) as writer:
        assert writer.rebuild(end_s) == Redone(added=done.same)
    assert rows(folder, "summary") == before


def rows(folder: Path, table: str) -> list[tuple[object, ...]]:
    path = folder / "series" / "rollup.db"
    if not path.exists():
        return []
    columns = "u.step_s, u.start_s, s.measurement, s.label, u.summaries"
    with closing(apsw.Connection(str(path))) as db:
        sql = f"SELECT {columns} FROM {table} AS u JOIN series AS s ON s.id = u.series_id"  # noqa: S608 - our own names
        return sorted(db.execute(sql))


def test_what_was_spoilt_is_put_right_and_counted(writer: SeriesWriter, tmp_path: Path) -> None:
    writer.take([told(0, ("rtt_s", 1, ""), ("radio_stations", 2, "r0"))])
    writer.turn(START_S)
    writer.roll(LATER_S)
    right = rows(tmp_path, "summary")
    assert len(right) == 3
    with closing(apsw.Connection(str(tmp_path / "series" / "rollup.db"))) as db:
        wrong = packed_slots({START_S % DAY_S // HOUR_S: Summary(1, 9, 9, 9)})
        db.execute("UPDATE summary SET summaries = ? WHERE step_s = 3600", (wrong,))
        db.execute("UPDATE summary SET summaries = x'00' WHERE step_s = 86400")
    assert writer.rebuild(LATER_S) == Redone(changed=2, added=1)
    assert rows(tmp_path, "summary") == right


def test_whole_days_of_points_are_forgotten_and_hours_of_radios_later(
    opened: Open, reader: SeriesReader, tmp_path: Path
) -> None:
    writer = opened(raw_days=2, per_radio_days=3)
    for day in range(3):
        seen = told(day * DAY_S, ("rtt_s", day, ""), ("radio_stations", 1, "r0"))
        writer.take([seen])
        writer.turn(START_S + day * DAY_S)
        writer.roll(START_S + day * DAY_S + 2 * HOUR_S)
    names = sorted(path.name for path in (tmp_path / "series").glob("raw-*.db"))
    assert names == ["raw-2026-11-23.db", "raw-2026-11-24.db", "raw-2026-11-25.db"]
    writer.roll(START_S + 3 * DAY_S)
    names = sorted(path.name for path in (tmp_path / "series").glob("raw-*"))
    assert names == ["raw-2026-11-24.db", "raw-2026-11-25.db"]
    everything = ("ap-1", HOUR_S, START_S - DAY_S, START_S + 9 * DAY_S)
    assert {s: len(found) for s, found in reader.summaries(*everything).items()} == {
        RTT: 3,
        RADIO: 3,
    }
    writer.roll(START_S + 4 * DAY_S)
    hours = reader.summaries(*everything)
    assert len(hours[RTT]) == 3, "those of a device stay"
    assert [at_s for at_s, _ in hours[RADIO]] == [START_S + DAY_S, START_S + 2 * DAY_S]
    days = reader.summaries("ap-1", DAY_S, START_S - DAY_S, START_S + 9 * DAY_S)
    assert len(days[RADIO]) == 3, "and so do its days"


@pytest.mark.parametrize("damage", [b"this is no database at all" * 400, b""])
def test_a_damaged_file_is_set_aside_with_one_line_and_writing_goes_on(
    tmp_path: Path, reader: SeriesReader, caplog: pytest.LogCaptureFixture, damage: bytes
) -> None:
    path = tmp_path / "series" / "raw-2026-11-23.db"
    path.parent.mkdir()
    path.write_bytes(damage)
    with closing(SeriesWriter(tmp_path, origin="real", keeping=Keeping())) as writer:
        writer.take([rtt(0, 0.25)])
        writer.turn(START_S)
    assert stored(reader) == {RTT: [(0, 0.25)]}
    told_lines = [each.getMessage() for each in caplog.records if each.levelname == "ERROR"]
    assert len(told_lines) == bool(damage), "an empty file is a new one"
    if damage:
        aside = tmp_path / "series" / "raw-2026-11-23.db.damaged-1"
        assert aside.read_bytes() == damage
        assert "set aside as raw-2026-11-23.db.damaged-1" in told_lines[0]


def test_pages_that_were_overwritten_are_found_when_they_are_read(
    tmp_path: Path, writer: SeriesWriter, caplog: pytest.LogCaptureFixture
) -> None:
    """The beginning of the file is well; the damage shows in the middle of the work."""
    writer.take(
        [told(n, *[("radio_stations", n, f"r{k}") for k in range(40)]) for n in range(0, 3000, 30)]
    )
    writer.turn(START_S)
    path = tmp_path / "series" / "raw-2026-11-23.db"
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    writer.roll(LATER_S)
    writer.take([rtt(60, 0.5)])
    writer.turn(LATER_S)
    told_lines = [each.getMessage() for each in caplog.records if each.levelname == "ERROR"]
    assert len(told_lines) == 1 and "set aside" in told_lines[0]
    assert stored(SeriesReader(tmp_path)) == {RTT: [(60, 0.5)]}


def test_damaged_sums_are_worked_out_again_of_all_points_there_are(
    tmp_path: Path, writer: SeriesWriter, caplog: pytest.LogCaptureFixture
) -> None:
    writer.take([told(n * HOUR_S, ("rtt_s", n, "")) for n in range(3)])
    writer.turn(START_S)
    writer.roll(START_S + 4 * HOUR_S)
    right = rows(tmp_path, "summary")
    path = tmp_path / "series" / "rollup.db"
    path.write_bytes(b"damage" * 2000)
    writer.take([rtt(3 * HOUR_S, 3.0)])
    writer.turn(START_S + 5 * HOUR_S)
    writer.roll(START_S + 5 * HOUR_S)
    writer.roll(START_S + 5 * HOUR_S)
    found = rows(tmp_path, "summary")
    assert [row[:4] for row in found] == [row[:4] for row in right]
    (block,) = [row[4] for row in found]
    assert len(unpacked_slots(block)) == 4
    assert len([each for each in caplog.records if each.levelname == "ERROR"]) == 1


def test_a_reader_finds_gaps_where_files_are_missing_or_damaged(
    tmp_path: Path, reader: SeriesReader
) -> None:
    assert reader.series("ap-1", START_S, LATER_S) == []
    assert reader.traces([RTT], START_S, LATER_S) == reader.traces([], START_S, LATER_S) == {}
    assert reader.summaries("ap-1", HOUR_S, START_S, LATER_S) == {}
    assert reader.fleet_hours(START_S, LATER_S) == reader.device_hours("x", 0, HOUR_S) == []
    (tmp_path / "series").mkdir()
    for name in ("raw-2026-11-23.db", "rollup.db"):
        (tmp_path / "series" / name).write_bytes(b"damage" * 2000)
    assert reader.traces([RTT], START_S, LATER_S) == {}
    assert reader.fleet_hours(START_S, LATER_S) == []
    assert len(list((tmp_path / "series").iterdir())) == 2, "reading changes nothing"


def test_what_cannot_be_written_waits_is_told_once_and_is_written_then(
    tmp_path: Path,
    writer: SeriesWriter,
    reader: SeriesReader,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (tmp_path / "series" / "raw-2026-11-23.db").mkdir()
    for turn in range(3):
        writer.take([rtt(turn, turn)])
        writer.turn(START_S + turn * WRITE_S)
    assert len(writer) == 3
    assert [each.levelname for each in caplog.records] == ["ERROR"]
    assert "series: cannot write, points wait in memory" in caplog.text
    (tmp_path / "series" / "raw-2026-11-23.db").rmdir()
    writer.turn(START_S + 9 * WRITE_S)
    assert len(writer) == 0
    assert stored(reader) == {RTT: [(0, 0), (1, 1), (2, 2)]}
    assert caplog.records[-1].getMessage() == "series: writing again"


def test_of_what_waits_too_long_the_oldest_is_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(series_module, "MOST_POINTS", 25)
    with closing(SeriesWriter(tmp_path, origin="real", keeping=Keeping())) as writer:
        (tmp_path / "series" / "raw-2026-11-23.db").mkdir()
        for turn in range(4):
            writer.take([rtt(turn * BLOCK_S + n, n) for n in range(10)])
            writer.turn(START_S + turn * BLOCK_S)
            assert len(writer) <= 25
        (tmp_path / "series" / "raw-2026-11-23.db").rmdir()
    found = stored(SeriesReader(tmp_path))[RTT]
    assert [at_s for at_s, _ in found] == [k * BLOCK_S + n for k in (2, 3) for n in range(10)]
    assert sum("the oldest are lost" in each.getMessage() for each in caplog.records) == 1


def test_a_second_writer_and_another_origin_are_refused(
    tmp_path: Path, writer: SeriesWriter
) -> None:
    with pytest.raises(StoreError, match="another netmon"):
        SeriesWriter(tmp_path, origin="real", keeping=Keeping())
    writer.take([rtt(0, 1)])
    writer.turn(START_S)
    writer.close()
    other = SeriesWriter(tmp_path, origin="demo", keeping=Keeping())
    other.take([rtt(1, 1)])
    with pytest.raises(StoreError, match="origin: expected demo, found real"):
        other.turn(START_S)
    other._waiting.forget(other._waiting.days()[day_start_s(START_S)])
    other.close()
    writer._lock = type("Freed", (), {"release": lambda _: None})()


def test_hours_worked_are_kept_and_replaced_by_the_day(
    writer: SeriesWriter, reader: SeriesReader
) -> None:
    day_s = day_start_s(START_S)
    half, whole = (1800,) * 24, (3600,) * 24
    both = (day_s, day_s + 2 * DAY_S)
    rows = {(day_s, "a"): (half, whole), (day_s, "b"): (whole, whole)}
    later = {(day_s + DAY_S, "a"): (whole, whole)}
    assert writer.keep_worked(both, rows | later) == Redone(added=3)
    assert reader.fleet_hours(*both)[0] == HourShare(day_s, 5400, 7200)
    assert len(reader.fleet_hours(*both)) == 48
    assert writer.keep_worked(both, rows | later) == Redone(same=3)
    assert writer.keep_worked((day_s, day_s + DAY_S), {(day_s, "b"): (half, whole)}) == Redone(
        changed=1
    )
    assert reader.fleet_hours(*both)[0] == HourShare(day_s, 1800, 3600)
    assert reader.device_hours("a", *both)[0] == HourShare(day_s + DAY_S, 3600, 3600)
    assert len(reader.device_hours("a", day_s + DAY_S + HOUR_S, both[1])) == 23


def test_what_is_kept_is_what_the_page_on_privacy_says(
    tmp_path: Path, writer: SeriesWriter
) -> None:
    """A column more, and docs/privacy.md has to tell its purpose and how long it stays."""
    page = (Path(__file__).parents[2] / "docs/privacy.md").read_text("utf-8")
    writer.take([rtt(0, 1)])
    writer.turn(START_S)
    writer.roll(LATER_S)
    columns = set()
    for file in ("raw-2026-11-23.db", "rollup.db"):
        with closing(apsw.Connection(str(tmp_path / "series" / file))) as db:
            tables = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            for (table,) in tables:
                info = db.execute(f"PRAGMA table_info({table})")
                columns |= {(table, row[1]) for row in info if table != "meta"}
    assert len(columns) == 4 + 3 + 1 + 4 + 3 + 3
    for table, name in columns:
        assert f"| `{table}` | `{name}` |" in page, (table, name)

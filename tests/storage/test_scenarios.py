"""A scenario is found by what is in it, and stays what it was."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.storage import scenarios
from netmon.storage.backup import back_up
from netmon.storage.desk import DeskReader, DeskWriter
from netmon.storage.record import RecordWriter
from netmon.storage.restore import restore
from netmon.storage.scenarios import scenario_key


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskWriter]:
    with closing(DeskWriter(tmp_path / "store", origin="real")) as opened:
        yield opened


def test_a_scenario_is_read_as_it_was_kept_and_the_newest_first(
    tmp_path: Path, desk: DeskWriter
) -> None:
    one = desk.keep_scenario("Bruul", "[1]", 1000)
    other = desk.keep_scenario("Vismarkt", "[2]", 900)
    with closing(DeskReader(tmp_path / "store")) as reader:
        assert list(reader.scenarios()) == [other, one], "as they came, whatever the clock said"
        assert reader.scenario(one.key) == one
        assert reader.scenario("0" * 16) is None


def test_the_same_scenario_is_kept_once_and_since_it_was_saved_first(
    tmp_path: Path, desk: DeskWriter
) -> None:
    first = desk.keep_scenario("Bruul", "[1]", 1000)
    assert desk.keep_scenario("Bruul", "[1]", 2000) == first
    with closing(DeskReader(tmp_path / "store")) as reader:
        assert len(reader.scenarios()) == 1


def test_no_more_are_kept_than_there_is_room_for(
    tmp_path: Path, desk: DeskWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scenarios, "MOST_KEPT", 3)
    saved = [desk.keep_scenario(f"number {each}", "[]", 1000).key for each in range(5)]
    with closing(DeskReader(tmp_path / "store")) as reader:
        assert [each.key for each in reader.scenarios()] == saved[:1:-1]


@given(st.tuples(st.text(), st.text()), st.tuples(st.text(), st.text()))
def test_two_scenarios_have_one_key_only_where_they_are_the_same(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    assert (scenario_key(*one) == scenario_key(*other)) == (one == other)


def test_scenarios_are_in_a_backup_and_come_back_from_it(tmp_path: Path, desk: DeskWriter) -> None:
    kept = desk.keep_scenario("Bruul", "[1]", 1000)
    at = datetime(2026, 11, 23, 17, tzinfo=UTC)
    with closing(RecordWriter(tmp_path / "store", origin="real")):
        back_up(tmp_path / "store", tmp_path / "saved.zip", version="1", at=at)
    restore(tmp_path / "saved.zip", tmp_path / "new", origin="real", at=at)
    with closing(DeskReader(tmp_path / "new")) as reader:
        assert list(reader.scenarios()) == [kept]


def test_what_is_kept_of_scenarios_is_what_the_page_on_privacy_says(desk: DeskWriter) -> None:
    page = (Path(__file__).parents[2] / "docs/privacy.md").read_text("utf-8")
    columns = [row[1] for row in desk._db.execute("PRAGMA table_info(scenario)")]
    assert len(columns) == 5
    assert all(f"| `scenario` | `{name}` |" in page for name in columns)

"""What is said of incidents stays as it was said; only names of people are forgotten."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from netmon.domain.annotations import Annotation, AnnotationKind
from netmon.storage.desk import DeskReader, DeskWriter
from netmon.storage.requests import leave_request, take_requests
from netmon.storage.retention import AUTHORS_KEPT_S
from tests.storage.test_requests import Desk, works

NOTE = Annotation("n", "sw-1", 1000, AnnotationKind.NOTE, "Ann", 1010, "a <fuse>")
ACK = Annotation("a", "sw-1", 1000, AnnotationKind.ACKNOWLEDGEMENT, "Ann", 1020, until_s=9000)
LINK = replace(NOTE, uid="l", kind=AnnotationKind.LINK, url="https://example.org/1")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskWriter]:
    with closing(DeskWriter(tmp_path, origin="real")) as opened:
        yield opened


def read(folder: Path) -> list[Annotation]:
    with closing(DeskReader(folder)) as reader:
        return list(reader.annotations())


def test_annotations_are_told_as_they_were_said(tmp_path: Path, desk: DeskWriter) -> None:
    assert desk.annotate([NOTE, ACK, LINK], 1020) == [NOTE, ACK, LINK]
    assert read(tmp_path) == [NOTE, ACK, LINK]


def test_a_withdrawal_is_a_version_of_its_own_and_the_last(
    tmp_path: Path, desk: DeskWriter
) -> None:
    gone = replace(NOTE, withdrawn_s=1100)
    with closing(DeskReader(tmp_path)) as reader:
        desk.annotate([NOTE, ACK], 1020)
        before = reader.annotations()
        assert desk.annotate([NOTE, replace(NOTE, text="else")], 1050) == []
        assert reader.annotations() is before, "nothing was said in between"
        assert desk.annotate([gone], 1100) == [gone]
        assert desk.annotate([NOTE, replace(gone, withdrawn_s=5)], 1200) == []
        assert list(reader.annotations()) == [ACK, gone]
    assert desk._db.execute("SELECT count(*) FROM annotation").get == 3, "every version is kept"


def test_names_of_people_are_forgotten_after_three_years_and_nothing_else(
    tmp_path: Path, desk: DeskWriter
) -> None:
    later_s = NOTE.entered_s + AUTHORS_KEPT_S + 1
    desk.annotate([NOTE], NOTE.entered_s)
    desk.tidy(later_s)
    assert read(tmp_path) == [NOTE], "the clock alone takes no name"
    newer = replace(ACK, at_s=later_s, entered_s=later_s)
    desk.annotate([newer], later_s)
    assert desk.tidy(later_s - 2) == 0
    assert desk.tidy(later_s) == 1
    assert read(tmp_path) == [replace(NOTE, author=""), newer]


def test_a_request_carries_what_is_said_beside_what_is_announced(tmp_path: Path) -> None:
    leave_request(tmp_path, [NOTE, works("w"), ACK, LINK], 1000)
    desk = Desk()
    assert take_requests(tmp_path, desk.take) == 1
    assert desk.kept == ["n", "w", "a", "l"]


def test_what_is_kept_of_annotations_is_what_the_page_on_privacy_says(
    desk: DeskWriter,
) -> None:
    page = (Path(__file__).parents[2] / "docs/privacy.md").read_text("utf-8")
    columns = [row[1] for row in desk._db.execute("PRAGMA table_info(annotation)")]
    assert len(columns) == 4
    assert all(f"| `annotation` | `{name}` |" in page for name in columns)

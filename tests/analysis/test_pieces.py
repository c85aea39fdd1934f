"""Wherever reading starts, and however the past is cut, the same is told."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from netmon.analysis.incidents import city_incidents, incident_rows, touching
from netmon.analysis.pieces import cuts, parted, pieces_since
from netmon.analysis.views import RecordViews
from netmon.domain.annotations import Annotation, AnnotationKind
from netmon.domain.incidents import Incident
from netmon.domain.intervals import Interval, epoch_s, instant
from netmon.domain.maintenance import Effect
from netmon.storage.desk import DeskReader
from tests.analysis.seasons import (
    BEGIN_S,
    DAY_S,
    END_S,
    HOUR_S,
    VERDICTS,
    Season,
    announcement,
    live,
    season_settings,
    seasons,
)
from tests.analysis.test_settled import Counting
from tests.analysis.town import LOCAL, Town, calendar

SLOW = settings(
    max_examples=25,
    phases=(Phase.explicit, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
FOREVER_S = 2**39
NOW_S = END_S + DAY_S

starts = st.lists(
    st.integers(BEGIN_S // HOUR_S, END_S // HOUR_S), min_size=3, max_size=8, unique=True
)


def incidents_since(views: RecordViews, since_s: int) -> list[Incident]:
    """Read from an instant on, and return what touches the time after it."""
    found = city_incidents(views._told_since(since_s, NOW_S))
    return touching(found, (since_s, FOREVER_S))


@SLOW
@given(season=seasons(), hours=starts)
def test_incidents_are_the_same_wherever_reading_starts(
    tmp_path_factory: pytest.TempPathFactory, season: Season, hours: list[int]
) -> None:
    """With their beginning, cause, length and all that they took along."""
    with Town(tmp_path_factory.mktemp("town"), season_settings()) as town:
        live(town, season)
        whole = incidents_since(town.views, 0)
        for since_s in [hour * HOUR_S for hour in hours]:
            expected = touching(whole, (since_s, FOREVER_S))
            assert incidents_since(town.views, since_s) == expected


@SLOW
@given(season=seasons(), hours=starts)
def test_pieces_together_are_what_one_reading_tells(
    tmp_path_factory: pytest.TempPathFactory, season: Season, hours: list[int]
) -> None:
    """The first time, when they are worked out, and again, when they are given from memory."""
    with Town(tmp_path_factory.mktemp("town"), season_settings()) as town:
        live(town, season)
        timelines = town.views._told_since(0, NOW_S)
        found = city_incidents(timelines)
        for bounds in intervals(hours):
            expected = incident_rows(touching(found, bounds), timelines, {}, NOW_S)
            plain = town.views._availability_of(bounds, instant(NOW_S), 0)
            for _ in range(2):
                assert town.views.incidents_between(bounds, instant(NOW_S)) == expected
                assert town.views.availability(bounds, instant(NOW_S)) == plain


def intervals(hours: Sequence[int]) -> list[Interval]:
    edges = sorted({BEGIN_S, *(hour * HOUR_S for hour in hours)})
    return [*pairwise(edges), (edges[0], NOW_S), (edges[1], NOW_S + DAY_S)]


def local(text: str) -> int:
    return epoch_s(datetime.fromisoformat(text).replace(tzinfo=LOCAL))


def test_the_past_is_cut_where_months_begin_and_the_last_of_them_thrice_more() -> None:
    found = cuts(local("2026-09-20T12:00"), local("2026-11-23T09:00"), LOCAL)
    expected = ("2026-09-01", "2026-10-01", "2026-11-01", "2026-11-08", "2026-11-15", "2026-11-22")
    assert found == [local(each) for each in expected]


def test_a_record_that_began_this_week_has_one_cut_before_it() -> None:
    begin_s = local("2026-11-23T12:00")
    assert cuts(begin_s, begin_s + DAY_S, LOCAL) == [local("2026-11-22")]
    assert cuts(begin_s, begin_s - 1, LOCAL) == []


@given(
    first_s=st.integers(BEGIN_S, END_S),
    length_s=st.integers(0, 400 * DAY_S),
    zone=st.sampled_from([LOCAL, ZoneInfo("UTC"), ZoneInfo("America/Santiago")]),
)
def test_cuts_are_in_order_and_leave_ten_days_behind_the_last(
    first_s: int, length_s: int, zone: ZoneInfo
) -> None:
    settled_s = first_s + length_s
    found = cuts(first_s, settled_s, zone)
    assert found == sorted(set(found))
    assert found[0] <= first_s and all(each > first_s for each in found[1:])
    assert settled_s - 11 * DAY_S < found[-1] <= settled_s


@given(st.integers(0, 100), st.integers(0, 100), st.sets(st.integers(0, 100)))
def test_pieces_are_the_whole(begin: int, length: int, edges: set[int]) -> None:
    pieces = parted((begin, begin + length), sorted(edges))
    assert (pieces[0][0], pieces[-1][1]) == (begin, begin + length)
    assert all(before[1] == after[0] for before, after in pairwise(pieces))
    assert {each[0] for each in pieces[1:]} <= edges


@given(st.integers(0, 100), st.lists(st.integers(0, 100), min_size=1, unique=True).map(sorted))
def test_the_first_piece_holds_the_instant_or_nothing_is_before_it(
    since: int, edges: list[int]
) -> None:
    pieces = pieces_since(since, edges)
    assert [each[1] for each in pieces] == [each for each in edges[1:] if each > since]
    assert all(before[1] == after[0] for before, after in pairwise(pieces))


def test_what_has_never_been_looked_at_is_in_one_piece(tmp_path: Path) -> None:
    with Town(tmp_path, season_settings()) as town:
        live(town, Season({}, {}, ()))
        assert town.views.incidents_between((BEGIN_S, NOW_S), instant(NOW_S)) == []
        rows = town.views.availability((BEGIN_S, NOW_S), instant(NOW_S))
        assert {each.shares.window_s for each in rows} == {NOW_S - BEGIN_S}


def test_an_answer_in_closing_time_ends_an_incident(tmp_path: Path) -> None:
    """What fails in the evening, is seen to work at night, and fails by day: that is twice."""
    down, up = VERDICTS[2], VERDICTS[0]
    edges = [(9, up), (17, down), (26, up), (27, down), (33, up)]
    story = [(BEGIN_S + hour * HOUR_S, verdict) for hour, verdict in edges]
    season = Season({("pc-1", "icmp"): story}, {("pc-1", "icmp"): END_S}, ())
    with Town(tmp_path, season_settings()) as town:
        live(town, season)
        rows = town.views.incidents_between((BEGIN_S, NOW_S), instant(NOW_S))
        told = [(epoch_s(each.began_at), each.ended_at and epoch_s(each.ended_at)) for each in rows]
        assert told == [
            (BEGIN_S + 30 * HOUR_S, BEGIN_S + 33 * HOUR_S),
            (BEGIN_S + 17 * HOUR_S, BEGIN_S + 26 * HOUR_S),
        ]


@pytest.fixture
def autumn(tmp_path: Path) -> Iterator[Town]:
    """Three months of an access point that broke in each, and a gap before the first."""
    edges = [
        (BEGIN_S + day * DAY_S, verdict)
        for day, verdict in enumerate([*VERDICTS[1:3] * 36, VERDICTS[0]])
    ]
    season = Season({("ap", "icmp"): edges}, {("ap", "icmp"): END_S}, ())
    with Town(tmp_path, season_settings()) as town:
        live(town, season)
        yield town


def asked_again(town: Town, change: Callable[[], object]) -> int:
    """Return how often the record is read for what was prepared, after something happened."""
    with closing(Counting(town.folder)) as record, closing(DeskReader(town.folder)) as desk:
        views = RecordViews(town.settings, calendar(), record, desk)
        pieces = sum(1 for _ in views.prepare(instant(NOW_S)))
        assert (pieces, record.asked) == (3, 6)
        change()
        assert sum(1 for _ in views.prepare(instant(NOW_S))) == 3
        return record.asked - 6


def test_what_was_prepared_is_given_again(autumn: Town) -> None:
    assert asked_again(autumn, lambda: None) == 0


def test_a_note_and_work_of_next_week_leave_the_past_as_it_is(autumn: Town) -> None:
    note = Annotation("n", "ap", BEGIN_S + DAY_S, AnnotationKind.NOTE, "Ann", NOW_S, "fuse")
    work = announcement(1, "ap", Effect.MAINTENANCE, NOW_S + DAY_S, 3)

    def say() -> None:
        assert autumn.desk.annotate([note], NOW_S)
        assert autumn.desk.announce([work], NOW_S)

    assert asked_again(autumn, say) == 0
    (row,) = autumn.views.incidents_between((BEGIN_S + DAY_S, BEGIN_S + 2 * DAY_S), instant(NOW_S))
    assert row.notes == 1


def test_work_that_is_entered_afterwards_changes_the_pieces_from_its_own_on(autumn: Town) -> None:
    """That of September holds; those of October and November are worked out anew."""
    work = announcement(1, "ap", Effect.MAINTENANCE, BEGIN_S + 20 * DAY_S, 3)
    assert asked_again(autumn, lambda: autumn.desk.announce([work], NOW_S)) == 4


def test_preparing_can_be_left_off_between_two_pieces(autumn: Town) -> None:
    with closing(Counting(autumn.folder)) as record, closing(DeskReader(autumn.folder)) as desk:
        views = RecordViews(autumn.settings, calendar(), record, desk)
        next(views.prepare(instant(NOW_S)))
        assert record.asked == 2

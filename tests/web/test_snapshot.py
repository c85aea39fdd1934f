"""A snapshot is made when there is something new to see, and not more often."""

from datetime import timedelta

import geopandas as gpd
import pytest

from tests.web.conftest import NOW, Record, spot
from web.snapshot import STALE, Snapshots

NO_STREETS = gpd.GeoDataFrame({"id": []}, geometry=[], crs="EPSG:4326")


@pytest.fixture
def snapshots(record: Record) -> Snapshots:
    return Snapshots(record, NO_STREETS, record.clock, is_demo=False)


def test_while_nothing_changes_the_record_is_read_once(record: Record, snapshots: Snapshots):
    for _ in range(20):
        record.now += timedelta(seconds=1)
        first = snapshots.latest()
        assert first is snapshots.latest()
    assert record.readings == 1


def test_a_change_shows_within_a_second(record: Record, snapshots: Snapshots):
    before = snapshots.latest()
    record.tell(spots=(spot("nieuw"),))
    assert [row.id for row in snapshots.latest().spots] == ["nieuw"]
    assert before.feed.tag != snapshots.latest().feed.tag


def test_many_changes_in_one_second_are_read_once(record: Record, snapshots: Snapshots):
    snapshots.latest()
    for _ in range(10):
        record.tell(spots=(spot(),))
        record.now = NOW
        snapshots.latest()
    assert record.readings == 1


def test_the_next_minute_is_a_reason_because_hours_end_by_the_minute(
    record: Record, snapshots: Snapshots
):
    snapshots.latest()
    record.now += timedelta(minutes=1)
    snapshots.latest()
    assert record.readings == 2


def test_a_clock_set_back_does_not_freeze_the_page(record: Record, snapshots: Snapshots):
    snapshots.latest()
    record.tell(spots=(spot("nieuw"),))
    record.now = NOW - timedelta(hours=1)
    assert snapshots.latest().spots[0].id == "nieuw"


@pytest.mark.parametrize(("is_demo", "shown"), [(True, 2), (False, 1)])
def test_what_is_synthetic_is_public_in_a_demo_only(record: Record, is_demo: bool, shown: int):  # noqa: FBT001 - a case
    record.tell(spots=(spot(), spot("verzonnen", synthetic=True)))
    snapshots = Snapshots(record, NO_STREETS, record.clock, is_demo=is_demo)
    assert len(snapshots.latest().spots) == shown
    assert (b"verzonnen" in snapshots.latest().feed.body) is is_demo


def test_old_looks_are_called_stale(record: Record, snapshots: Snapshots):
    assert not snapshots.latest().is_stale
    record.now += STALE + timedelta(minutes=1)
    assert snapshots.latest().is_stale


def test_before_the_first_look_everything_is_stale(record: Record, snapshots: Snapshots):
    record.tell(spots=(spot(seen_at=None),))
    assert snapshots.latest().as_of is None
    assert snapshots.latest().is_stale

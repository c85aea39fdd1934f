"""The desk keeps what people decided: revisions that never change, hours, announcements."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmon.config.recurrence import occurrences
from netmon.domain.errors import StoreError
from netmon.domain.intervals import instant
from netmon.domain.maintenance import Announcement, Effect, Timing
from netmon.domain.model import (
    Device,
    DeviceKind,
    Inventory,
    Offer,
    Place,
    Power,
    Service,
)
from netmon.storage.desk import DeskReader, DeskWriter

OFFER = Offer(
    Service.COMPUTER, "Mo 09:00-12:00", 4, "city", date(2026, 11, 1), "14+", synthetic=True
)
LIBRARY = Place(
    id="library",
    name="Bibliothèque ‘Het Predikheren’ <b>",
    is_street=False,
    lon=4.48,
    lat=51.03,
    opening_hours="Mo-Fr 09:00-17:00",
    lead_s=900,
    lag_s=-300,
    offers=(OFFER, Offer(Service.WIFI)),
    precision_m=20.0,
)
COMPUTER = Device(
    id="pc-1",
    kind=DeviceKind.PUBLIC_PC,
    name="PC 1",
    place_id="library",
    host="192.0.2.1",
    port=1161,
    parents=("sw-1", "sw-2"),
    credential="pcs",
    power=Power.ON_DEMAND,
    lon=4.4801,
    lat=51.0301,
    renamed_from="pc-0",
)
FIRST = Inventory((LIBRARY,), ())
SECOND = Inventory((LIBRARY,), (COMPUTER,))


def test_an_inventory_is_read_back_as_it_was(tmp_path: Path) -> None:
    desk = DeskWriter(tmp_path, origin="real")
    assert desk.import_inventory(SECOND, 1000) == 1
    reader = DeskReader(tmp_path)
    (revision,) = reader.revisions()
    assert (revision.number, revision.since) == (1, instant(1000))
    assert revision.inventory == SECOND
    reader.close()
    desk.close()


def test_an_unchanged_import_makes_no_revision(tmp_path: Path) -> None:
    desk = DeskWriter(tmp_path, origin="real")
    assert [desk.import_inventory(FIRST, at_s) for at_s in (1000, 2000, 3000)] == [1, 1, 1]
    desk.close()
    desk = DeskWriter(tmp_path, origin="real")
    assert desk.import_inventory(FIRST, 4000) == 1
    desk.close()
    reader = DeskReader(tmp_path)
    assert [revision.since for revision in reader.revisions()] == [instant(1000)]
    reader.close()


def test_going_back_to_an_earlier_inventory_is_a_revision_of_its_own(tmp_path: Path) -> None:
    desk = DeskWriter(tmp_path, origin="real")
    story = [(FIRST, 1000), (SECOND, 2000), (FIRST, 3000)]
    assert [desk.import_inventory(*each) for each in story] == [1, 2, 3]
    reader = DeskReader(tmp_path)
    assert [each.inventory for each in reader.revisions()] == [FIRST, SECOND, FIRST]
    reader.close()
    desk.close()


def test_a_reader_that_is_open_sees_new_revisions(tmp_path: Path) -> None:
    desk = DeskWriter(tmp_path, origin="real")
    reader = DeskReader(tmp_path)
    assert reader.revisions() == ()
    version = reader.version()
    desk.import_inventory(FIRST, 1000)
    assert reader.version() != version
    (first,) = reader.revisions()
    desk.import_inventory(SECOND, 2000)
    again, second = reader.revisions()
    assert again is first, "a revision never changes and is parsed once"
    assert (second.number, second.inventory) == (2, SECOND)
    reader.close()
    desk.close()


def test_an_import_that_changes_nothing_tells_nobody(tmp_path: Path) -> None:
    desk = DeskWriter(tmp_path, origin="real")
    desk.import_inventory(FIRST, 1000)
    reader = DeskReader(tmp_path)
    version = reader.version()
    desk.import_inventory(FIRST, 2000)
    assert reader.version() == version
    reader.close()
    desk.close()


NUMBERS = st.integers(0, 2**33)
WINDOWS = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=4)


@settings(max_examples=25, deadline=None)
@given(
    batches=st.lists(
        st.dictionaries(st.tuples(st.text(max_size=8), st.integers(1970, 2100)), WINDOWS),
        max_size=3,
    )
)
def test_opening_years_are_kept_and_the_newest_working_out_holds(
    tmp_path_factory: pytest.TempPathFactory,
    batches: list[dict[tuple[str, int], list[tuple[int, int]]]],
) -> None:
    folder = tmp_path_factory.mktemp("desk")
    desk = DeskWriter(folder, origin="real")
    expected: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for batch in batches:
        desk.keep_opening_years(batch)
        expected |= batch
    desk.close()
    reader = DeskReader(folder)
    assert reader.opening_years() == expected
    reader.close()


def works(uid: str = "fibre", subject: str = "sw-1", **changes: object) -> Announcement:
    timing = Timing(datetime(2026, 11, 26, 8), "Europe/Brussels", wall_s=7200)  # noqa: DTZ001 - by the clock on the wall
    said = Announcement(uid, Effect.MAINTENANCE, (subject,), timing, announced_s=1000)
    return replace(said, **changes)  # type: ignore[arg-type]  # names of fields


def test_announcements_are_told_as_they_were_said(tmp_path: Path) -> None:
    desk = DeskWriter(tmp_path, origin="real")
    weekly = Timing(
        datetime(2026, 11, 25, 22),  # noqa: DTZ001 - by the clock on the wall
        "Europe/Brussels",
        wall_s=3600,
        rule="FREQ=WEEKLY",
        also=(datetime(2026, 11, 27, 22),),  # noqa: DTZ001 - as above
        but=(datetime(2026, 12, 2, 22),),  # noqa: DTZ001 - as above
    )
    said = [works(), works("strike", "library", effect=Effect.CLOSED, timing=weekly, note="<b>")]
    assert desk.announce(said, 1000) == said
    reader = DeskReader(tmp_path)
    assert list(reader.announcements()) == said
    reader.close()
    desk.close()


def test_the_newest_version_holds_and_every_version_is_kept(tmp_path: Path) -> None:
    desk = DeskWriter(tmp_path, origin="real")
    reader = DeskReader(tmp_path)
    desk.announce([works(), works("other")], 1000)
    before = reader.announcements()
    assert reader.announcements() is before, "nothing was announced in between"
    desk.announce([works(note="longer", announced_s=2000)], 2000)
    assert [each.uid for each in reader.announcements()] == ["other", "fibre"]
    assert reader.announcements()[-1] == works(note="longer"), "known since it was first said"
    assert desk._db.execute("SELECT count(*) FROM announcement").get == 3
    reader.close()
    desk.close()


def test_who_announces_the_same_again_writes_nothing(tmp_path: Path) -> None:
    desk = DeskWriter(tmp_path, origin="real")
    reader = DeskReader(tmp_path)
    desk.announce([works()], 1000)
    version = reader.version()
    assert desk.announce([works(announced_s=2000)], 2000) == []
    assert reader.version() == version
    reader.close()
    desk.close()


def test_what_is_kept_of_announcements_is_what_the_page_on_privacy_says(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs/privacy.md").read_text("utf-8")
    DeskWriter(tmp_path, origin="real").close()
    reader = DeskReader(tmp_path)
    columns = [row[1] for row in reader._db.execute("PRAGMA table_info(announcement)")]
    reader.close()
    assert len(columns) == 5
    assert all(f"| `announcement` | `{name}` |" in page for name in columns)


def test_maintenance_of_an_older_netmon_holds_as_it_did(tmp_path: Path) -> None:
    folder = Path(__file__).parents[2] / "netmon/storage/desk"
    old = apsw.Connection(str(tmp_path / "desk.db"))
    for name in ("0001_inventory.sql", "0002_heartbeat.sql"):
        old.execute((folder / name).read_text("utf-8"))
    old.execute("INSERT INTO meta VALUES ('origin', 'real')")
    old.execute("INSERT INTO maintenance VALUES (7, 'sw-1', 1000, 4600, 'new \"fibre\"')")
    old.pragma("user_version", 2)
    old.close()
    DeskWriter(tmp_path, origin="real").close()
    reader = DeskReader(tmp_path)
    (found,) = reader.announcements()
    assert (found.subjects, found.effect, found.note) == (
        ("sw-1",), Effect.MAINTENANCE, 'new "fibre"',
    )  # fmt: skip
    assert occurrences(found.timing, 10_000) == [(1000, 4600)]
    reader.close()


def test_a_second_writer_is_refused_until_the_first_has_closed(tmp_path: Path) -> None:
    desk = DeskWriter(tmp_path, origin="real")
    with pytest.raises(StoreError, match=r"desk\.db: writer: expected none"):
        DeskWriter(tmp_path, origin="real")
    desk.import_inventory(FIRST, 1000)
    desk.close()
    DeskWriter(tmp_path, origin="real").close()


def test_a_desk_keeps_its_origin_and_a_refusal_lets_the_lock_go(tmp_path: Path) -> None:
    DeskWriter(tmp_path, origin="demo").close()
    with pytest.raises(StoreError, match="origin: expected real, found demo"):
        DeskWriter(tmp_path, origin="real")
    DeskWriter(tmp_path, origin="demo").close()
    reader = DeskReader(tmp_path)
    assert reader.origin() == "demo"
    reader.close()


def test_a_desk_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"desk\.db: store: expected a file, found none"):
        DeskReader(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    DeskWriter(tmp_path, origin="real").close()
    reader = DeskReader(tmp_path)
    with pytest.raises(apsw.ReadOnlyError):
        reader._db.execute("DELETE FROM inventory_revision")
    reader.close()

"""Incidents with people around them, over real stores: whom they hit, and what is said."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from collectors.observation import Outcome
from netmon.analysis.rows import IncidentDetail, IncidentRow
from netmon.domain.annotations import REACH_S, Annotation, AnnotationKind
from netmon.domain.intervals import epoch_s
from netmon.domain.model import Place, Status
from tests.analysis.town import BRUUL, Town, access_point, at

BEGIN_S = epoch_s(at(0))
MARKT = Place("markt", "Grote Markt", is_street=True, lon=4.48, lat=51.03)
LIBRARY = Place("bib", "Bibliotheek", is_street=False, lon=4.48, lat=51.03)

GATEWAY = access_point("gw", place="bib")
THREE_LEVELS = [
    GATEWAY,
    access_point("sw", "gw", place="bruul"),
    access_point("ap", "sw", place="markt"),
]


def dead(device: str, from_s: float, until_s: float) -> Callable[[str, float], bool]:
    return lambda each, second: each == device and from_s <= second < until_s


def said(uid: str, second: float, subject: str = "gw", **more: object) -> Annotation:
    at_s = BEGIN_S + int(second)
    note = Annotation(uid, subject, at_s, AnnotationKind.NOTE, "Ann", at_s, f"said {uid}")
    return replace(note, **more)  # type: ignore[arg-type]  # names of fields


def tell(town: Town, *notes: Annotation) -> None:
    assert len(town.desk.annotate(notes, BEGIN_S)) == len(notes)


def row_of(town: Town, device: str, second: float) -> IncidentRow:
    (row,) = (each for each in town.views.incidents(at(second)) if each.device_id == device)
    return row


def detail(town: Town, key: str, second: float) -> IncidentDetail:
    found = town.views.incident(key, at(second))
    assert found is not None
    return found


@pytest.fixture
def town(tmp_path: Path):
    """Three levels; the highest fails from second 1000 to 2000, and all below goes with it."""
    with Town(tmp_path) as opened:
        opened.inhabit(THREE_LEVELS, [BRUUL, MARKT, LIBRARY])
        opened.live(dead("gw", 1000, 2000), 0, 2600)
        yield opened


def test_of_three_levels_the_highest_is_the_cause_and_every_place_is_named(town: Town) -> None:
    (row,) = town.views.incidents(at(2600))
    assert (row.device_id, row.place_id) == ("gw", "bib")
    assert sorted(row.affected) == ["ap", "sw"]
    assert row.places[0] == "bib" and sorted(row.places) == ["bib", "bruul", "markt"]
    found = detail(town, row.id, 2600)
    assert found.places[0].name == "Bibliotheek"
    assert found.row == row


def test_the_middle_one_is_the_cause_of_what_is_below_it_alone(tmp_path: Path) -> None:
    with Town(tmp_path) as opened:
        opened.inhabit(THREE_LEVELS, [BRUUL, MARKT, LIBRARY])
        opened.live(dead("sw", 1000, 2000), 0, 2600)
        (row,) = opened.views.incidents(at(2600))
        assert (row.device_id, row.affected) == ("sw", ("ap",))
        assert row.places == ("bruul", "markt")
        assert [each.id for each in detail(opened, row.id, 2600).carriers] == ["gw"]


def test_the_strips_tell_what_happened_to_each_in_order(town: Town) -> None:
    found = detail(town, town.views.incidents(at(2600))[0].id, 2600)
    assert found.strips[0].device.id == "gw"
    told = {each.device.id: [piece.status for piece in each.pieces] for each in found.strips}
    assert told["gw"] == [Status.UP, Status.DOWN, Status.UP]
    assert told["ap"] == [Status.UP, Status.UNREACHABLE, Status.UP]
    for strip in found.strips:
        edges = [edge for each in strip.pieces for edge in (each.starts_at, each.ends_at)]
        assert edges == sorted(edges)
        assert found.starts_at <= edges[0] and edges[-1] <= found.ends_at


def test_what_is_said_is_counted_and_shown_with_its_incident(town: Town) -> None:
    ack = said("a", 1500, kind=AnnotationKind.ACKNOWLEDGEMENT)
    link = said("l", 1600, kind=AnnotationKind.LINK, url="https://example.org/1")
    tell(town, said("n", 1500), ack, link, said("other", 1500, "ap"))
    row = row_of(town, "gw", 2600)
    assert (row.notes, row.acknowledged) == (2, None), "it has ended"
    assert [each.uid for each in detail(town, row.id, 2600).said] == ["a", "n", "l"]
    assert [each.uid for each in town.views.incident_views.orphans(BEGIN_S + 2600)] == ["other"]


def test_an_open_incident_says_who_is_at_it_and_until_when(tmp_path: Path) -> None:
    with Town(tmp_path) as opened:
        opened.inhabit(THREE_LEVELS, [BRUUL, MARKT, LIBRARY])
        opened.live(dead("gw", 1000, 9000), 0, 2600)
        until_s = BEGIN_S + 2500
        ack = said("a", 2000, kind=AnnotationKind.ACKNOWLEDGEMENT, until_s=until_s)
        tell(opened, ack)
        found = row_of(opened, "gw", 2400).acknowledged
        assert found is not None
        assert (found.author, epoch_s(found.until or at(0))) == ("Ann", until_s)
        assert row_of(opened, "gw", 2500).acknowledged is None, "it has expired"


def test_a_renamed_device_takes_along_what_was_said_of_it(town: Town) -> None:
    tell(town, said("n", 1500))
    old = town.views.incidents(at(2600))[0].id
    renamed = [
        access_point("core", place="bib", renamed_from="gw"),
        access_point("sw", "core", place="bruul"),
        access_point("ap", "sw", place="markt"),
    ]
    town.inhabit(renamed, [BRUUL, MARKT, LIBRARY], second=2600)
    row = row_of(town, "core", 2700)
    assert row.notes == 1 and row.id.startswith("core@")
    assert detail(town, old, 2700).row == row, "a link of before leads to it"


def test_a_retired_device_leaves_orphans_until_it_is_back(town: Town) -> None:
    tell(town, said("n", 1500))
    rest = [access_point("sw", place="bruul"), access_point("ap", "sw", place="markt")]
    town.inhabit(rest, [BRUUL, MARKT, LIBRARY], second=2600)
    (orphan,) = town.views.incident_views.orphans(BEGIN_S + 2700)
    assert (orphan.uid, orphan.subject.name) == ("n", "gw")
    town.inhabit(THREE_LEVELS, [BRUUL, MARKT, LIBRARY], second=2800)
    assert town.views.incident_views.orphans(BEGIN_S + 2900) == ()
    assert row_of(town, "gw", 2900).notes == 1


def test_work_entered_afterwards_moves_the_beginning_and_the_note_goes_along(town: Town) -> None:
    """Announced from 900 to 1600: what was said at 1500 lies before the incident of now."""
    tell(town, said("n", 1500))
    before = row_of(town, "gw", 2600)
    town.announce("gw", 900, 1600)
    after = row_of(town, "gw", 2600)
    assert after.began_at > before.began_at and after.notes == 1
    found = detail(town, before.id, 2600)
    assert found.row == after, "the old name leads to it"
    assert [each.effect for each in found.announced] == [], "that work ended as it began"


def test_work_that_explains_all_of_it_leaves_an_orphan_and_loses_nothing(town: Town) -> None:
    tell(town, said("n", 1500))
    key = row_of(town, "gw", 2600).id
    town.announce("gw", 900, 2400)
    assert town.views.incidents(at(2600)) == ()
    assert town.views.incident(key, at(2600)) is None
    assert [each.uid for each in town.views.incident_views.orphans(BEGIN_S + 2600)] == ["n"]


def test_announced_work_that_overlaps_is_told(town: Town) -> None:
    town.announce("sw", 1700, 2400)
    found = detail(town, row_of(town, "gw", 2600).id, 2600)
    assert [each.subjects for each in found.announced] == [("sw",)]
    town.announce("gw", 2300, 2400)
    assert len(detail(town, row_of(town, "gw", 2600).id, 2600).announced) == 1, "it had ended"


def test_earlier_incidents_tell_how_long_it_took_before(tmp_path: Path) -> None:
    with Town(tmp_path) as opened:
        opened.inhabit([GATEWAY], [LIBRARY])
        opened.see("gw", range(0, 600, 60))
        opened.see("gw", range(600, 1200, 60), Outcome.TIMEOUT)
        opened.see("gw", range(1200, 1800, 60))
        opened.see("gw", range(1800, 2100, 60), Outcome.TIMEOUT)
        found = detail(opened, row_of_open(opened, 2100), 2100)
        (earlier,) = found.earlier
        assert earlier.ended_at is not None
        assert found.mean_repair_s == (earlier.ended_at - earlier.began_at).total_seconds() == 600


def row_of_open(town: Town, second: float) -> str:
    (row,) = (each for each in town.views.incidents(at(second)) if each.ended_at is None)
    return row.id


@pytest.mark.parametrize(
    ("second", "shown_from"),
    [(900, 1700), (1450, 1300)],
    ids=["said during the first", "said after it, within what is shown"],
)
def test_the_same_note_is_of_the_same_incident_however_far_one_reads(
    tmp_path: Path, second: int, shown_from: int
) -> None:
    """The first outage is out of the day that the desk shows; its note is not given away."""
    day_s = 86_400
    with Town(tmp_path) as opened:
        opened.inhabit([GATEWAY], [LIBRARY])
        opened.see("gw", range(0, 600, 60))
        opened.see("gw", range(600, 1200, 60), Outcome.TIMEOUT)
        opened.see("gw", range(1200, 1800, 60))
        opened.see("gw", range(1800, 2400, 60), Outcome.TIMEOUT)
        tell(opened, said("n", second))
        late = day_s + shown_from
        (live,) = opened.views.incidents(at(late))
        bounds = (BEGIN_S, BEGIN_S + late)
        rows = opened.views.incidents_between(bounds, at(late))
        assert {each.id: each.notes for each in rows} == {rows[0].id: 0, rows[1].id: 1}
        assert (live.id, live.notes) == (rows[0].id, 0)
        assert 1800 - second < REACH_S, "it would be in reach"


@pytest.mark.parametrize(
    "key", ["", "gw", "gw@", "gw@x", "gw@20261125T091640", "gw@99999999T999999Z", "@" * 50, "\x00"]
)
def test_a_name_of_nothing_is_nothing(town: Town, key: str) -> None:
    assert town.views.incident(key, at(2600)) is None

"""What alerts see of a town: its incidents with whose they are and what surrounds them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors.observation import Observation, Outcome
from netmon.alerts.message import OWN_SIGHT, Severity
from netmon.cli.problems import FOREVER, Problems
from netmon.config.alert_settings import AlertSettings
from netmon.domain.annotations import Annotation, AnnotationKind
from netmon.domain.incidents import Audience
from netmon.domain.intervals import epoch_s
from netmon.domain.model import Device, DeviceKind, Offer, Place, Power, Service, Status
from netmon.domain.sight import BLINDED, SIGHT
from netmon.domain.state import Run, Transition
from netmon.domain.verdict import UP, Verdict
from netmon.storage.desk import DeskReader
from netmon.storage.record import RecordReader, Step
from tests.analysis.town import BRUUL, Town, access_point, at
from web.incident import address_of

LIBRARY = Place(
    "bib",
    "Bibliotheek",
    is_street=False,
    lon=4.48,
    lat=51.03,
    opening_hours="Mo-Su 08:00-20:00",
    offers=(Offer(Service.COMPUTER, owner="Stad Mechelen"),),
)
SWITCH = Device("sw-1", DeviceKind.SWITCH, "Switch 1", "bruul", "192.0.2.2")
MINUTES = range(0, 1200, 20)


def computer(key: str) -> Device:
    power = Power.WITH_SITE
    return Device(key, DeviceKind.PUBLIC_PC, key, "bib", "192.0.2.3", parents=("gw",), power=power)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with Town(tmp_path) as town:
        gateway = Device("gw", DeviceKind.GATEWAY, "Gateway", "bib", "192.0.2.4")
        devices = [SWITCH, access_point("ap-1", "sw-1"), gateway, computer("pc-1")]
        town.inhabit([*devices, computer("pc-2")], [BRUUL, LIBRARY])
        yield town


def problems(town: Town, *not_for: str, pages: str | None = None) -> Problems:
    desk, record = DeskReader(town.folder), RecordReader(town.folder)
    town._open.callback(desk.close)
    town._open.callback(record.close)
    said = AlertSettings(not_for=not_for, pages=pages)
    return Problems(town.views, record, desk, said)


def test_a_switch_that_takes_an_access_point_along_is_one_problem(town: Town) -> None:
    town.see("sw-1", MINUTES, Outcome.TIMEOUT)
    town.see("ap-1", MINUTES, Outcome.TIMEOUT)
    (found,) = problems(town).at(at(1200))
    assert (found.subject_id, found.subject_name, found.kind) == (
        "sw-1",
        "Switch 1",
        DeviceKind.SWITCH,
    )
    assert (found.status, found.severity, found.audience) == (
        Status.DOWN,
        Severity.CRITICAL,
        Audience.IT,
    )
    assert found.affected == ("ap-1",) and found.is_street and found.ended_at is None
    assert found.acknowledged_until is None and not found.silenced


def test_a_place_that_nobody_opened_is_its_owners_problem(town: Town) -> None:
    town.see("gw", MINUTES)
    for each in ("pc-1", "pc-2"):
        town.see(each, MINUTES, Outcome.TIMEOUT)
    (found,) = problems(town).at(at(1200))
    assert (found.subject_id, found.kind, found.audience) == ("bib", None, Audience.OWNER)
    assert (found.owner, found.is_open_now, found.is_street) == ("Stad Mechelen", None, False)


@pytest.mark.parametrize("word", ["sw-1", "bruul", "switch"])
def test_what_another_tool_alerts_on_is_marked_by_id_place_or_kind(town: Town, word: str) -> None:
    town.see("sw-1", MINUTES, Outcome.TIMEOUT)
    (found,) = problems(town, word).at(at(1200))
    assert found.silenced
    assert not problems(town, "ap-1", "bib", "printer", "place").at(at(1200))[0].silenced


def test_who_is_at_it_without_saying_until_when_is_until_it_ends(town: Town) -> None:
    town.see("sw-1", MINUTES, Outcome.TIMEOUT)
    kind = AnnotationKind.ACKNOWLEDGEMENT
    said = Annotation("a-1", "sw-1", epoch_s(at(600)), kind, "An", epoch_s(at(600)))
    town.desk.annotate([said], epoch_s(at(600)))
    (found,) = problems(town).at(at(1200))
    assert found.acknowledged_until == FOREVER


def test_a_message_can_link_to_the_page_of_its_incident(town: Town) -> None:
    town.see("sw-1", MINUTES, Outcome.TIMEOUT)
    (found,) = problems(town, pages="https://netmon.example.org/").at(at(1200))
    assert found.link == "https://netmon.example.org" + address_of(found.key)


def sight(second: float, verdict: Verdict) -> Step:
    run = Run(*SIGHT, verdict, at(second), at(second))
    edge = Transition(*SIGHT, at(second), Status.UNKNOWN, verdict)
    return Step(Observation(*SIGHT, at(second), Outcome.OK), run, (edge,))


def test_a_netmon_that_sees_nothing_is_a_problem_of_its_own_until_it_sees(town: Town) -> None:
    town.record.write([sight(0, UP), sight(600, BLINDED)])
    (found,) = problems(town).at(at(700))
    assert (found.subject_id, found.began_at, found.ended_at) == (OWN_SIGHT, at(600), None)
    assert (found.severity, found.place_id) == (Severity.CRITICAL, "")
    town.record.write([sight(900, UP)])
    (over,) = problems(town).at(at(1000))
    assert (over.key, over.ended_at) == (found.key, at(900))
    assert problems(town).at(at(900 + 86_401)) == []


def test_a_city_in_which_all_works_has_no_problem(town: Town) -> None:
    town.see("sw-1", MINUTES)
    assert problems(town).at(at(1200)) == []

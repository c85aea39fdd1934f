"""Witnesses: asked seldom while all is well, often in doubt, and never twice at a time."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from collectors.base import CannotAskError, Check
from collectors.observation import Observation
from collectors.registry import all_checks
from collectors.target import Target
from netmon.domain.sight import SIGHT, SightRule
from netmon.scheduler.judge import Judge
from netmon.scheduler.service import CollectingService
from netmon.scheduler.sight import OwnSight
from netmon.scheduler.witnesses import CALM_S, DOUBT_S, Witnesses
from netmon.storage.record import RecordReader, RecordWriter
from tests.scheduler.test_service import Looks, Nothing, devices, idle, made_up

ICMP = all_checks()["icmp"]


def asked(witnesses: Witnesses, now_s: float, *, is_doubtful: bool = False) -> list[str]:
    """Return who is due, and take them back at once."""
    due = witnesses.due(now_s, is_doubtful=is_doubtful)
    assert all(map(witnesses.took_back, due))
    return [duty.target.host for duty in due]


def test_they_are_asked_each_minute_and_each_two_seconds_in_doubt() -> None:
    witnesses = Witnesses(["192.0.2.1", "192.0.2.2", "192.0.2.1"], ICMP)
    assert asked(witnesses, 0) == ["192.0.2.1", "192.0.2.2"]
    assert asked(witnesses, CALM_S - 1) == []
    assert asked(witnesses, CALM_S) == ["192.0.2.1", "192.0.2.2"]
    assert asked(witnesses, CALM_S + DOUBT_S, is_doubtful=True) == ["192.0.2.1", "192.0.2.2"]
    assert asked(witnesses, CALM_S + DOUBT_S + 1, is_doubtful=True) == []


def test_one_that_has_not_come_back_is_not_asked_again() -> None:
    witnesses = Witnesses(["192.0.2.1"], ICMP)
    (duty,) = witnesses.due(0, is_doubtful=True)
    assert witnesses.due(100, is_doubtful=True) == []
    assert witnesses.took_back(duty)
    assert not witnesses.took_back(duty)
    assert len(witnesses.due(100, is_doubtful=True)) == 1


@pytest.fixture
def record(tmp_path: Path) -> Iterator[RecordWriter]:
    with closing(RecordWriter(tmp_path, origin="demo")) as writer:
        yield writer


def watching(record: RecordWriter, looks: Looks, check: Check) -> CollectingService:
    sight = OwnSight(SightRule(), lambda _: "idle")
    witnesses = Witnesses(["192.0.2.1"], looks.of(check))
    service = CollectingService(Judge(record, sight=sight), concurrency=4, witnesses=witnesses)
    service.serve(made_up("idle", "ap-1", looks=looks, observe=idle), devices("ap-1"))
    return service


def test_a_witness_is_asked_and_never_recorded_as_a_device(
    record: RecordWriter, tmp_path: Path
) -> None:
    looks = Looks()
    service = watching(record, looks, Check("icmp", Nothing, idle))
    service.start()
    try:
        looks.wait_for(lambda: looks.counts["192.0.2.1"], "the witness was asked")
        looks.wait_for(lambda: looks.counts["ap-1"] > 1, "the device was asked")
    finally:
        service.stop()
    with closing(RecordReader(tmp_path)) as reader:
        found = {(look.observation.target, look.observation.check) for look in reader.latest()}
    assert found == {("ap-1", "idle"), SIGHT}


def test_a_witness_that_may_not_be_asked_is_told_once_and_stands_in_nobodys_way(
    record: RecordWriter, caplog: pytest.LogCaptureFixture
) -> None:
    looks = Looks()

    def forbidden(_target: Target, _params: Nothing, _deadline_s: float) -> Observation:
        raise CannotAskError("no right to ping")

    service = watching(record, looks, Check("icmp", Nothing, forbidden))
    service.start()
    try:
        looks.wait_for(lambda: looks.counts["192.0.2.1"], "the witness was asked")
        looks.wait_for(lambda: looks.counts["ap-1"] > 1, "the device is asked all the same")
    finally:
        service.stop()
    told = [each.getMessage() for each in caplog.records if "no right" in each.getMessage()]
    assert len(told) == 1
    assert not service._judge.is_doubtful

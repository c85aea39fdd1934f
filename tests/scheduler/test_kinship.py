"""Whose answer is waited for before a child's failure is told."""

from datetime import UTC, datetime, timedelta

from netmon.domain.model import Device, DeviceKind
from netmon.scheduler.kinship import PATIENCE_S, Kinship

START = datetime(2026, 11, 23, 9, tzinfo=UTC)


def at(second: float) -> datetime:
    return START + timedelta(seconds=second)


def kin(*asked: str) -> Kinship:
    kinship = Kinship()
    parents = {"gw": (), "sw-1": ("gw",), "sw-2": ("gw",), "ap": ("sw-1", "sw-2")}
    kind = DeviceKind.SWITCH
    kinship.know(
        [Device(key, kind, key, "bruul", "192.0.2.1", parents=own) for key, own in parents.items()],
        set(asked),
    )
    return kinship


def test_each_parent_is_waited_for_until_it_was_looked_at_since() -> None:
    kinship = kin("sw-1", "sw-2", "gw")
    kinship.looked("sw-1", at(-1))
    assert kinship.to_wait_for("ap", at(0), at(5)) == {"sw-1", "sw-2"}
    kinship.looked("sw-1", at(0))
    assert kinship.to_wait_for("ap", at(0), at(5)) == {"sw-2"}
    kinship.looked("sw-2", at(3))
    assert kinship.to_wait_for("ap", at(0), at(5)) == frozenset()


def test_nobody_is_waited_for_who_is_not_asked() -> None:
    """A parent that only its controller tells of, or a replay."""
    assert kin("sw-2").to_wait_for("ap", at(0), at(5)) == {"sw-2"}
    assert kin().to_wait_for("ap", at(0), at(5)) == frozenset()
    assert kin("gw").to_wait_for("gone", at(0), at(5)) == frozenset()


def test_patience_ends() -> None:
    kinship = kin("sw-1", "sw-2")
    assert kinship.to_wait_for("ap", at(0), at(PATIENCE_S - 1))
    assert not kinship.to_wait_for("ap", at(0), at(PATIENCE_S))

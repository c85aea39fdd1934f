"""Requests: whole or not there, kept once, put aside where they are none, waiting otherwise."""

import logging
import os
import stat
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from netmon.domain.maintenance import Announcement, Effect, Timing
from netmon.storage.requests import (
    FOLDER,
    MOST_BYTES,
    is_refused,
    leave_request,
    take_requests,
)

TIMING = Timing(datetime(2026, 11, 26, 8), "Europe/Brussels", wall_s=7200)  # noqa: DTZ001 - by the clock on the wall


def works(uid: str) -> Announcement:
    return Announcement(uid, Effect.MAINTENANCE, ("sw-1",), TIMING, announced_s=1000)


class Desk:
    """Remembers what it was asked to keep, and raises what it was told to."""

    def __init__(self, *errors: Exception) -> None:
        self.kept: list[str] = []
        self._errors = list(errors)

    def take(self, said: Sequence[Announcement]) -> None:
        if self._errors:
            raise self._errors.pop(0)
        self.kept += [each.uid for each in said]


def test_requests_are_taken_whole_and_in_order(tmp_path: Path) -> None:
    for at_s, uid in enumerate("abc", start=1000):
        leave_request(tmp_path, [works(uid), works(uid * 2)], at_s)
    desk = Desk()
    assert take_requests(tmp_path, desk.take) == 3
    assert desk.kept == ["a", "aa", "b", "bb", "c", "cc"]
    assert take_requests(tmp_path, desk.take) == 0
    assert list((tmp_path / FOLDER).iterdir()) == []


def test_without_a_folder_there_is_nothing_to_take(tmp_path: Path) -> None:
    assert take_requests(tmp_path, Desk().take) == 0
    assert list(tmp_path.iterdir()) == []


def test_a_request_is_for_its_owner_alone(tmp_path: Path) -> None:
    request = leave_request(tmp_path, [works("a")], 1000)
    assert stat.S_IMODE(request.stat().st_mode) == 0o600
    assert stat.S_IMODE(request.parent.stat().st_mode) == 0o700


def test_what_is_half_written_is_not_looked_at(tmp_path: Path) -> None:
    whole = leave_request(tmp_path, [works("a")], 1000)
    whole.rename(whole.with_name(f".{whole.name}"))
    assert take_requests(tmp_path, Desk().take) == 0


def test_one_that_is_refused_is_put_aside_and_the_next_is_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    refused, other = (leave_request(tmp_path, [works(uid)], n) for n, uid in enumerate("ab"))
    desk = Desk(ValueError("zone: expected another"))
    with caplog.at_level(logging.ERROR):
        assert take_requests(tmp_path, desk.take) == 1
    assert desk.kept == ["b"]
    assert "zone: expected another" in caplog.text
    assert is_refused(refused) and not is_refused(other)
    assert not is_refused(refused), "whoever asked has the answer"


def test_one_that_cannot_be_kept_now_waits(tmp_path: Path) -> None:
    leave_request(tmp_path, [works("a")], 1000)
    desk = Desk(OSError("disk full"))
    with pytest.raises(OSError, match="disk full"):
        take_requests(tmp_path, desk.take)
    assert take_requests(tmp_path, desk.take) == 1
    assert desk.kept == ["a"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[",
        b"{}",
        b"[{}]",
        b"[1]",
        b"null",
        b"\xff" * 100,
        b"[" * 100_000,
        b" " * (MOST_BYTES + 1),
    ],
    ids=["empty", "half", "object", "nothing said", "number", "null", "bytes", "deep", "long"],
)
def test_what_is_no_request_is_put_aside(tmp_path: Path, content: bytes) -> None:
    request = leave_request(tmp_path, [works("a")], 1000)
    request.write_bytes(content)
    desk = Desk()
    assert take_requests(tmp_path, desk.take) == 0
    assert desk.kept == [] and is_refused(request)


def test_a_link_to_elsewhere_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    leave_request(tmp_path, [works("a")], 1000).rename(elsewhere)
    link = tmp_path / FOLDER / "1-link.json"
    link.symlink_to(elsewhere)
    desk = Desk()
    assert take_requests(tmp_path, desk.take) == 0
    assert desk.kept == [] and elsewhere.exists()


def test_a_pipe_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    os.mkfifo(tmp_path / FOLDER / "1-pipe.json")
    leave_request(tmp_path, [works("a")], 2)
    desk = Desk()
    assert take_requests(tmp_path, desk.take) == 1
    assert desk.kept == ["a"]

"""The dead man's switch is pinged while netmon is well, and only then."""

import logging

import pytest

from netmon.alerts.dead_man import DeadMan
from tests.collectors.web_server import page, serving, silent_port


class Condition:
    """What is wrong at present."""

    def __init__(self) -> None:
        self.said = ""

    def __call__(self) -> str:
        return self.said


def test_it_hears_from_netmon_only_while_netmon_is_well(caplog: pytest.LogCaptureFixture) -> None:
    condition = Condition()
    with serving(page(b"OK")) as server:
        switch = DeadMan(server.url("/canary"), condition)
        switch.ping()
        condition.said = "no looks come in"
        for _ in range(3):
            switch.ping()
        assert len(server.asked) == 1
        condition.said = ""
        switch.ping()
    assert [request.partition(b" HTTP")[0] for request in server.asked] == [b"GET /canary"] * 2
    assert [each.message for each in caplog.records] == [
        "dead_man=silent reason=not well: no looks come in",
        "dead_man=pinged again",
    ]


@pytest.mark.parametrize("status", ["404 No", "500 No", "302 There"])
def test_who_does_not_take_it_is_told_of_once(
    status: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(page(b"canary", status=status)) as server:
        switch = DeadMan(server.url("/canary"), Condition())
        for _ in range(3):
            switch.ping()
    assert len(server.asked) == 3
    (line,) = [each.message for each in caplog.records]
    assert line == f"dead_man=silent reason=HTTP status {status[:3]}"
    assert "canary" not in caplog.text


def test_where_nobody_listens_netmon_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    DeadMan(f"http://127.0.0.1:{silent_port()}/canary", Condition()).ping()
    assert "nothing listens" in caplog.text and "canary" not in caplog.text

"""Planners who ask much at once are told to wait; everybody else's pages never are."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from flask import Flask

from netmon.analysis.plan_rows import Scenario, WhatIf
from tests.web.conftest import MECHELEN, Record
from tests.web.plans import Plans
from web.app import create_app
from web.plan_turns import MOST_AT_ONCE

HERE = "http://127.0.0.1"
WAIT_S = 30


class SlowPlans(Plans):
    """Plans that answer a what-if only when they are let go; `all_in` once nobody more fits."""

    def __init__(self) -> None:
        super().__init__()
        self.all_in, self.go = Barrier(MOST_AT_ONCE + 1), Event()

    def what_if(self, scenario: Scenario, now) -> WhatIf:
        if not self.go.is_set():
            self.all_in.wait(WAIT_S)
            assert self.go.wait(WAIT_S)
        return super().what_if(scenario, now)


@pytest.fixture
def plans() -> Iterator[SlowPlans]:
    """Slow plans that let go of everybody in the end."""
    made = SlowPlans()
    yield made
    made.go.set()


@pytest.fixture
def app(record: Record, city, plans: SlowPlans) -> Flask:
    made = create_app(
        record,
        city,
        clock=record.clock,
        timezone=MECHELEN,
        is_demo=True,
        bind_host="127.0.0.1",
        planning=plans,
    )
    made.testing = True
    return made


def asked(app: Flask) -> int:
    return app.test_client().post("/plan/whatif", json={"steps": []}, base_url=HERE).status_code


def test_who_comes_too_much_is_told_so_at_once_and_served_later(app: Flask, plans: SlowPlans):
    with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
        first = [pool.submit(asked, app) for _ in range(MOST_AT_ONCE)]
        plans.all_in.wait(WAIT_S)
        client = app.test_client()
        refused = client.post("/plan/whatif", json={"steps": []}, base_url=HERE)
        page = client.get("/plan", base_url=HERE)
        others = [client.get(each, base_url=HERE).status_code for each in ("/", "/plan/map.js")]
        plans.go.set()
        served = [each.result(WAIT_S) for each in first]
    assert (refused.status_code, refused.mimetype) == (503, "application/problem+json")
    assert "Probeer het over enkele seconden opnieuw" in refused.get_json()["detail"]
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert "Er wordt al veel berekend" in page.get_data(as_text=True)
    assert others == [200, 200]
    assert served == [200] * MOST_AT_ONCE
    assert [asked(app) for _ in range(2 * MOST_AT_ONCE)] == [200] * 2 * MOST_AT_ONCE


def test_a_question_that_fails_gives_its_turn_back(app: Flask, plans: SlowPlans):
    plans.go.set()
    client = app.test_client()
    wrong = [
        client.post("/plan/whatif", data="x", base_url=HERE).status_code
        for _ in range(2 * MOST_AT_ONCE)
    ]
    assert wrong == [415] * 2 * MOST_AT_ONCE
    assert asked(app) == 200

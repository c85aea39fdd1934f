"""Scenarios come back as they were saved, from any text that a planner writes."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netmon.analysis.plan_rows import Action, Step
from netmon.analysis.scenarios import (
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST_STEPS,
    Scenarios,
    key_of,
)
from netmon.domain.model import Service
from netmon.storage.desk import DeskReader, DeskWriter
from netmon.words.scenario import UNNAMED

NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)
STEP = Step(Action.REMOVE_SITE, "bib")
DEGREES = st.none() | st.floats(-180, 180, allow_nan=False)
STEPS = st.builds(
    Step,
    st.sampled_from(Action),
    st.text(st.characters(codec="utf-8"), max_size=20),
    DEGREES,
    DEGREES,
    st.none() | st.sampled_from(Service),
    st.none() | st.text(st.characters(codec="utf-8"), max_size=20),
    st.none() | st.integers(-5, 2000),
)


@pytest.fixture
def saved(tmp_path: Path) -> Iterator[Scenarios]:
    with (
        closing(DeskWriter(tmp_path, origin="real")) as desk,
        closing(DeskReader(tmp_path)) as read,
    ):
        yield Scenarios(read, desk.keep_scenario)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50
)
@given(st.text(st.characters(codec="utf-8"), max_size=100), st.lists(STEPS, min_size=1, max_size=5))
def test_a_scenario_is_found_by_its_key_as_it_was_saved(
    saved: Scenarios, name: str, steps: list[Step]
) -> None:
    kept = saved.save(name, steps, NOW)
    assert kept.steps == tuple(steps)
    assert kept.key == key_of(name, steps)
    assert saved.of(kept.key) == kept
    assert 0 < len(kept.name) <= LONGEST_NAME


def test_what_nobody_named_has_a_name_and_the_newest_is_first(saved: Scenarios) -> None:
    saved.save(" \u202e ", [STEP], NOW)
    saved.save("Bruul", [STEP], NOW)
    assert [each.name for each in saved.all()] == ["Bruul", UNNAMED]
    assert saved.all()[0].saved_at == NOW


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([], "nog niets"),
        ([STEP] * (MOST_STEPS + 1), "ten hoogste"),
        ([Step(Action.SET_HOURS, "bib", hours="x" * (LONGEST_TEXT + 1))], "langer dan"),
    ],
    ids=["no step", "too many", "too long"],
)
def test_too_little_or_too_much_is_not_kept_and_said_in_dutch(
    saved: Scenarios, steps: list[Step], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        saved.save("x", steps, NOW)
    assert list(saved.all()) == []


def test_who_may_not_write_the_desk_says_so(tmp_path: Path) -> None:
    with (
        closing(DeskWriter(tmp_path, origin="real")),
        closing(DeskReader(tmp_path)) as read,
        pytest.raises(ValueError, match="leest alleen"),
    ):
        Scenarios(read, None).save("x", [STEP], NOW)

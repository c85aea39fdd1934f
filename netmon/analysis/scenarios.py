"""Scenarios as they are kept, found and shared: steps become text, and text becomes steps."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter

from netmon.analysis.plan_rows import Scenario, Step
from netmon.domain.intervals import epoch_s, instant
from netmon.storage.desk import DeskReader
from netmon.storage.scenarios import KeptScenario, scenario_key
from netmon.words import scenario as words
from netmon.words.clean import clean

MOST_STEPS: Final = 50
LONGEST_NAME: Final = 80
LONGEST_TEXT: Final = 500
"""Of opening hours; ids are shorter."""

Keep = Callable[[str, str, int], KeptScenario]
"""Keeps a name and steps (JSON) at an instant (epoch seconds)."""

_STEPS = TypeAdapter(tuple[Step, ...])


class Scenarios:
    """
    What was saved in the desk.

    Parameters
    ----------
    desk
        Where they are read.
    keep
        Keeps one; None where this process may not write the desk.
    """

    def __init__(self, desk: DeskReader, keep: Keep | None) -> None:
        self._desk, self._keep = desk, keep

    def all(self) -> Sequence[Scenario]:
        """Return every scenario, the newest first."""
        return [_read(each) for each in self._desk.scenarios()]

    def of(self, key: str) -> Scenario | None:
        """Return a scenario by its key, None where there is none."""
        kept = self._desk.scenario(key)
        return None if kept is None else _read(kept)

    def save(self, name: str, steps: Sequence[Step], now: datetime) -> Scenario:
        """
        Keep steps under a name; the same ones are kept once.

        Raises
        ------
        ValueError
            Where it is too much, or nothing, or cannot be kept; a Dutch sentence.
        """
        if self._keep is None:
            raise ValueError(words.READ_ONLY)
        if not steps:
            raise ValueError(words.NOTHING_TO_KEEP)
        if fault := size_fault(steps):
            raise ValueError(fault)
        named, text = named_steps(name, steps)
        return _read(self._keep(named, text, epoch_s(now)))


def named_steps(name: str, steps: Sequence[Step]) -> tuple[str, str]:
    """Return a name fit to show and steps as JSON: what the key is made from."""
    text = _STEPS.dump_json(tuple(steps), exclude_none=True).decode()
    return clean(name, LONGEST_NAME) or words.UNNAMED, text


def key_of(name: str, steps: Sequence[Step]) -> str:
    """Return the key that a scenario has, or would have, once it is saved."""
    return scenario_key(*named_steps(name, steps))


def size_fault(steps: Sequence[Step]) -> str | None:
    """Return why steps are too much to work with, as a Dutch sentence; None where they are not."""
    if len(steps) > MOST_STEPS:
        return words.too_many_steps(MOST_STEPS, len(steps))
    if any(len(text) > LONGEST_TEXT for each in steps for text in (each.id, each.hours or "")):
        return words.too_long(LONGEST_TEXT)
    return None


def _read(kept: KeptScenario) -> Scenario:
    steps = _STEPS.validate_json(kept.steps)
    return Scenario(kept.key, kept.name, steps, instant(kept.saved_s))

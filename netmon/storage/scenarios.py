"""Scenarios in `desk.db`: changes that somebody thought of, found by what is in them."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import apsw

MOST_KEPT = 1000
"""When more are saved, those that were saved first go."""

_KEY_DIGITS = 16
_COLUMNS = "SELECT key, name, steps, saved_s FROM scenario"


@dataclass(frozen=True, slots=True)
class KeptScenario:
    """A scenario as it is kept: `steps` is JSON, `saved_s` when it was saved first."""

    key: str
    name: str
    steps: str
    saved_s: int


def scenario_key(name: str, steps: str) -> str:
    """Return the key of a scenario: equal ones, and no others, have the same."""
    whole = json.dumps([name, steps]).encode()
    return hashlib.sha256(whole).hexdigest()[:_KEY_DIGITS]


def write_scenario(db: apsw.Connection, name: str, steps: str, saved_s: int) -> KeptScenario:
    """Keep a scenario unless it is kept already, within the caller's transaction; return it."""
    key = scenario_key(name, steps)
    found = read_scenario(db, key)
    if found is not None:
        return found
    db.execute(
        "INSERT INTO scenario (key, name, steps, saved_s) VALUES (?, ?, ?, ?)",
        (key, name, steps, saved_s),
    )
    # By number and no clock: one that was wrong takes nothing away.
    db.execute(
        "DELETE FROM scenario WHERE number <= (SELECT max(number) FROM scenario) - ?", (MOST_KEPT,)
    )
    return KeptScenario(key, name, steps, saved_s)


def read_scenario(db: apsw.Connection, key: str) -> KeptScenario | None:
    """Return the scenario of a key, None where there is none."""
    row = next(iter(db.execute(f"{_COLUMNS} WHERE key = ?", (key,))), None)
    return None if row is None else KeptScenario(*row)


def read_scenarios(db: apsw.Connection) -> Sequence[KeptScenario]:
    """Return all scenarios, the newest first."""
    return [KeptScenario(*row) for row in db.execute(f"{_COLUMNS} ORDER BY number DESC")]

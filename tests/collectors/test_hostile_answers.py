"""Whatever stands in whichever column of whichever profile: a reading comes of it, and no harm."""

import json
from collections.abc import Iterator
from math import isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.snmp.assemble import assemble
from collectors.snmp.library import Choice, bundled
from collectors.snmp.measurements import MEASUREMENTS, measurements
from collectors.snmp.profile import FactSet, Profile
from collectors.snmp.sightings import sightings
from collectors.snmp.snapshot import Snapshot
from collectors.snmp.sources import Share, Source
from collectors.snmp.values import Value

PROFILES = {profile.name: profile for profile in (bundled().base, *bundled().known)}
VALUES: st.SearchStrategy[Value] = st.one_of(
    st.integers(-(2**31), 2**64 - 1),
    st.integers(0, 12),
    st.sampled_from([0, 1, 2, 8, 71, -1, 2**31 - 1, -(2**31), 5000, 58320, 1e308, -1e308]),
    st.floats(),
    st.binary(max_size=9),
    st.text(max_size=9),
    st.sampled_from(
        [b"1e999", b"44E", b"-", b"9" * 400, b"2412/20-Ce/gn(18dBm)", "1.3.6.1.2.1.25.2.1.2"]
    ),
)
INDEXES = st.sampled_from(
    ["1", "2", "1.1", "2.0.0.0.0.1", "2.0.0.0.0.1.0", "3.65.66.67", "9.999", "0"]
)


def oids(profile: Profile) -> Iterator[tuple[str, bool]]:
    """Yield every object that a profile asks for, and whether it is a column."""
    for table in profile.tables().values():
        for column in table.columns().values():
            for cell in column:
                if isinstance(cell, Source):
                    yield from ((term.oid, True) for term in (cell, *cell.plus))
    for name in FactSet.model_fields:
        for fact in getattr(profile.facts, name):
            parts = (fact.used, fact.free, fact.total) if isinstance(fact, Share) else (fact,)
            for part in filter(None, parts):
                yield from ((term.oid, bool(part.combine)) for term in (part, *part.plus))


@pytest.mark.parametrize("name", sorted(PROFILES))
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_no_answer_makes_a_profile_stumble(name: str, data: st.DataObject) -> None:
    every = sorted(set(oids(PROFILES[name])))
    columns: dict[str, dict[str, Value]] = {}
    scalars: dict[str, Value] = {}
    answers = st.tuples(st.sampled_from(every), INDEXES, VALUES)
    for (oid, is_column), index, value in data.draw(st.lists(answers, max_size=30)):
        if is_column:
            columns.setdefault(oid, {})[index] = value
        else:
            scalars[oid] = value
    reading = assemble(Choice(PROFILES[name]), Snapshot(scalars, columns))
    json.dumps(reading.as_json(), allow_nan=False)
    found = [*measurements(reading), *(m for s in sightings(reading) for m in s.measurements)]
    assert all(isfinite(m.value) and m.name in MEASUREMENTS for m in found)
    ratios = [m.value for m in found if m.name.endswith("_ratio")]
    assert all(0 <= value <= 1 for value in ratios)


@given(st.integers(), st.integers(), st.integers())
def test_a_sensor_of_any_scale_costs_nothing(value: int, scale: int, precision: int) -> None:
    root = "1.3.6.1.2.1.99.1.1.1"
    said = {"1": 8, "2": scale, "3": precision, "4": value, "5": 1}
    columns: dict[str, dict[str, Value]] = {f"{root}.{n}": {"1": v} for n, v in said.items()}
    found = assemble(Choice(bundled().base), Snapshot({}, columns)).temperature_c
    assert found is None or isfinite(found)

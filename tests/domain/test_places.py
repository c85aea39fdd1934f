"""A place is what its devices make of it, and unknown only where that is really open."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.domain.model import Status
from netmon.domain.places import PlaceState, place_state

UP = (Status.UP, True)
USABLE = (Status.DEGRADED, True)
UNUSABLE = (Status.DEGRADED, False)
DOWN = (Status.DOWN, False)
LOST = (Status.UNREACHABLE, False)
UNKNOWN = (Status.UNKNOWN, False)
WORKS = (Status.MAINTENANCE, False)
OFF = (Status.EXPECTED_OFF, False)

Told = tuple[Status, bool]

devices_of = st.lists(
    st.sampled_from([UP, USABLE, UNUSABLE, DOWN, LOST, UNKNOWN, WORKS, OFF]), max_size=6
)


@pytest.mark.parametrize(
    ("devices", "expected"),
    [
        pytest.param([], (Status.UNKNOWN, 0, 0), id="a place without devices is unknown"),
        pytest.param([UP, UP], (Status.UP, 2, 2), id="all work"),
        pytest.param([UP, USABLE], (Status.UP, 2, 2), id="a usable degradation works"),
        pytest.param([UP, DOWN], (Status.DEGRADED, 1, 2), id="some work"),
        pytest.param([UP, UNUSABLE], (Status.DEGRADED, 1, 2), id="an unusable one does not work"),
        pytest.param([DOWN, UNUSABLE], (Status.DOWN, 0, 2), id="none works"),
        pytest.param([LOST, LOST], (Status.UNREACHABLE, 0, 2), id="all are out of reach"),
        pytest.param([LOST, DOWN], (Status.DOWN, 0, 2), id="one of them failed by itself"),
        pytest.param([UP, UNKNOWN], (Status.UNKNOWN, 1, 2), id="up or degraded: nobody knows"),
        pytest.param([DOWN, UNKNOWN], (Status.UNKNOWN, 0, 2), id="down or degraded: nobody knows"),
        pytest.param(
            [UP, DOWN, UNKNOWN], (Status.DEGRADED, 1, 3), id="degraded whatever the unknown one is"
        ),
        pytest.param([UP, WORKS, OFF], (Status.UP, 1, 1), id="what is set aside does not count"),
        pytest.param([DOWN, WORKS], (Status.DOWN, 0, 1), id="nor does it hide a failure"),
        pytest.param([WORKS, OFF], (Status.MAINTENANCE, 0, 2), id="unless everything is set aside"),
        pytest.param([OFF, OFF], (Status.EXPECTED_OFF, 0, 2), id="all are rightly off"),
    ],
)
def test_a_place_is_what_its_devices_make_of_it(
    devices: list[Told], expected: tuple[Status, int, int]
) -> None:
    assert place_state(devices) == PlaceState(*expected)


def known_answer(devices: list[Told]) -> Status:
    """Judge a place of which everything is known: all, some, or none work."""
    works = [device in (UP, USABLE) for device in devices]
    if not any(works):
        return Status.UNREACHABLE if set(devices) == {LOST} else Status.DOWN
    return Status.UP if all(works) else Status.DEGRADED


@given(devices_of)
def test_unknown_only_where_the_unknown_ones_could_change_the_answer(devices: list[Told]) -> None:
    """Try every way in which the unknown ones could turn out."""
    counted = [device for device in devices if device not in (WORKS, OFF)]
    outcomes = (UP, USABLE, UNUSABLE, DOWN, LOST)
    options = [outcomes if device == UNKNOWN else (device,) for device in counted]
    answers = {known_answer(list(completed)) for completed in product(*options)}
    if counted:
        (expected,) = answers if len(answers) == 1 else {Status.UNKNOWN}
        assert place_state(devices).status is expected


@given(devices_of, st.data())
def test_the_order_of_the_devices_does_not_matter(devices: list[Told], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(devices))
    assert place_state(shuffled) == place_state(devices)


@given(devices_of)
def test_never_more_devices_work_than_count_and_never_more_count_than_there_are(
    devices: list[Told],
) -> None:
    state = place_state(devices)
    assert 0 <= state.working <= state.total <= len(devices)

"""When a device is said to flap: how many changes start it, what ends it, what is no change."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.domain.flapping import SLOT_S, SLOTS, changed_share, is_flapping
from netmon.domain.intervals import Span
from netmon.domain.model import Status

NOW_S = 1_800_000_000
DAY_S = 86_400
USABLE = {Status.UP, Status.DEGRADED}
SILENT = [Status.UNKNOWN, Status.UNREACHABLE, Status.MAINTENANCE, Status.EXPECTED_OFF]

histories = st.lists(
    st.tuples(st.integers(1, 900), st.sampled_from(list(Status))), min_size=1, max_size=60
)


def spans(history: Sequence[tuple[int, Status]], end_s: int = NOW_S) -> list[Span]:
    """Return spans of those lengths and statuses, the last of which ends at `end_s`."""
    start_s = end_s - sum(length_s for length_s, _ in history)
    found = []
    for length_s, status in history:
        found.append(Span(start_s, start_s + length_s, status, status in USABLE, ""))
        start_s += length_s
    return found


def changing(times: int, *, every_s: int = SLOT_S, quiet_s: int = 1) -> list[Span]:
    """Return a device that changed so often, and then not for `quiet_s`."""
    both = [Status.UP, Status.DOWN]
    lengths = [(every_s, both[number % 2]) for number in range(times)]
    return spans([*lengths, (quiet_s, both[times % 2])])


@pytest.mark.parametrize(("times", "flaps"), [(0, False), (1, False), (5, False), (6, True)])
def test_the_sixth_change_in_as_many_slots_starts_it(times: int, *, flaps: bool) -> None:
    assert is_flapping(changing(times), NOW_S) is flaps


def test_one_outage_never_flaps() -> None:
    assert not is_flapping(changing(2, every_s=120), NOW_S)


def test_changes_within_one_slot_count_once() -> None:
    assert not is_flapping(changing(20, every_s=10), NOW_S)


def test_every_two_minutes_flaps() -> None:
    assert is_flapping(changing(30, every_s=120), NOW_S)


def test_it_ends_only_below_the_lower_share() -> None:
    """Six changes in a row are 36 %; an hour and a quarter later they are less than 20 %."""
    flaps = [
        is_flapping(changing(6, quiet_s=quiet_slots * SLOT_S + 1), NOW_S)
        for quiet_slots in range(SLOTS + 1)
    ]
    end = flaps.index(False)
    assert flaps == [True] * end + [False] * (len(flaps) - end)
    assert end == 15


@pytest.mark.parametrize("silent", SILENT)
def test_what_says_nothing_of_the_device_is_no_change(silent: Status) -> None:
    """A child does not flap with its parent, nor a computer with the hours of its site."""
    assert not is_flapping(spans([(60, Status.UP), (240, silent)] * 20), NOW_S)


def test_a_device_that_comes_back_each_time_from_silence_to_another_state_flaps() -> None:
    story = [(100, Status.UP), (100, Status.UNKNOWN), (100, Status.DOWN), (100, Status.UNKNOWN)]
    assert is_flapping(spans(story * 15), NOW_S)


def test_a_service_that_is_degraded_now_usable_and_now_not_flaps() -> None:
    found = [
        Span(NOW_S - (20 - number) * SLOT_S, NOW_S - (19 - number) * SLOT_S, Status.DEGRADED,
             is_usable=number % 2 == 0, reason="tls")
        for number in range(20)
    ]  # fmt: skip
    assert is_flapping(found, NOW_S)


def test_all_slots_changed_are_a_share_of_one() -> None:
    assert changed_share(range(SLOTS), SLOTS - 1) == pytest.approx(1)


@given(st.sets(st.integers(0, 60)), st.integers(0, 60))
def test_a_share_is_a_share_and_one_more_change_never_lessens_it(
    changed: set[int], slot: int
) -> None:
    share = changed_share(sorted(changed), slot)
    assert 0 <= share <= 1 + 1e-9
    assert share <= changed_share(sorted(changed | {slot}), slot)


@given(histories)
def test_after_twenty_quiet_slots_nothing_flaps(history: list[tuple[int, Status]]) -> None:
    assert not is_flapping(spans(history), NOW_S + (SLOTS + 1) * SLOT_S)


@given(histories)
def test_fewer_than_six_changes_never_flap(history: list[tuple[int, Status]]) -> None:
    assert not is_flapping(spans(history[:6]), NOW_S)


@given(histories, st.integers(1, 400))
def test_what_follows_changes_no_answer_of_before(
    history: list[tuple[int, Status]], later: int
) -> None:
    known = spans(history)
    at_s = known[-1].start_s
    more = [*known, Span(NOW_S, NOW_S + later, Status.DOWN, is_usable=False, reason="timeout")]
    assert is_flapping(more, at_s) == is_flapping(known, at_s)


@given(histories, st.integers(-2_000, 2_000))
def test_the_same_story_on_another_day_gives_the_same_answer(
    history: list[tuple[int, Status]], slots: int
) -> None:
    moved = spans(history, NOW_S + slots * SLOT_S)
    assert is_flapping(moved, NOW_S + slots * SLOT_S) == is_flapping(spans(history), NOW_S)


@given(histories)
def test_what_lies_more_than_a_day_back_does_not_matter(
    history: list[tuple[int, Status]],
) -> None:
    old = changing(40)
    shift_s = 2 * DAY_S + sum(length_s for length_s, _ in history)
    old = [
        each._replace(start_s=each.start_s - shift_s, end_s=each.end_s - shift_s) for each in old
    ]
    recent = spans(history)
    first = next((each for each in recent if each.status in {*USABLE, Status.DOWN}), None)
    if first is None or (old[-1].status, old[-1].is_usable) == (first.status, first.is_usable):
        assert is_flapping([*old, *recent], NOW_S) == is_flapping(recent, NOW_S)


def test_flapping_is_what_it_is_whatever_a_device_complains_of() -> None:
    story = [(SLOT_S, Status.UP), (SLOT_S, Status.DEGRADED)] * 8
    assert is_flapping(spans(story), NOW_S)

"""Turns on the rota: laws over any keys, and any story told against a plain list."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from netmon.scheduler.rota import Key, Rota, phase

NAMES = st.text("abcdefghij-0123456789", min_size=1, max_size=12)
KEYS = st.tuples(NAMES, st.sampled_from(["icmp", "snmp"]))
INTERVALS = st.sampled_from([1.0, 10.0, 60.0, 300.0])
NOWS = st.floats(0, 1e7)


def run(
    rota: Rota, from_s: float, until_s: float, tick_s: float, took_s: float = 0.0
) -> Iterator[tuple[float, Key]]:
    """Take and put back every due key at each tick; yield (instant, key) of every look."""
    ticks = round((until_s - from_s) / tick_s)
    interval_s = rota._interval_s
    for tick in range(ticks + 1):
        now_s = from_s + tick * tick_s
        for key in rota.take_due(now_s):
            yield now_s, key
            rota.put_back(key, interval_s, now_s + took_s)


def test_phases_are_written_in_stone() -> None:
    """A phase is a fact of the key alone: no restart, version or machine may change it."""
    assert phase(("ap-bruul-01", "snmp")) == pytest.approx(0.646731317387547, abs=1e-15)
    assert phase(("ap-bruul-01", "icmp")) == pytest.approx(0.7529663687420993, abs=1e-15)


def test_two_thousand_phases_are_spread_evenly() -> None:
    """Chi-square over twenty bins stays under the bound that chance passes in 999 of 1,000."""
    bins = Counter(int(phase((f"ap-{n:04d}", "snmp")) * 20) for n in range(2000))
    chi_square = sum((bins[n] - 100) ** 2 / 100 for n in range(20))
    assert chi_square < 43.8


@given(key=KEYS)
def test_a_phase_lies_within_the_interval(key: Key) -> None:
    assert 0 <= phase(key) < 1


@given(keys=st.sets(KEYS, min_size=1, max_size=20), interval_s=INTERVALS, now_s=NOWS)
def test_everyone_has_a_first_turn_within_one_interval(
    keys: set[Key], interval_s: float, now_s: float
) -> None:
    rota = Rota(interval_s)
    rota.replace(keys, now_s)
    assert sorted(rota.take_due(now_s + interval_s)) == sorted(keys)


@given(keys=st.sets(KEYS, min_size=1, max_size=20), interval_s=INTERVALS, now_s=NOWS)
def test_nobody_is_taken_twice_while_away(keys: set[Key], interval_s: float, now_s: float) -> None:
    rota = Rota(interval_s)
    rota.replace(keys, now_s)
    rota.take_due(now_s + interval_s)
    for key in keys:
        rota.hurry(key, now_s + interval_s)
    rota.replace(keys, now_s + 2 * interval_s)
    assert rota.take_due(now_s + 100 * interval_s) == []


def test_a_key_that_was_gone_for_a_moment_is_still_away() -> None:
    """A reload that drops a device and brings it back does not ask it twice at once."""
    key = ("ap-1", "snmp")
    rota = Rota(60.0)
    rota.replace([key], 0.0)
    assert rota.take_due(60.0) == [key]
    rota.replace([], 61.0)
    rota.replace([key], 62.0)
    assert rota.take_due(1000.0) == []
    rota.put_back(key, 60.0, 1000.0)
    assert rota.take_due(1060.0) == [key]


@given(
    keys=st.sets(KEYS, min_size=1, max_size=5),
    now_s=st.floats(0, 1e6),
    took_s=st.floats(0, 9),
)
def test_everyone_gets_one_turn_in_each_interval_without_drift(
    keys: set[Key], now_s: float, took_s: float
) -> None:
    """Over a thousand intervals with slow answers the last turn keeps the phase of the first."""
    rota = Rota(10.0)
    rota.replace(keys, now_s)
    looks = list(run(rota, now_s, now_s + 10_000, 1.0, took_s))
    for key in keys:
        mine = [at_s for at_s, each in looks if each == key]
        assert 999 <= len(mine) <= 1001
        laps = [round((at_s - mine[0]) / 10) for at_s in mine]
        assert laps == list(range(len(mine)))
        assert all(
            abs(at_s - mine[0] - 10 * lap) < 1.01 for at_s, lap in zip(mine, laps, strict=True)
        )


@given(
    keys=st.sets(KEYS, min_size=1, max_size=10),
    began_s=st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)),
)
def test_two_processes_give_a_key_the_same_place_in_the_interval(
    keys: set[Key], began_s: tuple[int, int]
) -> None:
    """After a restart the order of turns within an interval is the one it was."""
    orders = []
    for start in began_s:
        rota = Rota(60.0)
        rota.replace(keys, float(start))
        first_s = {key: rota._due[key] for key in keys}
        orders.append({key: first_s[key] % 60.0 for key in keys})
    assert orders[0] == pytest.approx(orders[1], abs=1e-6)


@given(missed=st.integers(1, 50), interval_s=INTERVALS)
def test_a_missed_turn_is_not_made_up_in_a_burst(missed: int, interval_s: float) -> None:
    key = ("ap-1", "icmp")
    rota = Rota(interval_s)
    rota.replace([key], 0.0)
    rota.take_due(interval_s)
    back_s = (missed + 1.25) * interval_s
    rota.put_back(key, interval_s, back_s)
    looks = list(run(rota, back_s, back_s + 10 * interval_s, interval_s / 10))
    assert 9 <= len(looks) <= 11


@given(wait_s=st.floats(0, 9.99), now_s=st.floats(10, 1e6))
def test_a_retry_counts_from_now(wait_s: float, now_s: float) -> None:
    key = ("ap-1", "icmp")
    rota = Rota(10.0)
    rota.replace([key], now_s - 10)
    rota.take_due(now_s)
    rota.put_back(key, wait_s, now_s)
    assert rota._due[key] == now_s + wait_s


@given(wait_s=st.floats(60, 300), now_s=st.floats(0, 1e6), key=KEYS)
def test_a_long_wait_is_never_longer_than_asked(wait_s: float, now_s: float, key: Key) -> None:
    rota = Rota(60.0)
    rota.replace([key], now_s)
    rota.take_due(now_s + 60)
    rota.put_back(key, wait_s, now_s + 60)
    assert now_s + wait_s - 1e-3 < rota._due[key] <= now_s + 60 + wait_s + 1e-3


def test_those_who_were_hurried_together_spread_again() -> None:
    """After an uplink came back its children are not asked at one instant for ever."""
    keys = [(f"ap-{n:03d}", "snmp") for n in range(200)]
    rota = Rota(60.0)
    rota.replace(keys, 0.0)
    for key in keys:
        rota.hurry(key, 0.5)
    assert len(rota.take_due(1.0)) == 200
    for key in keys:
        rota.put_back(key, 60.0, 1.0)
    busiest = max(Counter(int(at_s) for at_s, _ in run(rota, 1.0, 61.0, 1.0)).values())
    assert busiest < 15


def test_those_who_were_retried_together_spread_again() -> None:
    """Retries of many devices at one instant leave no lasting crowd."""
    keys = [(f"ap-{n:03d}", "snmp") for n in range(200)]
    rota = Rota(60.0)
    rota.replace(keys, 0.0)
    rota.take_due(60.0)
    for key in keys:
        rota.put_back(key, 20.0, 60.0)
    assert len(rota.take_due(80.0)) == 200
    for key in keys:
        rota.put_back(key, 60.0, 80.0)
    busiest = max(Counter(int(at_s) for at_s, _ in run(rota, 80.0, 140.0, 1.0)).values())
    assert busiest < 15


def test_a_hurried_key_is_due_at_once_and_its_old_turn_is_void() -> None:
    key = ("ap-1", "icmp")
    rota = Rota(60.0)
    rota.replace([key], 0.0)
    old_turn_s = rota._due[key]
    rota.hurry(key, 0.0)
    rota.hurry(key, 0.1)
    assert rota.take_due(0.1) == [key]
    assert rota.take_due(old_turn_s) == []


def test_who_is_hurried_while_away_is_asked_again_as_soon_as_it_is_back() -> None:
    """A device tells of its restart while it is still waited for in vain: once more, at once."""
    key = ("ap-1", "snmp")
    rota = Rota(60.0)
    rota.replace([key], 0.0)
    rota.take_due(60.0)
    rota.hurry(key, 61.0)
    assert rota.take_due(62.0) == []
    rota.put_back(key, 300.0, 64.0)
    assert rota.take_due(64.0) == [key]
    rota.put_back(key, 300.0, 64.0)
    assert rota.take_due(120.0) == []


def test_hurry_never_puts_an_overdue_key_off() -> None:
    key = ("ap-1", "icmp")
    rota = Rota(60.0)
    rota.replace([key], 0.0)
    turn_s = rota._due[key]
    rota.hurry(key, turn_s + 5)
    assert rota.lateness_s(turn_s + 5) == pytest.approx(5)


def test_hurrying_or_returning_a_stranger_changes_nothing() -> None:
    rota = Rota(60.0)
    rota.replace([("ap-1", "icmp")], 0.0)
    rota.hurry(("ap-2", "icmp"), 0.0)
    rota.put_back(("ap-2", "icmp"), 1.0, 0.0)
    assert rota.take_due(60.0) == [("ap-1", "icmp")]


@given(
    before=st.sets(KEYS, max_size=10),
    after=st.sets(KEYS, max_size=10),
    at_s=st.floats(0, 59),
)
def test_replacing_keeps_the_turns_of_those_who_stay(
    before: set[Key], after: set[Key], at_s: float
) -> None:
    rota = Rota(60.0)
    rota.replace(before, 0.0)
    turns = dict(rota._due)
    rota.replace(after, at_s)
    assert set(rota._due) == after
    assert all(rota._due[key] == turns[key] for key in before & after)


def test_lateness_is_that_of_the_most_overdue_and_forgets_the_gone() -> None:
    keys = [("ap-1", "icmp"), ("ap-2", "icmp")]
    rota = Rota(60.0)
    assert rota.lateness_s(10.0) == 0
    rota.replace(keys, 0.0)
    first, second = sorted(keys, key=rota._due.__getitem__)
    due_s = {key: rota._due[key] for key in keys}
    assert rota.lateness_s(due_s[first]) == 0
    assert rota.lateness_s(100.0) == pytest.approx(100.0 - due_s[first])
    rota.replace([second], 100.0)
    assert rota.lateness_s(100.0) == pytest.approx(100.0 - due_s[second])


@dataclass(slots=True)
class Entry:
    """A line of the plain list; `due_s` is None while away."""

    key: Key
    due_s: float | None
    is_served: bool = True
    is_hurried: bool = False


class PlainList(RuleBasedStateMachine):
    """Any story told to the rota and to a list that is searched from its beginning."""

    POOL = [(f"ap-{n}", "icmp") for n in range(6)]  # noqa: RUF012 - the machine's own constant
    INTERVAL_S = 64.0

    def __init__(self) -> None:
        super().__init__()
        self.rota = Rota(self.INTERVAL_S)
        self.now_s = 0.0
        self.rows: list[Entry] = []

    def turn(self, key: Key, after_s: float) -> float:
        turn_s = phase(key) * self.INTERVAL_S
        while turn_s <= after_s:
            turn_s += self.INTERVAL_S
        while turn_s - self.INTERVAL_S > after_s:
            turn_s -= self.INTERVAL_S
        return turn_s

    @rule(passed_s=st.integers(0, 200))
    def time_passes(self, passed_s: int) -> None:
        self.now_s += passed_s

    @rule(wanted=st.sets(st.sampled_from(POOL)))
    def serve(self, wanted: set[Key]) -> None:
        self.rota.replace(wanted, self.now_s)
        for row in self.rows:
            row.is_served = row.key in wanted
        self.rows = [row for row in self.rows if row.is_served or row.due_s is None]
        known = [row.key for row in self.rows]
        for key in wanted:
            if key not in known:
                due_s = self.turn(key, self.now_s)
                self.rows.append(Entry(key, due_s))

    @rule()
    def take(self) -> None:
        expected = []
        for row in self.rows:
            if row.due_s is not None and row.due_s <= self.now_s:
                expected.append(row.key)
                row.due_s = None
        assert sorted(self.rota.take_due(self.now_s)) == sorted(expected)

    @precondition(lambda self: any(row.due_s is None for row in self.rows))
    @rule(data=st.data(), wait_s=st.sampled_from([5.0, 20.0, 64.0, 300.0]))
    def come_back(self, data: st.DataObject, wait_s: float) -> None:
        row = data.draw(st.sampled_from([row for row in self.rows if row.due_s is None]))
        self.rota.put_back(row.key, wait_s, self.now_s)
        is_hurried, row.is_hurried = row.is_hurried, False
        if not row.is_served:
            self.rows.remove(row)
        elif is_hurried:
            row.due_s = self.now_s
        elif wait_s < self.INTERVAL_S:
            row.due_s = self.now_s + wait_s
        else:
            row.due_s = self.turn(row.key, self.now_s + wait_s - self.INTERVAL_S)

    @rule(key=st.sampled_from(POOL))
    def hurry(self, key: Key) -> None:
        self.rota.hurry(key, self.now_s)
        for row in self.rows:
            if row.key == key and row.due_s is not None:
                row.due_s = min(row.due_s, self.now_s)
            elif row.key == key:
                row.is_hurried = True

    @invariant()
    def lateness_agrees(self) -> None:
        late_s = [self.now_s - row.due_s for row in self.rows if row.due_s is not None]
        assert self.rota.lateness_s(self.now_s) == pytest.approx(max([0.0, *late_s]))


TestPlainList = PlainList.TestCase

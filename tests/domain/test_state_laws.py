"""Laws of the state rules, and a machine that compares them with a slow retelling."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from collectors.observation import Observation, Outcome
from netmon.domain.model import Status
from netmon.domain.state import Policy, Run, Transition, lapse, step

BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)
GAPS = (1, 20, 60, 149, 150, 151, 300, 750, 751, 90_000)

State = tuple[int, str]
"""A severity (-1 where nothing is known, else 0 to 3) and the reason for it."""

SAYS: dict[Outcome, State] = {
    Outcome.OK: (0, ""),
    Outcome.AUTH: (1, "auth"),
    Outcome.MALFORMED: (1, "malformed"),
    Outcome.TLS: (2, "tls"),
    Outcome.CONTENT: (2, "content"),
    Outcome.TIMEOUT: (3, "timeout"),
    Outcome.NO_ROUTE: (3, "no_route"),
    Outcome.DNS: (-1, "dns"),
}

Event = tuple[int, Outcome | None]
"""A second, and what was seen; None where somebody only looked at the clock."""

Edge = tuple[int, State]

outcomes = st.sampled_from((Outcome.OK, Outcome.TIMEOUT, Outcome.AUTH, *SAYS))
gaps = st.sampled_from((20,) * 20 + GAPS)  # mostly often enough to know something
histories = st.lists(st.tuples(gaps, outcomes), min_size=1, max_size=30).map(
    lambda steps: [
        (sum(gap for gap, _ in steps[: place + 1]), outcome)
        for place, (_, outcome) in enumerate(steps)
    ]
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Draw every small `n of m`."""
    fail_m, recover_m = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    fail_n, recover_n = draw(st.integers(1, fail_m)), draw(st.integers(1, recover_m))
    return Policy(fail_n=fail_n, fail_m=fail_m, recover_n=recover_n, recover_m=recover_m)


class Collector:
    """Does with a run what a collecting process does, and keeps every edge."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.run: Run | None = None
        self.edges: list[Transition] = []

    def take(self, event: Event) -> None:
        second, outcome = event
        at = BEGIN + timedelta(seconds=second)
        if self.run is not None:
            self.run, edge = lapse(self.run, at, self.policy)
            self._keep(edge)
        if outcome is not None:
            observation = Observation("ap-1", "icmp", at, outcome)
            self.run, edge = step(self.run, observation, self.policy)
            self._keep(edge)

    def _keep(self, edge: Transition | None) -> None:
        if edge is not None:
            self.edges.append(edge)

    def told(self) -> list[Edge]:
        return [(seconds(edge.at), known(edge)) for edge in self.edges]


def collected(events: Sequence[Event], policy: Policy) -> Collector:
    """Return a collector that has taken all events."""
    collector = Collector(policy)
    for event in events:
        collector.take(event)
    return collector


def seconds(at: datetime) -> int:
    return round((at - BEGIN).total_seconds())


def known(edge: Transition) -> State:
    return int(edge.after.severity), edge.after.reason


def retold(events: Sequence[Event], policy: Policy) -> list[Edge]:
    """Tell the edges of all events from the first one on, by keeping and counting every look."""
    edges: list[Edge] = []
    looks: list[Edge] = []
    last: int | None = None
    for second, outcome in events:
        if last is not None and second > last + patience(edges[-1], looks, last, policy):
            if edges[-1][1][0] >= 0:
                silent_from = last + round(patience(edges[-1], looks, last, policy))
                edges.append((silent_from, (-1, "not_observed")))
            looks = []
        if outcome is None or (last is not None and second <= max(last, edges[-1][0])):
            continue
        looks.append((second, SAYS[outcome]))
        edge = turned(edges[-1][1] if edges else (-1, "never_seen"), looks, policy)
        if edge is not None:
            edges.append(edge)
            alike = [i for i, (_, said) in enumerate(looks) if said[0] == edge[1][0]]
            looks = looks[alike[-1] + 1 :]
        elif last is None:
            edges.append((second, (-1, "never_seen")))
        last = second
    return edges


def patience(edge: Edge, looks: Sequence[Edge], last: int, policy: Policy) -> float:
    width = max(policy.fail_m, policy.recover_m)
    is_doubted = any(said[0] != edge[1][0] for _, said in looks[-width:])
    is_long_dead = edge[1][0] == 3 and last - edge[0] > 300
    return 750 if is_long_dead and not is_doubted else 150


def turned(state: State, looks: Sequence[Edge], policy: Policy) -> Edge | None:
    newest = looks[-1]
    if state[0] == -1 and newest[1][0] == 0:
        return newest
    if newest[1][0] in {-1, state[0]}:
        return renamed(state, looks[-policy.fail_m :], policy.fail_n)
    if newest[1][0] > state[0]:
        worst_first = range(3, max(state[0], 0), -1)
        return reached(worst_first, looks[-policy.fail_m :], policy.fail_n, worse=True)
    return reached(range(state[0]), looks[-policy.recover_m :], policy.recover_n, worse=False)


def renamed(state: State, looks: Sequence[Edge], needed: int) -> Edge | None:
    """Another reason counts as a change, but not from one way of being silent to another."""
    newest = looks[-1][1]
    alike = [second for second, said in looks if said == newest]
    is_same = newest == state or newest[0] == state[0] == 3
    return None if is_same or len(alike) < needed else (alike[0], newest)


def reached(
    levels: Iterable[int], looks: Sequence[Edge], needed: int, *, worse: bool
) -> Edge | None:
    for level in levels:
        speaking = [
            (second, said)
            for second, said in looks
            if (said[0] >= level if worse else 0 <= said[0] <= level)
        ]
        if len(speaking) >= needed:
            return speaking[0][0], next(said for _, said in speaking[::-1] if said[0] == level)
    return None


class Retelling(RuleBasedStateMachine):
    """Whatever is seen, late or never, the run says what the whole list of looks says."""

    @initialize(policy=policies())
    def begin(self, policy: Policy) -> None:
        self.collector = Collector(policy)
        self.events: list[Event] = []
        self.now = 0

    @rule(gap=gaps, outcome=outcomes, times=st.integers(1, 3))
    def look(self, gap: int, outcome: Outcome, times: int) -> None:
        for _ in range(times):
            self.now += gap
            self._take((self.now, outcome))

    @precondition(lambda self: self.collector.run is not None)
    @rule(age=st.integers(0, 400), outcome=outcomes)
    def look_late(self, age: int, outcome: Outcome) -> None:
        self._take((max(self.now - age, 0), outcome))

    @precondition(lambda self: self.collector.run is not None)
    @rule(gap=gaps)
    def read_the_clock(self, gap: int) -> None:
        self.now += gap
        self._take((self.now, None))

    def _take(self, event: Event) -> None:
        self.events.append(event)
        self.collector.take(event)

    @invariant()
    def the_edges_are_those_of_the_whole_list(self) -> None:
        assert self.collector.told() == retold(self.events, self.collector.policy)

    @invariant()
    def the_open_run_is_the_last_edge(self) -> None:
        run = self.collector.run
        if run is not None:
            last = self.collector.edges[-1]
            assert (run.since, run.verdict) == (last.at, last.after)
            assert run.since <= run.last_at or run.verdict.reason == "not_observed"


TestRetelling = Retelling.TestCase
TestRetelling.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)


@given(histories, policies())
def test_edges_ascend_and_each_one_changes_something(events: list[Event], policy: Policy) -> None:
    """Only the first run, in which nothing is known yet, may be replaced from its start."""
    edges = collected(events, policy).edges
    for before, after in pairwise(edges):
        assert after.before is before.after.status
        assert known(after) != known(before) or before.after.reason == "never_seen"
        assert before.at < after.at or before.after.reason == "never_seen"


@given(histories, policies())
def test_a_step_opens_one_run_or_only_remembers_a_look(events: list[Event], policy: Policy) -> None:
    collector = collected(events[:-1], policy)
    second, outcome = events[-1]
    assert outcome is not None
    at = BEGIN + timedelta(seconds=second)
    before = collector.run and lapse(collector.run, at, policy)[0]
    observation = Observation("ap-1", "icmp", at, outcome)
    after, edge = step(before, observation, policy)
    assert after.last_at == at and len(after.recent) <= max(policy.fail_m, policy.recover_m)
    if edge is None:
        assert before is not None
        assert (after.since, after.verdict) == (before.since, before.verdict)
    else:
        assert (after.since, after.verdict) == (edge.at, edge.after)


@given(histories, policies(), st.data())
def test_it_does_not_matter_when_somebody_reads(
    events: list[Event], policy: Policy, data: st.DataObject
) -> None:
    """Silence is dated by the looks, not by whoever notices it."""
    watched: list[Event] = []
    end = (10**7, Outcome.OK)
    for (second, outcome), (following, _) in zip(events, [*events[1:], end], strict=True):
        reads = data.draw(st.lists(st.integers(second, following - 1), max_size=2).map(sorted))
        watched += [(second, outcome), *((read, None) for read in reads)]
    assert collected([*watched, end], policy).told() == collected([*events, end], policy).told()


@given(histories, policies(), st.data())
def test_looks_in_any_order_and_number_count_once_and_forward(
    events: list[Event], policy: Policy, data: st.DataObject
) -> None:
    garbled = data.draw(st.lists(st.sampled_from(events), min_size=1, max_size=40))
    forward: list[Event] = []
    for event in garbled:
        if not forward or event[0] > forward[-1][0]:
            forward.append(event)
    assert collected(garbled, policy).run == collected(forward, policy).run
    assert collected(garbled, policy).edges == collected(forward, policy).edges


@given(histories, policies())
def test_replaying_all_observations_gives_the_same_runs(
    events: list[Event], policy: Policy
) -> None:
    """A second process that starts from the record goes on where the first one stopped."""
    once = collected(events, policy)
    again = collected(events, policy)
    for event in events:
        again.take(event)
    assert (again.run, again.edges) == (once.run, once.edges)


@given(histories, policies())
def test_a_name_that_does_not_resolve_never_makes_anything_down(
    events: list[Event], policy: Policy
) -> None:
    """Netmon's own resolver may be ill: unknown is all that follows, whatever came before."""
    blind = [(second, Outcome.DNS) for second, _ in events]
    edges = collected(blind, policy).edges
    assert {edge.after.status for edge in edges} == {Status.UNKNOWN}


@given(histories, policies())
def test_how_a_device_is_silent_makes_no_difference(events: list[Event], policy: Policy) -> None:
    """A router that answers for the dead now and then divides no outage and hurries nobody."""
    one_way = [
        (second, Outcome.TIMEOUT if seen is Outcome.NO_ROUTE else seen) for second, seen in events
    ]
    told, expected = collected(events, policy).told(), collected(one_way, policy).told()
    assert [(at, state[0]) for at, state in told] == [(at, state[0]) for at, state in expected]

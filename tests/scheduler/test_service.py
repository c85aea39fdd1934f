"""The collecting service as it runs: real SNMP over UDP, a slow check, a check with a bug."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import BaseModel

from collectors.base import CannotAskError, Check, Observe
from collectors.checks import snmp
from collectors.concurrent_check import ConcurrentCheck, Heard
from collectors.observation import Observation, Outcome
from collectors.target import Community, Target
from netmon.demo import launch
from netmon.demo.launch import Simulator
from netmon.domain.model import Device, DeviceKind
from netmon.domain.state import Policy
from netmon.scheduler import asking
from netmon.scheduler.duties import Duty
from netmon.scheduler.judge import Judge
from netmon.scheduler.rota import phase
from netmon.scheduler.service import CollectingService
from netmon.storage.record import RecordReader, RecordWriter

COMMUNITY = "service-test"
DEVICES_CSV = """\
id,kind,name,place_id,host,port,parents,credential,power,lon,lat,renamed_from,synthetic
sw-1,switch,Switch,bruul,127.0.0.1,,,demo,always_on,,,,true
ap-1,access_point,AP 1,bruul,127.0.0.1,,sw-1,demo,always_on,,,,true
ap-2,access_point,AP 2,bruul,127.0.0.1,,sw-1,demo,always_on,,,,true
ap-3,access_point,AP 3,bruul,127.0.0.1,,sw-1,demo,always_on,,,,true
"""
PATIENT_S = 30.0
EACH_SECOND = Policy(interval_s=1.0, retry_interval_s=1.0)


@dataclass
class Looks:
    """Counts the looks of real checks as they end, and lets a test wait for them."""

    counts: Counter[str] = field(default_factory=Counter)
    begun: Counter[str] = field(default_factory=Counter)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def of(self, check: Check) -> Check:
        """Return the same check, counted."""

        def observe(target: Target, params: BaseModel, deadline_s: float) -> Observation:
            self._count(self.begun, target.id)
            try:
                return check.observe(target, params, deadline_s)
            finally:
                self._count(self.counts, target.id)

        if not isinstance(check, ConcurrentCheck):
            return replace(check, observe=observe)

        def begin(target: Target, params: BaseModel, deadline_s: float, heard: Heard) -> None:
            def counted(seen: Observation | Exception) -> None:
                heard(seen)
                self._count(self.counts, target.id)

            self._count(self.begun, target.id)
            check.begin(target, params, deadline_s, counted)

        return replace(check, observe=observe, begin=begin)

    def wait_for(self, condition: Callable[[], object], what: str) -> None:
        with self.changed:
            assert self.changed.wait_for(condition, PATIENT_S), f"waited in vain until {what}"

    def _count(self, counter: Counter[str], key: str) -> None:
        with self.changed:
            counter[key] += 1
            self.changed.notify_all()


class Nothing(BaseModel, extra="forbid"):
    """A check without parameters."""


def answers(target: Target, kind: str) -> Observation:
    at = datetime.now(UTC)  # noqa: TID251 - a check reads the clock
    return Observation(target.id, kind, at, Outcome.OK)


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    folder = tmp_path_factory.mktemp("demo")
    path = folder / "devices.csv"
    path.write_text(DEVICES_CSV, encoding="utf-8")
    with launch.start(path, folder, COMMUNITY, scenario=False) as running:
        yield running
    snmp.SESSIONS.close()


@pytest.fixture
def record(tmp_path: Path) -> Iterator[RecordWriter]:
    writer = RecordWriter(tmp_path, origin="demo")
    yield writer
    writer.close()


@pytest.fixture
def service(record: RecordWriter) -> Iterator[CollectingService]:
    """A started service that is stopped whatever happens, and leaves no thread behind."""
    before = set(threading.enumerate())
    running = CollectingService(Judge(record), concurrency=4)
    running.start()
    yield running
    running.stop()
    running.stop()  # once more does no harm
    assert left_behind(before) == set()


def polled(
    simulator: Simulator, looks: Looks, *ids: str, policy: Policy = EACH_SECOND
) -> list[Duty]:
    """Return duties that ask simulated devices over real UDP."""
    return [
        Duty(
            Target(each, "127.0.0.1", simulator.ports[each], Community(COMMUNITY)),
            looks.of(snmp.CHECK),
            snmp.Params(timeout_s=0.3, retries=0),
            5.0,
            policy,
        )
        for each in ids
    ]


def made_up(
    kind: str, *ids: str, looks: Looks, observe: Observe, policy: Policy = EACH_SECOND
) -> list[Duty]:
    """Return duties of a check that exists only in this test."""
    check = looks.of(Check(kind, Nothing, observe))
    return [Duty(Target(each, "127.0.0.1"), check, Nothing(), 5.0, policy) for each in ids]


def devices(*ids: str, **parent_of: str) -> list[Device]:
    """Return devices without parents, and those with the one parent that is given."""
    kind = DeviceKind.ACCESS_POINT
    alone = [Device(each, kind, each, "bruul", "127.0.0.1") for each in ids]
    return alone + [
        Device(each, kind, each, "bruul", "127.0.0.1", parents=(parent,))
        for each, parent in parent_of.items()
    ]


def idle(target: Target, _params: Nothing, _deadline_s: float) -> Observation:
    return answers(target, "idle")


def until(condition: Callable[[], object], what: str) -> None:
    """Wait for what nobody announces."""
    end_s = time.monotonic() + PATIENT_S
    while not condition():
        assert time.monotonic() < end_s, f"waited in vain until {what}"
        time.sleep(0.02)


def left_behind(before: set[threading.Thread]) -> set[str]:
    """Name the threads that are new; the one in which checks wait serves the whole process."""
    shared = {"asking"}
    return {each.name for each in set(threading.enumerate()) - before} - shared


def seen(folder: Path) -> dict[str, Outcome]:
    reader = RecordReader(folder)
    latest = {look.observation.target: look.observation.outcome for look in reader.latest()}
    reader.close()
    return latest


def test_a_slow_device_delays_no_other(
    simulator: Simulator, service: CollectingService, tmp_path: Path
) -> None:
    """While one device keeps its asker waiting, the others are asked at every interval."""
    looks, answered = Looks(), threading.Event()

    def never_ends(target: Target, _params: Nothing, _deadline_s: float) -> Observation:
        answered.wait(PATIENT_S)
        return answers(target, "slow")

    slow = made_up("slow", "turtle", looks=looks, observe=never_ends)
    quick = ("sw-1", "ap-1", "ap-2", "ap-3")
    service.serve([*slow, *polled(simulator, looks, *quick)], devices("turtle", *quick))
    looks.wait_for(lambda: looks.begun["turtle"], "the slow device is asked")
    asked = Counter(looks.counts)
    looks.wait_for(
        lambda: all(looks.counts[each] >= asked[each] + 2 for each in quick),
        "each of the others was asked twice more",
    )
    assert looks.begun["turtle"] == 1, "asked again while it had not answered yet"
    assert looks.counts["turtle"] == 0
    answered.set()
    looks.wait_for(lambda: looks.counts["turtle"] >= 2, "the slow device has its turn again")
    service.stop()
    assert seen(tmp_path) == dict.fromkeys([*quick, "turtle"], Outcome.OK)


def test_no_more_devices_are_asked_at_once_than_allowed(service: CollectingService) -> None:
    looks, guard, asking = Looks(), threading.Lock(), Counter[str]()
    together = threading.Barrier(4, timeout=PATIENT_S)

    def crowded(target: Target, _params: Nothing, _deadline_s: float) -> Observation:
        with guard:
            asking["now"] += 1
            asking["most"] = max(asking["most"], asking["now"])
        together.wait()  # nobody leaves before four are in: the bound is reached, too
        with guard:
            asking["now"] -= 1
        return answers(target, "crowd")

    ids = [f"pc-{number}" for number in range(16)]
    service.serve(made_up("crowd", *ids, looks=looks, observe=crowded), devices(*ids))
    looks.wait_for(lambda: all(looks.counts[each] for each in ids), "everyone was asked")
    assert asking["most"] == 4
    together.abort()


def test_a_check_that_raises_is_told_with_its_device_and_asked_again(
    service: CollectingService, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    looks = Looks()

    def buggy(target: Target, _params: Nothing, _deadline_s: float) -> Observation:
        if looks.counts[target.id] < 2:
            raise ZeroDivisionError("a bug of a check")
        return answers(target, "buggy")

    service.serve(made_up("buggy", "ap-9", looks=looks, observe=buggy), devices("ap-9"))
    looks.wait_for(lambda: looks.counts["ap-9"] >= 4, "it was asked again")
    service.stop()
    told = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert [each.getMessage() for each in told] == ["check=buggy device=ap-9 failed"] * 2
    assert all("a bug of a check" in (each.exc_text or "") for each in told)
    assert seen(tmp_path) == {"ap-9": Outcome.OK}


def test_a_check_that_may_not_ask_is_told_once_and_says_nothing_of_devices(
    service: CollectingService, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    looks, ids = Looks(), ("ap-7", "ap-8")

    def forbidden(_target: Target, _params: Nothing, _deadline_s: float) -> Observation:
        raise CannotAskError("give it the right")

    service.serve(made_up("forbidden", *ids, looks=looks, observe=forbidden), devices(*ids))
    looks.wait_for(lambda: all(looks.counts[each] >= 2 for each in ids), "both were asked again")
    service.stop()
    (told,) = [each.getMessage() for each in caplog.records if each.levelno == logging.ERROR]
    assert told == "check=forbidden cannot run, its devices stay unknown: give it the right"
    assert seen(tmp_path) == {}


def test_stop_waits_for_looks_under_way_and_keeps_them(
    record: RecordWriter, tmp_path: Path
) -> None:
    looks, answered = Looks(), threading.Event()

    def late(target: Target, _params: Nothing, _deadline_s: float) -> Observation:
        answered.wait(PATIENT_S)
        return answers(target, "late")

    before = set(threading.enumerate())
    service = CollectingService(Judge(record), concurrency=2)
    ids = ("ap-1", "ap-2", "ap-3")
    service.serve(made_up("late", *ids, looks=looks, observe=late), devices(*ids))
    service.start()
    looks.wait_for(lambda: looks.begun.total() == 2, "as many are asked as may be")
    stopping = threading.Thread(target=service.stop)
    stopping.start()
    until(lambda: service._asking._is_stopped, "no new looks are accepted")
    assert seen(tmp_path) == {}
    answered.set()
    stopping.join(PATIENT_S)
    assert left_behind(before) == set()
    assert set(seen(tmp_path)) == set(looks.begun)
    assert looks.begun.total() == 2, "who was not asked yet is not asked any more"


def test_devices_come_and_go_while_it_runs(
    simulator: Simulator, service: CollectingService
) -> None:
    looks = Looks()
    service.serve(polled(simulator, looks, "ap-1", "ap-2"), devices("ap-1", "ap-2"))
    looks.wait_for(lambda: looks.counts["ap-1"] and looks.counts["ap-2"], "both were asked")
    service.serve(polled(simulator, looks, "ap-2", "ap-3"), devices("ap-2", "ap-3"))
    looks.wait_for(lambda: looks.counts["ap-3"], "the new one was asked")
    looks.wait_for(lambda: looks.begun["ap-1"] == looks.counts["ap-1"], "the old one answered")
    asked = Counter(looks.counts)
    looks.wait_for(
        lambda: all(looks.counts[each] >= asked[each] + 2 for each in ("ap-2", "ap-3")),
        "those that are served were asked twice more",
    )
    assert looks.counts["ap-1"] == asked["ap-1"]


def test_simulated_devices_are_asked_without_a_thread_for_each(
    simulator: Simulator, service: CollectingService, tmp_path: Path
) -> None:
    looks, ids, before = Looks(), ("sw-1", "ap-1", "ap-2", "ap-3"), set(threading.enumerate())
    service.serve(polled(simulator, looks, *ids), devices(*ids))
    looks.wait_for(lambda: all(looks.counts[each] >= 2 for each in ids), "all were asked twice")
    assert left_behind(before) == set()
    service.stop()
    assert seen(tmp_path) == dict.fromkeys(ids, Outcome.OK)


def test_a_look_that_cannot_be_judged_is_told_and_its_device_asked_again(
    service: CollectingService, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """An observation without a time zone cannot be compared: a bug of a check, as judged."""
    looks = Looks()

    def naive(target: Target, _params: Nothing, _deadline_s: float) -> Observation:
        found = answers(target, "naive")
        is_wrong = looks.counts[target.id] == 1
        return replace(found, at=found.at.replace(tzinfo=None)) if is_wrong else found

    service.serve(made_up("naive", "ap-6", looks=looks, observe=naive), devices("ap-6"))
    looks.wait_for(lambda: looks.counts["ap-6"] >= 3, "it was asked again")
    service.stop()
    told = [each.getMessage() for each in caplog.records if each.levelno == logging.ERROR]
    assert told == ["check=naive device=ap-6: judging failed"]
    assert seen(tmp_path) == {"ap-6": Outcome.OK}


def test_who_is_hurried_is_asked_at_the_next_tick(service: CollectingService) -> None:
    looks, daily = Looks(), replace(EACH_SECOND, interval_s=86_400.0)
    assert abs(phase(("ap-5", "idle")) - time.monotonic() / 86_400 % 1) > 0.001
    service.serve(made_up("idle", "ap-5", looks=looks, observe=idle, policy=daily), devices("ap-5"))
    assert looks.counts["ap-5"] == 0
    service.hurry(["ap-5", "nobody"])
    looks.wait_for(lambda: looks.counts["ap-5"] == 1, "it was asked")


def test_a_failing_child_has_its_parent_asked_at_once(
    simulator: Simulator, service: CollectingService, tmp_path: Path
) -> None:
    """The switch's own turn is hours away; an access point that goes silent brings it near."""
    looks = Looks()
    hourly = replace(EACH_SECOND, interval_s=86_400.0)
    assert abs(phase(("sw-1", "snmp")) - time.monotonic() / 86_400 % 1) > 0.001
    child, parent = (
        polled(simulator, looks, "ap-1"),
        polled(simulator, looks, "sw-1", policy=hourly),
    )
    service.serve([*child, *parent], devices("sw-1", **{"ap-1": "sw-1"}))
    looks.wait_for(lambda: looks.counts["ap-1"], "the access point was asked")
    assert looks.counts["sw-1"] == 0
    try:
        assert simulator.control("fail ap-1").startswith("ok")
        looks.wait_for(lambda: looks.counts["sw-1"], "the switch was asked")
    finally:
        simulator.control("heal ap-1")
    service.stop()
    assert seen(tmp_path)["sw-1"] is Outcome.OK


def test_a_full_disk_is_told_once_and_nothing_is_lost(
    service: CollectingService,
    record: RecordWriter,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """SQLite may not add a page; looking goes on, and all of it is written in the end."""
    looks, ids = Looks(), [f"ap-{number:03d}" for number in range(60)]

    def wordy(target: Target, _params: Nothing, _deadline_s: float) -> Observation:
        return replace(answers(target, "wordy"), detail="x" * 500)

    record._db.pragma("max_page_count", record._db.pragma("page_count"))
    service.serve(made_up("wordy", *ids, looks=looks, observe=wordy), devices(*ids))
    looks.wait_for(lambda: all(looks.counts[each] >= 3 for each in ids), "all were asked thrice")
    assert seen(tmp_path) == {}
    with service._guard:  # the connection is the keeping thread's outside of it
        record._db.pragma("max_page_count", 2**30)
    asked = Counter(looks.counts)
    looks.wait_for(
        lambda: all(looks.counts[each] >= asked[each] + 2 for each in ids), "asking went on"
    )
    service.stop()
    assert set(seen(tmp_path)) == set(ids)
    said = [each.getMessage() for each in caplog.records if each.name.endswith("service")]
    assert len(said) == 2
    assert said[0].startswith("store: cannot write, going on in memory:")
    assert said[1].startswith("store: writing again, kept=")


def test_what_cannot_be_kept_is_told_and_keeps_nothing_else_from_the_record(
    service: CollectingService, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Half a character in a text, which UTF-8 has no bytes for."""
    looks, ids = Looks(), ("ap-1", "ap-2", "ap-3")

    def garbled(target: Target, _params: Nothing, _deadline_s: float) -> Observation:
        is_wrong = target.id == "ap-2" and looks.counts["ap-2"] == 0
        return replace(answers(target, "odd"), detail="\ud800" if is_wrong else "")

    service.serve(made_up("odd", *ids, looks=looks, observe=garbled), devices(*ids))
    looks.wait_for(lambda: all(looks.counts[each] >= 3 for each in ids), "all were asked thrice")
    service.stop()
    assert set(seen(tmp_path)) == set(ids)
    told = [each.getMessage() for each in caplog.records if each.levelno == logging.ERROR]
    assert told == [
        "store: a batch cannot be kept, trying one by one",
        "device=ap-2: what it said cannot be kept",
    ]


def test_lateness_tells_that_nobody_looks(record: RecordWriter) -> None:
    """A service that was given its duties and never started is late, more and more."""
    looks, service = Looks(), CollectingService(Judge(record), concurrency=1)
    assert service.lateness_s() == 0
    service.serve(made_up("idle", "ap-1", looks=looks, observe=idle), devices("ap-1"))
    until(lambda: service.lateness_s() > 0.1, "it is late")
    service.start()
    looks.wait_for(lambda: looks.counts["ap-1"] >= 2, "it was asked twice")
    assert service.lateness_s() < 5
    service.stop()


def test_a_look_that_does_not_end_is_told_once_and_counts_as_late(
    service: CollectingService, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its device has no turn while it is away, so that no turn is ever late."""
    monkeypatch.setattr(asking, "GRACE_S", 0.1)
    looks, answered = Looks(), threading.Event()

    def never_ends(target: Target, _params: Nothing, _deadline_s: float) -> Observation:
        answered.wait(PATIENT_S)
        return answers(target, "stuck")

    (duty,) = made_up("stuck", "ap-1", looks=looks, observe=never_ends)
    (other,) = made_up("idle", "ap-2", looks=looks, observe=idle)
    service.serve([replace(duty, deadline_s=0.1), other], devices("ap-1", "ap-2"))
    until(lambda: service.lateness_s() > 2, "it is late")
    answered.set()
    until(lambda: service.lateness_s() < 2, "nobody is late any more")
    asked = looks.counts["ap-2"]
    looks.wait_for(lambda: looks.counts["ap-2"] > asked + 1, "two ticks passed")
    told = [each.getMessage() for each in caplog.records if each.levelno == logging.ERROR]
    assert told == ["check=stuck device=ap-1 did not end at its deadline"]


def test_who_is_served_no_more_keeps_no_session(
    simulator: Simulator, service: CollectingService
) -> None:
    looks = Looks()
    snmp.SESSIONS.close()
    service.serve(polled(simulator, looks, "ap-1", "ap-2"), devices("ap-1", "ap-2"))
    looks.wait_for(lambda: looks.counts["ap-1"] and looks.counts["ap-2"], "both were asked")
    service.serve(polled(simulator, looks, "ap-2"), devices("ap-2"))
    until(lambda: len(snmp.SESSIONS) == 1, "one session is left")
    service.serve([], [])
    until(lambda: len(snmp.SESSIONS) == 0, "none is")


def test_how_looks_ended_is_counted_and_kept(service: CollectingService, tmp_path: Path) -> None:
    def observe(target: Target, _: object, __: float) -> Observation:
        return replace(answers(target, "odd"), outcome=Outcome.MALFORMED)

    looks, check = Looks(), Check("odd", Nothing, observe)
    duty = Duty(Target("ap-1", "127.0.0.1"), looks.of(check), Nothing(), 1.0, EACH_SECOND)
    service.serve([duty], [])
    looks.wait_for(lambda: looks.counts["ap-1"] > 1, "two looks")
    service.stop()
    service.note({"notifications_heard": 7})
    with closing(RecordReader(tmp_path)) as reader:
        vitals = reader.vitals()
    assert vitals["looks_malformed"] == looks.counts["ap-1"]
    assert vitals["looks_ok"] == 0
    assert vitals["notifications_heard"] == 7
    assert vitals["poll_lag_s"] >= 0

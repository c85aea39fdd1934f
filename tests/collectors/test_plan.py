"""What polls ask: no more than is read, and enough to notice what came or went."""

import time
from collections.abc import Callable, Iterator

import pytest

from collectors.checks.snmp import CHECK, SESSIONS
from collectors.loop import shared
from collectors.observation import Measurement
from collectors.snmp.library import bundled
from collectors.snmp.measurements import measurements
from collectors.snmp.probe import probe
from collectors.snmp.reading import Reading
from collectors.snmp.session import Session
from tests.collectors import ber
from tests.collectors.conftest import Agent, load, patience, serving
from tests.collectors.crafted import Start, Table, device, standard

AIRESPACE = "1.3.6.1.4.1.14179.2.2"
CHANNEL, NOISE = f"{AIRESPACE}.2.1.4", f"{AIRESPACE}.15.1.21"
VAP = "1.3.6.1.4.1.41112.1.6.1.2.1"
AP_NAME = f"{AIRESPACE}.1.1.3"
MAC = "0.29.113.0.0.{}"
SCANNED = (1, 6, 11, 13)
SENSOR = "1.3.6.1.2.1.99.1.1.1"
ALERT_WORD, ALERT_SEVERITY = "1.3.6.1.2.1.43.18.1.1.7", "1.3.6.1.2.1.43.18.1.1.2"
IF_STATUS, IF_NAME, IF_OCTETS = (
    *("1.3.6.1.2.1.2.2.1.8", "1.3.6.1.2.1.31.1.1.1.1", "1.3.6.1.2.1.31.1.1.1.6"),
)


class Polled:
    """A device that is looked at again and again."""

    def __init__(self, agent: Agent) -> None:
        self.agent, self.session = agent, Session()
        self.reading = self.look()
        self.known = self.session.known

    def look(self) -> Reading:
        """Read the device; `polled` are the objects that were asked for it."""
        before = len(self.agent.asked)
        self.reading = shared().ask(self.session.read(self.agent.target, bundled(), patience()))
        self.asked = self.agent.asked[before:]
        self.polled = {oid for request in self.asked for oid in request.oids}
        return self.reading

    @property
    def is_surveyed_anew(self) -> bool:
        """Say whether the last look was more than a poll."""
        return self.session.known is not self.known


Begin = Callable[[Table], Polled]


@pytest.fixture
def looked_at(agent: Start) -> Iterator[Begin]:
    running: list[Polled] = []

    def begin(table: Table) -> Polled:
        running.append(Polled(agent(serving(table))))
        return running[-1]

    yield begin
    for each in running:
        each.session.close()


def controller(radios: int = 3) -> Table:
    """Make a controller each of whose access points has one radio, and scans four channels."""
    table = device("1.3.6.1.4.1.9.1.1279")
    places = [MAC.format(n) for n in range(1, radios + 1)]
    table |= standard(AP_NAME, {place: f"ap-{n}" for n, place in enumerate(places)})
    table |= standard(f"{AIRESPACE}.1.1.6", dict.fromkeys(places, 1))
    table |= standard(CHANNEL, {f"{place}.0": 6 for place in places})
    for place in places:
        table |= standard(NOISE, {f"{place}.0.{channel}": -80 - channel for channel in SCANNED})
    return table


def test_of_all_channels_that_were_scanned_only_the_radios_own_is_asked(looked_at: Begin) -> None:
    """A controller has some forty thousand of the others."""
    table = controller()
    seen = looked_at(table)
    own = {f"{NOISE}.{MAC.format(n)}.0.6" for n in (1, 2, 3)}
    for _ in range(2):
        asked = {oid for request in seen.agent.asked for oid in request.oids}
        assert {oid for oid in asked if oid.startswith(NOISE)} == own
        assert [radio.noise_dbm for radio in seen.reading.radios] == [-86] * 3
        seen.agent.asked.clear()
        seen.look()
    assert not seen.is_surveyed_anew


def test_the_noise_follows_the_radio_to_another_channel_without_a_survey(looked_at: Begin) -> None:
    table = controller()
    seen = looked_at(table)
    table |= standard(CHANNEL, {f"{MAC.format(2)}.0": 11})
    seen.look()
    assert [radio.noise_dbm for radio in seen.reading.radios] == [-86, -91, -86]
    table |= standard(CHANNEL, {f"{MAC.format(2)}.0": 36})
    seen.look()
    assert [radio.noise_dbm for radio in seen.reading.radios] == [-86, None, -86]
    assert not seen.is_surveyed_anew


def test_sensors_of_which_nothing_is_read_are_not_asked(looked_at: Begin) -> None:
    """Of volts, fans and celsius only the last is reported."""
    table = device("1.3.6.1.4.1.32473")
    for column, values in {"1": (3, 10, 8), "2": (9,) * 3, "3": (0,) * 3, "5": (1,) * 3}.items():
        rows = dict(zip(("1", "2", "3"), values, strict=True))
        table |= standard(f"{SENSOR}.{column}", rows)
    table |= standard(f"{SENSOR}.4", {"1": 230, "2": 4000, "3": 41})
    seen = looked_at(table)
    assert seen.reading.temperature_c == 41
    table |= standard(f"{SENSOR}.4", {"3": 42})
    assert seen.look().temperature_c == 42 and not seen.is_surveyed_anew
    asked = {oid.removeprefix(f"{SENSOR}.") for oid in seen.polled if oid.startswith(SENSOR)}
    assert asked == {"4.3", "5.3"}


def test_the_first_complaint_of_a_printer_is_seen_at_the_next_poll(looked_at: Begin) -> None:
    table = load("printer")
    for oid in [oid for oid in table if oid.startswith("1.3.6.1.2.1.43.18.")]:
        del table[oid]
    seen = looked_at(table)
    assert "jammed" not in (seen.reading.printer_errors or ())
    seen.look()
    assert not seen.is_surveyed_anew
    table |= standard(ALERT_WORD, {"1.1": 8}) | standard(ALERT_SEVERITY, {"1.1": 3})
    assert "jammed" in (seen.look().printer_errors or ())


def test_the_first_access_point_of_a_controller_is_seen_at_the_next_poll(looked_at: Begin) -> None:
    table = device("1.3.6.1.4.1.9.1.1279")
    seen = looked_at(table)
    seen.look()
    assert seen.reading.access_points == () and not seen.is_surveyed_anew
    table |= controller(radios=1)
    assert [each.name for each in seen.look().access_points] == ["ap-0"]


def test_what_is_no_printer_is_not_asked_for_complaints(looked_at: Begin) -> None:
    seen = looked_at(load("public-pc"))
    seen.look()
    assert not any(oid.startswith("1.3.6.1.2.1.43.") for oid in seen.polled)


def test_a_device_is_called_the_same_at_every_poll(looked_at: Begin) -> None:
    table = load("unifi-like")
    seen = looked_at(table)
    first = seen.reading.identity
    assert first.model and first.version
    assert seen.look().identity == first and not seen.is_surveyed_anew


@pytest.mark.parametrize("count", [2, 30], ids=["asked one by one", "walked"])
def test_an_interface_in_the_place_of_another_is_seen_at_the_next_poll(
    looked_at: Begin, count: int
) -> None:
    """There are as many as before: ifNumber does not tell of it."""
    table = device("1.3.6.1.4.1.32473")
    table |= standard("1.3.6.1.2.1.2.1", {"0": count})
    for n in range(1, count + 1):
        table |= interface(str(n), f"eth{n}")
    seen = looked_at(table)
    assert seen.look() and not seen.is_surveyed_anew
    for oid in interface("1", ""):
        del table[oid]
    table |= interface(str(count + 1), "ppp0")
    names = [m.label for m in measurements(seen.look()) if m.name == "rx_bytes"]
    assert names == [f"eth{n}" for n in range(2, count + 1)] + ["ppp0"]


def test_one_interface_more_is_seen_at_the_next_poll(looked_at: Begin) -> None:
    table = device("1.3.6.1.4.1.32473")
    table |= standard("1.3.6.1.2.1.2.1", {"0": 1}) | interface("1", "eth1")
    seen = looked_at(table)
    table |= standard("1.3.6.1.2.1.2.1", {"0": 2}) | interface("2", "eth2")
    assert [each.name for each in seen.look().interfaces] == ["eth1", "eth2"]


def test_a_counter_of_32_bits_is_not_asked_where_one_of_64_answers(looked_at: Begin) -> None:
    """Unless one interface has nothing better."""
    in_32 = "1.3.6.1.2.1.2.2.1.10"
    table = device("1.3.6.1.4.1.32473") | interface("1", "eth1") | interface("2", "eth2")
    table |= standard(in_32, {"1": 7, "2": 7})
    seen = looked_at(table)
    assert [each.rx_bytes for each in seen.look().interfaces] == [1000, 1000]
    assert not any(oid.startswith(f"{in_32}.") for oid in seen.polled)
    del table[f"{IF_OCTETS}.2"]
    other = looked_at(table)
    assert [each.rx_bytes for each in other.look().interfaces] == [1000, 7]
    assert f"{in_32}.2" in other.polled


def test_whatever_moves_is_read_alike_in_short_and_in_full(looked_at: Begin) -> None:
    """Numbers, a channel and a name that change after the device is read in short."""
    table = load("unifi-like")
    seen, radio = looked_at(table), "1.3.6.1.4.1.41112.1.6.1.1.1"
    target = seen.agent.target

    def short() -> set[Measurement]:
        observation = CHECK.observe(target, CHECK.params(), 5.0)
        return {each for each in observation.measurements if each.name != "uptime_s"}

    def full() -> set[Measurement]:
        return {m for m in measurements(probe(target)) if m.name != "uptime_s"}

    for _ in range(3):
        assert short() == full()
    moving = [oid for oid in table if oid.startswith((radio, f"{VAP}."))]
    for oid in moving:
        tag, before = table[oid]
        if tag in {ber.INTEGER, ber.GAUGE32, ber.COUNTER32, ber.COUNTER64}:
            table[oid] = ber.number(int.from_bytes(before, "big") + 1, tag)
            assert short() == full(), oid
    SESSIONS.close()


@pytest.mark.parametrize(("count", "is_walked"), [(19, False), (20, True)])
def test_a_long_column_is_walked_and_a_short_one_is_not(
    looked_at: Begin, count: int, *, is_walked: bool
) -> None:
    table = device("1.3.6.1.4.1.32473")
    for n in range(1, count + 1):
        table |= interface(str(n), f"eth{n}")
    seen = looked_at(table)
    seen.look()
    walked = {request.oids[0] for request in seen.asked if request.kind == ber.GET_BULK}
    assert walked & {IF_STATUS, IF_OCTETS} == ({IF_STATUS, IF_OCTETS} if is_walked else set())
    assert is_walked or not walked


def interface(index: str, name: str) -> Table:
    octets = {f"{IF_OCTETS}.{index}": ber.number(1000, ber.COUNTER64)}
    return standard(IF_STATUS, {index: 1}) | standard(IF_NAME, {index: name}) | octets


def test_numbers_of_the_survey_never_pass_for_those_of_a_poll(looked_at: Begin) -> None:
    """The uptime and a fact are gone, not as they were."""
    table = load("public-pc")
    seen = looked_at(table)
    assert seen.reading.users is not None and seen.reading.identity.uptime_s is not None
    for oid in ("1.3.6.1.2.1.1.3.0", "1.3.6.1.6.3.10.2.1.3.0", "1.3.6.1.2.1.25.1.5.0"):
        table.pop(oid, None)
    seen.look()
    assert not seen.is_surveyed_anew
    assert seen.reading.users is None and seen.reading.identity.uptime_s is None


def test_a_survey_is_not_believed_for_ever(
    looked_at: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = looked_at(load("public-pc"))
    assert seen.known is not None
    monkeypatch.setattr("collectors.snmp.survey.HOLDS_S", time.monotonic() - seen.known.at)
    seen.look()
    assert seen.is_surveyed_anew

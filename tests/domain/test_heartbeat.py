"""What a heartbeat must be to be believed, and what it then says."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from collectors.observation import Outcome
from netmon.domain.heartbeat import (
    WINDOW_S,
    WORDS,
    Heartbeat,
    Reason,
    complaint,
    device_key,
    meaning,
    measurements,
    signature,
)
from tests.beats import FIELDS, NOW_S, SECRET, body, envelope, legs, written

HEARTBEAT = TypeAdapter(Heartbeat)
KEY = device_key(SECRET, "pc-1")
WELL = [None, None, None, None]
PROBE = {"role": "probe", "page_s": None}


def read(**changes: object) -> Heartbeat:
    return HEARTBEAT.validate_json(written(**changes))


def test_a_genuine_letter_is_believed() -> None:
    assert envelope(written()).is_genuine(KEY, NOW_S)


def test_the_signature_is_the_one_that_the_manual_describes() -> None:
    """Reckoned by hand with `openssl dgst -sha256 -mac HMAC`, not with this code."""
    key = bytes(range(32))
    made = signature(key, "pc-1", 1_795_600_000, "0" * 32, b"{}")
    assert made == "2b509b2d24c1dbb7b9c06d478845ff56e8d1fb4a80a0e034ee22550fc0331078"


@given(st.integers(-10 * WINDOW_S, 10 * WINDOW_S))
def test_a_letter_is_believed_within_the_window_and_never_outside(late_s: int) -> None:
    assert envelope(written()).is_genuine(KEY, NOW_S + late_s) == (abs(late_s) <= WINDOW_S)


@given(st.integers(0, len(written()) - 1), st.integers(1, 255))
def test_one_changed_byte_of_the_body_is_noticed(place: int, by: int) -> None:
    letter = envelope(written())
    changed = bytearray(letter.body)
    changed[place] ^= by
    assert not replace(letter, body=bytes(changed)).is_genuine(KEY, NOW_S)


@pytest.mark.parametrize(
    "change",
    [{"device_id": "pc-2"}, {"sent_s": NOW_S + 1}, {"nonce": "f" * 32}, {"signature": "0" * 64}],
    ids=lambda change: next(iter(change)),
)
def test_every_part_of_a_letter_is_signed(change: dict[str, Any]) -> None:
    assert not replace(envelope(written()), **change).is_genuine(KEY, NOW_S)


@given(st.text(min_size=1, max_size=64), st.text(min_size=1, max_size=64))
def test_two_devices_never_share_a_key(one: str, other: str) -> None:
    assert (device_key(SECRET, one) == device_key(SECRET, other)) == (one == other)


def test_another_secret_makes_another_key() -> None:
    assert not envelope(written(), secret=SECRET[::-1]).is_genuine(KEY, NOW_S)


def test_the_fields_that_may_travel_are_these() -> None:
    assert {field.name for field in fields(Heartbeat)} == FIELDS == set(body())


@pytest.mark.parametrize("name", ["user", "users", "mac", "url", "hostname"])
def test_a_field_more_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match=r"extra|unexpected"):
        read(**{name: "x"})


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_a_field_less_is_refused(name: str) -> None:
    left = body()
    del left[name]
    with pytest.raises(ValidationError, match="missing"):
        HEARTBEAT.validate_python(left, strict=False)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"at_s": NOW_S - 86_401}, "at_s"),
        ({"at_s": NOW_S + WINDOW_S + 1}, "at_s"),
        ({"at_s": 10**30}, "at_s"),
        ({"interval_s": 0.0}, "interval_s"),
        ({"interval_s": 3601}, "interval_s"),
        ({"agent": "1\n2"}, "agent"),
        ({"agent": "\u202e1"}, "agent"),
        ({"agent": "x" * 65}, "agent"),
        ({"disks": [{"name": "/", "free_ratio": 1.01}]}, "disks.free_ratio"),
        ({"disks": [{"name": "\x1b[31m", "free_ratio": 0.5}]}, "disks.name"),
        ({"disks": [{"name": "/", "free_ratio": 0.5}] * 2}, "disks.name"),
        ({"disks": [{"name": str(n), "free_ratio": 0.5} for n in range(17)]}, "disks"),
        ({"memory_ratio": -0.1}, "memory_ratio"),
        ({"cpu_ratio": 2}, "cpu_ratio"),
        ({"uptime_s": -1}, "uptime_s"),
        ({"page_s": 1e300}, "page_s"),
        ({"clock_offset_s": -1e12}, "clock_offset_s"),
        ({"page_s": None, "page_failure": "ok"}, "page_failure"),
        ({"page_s": 1.0, "page_failure": "dns"}, "page_failure"),
        ({"service": legs(*WELL), "page_s": None}, "service"),
        ({"service": legs(*WELL), "role": "probe"}, "page_s"),
        ({**PROBE, "service": []}, "service"),
        ({**PROBE, "service": legs(None, None)}, "service"),
        ({**PROBE, "service": legs("no_association", None)}, "service"),
        ({**PROBE, "service": legs("no_dns")}, "service"),
        ({**PROBE, "service": legs(*WELL)[::-1]}, "service"),
        ({**PROBE, "service": legs(*WELL) * 2}, "service"),
    ],
)
def test_what_cannot_be_is_named(change: dict[str, Any], key: str) -> None:
    found = complaint(read(**change), NOW_S)
    assert found is not None and found.startswith(f"{key}: expected ")


@pytest.mark.parametrize(
    "change", [{"cpu_ratio": "0.1"}, {"in_use": 1}, {"schema": 2}, {"at_s": 1.5}, {"role": "spy"}]
)
def test_another_type_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        read(**change)


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_what_is_no_number_is_refused(word: str) -> None:
    text = written(cpu_ratio=0.125).replace(b"0.125", word.encode())
    try:
        beat = HEARTBEAT.validate_json(text)
    except ValidationError:
        return
    assert complaint(beat, NOW_S) is not None


def test_a_computer_that_is_well_is_ok() -> None:
    assert complaint(read(), NOW_S) is None
    assert meaning(read()) == (Outcome.OK, "")


def test_a_computer_that_loads_no_page_says_why() -> None:
    beat = read(page_s=None, page_failure="dns")
    assert complaint(beat, NOW_S) is None
    assert meaning(beat) == (Outcome.CONTENT, "cannot load a page: dns")


@pytest.mark.parametrize(
    ("reasons", "outcome"),
    [
        (WELL, Outcome.OK),
        (["no_association"], Outcome.CONTENT),
        ([None, "no_address"], Outcome.CONTENT),
        ([None, None, "no_dns"], Outcome.CONTENT),
        ([None, None, None, "captive_portal"], Outcome.CONTENT),
        ([None, None, None, "slow_page"], Outcome.CONTENT),
        ([None, None, None, "no_page"], Outcome.CONTENT),
    ],
    ids=str,
)
def test_the_first_step_that_fails_is_the_reason(reasons: list[Any], outcome: Outcome) -> None:
    beat = read(**PROBE, service=legs(*reasons))
    assert complaint(beat, NOW_S) is None
    found, detail = meaning(beat)
    assert found is outcome
    assert detail.partition(":")[0] == (reasons[-1] or "")


def test_a_probe_that_could_not_look_says_nothing_of_the_wifi() -> None:
    assert meaning(read(role="probe"))[0] is Outcome.MALFORMED


def test_every_reason_has_words() -> None:
    assert set(WORDS) == set(Reason)


def test_the_numbers_bear_the_names_of_the_house() -> None:
    found = {(each.name, each.label): each.value for each in measurements(read(in_use=True))}
    assert found == {
        ("uptime_s", ""): 3600,
        ("memory_ratio", ""): 0.5,
        ("cpu_ratio", ""): 0.1,
        ("clock_offset_s", ""): -0.4,
        ("page_s", ""): 0.8,
        ("printer_ready", ""): 1,
        ("in_use", ""): 1,
        ("storage_used_ratio", "/"): 0.75,
    }


def test_what_is_not_known_gives_no_number() -> None:
    unknown = dict.fromkeys(
        ["uptime_s", "memory_ratio", "cpu_ratio", "clock_offset_s", "page_s", "printer_ready"]
    )
    assert measurements(read(**unknown, in_use=None, disks=[])) == ()


def test_a_probe_tells_how_long_each_step_took() -> None:
    beat = read(**PROBE, service=legs(None, None, "no_dns"))
    found = {each.name: each.value for each in measurements(beat)}
    assert found["service_ok"] == 0 and found["dns_s"] == 0.1 and "page_s" not in found
    whole = measurements(read(**PROBE, service=legs(*WELL)))
    assert {each.name: each.value for each in whole}["service_ok"] == 1


@given(
    st.sampled_from([{}, {**PROBE, "service": legs(*WELL)}]), st.sets(st.text("abcd/", min_size=1))
)
def test_no_two_numbers_share_name_and_label(change: dict[str, Any], names: set[str]) -> None:
    disks = [{"name": name, "free_ratio": 0.5} for name in names]
    beat = read(**change, disks=disks)
    found = [(each.name, each.label) for each in measurements(beat)]
    assert len(found) == len(set(found))

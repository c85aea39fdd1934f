"""The roster reads what can be simulated, and knows who is cut off by whom."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.demo import roster
from netmon.demo.roster import Simulated, cut_off
from netmon.domain.errors import ConfigError
from netmon.domain.model import DeviceKind

HEADER = "id,kind,name,place_id,parents,power,synthetic\n"


@st.composite
def cities(draw: st.DrawFn) -> tuple[Simulated, ...]:
    """Draw up to eight devices, each with parents among those before it."""
    size = draw(st.integers(1, 8))
    return tuple(
        Simulated(
            str(n),
            DeviceKind.SWITCH,
            "synthetic",
            "place",
            tuple(draw(st.sets(st.sampled_from([str(m) for m in range(n)]), max_size=3)))
            if n
            else (),
        )
        for n in range(size)
    )


failures = st.frozensets(st.sampled_from([str(n) for n in range(8)]))


def test_a_failed_switch_cuts_off_all_that_is_behind_it_and_nothing_else(devices):
    assert cut_off(frozenset({"sw-ijzerenleen"}), devices) == {
        "sw-ijzerenleen",
        "ap-ijzerenleen-01",
    }


def test_a_failed_gateway_cuts_off_the_whole_city(devices):
    assert cut_off(frozenset({"gw-city"}), devices) == {device.id for device in devices}


def test_a_device_with_two_parents_survives_the_loss_of_one():
    pair = tuple(Simulated(name, DeviceKind.SWITCH, name, "place") for name in "ab")
    city = (*pair, Simulated("c", DeviceKind.SWITCH, "c", "place", ("a", "b")))
    assert cut_off(frozenset({"a"}), city) == {"a"}
    assert cut_off(frozenset({"a", "b"}), city) == {"a", "b", "c"}


@given(cities(), failures, failures)
def test_more_failures_never_bring_a_device_back(city, some, more):
    assert some <= cut_off(some, city) <= cut_off(some | more, city)


@given(cities(), failures)
def test_what_is_cut_off_cuts_off_nobody_further(city, some):
    once = cut_off(some, city)
    assert cut_off(once, city) == once


@given(cities())
def test_where_nothing_fails_everything_answers(city):
    assert cut_off(frozenset(), city) == frozenset()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "a,printer,P,place,,always_on,true",
            "line 2: kind: expected one of access_point public_pc switch gateway, found 'printer'",
        ),
        ("a,switch,S,place,b,always_on,true", "line 2: parents: expected ids of this file"),
        ("a,switch,S,place,,sometimes,true", "line 2: power: expected one of always_on"),
        ("a,switch,S,place,,always_on,false", "line 2: synthetic: expected true"),
        (",switch,S,place,,always_on,true", "line 2: id: expected an id used once, found ''"),
        ("a,switch", "line 2: place_id: expected the id of a place, found None"),
    ],
)
def test_a_row_that_cannot_be_simulated_is_refused_with_its_line_and_column(
    tmp_path: Path, row: str, message: str
):
    path = tmp_path / "devices.csv"
    path.write_text(HEADER + row + "\n", encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        roster.read(path)
    assert f"{path}:{message}" in str(refused.value)


def test_an_id_that_repeats_is_refused_at_both_lines(tmp_path: Path):
    path = tmp_path / "devices.csv"
    path.write_text(HEADER + 2 * "a,switch,S,place,,always_on,true\n", encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        roster.read(path)
    assert [problem.where for problem in refused.value.problems] == ["line 2", "line 3"]


@pytest.mark.parametrize("content", [b"", HEADER.encode(), b"\xff\xfe\x00"])
def test_a_file_without_devices_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "devices.csv"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"devices\.csv"):
        roster.read(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(ConfigError, match=r"missing\.csv: file: expected a readable CSV"):
        roster.read(tmp_path / "missing.csv")


def test_the_traits_of_a_device_depend_on_seed_device_and_trait_only(devices):
    gateway, switch, *_ = devices
    same = [gateway.fraction(1, "disk") for _ in range(2)]
    assert same[0] == same[1]
    others = (gateway.fraction(2, "disk"), switch.fraction(1, "disk"), gateway.fraction(1, "mac"))
    assert same[0] not in others

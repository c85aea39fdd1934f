"""Strings and numbers of strangers become clean text and plain numbers."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.snmp.values import (
    MAX_TEXT,
    Value,
    address,
    index_mac,
    index_text,
    integer,
    mac,
    number,
    text,
)

VALUES = st.one_of(st.integers(), st.floats(), st.binary(max_size=600), st.text(max_size=600))


@given(VALUES)
def test_text_is_short_and_holds_nothing_that_steers_a_terminal_or_a_page(value: Value) -> None:
    found = text(value)
    assert found is not None and len(found) <= MAX_TEXT
    assert not any(unicodedata.category(c)[0] == "C" for c in found)
    assert not {"\u2028", "\u2029", "\u202e", "\u2066", "\u200b"} & set(found)


@given(st.text(alphabet=st.characters(categories=["L", "N"]), max_size=MAX_TEXT))
def test_plain_text_comes_through_unchanged(word: str) -> None:
    assert text(word.encode()) == word


@given(VALUES)
def test_no_value_makes_a_reader_raise(value: Value) -> None:
    for read in (text, number, integer, mac, address):
        read(value)


@given(st.integers(min_value=-(2**63), max_value=2**64 - 1))
def test_integers_stay_exact(value: int) -> None:
    assert number(value) == integer(value) == value


@given(st.binary(min_size=6, max_size=6))
def test_six_octets_and_their_text_are_the_same_hardware_address(octets: bytes) -> None:
    assert mac(octets) == mac(octets.hex("-").upper().encode()) == octets.hex(":")


@given(st.binary(max_size=32))
def test_an_index_of_length_and_characters_gives_its_text_back(word: bytes) -> None:
    index = ".".join(map(str, [len(word), *word]))
    assert index_text(index) == text(word)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(b"3.7", 3.7), (b"44E", 44), (b"149+", 149), (b"-91 dBm", -91), (b"n/a", None), (b"", None)],
)
def test_a_number_at_the_head_of_a_text_is_read(value: bytes, expected: float | None) -> None:
    assert number(value) == expected


@pytest.mark.parametrize("index", ["3.65.66", "2.65.300", "0.1", "1"])
def test_an_index_that_is_no_string_has_no_text(index: str) -> None:
    assert index_text(index) is None


def test_an_address_in_an_index_is_its_last_six_arcs() -> None:
    assert index_mac("7.148.180.15.193.155.110") == "94:b4:0f:c1:9b:6e"
    assert index_mac("1.2.3") is None
    assert index_mac("1.2.3.4.5.999") is None


def test_four_octets_are_an_address() -> None:
    assert address(b"\xc0\x00\x02\x01") == "192.0.2.1"
    assert address(b"") is None

"""Numbers and text as people write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.imports.text import LONGEST, clean, header_key, is_formula, number_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12.0),
        (" 1 234,5 ", 1234.5),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1.234", 1.234),
        ("1.234.567", 1234567.0),
        ("-3,25", -3.25),
        ("157828,00", 157828.0),
        ("1e3", 1000.0),
    ],
)
def test_a_number_is_read_as_it_is_written(text, value):
    assert number_of(text) == pytest.approx(value)


@pytest.mark.parametrize(
    "text", ["", "x", "NaN", "inf", "1e999", "1,2,3", "1.2.3", "--1", "0x10", "1_0", "9" * 50, "²"]
)
def test_what_is_no_finite_number_is_none(text):
    assert number_of(text) is None


@given(st.decimals(-(10**12), 10**12, allow_nan=False, places=3))
def test_every_way_to_write_a_number_gives_it_back(number):
    english = f"{number:,.3f}"
    dutch = english.translate(str.maketrans(",.", ".,"))
    plain = f"{number:.3f}"
    for text in (plain, plain.replace(".", ","), f"{number:,.3f}".replace(",", " ")):
        assert number_of(text) == pytest.approx(float(number))
    for text in (english, dutch):
        assert number_of(text) == pytest.approx(float(number))


@given(st.text(max_size=3 * LONGEST))
def test_clean_text_is_one_bounded_printable_line(text):
    made = clean(text)
    assert len(made) <= LONGEST and clean(made) == made
    assert made.isprintable() and made == made.strip()


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading_of_numbers_or_headers(text):
    value = number_of(text)
    assert value is None or math.isfinite(value)
    assert header_key(header_key(text)) == header_key(text)


def test_a_direction_override_and_a_bell_are_gone_from_a_name():
    assert clean("Sociaal\u202e Huis\x07\n") == "Sociaal Huis"


@pytest.mark.parametrize(("text", "answer"), [("=1+1", True), ("@SUM(A1)", True), ("-3,5", False)])
def test_a_formula_is_told_from_a_number(text, answer):
    assert is_formula(text) is answer

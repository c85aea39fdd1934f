"""Who may use an offer: what is understood of free text, and that the rest keeps nobody out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.domain.conditions import LONGEST, REGISTRATION, Conditions, conditions_of

NEEDS = frozenset({REGISTRATION})


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        (None, Conditions()),
        ("", Conditions()),
        ("Vanaf 16 jaar", Conditions(16)),
        ("from 16 years", Conditions(16)),
        ("à partir de 12 ans", Conditions(12)),  # codespell:ignore ans
        ("65+", Conditions(65)),
        ("tot en met 25 jaar", Conditions(most_age=25)),
        ("vanaf 12 jaar, t/m 25 jaar", Conditions(12, 25)),
        ("op afspraak", Conditions(needs=NEEDS)),
        ("from 16 years, with registration", Conditions(16, needs=NEEDS)),
        ("bring your own cup", Conditions(rest="bring your own cup")),
        ("vanaf 18 jaar; geen honden", Conditions(18, rest="geen honden")),
    ],
)
def test_ages_and_registration_are_understood(text: str | None, understood: Conditions) -> None:
    assert conditions_of(text) == understood


@given(least=st.integers(0, 120), age=st.integers(0, 120))
def test_an_age_limit_admits_exactly_those_who_have_reached_it(least: int, age: int) -> None:
    assert conditions_of(f"vanaf {least} jaar").admits_age(age) is (age >= least)


@given(text=st.text(max_size=2 * LONGEST))
def test_no_text_breaks_the_reading_or_grows(text: str) -> None:
    assert len(conditions_of(text).rest) <= 3 * LONGEST

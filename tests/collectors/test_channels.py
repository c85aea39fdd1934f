"""Channels and frequencies agree with IEEE 802.11."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.snmp.channels import (
    BANDS_GHZ,
    band_of_channel,
    band_of_frequency,
    channel_of_frequency,
    frequency_mhz,
)


@pytest.mark.parametrize(
    ("channel", "band", "mhz"),
    [(1, 2.4, 2412), (13, 2.4, 2472), (14, 2.4, 2484), (36, 5.0, 5180), (157, 5.0, 5785),
     (177, 5.0, 5885), (1, 6.0, 5955), (2, 6.0, 5935), (233, 6.0, 7115), (2, 60.0, 60480)],
)  # fmt: skip
def test_known_channels_lie_where_the_standard_puts_them(
    channel: int, band: float, mhz: int
) -> None:
    assert frequency_mhz(channel, band) == mhz
    assert channel_of_frequency(mhz) == channel
    assert band_of_frequency(mhz) == band


@given(st.integers(0, 300), st.sampled_from([2.4, 5.0, 6.0, 60.0]))
def test_channel_and_frequency_are_each_others_inverse(channel: int, band: float) -> None:
    mhz = frequency_mhz(channel, band)
    if mhz is not None:
        assert (channel_of_frequency(mhz), band_of_frequency(mhz)) == (channel, band)


def test_a_channel_number_that_two_bands_share_gives_no_band() -> None:
    assert band_of_channel(1) is None
    assert band_of_channel(149) is None
    assert band_of_channel(6) == 2.4
    assert band_of_channel(44) == 5.0
    assert band_of_channel(0) is None


def test_a_shared_channel_number_gives_the_band_that_a_radio_can_have() -> None:
    assert band_of_channel(1, frozenset({2.4, 5.0})) == 2.4
    assert band_of_channel(149, frozenset({2.4, 5.0})) == 5.0
    assert band_of_channel(36, frozenset({2.4})) is None


@given(st.integers(0, 300), st.frozensets(st.sampled_from(sorted(BANDS_GHZ))))
def test_a_band_is_one_of_those_in_question_and_has_the_channel(
    channel: int, among: frozenset[float]
) -> None:
    band = band_of_channel(channel, among)
    having = [each for each in among if frequency_mhz(channel, each) is not None]
    assert band == (having[0] if len(having) == 1 else None)

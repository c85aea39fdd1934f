"""Channels and frequencies agree with IEEE 802.11."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.snmp.channels import (
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

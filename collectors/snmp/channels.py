"""Wi-Fi channel numbers and their centre frequencies (IEEE 802.11-2020, annex E)."""

_STEP_MHZ = 5
_60_GHZ = 60.0
_JAPAN_CHANNEL = 14
_STEP_60_GHZ_MHZ = 2160
_START_MHZ = {2.4: 2407, 5.0: 5000, 6.0: 5950, 60.0: 56160}
_CHANNELS = {
    2.4: frozenset(range(1, 15)),
    5.0: frozenset(
        [*range(36, 65, 4), *range(68, 97, 4), *range(100, 145, 4), *range(149, 178, 4)]
    ),
    6.0: frozenset([2, *range(1, 234, 4)]),
    60.0: frozenset(range(1, 7)),
}
BANDS_GHZ = frozenset({2.4, 5.0, 6.0})
"""The bands that share channel numbers, so that a channel may be of several."""

_BANDS_MHZ = ((2.4, 2400, 2500), (5.0, 4900, 5925), (6.0, 5925, 7125), (60.0, 57000, 71000))


def frequency_mhz(channel: int, band_ghz: float) -> int | None:
    """
    Return the centre of a channel, None where the band has no such channel.

    Channels are 20 MHz wide, those of the band of 60 GHz 2160 MHz.
    """
    if channel not in _CHANNELS.get(band_ghz, ()):
        return None
    if (band_ghz, channel) == (2.4, _JAPAN_CHANNEL):
        return 2484
    if (band_ghz, channel) == (6.0, 2):
        return 5935
    step_mhz = _STEP_60_GHZ_MHZ if band_ghz == _60_GHZ else _STEP_MHZ
    return _START_MHZ[band_ghz] + step_mhz * channel


def band_of_frequency(mhz: float) -> float | None:
    """Return the band in GHz (2.4, 5, 6 or 60) that holds a frequency, else None."""
    return next((band for band, low, high in _BANDS_MHZ if low <= mhz < high), None)


def band_of_channel(channel: int, among: frozenset[float] = BANDS_GHZ) -> float | None:
    """Return the band of a channel that exists in one only of those in question, else None."""
    bands = [band for band in among if channel in _CHANNELS[band]]
    return bands[0] if len(bands) == 1 else None


def channel_of_frequency(mhz: float) -> int | None:
    """Return the channel whose centre is `mhz`, None where there is none."""
    band = band_of_frequency(mhz)
    if band is None:
        return None
    return next((c for c in sorted(_CHANNELS[band]) if frequency_mhz(c, band) == mhz), None)

"""Tells points to a store of series for ever, and prints each minute that was written."""

import itertools
import sys
from pathlib import Path

from netmon.storage.series import WRITE_S, Keeping, SeriesWriter
from tests.storage.told import START_S, told

RADIOS = 40


def main(folder: str, first: str) -> None:
    """Write minute after minute, beginning with `first`, and sum hours up on the way."""
    series = SeriesWriter(Path(folder), origin="real", keeping=Keeping())
    for minute in itertools.count(int(first)):
        values = [("radio_stations", minute, f"r{n}") for n in range(RADIOS)]
        series.take([told(minute * WRITE_S, ("rtt_s", minute, ""), *values)])
        now_s = START_S + minute * WRITE_S
        series.turn(now_s)
        series.roll(now_s)
        sys.stdout.write(f"{minute}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])

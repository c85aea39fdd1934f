"""Every measurement that the manual tells is kept as a series, or left out for a reason."""

import re
from pathlib import Path

from netmon.domain.series import ABOUT_PEOPLE, COUNTERS, ONLY_COUNT, is_kept

PAGE = Path(__file__).parents[2] / "docs/measurements.md"


def test_every_counter_of_the_manual_is_known_as_one():
    rows = re.findall(r"^\| `(\w+)` \|.*a counter \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert set(rows) == set(COUNTERS)


def test_what_the_manual_tells_is_kept_or_left_out_for_a_reason():
    rows = set(re.findall(r"^\| `(\w+)` \|", PAGE.read_text("utf-8"), re.MULTILINE))
    kept = {name for name in rows if is_kept(name, 1.0)}
    assert {"rtt_s", "loss_ratio", "stations", "cpu_ratio", "radio_utilization_ratio"} <= kept
    assert rows - kept <= ABOUT_PEOPLE | ONLY_COUNT | {"up", "down"}

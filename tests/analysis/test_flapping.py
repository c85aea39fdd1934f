"""A device that keeps changing says so in its row, from a real record."""

from pathlib import Path

from netmon.domain.model import Status
from tests.analysis.town import Town, access_point, at

PERIOD_S = 600


def is_dead_half_the_time(device: str, second: float) -> bool:
    return device == "sw" and second < 9_000 and second % PERIOD_S >= PERIOD_S / 2


def test_who_keeps_changing_flaps_until_it_was_quiet_for_long_enough(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        town.inhabit([access_point("sw"), access_point("ap", "sw")])
        town.live(is_dead_half_the_time, 0, 15_000)
        flaps = {
            second: [row.id for row in town.views.devices(at(second)) if row.is_flapping]
            for second in (1_200, 6_000, 9_000, 12_000, 14_900)
        }
        assert flaps == {1_200: [], 6_000: ["sw"], 9_000: ["sw"], 12_000: ["sw"], 14_900: []}
        changes = [run.status for run in town.rows() if run.device_id == "ap"]
        assert changes.count(Status.DOWN) > 6, "the access point behind it was as often silent"

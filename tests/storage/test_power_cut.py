"""The power fails a hundred times, at any write or sync: what was acknowledged is there."""

import os
import random
from pathlib import Path

import pytest

from tests.storage.power import Disk, Loss, powered
from tests.storage.stories import STORIES, Story

CUTS = 100 if os.environ.get("FUZZ") else 25
"""For each store and kind of loss; four times 25 make a hundred."""

FEW_CUTS = 8
WRITES_OF_A_LIFE = 4000
WRITES_OF_A_START = 60
SEED = 20261123


@pytest.mark.parametrize("loss", Loss)
@pytest.mark.parametrize("name", STORIES)
def test_what_was_acknowledged_survives_a_power_cut(tmp_path: Path, name: str, loss: Loss) -> None:
    """Each life goes on with what the last cut left, and may end in the middle of a checkpoint."""
    assert lost_in(tmp_path, name, loss, CUTS) == 0


@pytest.mark.parametrize("loss", Loss)
@pytest.mark.parametrize("name", STORIES)
def test_the_model_finds_a_store_that_does_not_sync_each_commit(
    tmp_path: Path, name: str, loss: Loss
) -> None:
    """With `synchronous=NORMAL` the same cuts lose what was acknowledged, or all this is void."""
    assert lost_in(tmp_path, name, loss, FEW_CUTS, is_loose=True) > FEW_CUTS / 2


@pytest.mark.parametrize("loss", Loss)
@pytest.mark.parametrize("name", STORIES)
def test_a_power_cut_while_a_store_is_made_leaves_one_that_can_be_used(
    tmp_path: Path, name: str, loss: Loss
) -> None:
    chance = random.Random(SEED)  # noqa: S311 - the same lives each time, no secret
    for cut_at in range(1, WRITES_OF_A_START, 3):
        folder, after = tmp_path / f"{cut_at}", tmp_path / f"{cut_at}-after"
        acknowledged = live(name, folder, Disk(after, cut_at, loss, chance), 0)
        STORIES[name](after).close()
        held = STORIES[name].told(after)
        assert acknowledged <= held <= acknowledged + 1
        story = STORIES[name](after)
        story.tell(held)
        story.close()
        assert STORIES[name].told(after) == held + 1


def lost_in(base: Path, name: str, loss: Loss, cuts: int, *, is_loose: bool = False) -> int:
    """Return how many acknowledged chapters were gone after these cuts, all lives together."""
    chance = random.Random(SEED)  # noqa: S311 - the same lives each time, no secret
    folder, held, lost = base / "0", 0, 0
    STORIES[name](folder).close()
    for life in range(1, cuts + 1):
        after = base / str(life)
        disk = Disk(after, chance.randint(1, WRITES_OF_A_LIFE), loss, chance)
        acknowledged = live(name, folder, disk, held, is_loose=is_loose)
        folder, held = after, STORIES[name].told(after)
        assert held <= acknowledged + 1
        lost += max(0, acknowledged - held)
    return lost


def live(name: str, folder: Path, disk: Disk, first: int, *, is_loose: bool = False) -> int:
    """Tell until the power fails; return how many chapters were acknowledged before."""
    chapters = first
    with powered(disk):
        story: Story = STORIES[name](folder)
        if is_loose:
            story.loosen()
        while not disk.is_cut:
            story.tell(chapters)
            chapters += not disk.is_cut
        story.close()
    return chapters

"""After a clock was set back, live pages read the record to its end."""

from pathlib import Path

import pytest

from collectors.observation import Outcome
from netmon.analysis.views import RecordViews
from netmon.domain.model import Status
from tests.analysis.town import Town, access_point, at, calendar


@pytest.mark.parametrize(("follows", "status"), [(True, Status.DOWN), (False, Status.UP)])
def test_what_broke_an_hour_ahead_of_the_clock_shows_now(
    tmp_path: Path, *, follows: bool, status: Status
) -> None:
    with Town(tmp_path) as town:
        town.inhabit([access_point("ap")])
        town.see("ap", (0, 3540))
        town.see("ap", (3600, 3601, 3602), Outcome.TIMEOUT)
        views = RecordViews(
            town.settings, calendar(), town.views._record, town.views._desk, follows_record=follows
        )
        (row,) = views.devices(at(5))
        assert row.status is status
        assert [each.subject_id for each in views.incidents(at(5))] == ["ap"][: int(follows)]

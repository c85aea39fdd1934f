"""How strong a signal arrives, with what the law, the phone and the hand take away."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.link import (
    BANDS,
    BODY_LOSS_DB,
    Antenna,
    ServiceClass,
    Transmitter,
    loss_db,
    reach_m,
    received,
)
from geodata.propagation import free_space_loss_db, path_loss_db

ANY_SENDER = st.builds(
    Transmitter,
    st.sampled_from(sorted(BANDS)),
    st.none() | st.floats(0, 40),
    st.builds(Antenna, st.floats(0, 12), st.none() | st.floats(0, 360), st.floats(30, 180)),
)


def test_power_over_the_limit_counts_as_the_limit() -> None:
    roof = Antenna(gain_dbi=20)
    assert Transmitter("2.4", 36, roof).effective_eirp_dbm() == 20
    assert Transmitter("2.4", None, roof).effective_eirp_dbm() == 20
    assert Transmitter("2.4", 11, roof).effective_eirp_dbm() == 11


def test_what_phones_cannot_answer_does_not_count() -> None:
    assert Transmitter("5-high", 30, Antenna(gain_dbi=3)).effective_eirp_dbm() == 15 + 3 + 3


@given(ANY_SENDER, st.floats(1, 600), st.floats(0, 360))
def test_behind_a_wall_is_never_heard_better_than_in_sight_or_free_space(
    sender: Transmitter, d_m: float, bearing_deg: float
) -> None:
    clear = received(sender, d_m, bearing_deg, sees=True)
    hidden = received(sender, d_m, bearing_deg, sees=False)
    assert hidden.planning_dbm <= hidden.optimistic_dbm <= clear.optimistic_dbm
    assert clear.planning_dbm == clear.optimistic_dbm
    free_dbm = sender.effective_eirp_dbm() - free_space_loss_db(
        d_m, BANDS[sender.band].frequency_ghz
    )
    assert hidden.optimistic_dbm <= free_dbm - BODY_LOSS_DB + 1e-9


def test_in_sight_at_a_hundred_metres_the_budget_adds_up() -> None:
    sender = Transmitter("2.4", 20, Antenna(gain_dbi=6))
    expected_dbm = 20 - BODY_LOSS_DB - path_loss_db(100, 2.44, "los_urban")
    assert received(sender, 100, 0, sees=True).planning_dbm == pytest.approx(float(expected_dbm))


def test_a_sector_is_weaker_behind_and_half_as_strong_at_half_its_width() -> None:
    antenna = Antenna(azimuth_deg=350, beamwidth_deg=60)
    losses = antenna.loss_db([350, 20, 320, 170])
    assert losses == pytest.approx([0, 3, 3, 20])


def test_below_thirty_metres_a_hidden_ray_is_no_better_than_an_open_one() -> None:
    distances = np.linspace(1, 30, 30)
    hidden = loss_db(distances, 2.44, np.zeros(30, bool), "nlos_residential")
    assert np.all(hidden >= loss_db(distances, 2.44, np.ones(30, bool), "nlos_residential"))


@given(ANY_SENDER, st.sampled_from(ServiceClass))
def test_nothing_is_heard_beyond_the_reach(sender: Transmitter, level: ServiceClass) -> None:
    reach = reach_m(sender, level)
    azimuth_deg = sender.antenna.azimuth_deg or 0.0
    beyond = received(sender, reach * 1.01 + 1, azimuth_deg, sees=True)
    assert beyond.optimistic_dbm < level

"""The hours in which a computer is on, from windows that somebody else computed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.demo import hours
from netmon.demo.hours import ALWAYS_ON, Hours
from netmon.domain.errors import ConfigError

edges = st.lists(st.integers(0, 1000), unique=True, max_size=12).map(sorted)


@given(edges, st.integers(-10, 1010))
def test_a_device_is_on_exactly_inside_its_windows(some, now_s):
    windows = list(zip(some[::2], some[1::2], strict=False))
    expected = any(from_s <= now_s < to_s for from_s, to_s in windows)
    assert Hours({"pc": windows}).is_on("pc", now_s) is expected


def test_windows_that_touch_leave_no_gap():
    assert Hours({"pc": [(0, 10), (10, 20)]}).is_on("pc", 10)


@given(st.floats(allow_nan=False))
def test_a_device_that_is_not_listed_is_always_on(now_s):
    assert ALWAYS_ON.is_on("pc", now_s)
    assert not Hours({"pc": []}).is_on("pc", now_s)


def test_a_file_is_read_as_it_says(tmp_path):
    path = tmp_path / "hours.json"
    path.write_text(json.dumps({"pc": [[100, 200.5], [300, 400]]}), encoding="utf-8")
    read = hours.read(path)
    assert [read.is_on("pc", at) for at in (99, 100, 200.4, 200.5, 300, 400)] == [
        False,
        True,
        True,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"pc": 3}',
        '{"pc": [[1]]}',
        '{"pc": [[1, 1]]}',
        '{"pc": [[2, 1]]}',
        '{"pc": [[1, 3], [2, 4]]}',
        '{"pc": [[1, NaN]]}',
    ],
)
def test_a_wrong_file_is_refused_by_name(tmp_path, text):
    path = tmp_path / "hours.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"hours\.json: .* expected"):
        hours.read(path)

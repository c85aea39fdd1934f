"""What is told about a wrong file is one line, whatever the file holds."""

from hypothesis import given
from hypothesis import strategies as st

from netmon.domain.errors import ConfigError, Problem

hostile = st.text(alphabet=st.sampled_from("a\n\r\x1b\x07\u2028\u202e[é"), max_size=8)


def test_a_problem_names_file_place_key_expected_and_found() -> None:
    problem = Problem("devices.csv", "3", "kind", "a kind of device", "'toaster'")
    assert str(problem) == "devices.csv:3: kind: expected a kind of device, found 'toaster'"


def test_a_warning_says_so_and_a_problem_without_a_place_names_none() -> None:
    problem = Problem("netmon.toml", "", "hours", "PH off last", "PH off first", warning=True)
    assert str(problem) == "netmon.toml: warning: hours: expected PH off last, found PH off first"


@given(st.lists(st.builds(Problem, *[hostile] * 5), min_size=1, max_size=4))
def test_every_problem_is_one_printable_line(problems: list[Problem]) -> None:
    lines = str(ConfigError(problems)).split("\n")
    assert lines == [str(problem) for problem in problems]
    assert all(line.isprintable() for line in lines)

"""The method says of each promise which test holds it, and of every known complaint the answer."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
METHOD = (ROOT / "docs" / "method.md").read_text("utf-8")
COMPLAINTS = 40
TESTS = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^(?:async )?def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
}


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_\w+)`", METHOD))))
def test_every_test_that_the_method_names_is_there(name: str) -> None:
    assert name in TESTS


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:tests|bench)/[\w/]+\.py)`", METHOD))))
def test_every_file_that_the_method_names_is_there(path: str) -> None:
    assert (ROOT / path).is_file()


def test_every_complaint_has_an_answer_and_something_that_holds_it() -> None:
    rows = [line.split(" | ") for line in METHOD.splitlines() if re.match(r"\| \d+ \|", line)]
    assert [int(row[0].strip("| ")) for row in rows] == list(range(1, COMPLAINTS + 1))
    for _, complaint, answer, held in rows:
        assert re.search(r"#\d+", complaint)
        assert answer.strip()
        assert "`test_" in held or "`bench/" in held

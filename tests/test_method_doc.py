"""The page of methods names tests, and these exist."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
PAGE = TESTS.parent / "docs" / "method.md"
NAMED = re.findall(r"`(test_[a-z0-9_]+)`", PAGE.read_text("utf-8"))


def test_the_page_names_tests() -> None:
    assert len(NAMED) > 10


@pytest.mark.parametrize("name", NAMED)
def test_each_test_that_the_page_names_is_one(name: str) -> None:
    sources = (path.read_text("utf-8") for path in TESTS.rglob("test_*.py"))
    assert any(f"def {name}(" in source for source in sources)

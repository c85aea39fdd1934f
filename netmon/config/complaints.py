"""Collects what is wrong in the files of one inventory, so that all of it is told at once."""

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from netmon.domain.errors import ConfigError, Problem

SHOWN_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class Complaints:
    """The problems of one reading, in the order in which they were met."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, at: tuple[Path, str], key: str, expected: str, found: object) -> None:
        """Note one problem; `at` is the file and the line or feature in it."""
        file, where = at
        shown = brief(found) or "nothing"
        problem = Problem(str(file), brief(where), brief(key), expected, shown)
        self.problems.append(problem)

    def add_invalid(self, at: tuple[Path, str], error: ValidationError) -> None:
        """Note every field that a row or feature got wrong."""
        for each in error.errors():
            key = ".".join(str(part) for part in each["loc"])
            if each["type"] == "extra_forbidden":
                self.add(at, key, "a known key", "an unknown one")
            elif each["type"] == "missing":
                self.add(at, key, "a value", "none")
            else:
                self.add(at, key, wanted(each["msg"]), each["input"])

    def raise_any(self) -> None:
        """Raise `ConfigError` with all problems, where there are any."""
        if self.problems:
            raise ConfigError(self.problems)


def brief(value: object) -> str:
    """Return the beginning of what a file holds, short and printable."""
    shown = value if isinstance(value, str) else repr(value)
    return printable(shown[:SHOWN_CHARACTERS])


def wanted(message: str) -> str:
    """Return a message of pydantic so that it reads on after `expected`."""
    for start in ("Input should be ", "String should have "):
        message = message.removeprefix(start)
    return message[:1].lower() + message[1:]


def printable(text: str) -> str:
    """Return text from outside without what could command a terminal or start a new line."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )

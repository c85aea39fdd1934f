"""What is told to people when a file is wrong: one line that says all."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """
    One thing wrong in one file.

    `where` is a line, a feature or nothing; `key` the setting or column. `warning`
    problems are told and do not stop anything.
    """

    file: str
    where: str
    key: str
    expected: str
    found: str
    warning: bool = False

    def __str__(self) -> str:
        """Return the one printable line for people; what files hold is hostile."""
        place = ":".join(part for part in (self.file, self.where) if part)
        kind = "warning: " if self.warning else ""
        line = f"{place}: {kind}{self.key}: expected {self.expected}, found {self.found}"
        return "".join(
            letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line
        )


class ConfigError(Exception):
    """The configuration or the inventory cannot be used; it carries every problem at once."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class StoreError(Exception):
    """The store cannot be used: another writer, another origin, or a newer schema."""


class StoreBusyError(StoreError):
    """Another process writes the store now."""

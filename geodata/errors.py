"""What is told when a data file cannot be used: one line for each thing wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_FOUND = 60
"""Characters shown of a value found in a file: it may be hostile, or a megabyte long."""


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing wrong in one data file.

    `feature` says which one (its key, or `#12` counted from 0) and is empty for the file
    as a whole; `key` is the member at fault.
    """

    file: str
    feature: str
    key: str
    expected: str
    found: str

    def __str__(self) -> str:
        """Return the line for people."""
        place = ":".join(part for part in (self.file, self.feature) if part)
        return f"{place}: {self.key}: expected {self.expected}, found {self.found}"


class DataError(Exception):
    """A data file cannot be used; `findings` carries every reason at once."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = tuple(findings)


def shown(value: object) -> str:
    """Return a value of a file as short, printable ASCII: no control character survives."""
    text = ascii(value)
    return text if len(text) <= LONGEST_FOUND else f"{text[:LONGEST_FOUND]}…"

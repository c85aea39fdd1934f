"""What went wrong with single rows on the way: counted all, kept the first."""

from dataclasses import dataclass, field

from geodata.errors import Finding, shown

MOST_KEPT = 20
"""Findings that are told one by one; the rest is a number."""


@dataclass(slots=True)
class Journal:
    """
    The findings of one import.

    `refused` counts rows that were left out because of what is wrong with them, `repaired`
    geometries that were made valid. `remarks` are about the file as a whole.
    """

    file: str
    findings: list[Finding] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    refused: int = 0
    repaired: int = 0

    def refuse(self, row: object, key: str, expected: str, found: object) -> None:
        """Count a row that is left out; the first ones are kept to be told."""
        self.refused += 1
        if len(self.findings) < MOST_KEPT:
            told = found if isinstance(found, str) else str(found)
            finding = Finding(self.file, _label(row), key, expected, shown(told))
            self.findings.append(finding)

    def remark(self, text: str) -> None:
        """Keep one line about the whole file, once."""
        line = shown(text).strip("'\"")
        if line not in self.remarks and len(self.remarks) < MOST_KEPT:
            self.remarks.append(line)


def _label(row: object) -> str:
    """Return which row: its own name, or its number counted from 0."""
    return f"#{row}" if isinstance(row, int) else shown(str(row)).strip("'")

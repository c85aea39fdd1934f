"""How a measurement is told: as a table with the aim beside it, or as JSON."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, its unit, and what it should be at most (None: no aim was set)."""

    name: str
    value: float
    unit: str
    aim: float | None = None

    def cells(self) -> tuple[str, str, str]:
        """Return name, value and aim as people read them."""
        aim = "" if self.aim is None else f"at most {self.aim:,g} {self.unit}"
        return self.name, f"{self.value:,.4g} {self.unit}".rstrip(), aim


def are_met(figures: Sequence[Figure]) -> bool:
    """Say whether every figure that has an aim keeps to it."""
    return all(each.aim is None or each.value <= each.aim for each in figures)


def tell(title: str, figures: Sequence[Figure], notes: Sequence[str], *, as_json: bool) -> None:
    """Print what was measured on standard output."""
    if as_json:
        document = {"title": title, "figures": [asdict(each) for each in figures], "notes": notes}
        sys.stdout.write(json.dumps(document, indent=1) + "\n")
        return
    rows = [("", "measured", "aim"), *(each.cells() for each in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) for row in rows]
    sys.stdout.write("\n".join([title, *(line.rstrip() for line in lines), *notes]) + "\n")

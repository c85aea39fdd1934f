"""The ledger as people read it: shares of the whole, bars with a pattern for each part."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from geodata.link import ServiceClass
from netmon.analysis.ledger import Parts
from netmon.analysis.plan_rows import WHOLE_CITY, Edges, EquityRow, LedgerRow, StreetRow
from netmon.domain.model import Service
from netmon.report.dutch import NOTHING, count
from netmon.words.planning import EVERYONE, PARTS
from web.figures import NO_BREAK_SPACE

SHADES = 5
"""Steps of the scale on which areas are drawn: each is a fifth of the whole."""

_A_FEW, _LEAST = 10, 0.1


@dataclass(frozen=True, slots=True)
class Piece:
    """A part in a bar: where it begins and how long it is, in per cent of the bar."""

    part: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Whole:
    """What became of the hours of a group for a service, over several areas."""

    service: Service
    group: str
    people: float
    parts: Parts
    parts_optimistic: Parts | None
    target: float | None


def share(parts: Parts | None, part: str) -> float | None:
    """Return which ratio of the whole a part is; None where there is no whole."""
    if parts is None or parts.total_h <= 0:
        return None
    return hours(parts, part) / parts.total_h


def hours(parts: Parts, part: str) -> float:
    """Return the person-hours of a part, by its key in `PARTS`."""
    return float(getattr(parts, f"{part}_h"))


def pieces(parts: Parts) -> list[Piece]:
    """Return a bar; its pieces stand in the order of `PARTS`, and those of nothing are left out."""
    made, x = [], 0.0
    for part in PARTS:
        width = 100 * (share(parts, part) or 0.0)
        if width > 0:
            made.append(Piece(part, round(x, 3), round(width, 3)))
        x += width
    return made


def together(rows: Iterable[LedgerRow]) -> list[Whole]:
    """Return the city for each service and group, in the order in which they first come."""
    found: dict[tuple[Service, str], list[LedgerRow]] = {}
    for row in rows:
        if row.area != WHOLE_CITY:
            found.setdefault((row.service, row.group), []).append(row)
    return [_whole(key, group) for key, group in found.items()]


def _whole(key: tuple[Service, str], rows: Sequence[LedgerRow]) -> Whole:
    best = [row.parts_optimistic for row in rows if row.parts_optimistic is not None]
    targets = {row.target for row in rows}
    return Whole(
        *key,
        sum(row.people for row in rows),
        total(row.parts for row in rows),
        total(best) if len(best) == len(rows) else None,
        targets.pop() if len(targets) == 1 else None,
    )


def total(parts: Iterable[Parts]) -> Parts:
    """Return the sum, part by part."""
    each = list(parts)
    names = [field.name for field in fields(Parts)]
    return Parts(**{name: sum(getattr(one, name) for one in each) for name in names})


@dataclass(frozen=True, slots=True)
class Measure:
    """What a street is measured in: metres of its length, or of a square its surface."""

    whole: float
    covered: Mapping[ServiceClass, Edges]
    lost: Edges
    unit: str

    def ratio(self, value: float) -> float | None:
        """Return a figure of it as a ratio of the whole; None where there is no whole."""
        return min(1.0, value / self.whole) if self.whole > 0 else None


def measure(row: StreetRow) -> Measure:
    """Return a street in metres, a square, which has no length, in square metres."""
    if row.length_m > 0:
        return Measure(row.length_m, row.covered_m, row.lost_m, "m")
    return Measure(row.area_m2, row.covered_m2, row.lost_m2, "m²")


def in_order(groups: Iterable[str]) -> list[str]:
    """Return groups in reading order: everybody first, each once."""
    found = list(dict.fromkeys(groups))
    return sorted(found, key=lambda group: group != EVERYONE)


def shade(ratio: float | None) -> int | None:
    """Return on which of five steps a ratio is, 0 the lowest; None: not known."""
    return None if ratio is None else min(SHADES - 1, int(ratio * SHADES))


def percent(ratio: float | None, digits: int = 0) -> str:
    """Return a ratio as `41 %`, or as `0,4 %` where that is all; never 0 or 100 for nearly."""
    if ratio is None:
        return NOTHING
    cents = 100 * ratio
    if 0 < cents < 1 or 99 < cents < 100:  # noqa: PLR2004 - near the ends every bit counts
        text = "< 0,1" if cents < 0.1 else f"{min(cents, 99.9):.1f}"  # noqa: PLR2004 - as written
    else:
        text = f"{cents:.{digits if 0 < ratio < 1 else 0}f}"
    return f"{text}{NO_BREAK_SPACE}%".replace(".", ",")


def number(value: float | None, unit: str = "") -> str:
    """Return a figure to the whole, small ones to a tenth, with its unit; 0 only for nothing."""
    if value is None:
        return NOTHING
    text = _digits(abs(value))
    sign = "\N{MINUS SIGN}" if value < 0 else ""
    return sign + (f"{text}{NO_BREAK_SPACE}{unit}" if unit else text)


def _digits(value: float) -> str:
    if value >= _A_FEW:
        return count(round(value))
    if value == 0:
        return "0"
    return "< 0,1" if value < _LEAST else f"{value:.1f}".replace(".", ",")


def metres(value: float) -> str:
    """Return a walk in whole metres."""
    return number(round(value), "m")


def signed(value: float, unit: str = "") -> str:
    """Return a difference with its sign; nothing has none."""
    text = number(value, unit)
    return f"+{text}" if value > 0 else text


def band(low: float | None, high: float | None, unit: str = "") -> str:
    """Return a band as `120 tot 180 m`; where both edges read alike, one number."""
    if low is None or high is None:
        return NOTHING
    first, second = number(low), number(high)
    if first == second:
        return number(low, unit)
    return f"{first} tot {number(high, unit)}".replace(" tot ", f"{NO_BREAK_SPACE}tot ")


def decimals(value: float | None) -> str:
    """Return an index with three decimals."""
    return NOTHING if value is None else f"{value:.3f}".replace(".", ",")


def reached(row: EquityRow) -> str:
    """Say whether a target was met; without a target or a result nothing can be said."""
    if row.target is None:
        return "geen doel"
    if row.is_met is None:
        return "niet bekend"
    return "ja" if row.is_met else "nee"


def degrees(value: float) -> str:
    """Return degrees with five decimals: about a metre."""
    return f"{value:.5f}".replace(".", ",")


def seconds(value: float) -> str:
    """Return how long something took, to a hundredth."""
    return f"{value:.2f}{NO_BREAK_SPACE}s".replace(".", ",")

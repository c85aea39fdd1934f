"""The page of a Prometheus exporter, as the few series that somebody wants of it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite

from prometheus_client.parser import text_string_to_metric_families

from collectors.observation import Outcome
from collectors.web.failure import WebFailure

MAX_LINE_CHARACTERS = 8192
"""The parser takes time with the square of a line."""

MAX_WANTED_CHARACTERS = 1 << 20
"""Of the lines that are wanted, all together: what is full of quotes is parsed at 2 MB/s."""

MAX_ROWS = 5000
"""Samples that are wanted, all together; a computer has some hundreds."""

_SAMPLE = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:[ \t]*\{.*\})?[ \t]*[^ \t{}]+(?:[ \t]+-?\d+)?")


@dataclass(frozen=True, slots=True)
class Sample:
    """One number and the labels that say of what; labels are as they came and want cleaning."""

    labels: Mapping[str, str]
    value: float


@dataclass(frozen=True, slots=True)
class Samples:
    """The samples of each series; those that are no finite number are left out."""

    series: Mapping[str, tuple[Sample, ...]] = field(default_factory=dict)

    def of(self, *names: str) -> tuple[Sample, ...]:
        """Return the samples of the first series that there is: exporters rename theirs."""
        return next((self.series[name] for name in names if name in self.series), ())

    def value(self, *names: str) -> float | None:
        """Return the number of the first series that there is, None where there is none."""
        found = self.of(*names)
        return found[0].value if found else None


def read_samples(
    page: bytes, wanted: frozenset[str], states: frozenset[str] = frozenset()
) -> Samples:
    """
    Read a few series from a page in Prometheus' text format.

    Only the series named in `wanted` and `states` are parsed; each other line must still look
    like a sample. Those in `states` have a row for each state that a thing may be in, of which
    one is 1: the others are left out, as they are nearly all of a page.

    Raises
    ------
    WebFailure
        Malformed where the page is not UTF-8, not in that format, or has too many samples.
    """
    try:
        lines = list(_wanted_lines(page.decode("utf-8"), wanted, states))
        series: dict[str, list[Sample]] = {}
        for family in text_string_to_metric_families("\n".join(lines)):
            for name, labels, number, *_ in family.samples:
                series.setdefault(name, []).append(Sample(labels, float(number)))
    except (ValueError, LookupError, OverflowError) as error:
        raise WebFailure(Outcome.MALFORMED, "the page is not in Prometheus' format") from error
    return Samples(
        {name: tuple(s for s in rows if isfinite(s.value)) for name, rows in series.items()}
    )


def _wanted_lines(page: str, wanted: frozenset[str], states: frozenset[str]) -> Iterator[str]:
    rows = characters = 0
    for line in page.split("\n"):
        bare = line.strip(" \t\r")
        if not bare or bare.startswith("#"):
            continue
        found = _SAMPLE.fullmatch(bare) if len(bare) <= MAX_LINE_CHARACTERS else None
        if found is None:
            raise ValueError("a line that is no sample")
        if found[1] in wanted or (found[1] in states and not bare.endswith(" 0")):
            rows, characters = rows + 1, characters + len(bare)
            if rows > MAX_ROWS or characters > MAX_WANTED_CHARACTERS:
                raise ValueError("too many samples")
            yield bare

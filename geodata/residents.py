"""
How many people live where, by age as far as a source says: what was imported, else `people.toml`.

An imported population counts people by sector or neighbourhood. The bundled file counts them for
the whole city and by age; how they are divided among its neighbourhoods is then a rule that the
file states, and everything made with it is synthetic.
"""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from geodata.errors import DataError, Finding, shown
from geodata.imported import load_population
from geodata.imports.columns import GROUPS

FILE = "people.toml"
OLDEST = 120
EVERYBODY = "all"

ByArea = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Source:
    """What a result was made from; the five answers of the honesty contract."""

    name: str
    source: str
    licence: str
    vintage: str
    precision_m: float | None
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class Residents:
    """
    People by group and area.

    Parameters
    ----------
    counts
        People by group (`all` is everybody; a target group only where a source counts it) and
        area: a sector, or a neighbourhood.
    ages
        People of each age in the whole city, from 0 on; empty where no source says it.
    sources
        What says so, the counts first.
    """

    counts: Mapping[str, ByArea]
    ages: tuple[float, ...]
    sources: tuple[Source, ...]

    @property
    def is_synthetic(self) -> bool:
        """Return whether any of it is invented."""
        return any(each.is_synthetic for each in self.sources)

    def share_aged(self, first: int, last: int) -> float | None:
        """Return the share of all people aged `first` to `last`, None where nobody says it."""
        total = math.fsum(self.ages)
        return math.fsum(self.ages[first : last + 1]) / total if total else None

    def within(self, parents: Mapping[str, str]) -> "Residents":
        """Return the counts by the areas that hold these; those without a parent stay."""
        counts = {name: _summed(by_area, parents) for name, by_area in self.counts.items()}
        return replace(self, counts=counts)


def load_residents(folder: Path) -> Residents:
    """
    Return who lives in the city of a folder: the imported population, else the city's own file.

    Raises
    ------
    DataError
        Where there is neither, or one is not as it should be: with every finding.
    """
    document = _document(folder / FILE)
    imported = load_population(folder)
    if imported is not None:
        return _imported(imported, document)
    if document is None:
        expected = "the city's people, or a population brought by `netmon import population`"
        raise DataError([Finding(FILE, "", "file", expected, "nothing")])
    return _bundled(document)


def _imported(frame: gpd.GeoDataFrame, document: Mapping[str, Any] | None) -> Residents:
    """Return what was imported; a group of which a cell is empty is not counted at all."""
    table = frame.set_index("id")
    named = {EVERYBODY: "people"} | {group: group for group in GROUPS}
    counts = {
        group: {str(area): float(people) for area, people in table[column].items()}
        for group, column in named.items()
        if column in table and pd.to_numeric(table[column], errors="coerce").notna().all()
    }
    if EVERYBODY not in counts:
        raise DataError(
            [Finding("population.geojson", "", "people", "a count for each area", "an empty one")]
        )
    first = frame.iloc[0]
    told = Source(
        *("population", str(first["source"]), str(first["licence"]), str(first["vintage"])),
        precision_m=None,
        is_synthetic=bool(frame["synthetic"].any()),
    )
    ages = tuple(float(each) for each in document["by_age"]) if document else ()
    ages_of = (_ages_source(document),) if document else ()
    return Residents(counts, ages, (told, *ages_of))


def _bundled(document: Mapping[str, Any]) -> Residents:
    """Divide the city's people among its areas by the shares that its file states."""
    ages = tuple(float(each) for each in document["by_age"])
    weights = document["shares"]["areas"]
    total, parts = math.fsum(ages), math.fsum(weights.values())
    counts = {area: total * weight / parts for area, weight in weights.items()}
    spread = Source(
        "spread over neighbourhoods",
        *(f"invented: {document['shares']['rule']}", document["licence"], document["vintage"]),
        precision_m=None,
        is_synthetic=document["shares"]["synthetic"],
    )
    return Residents({EVERYBODY: counts}, ages, (_ages_source(document), spread))


def _ages_source(document: Mapping[str, Any]) -> Source:
    told = (document["source"], document["licence"], document["vintage"])
    return Source("people by age", *told, precision_m=None, is_synthetic=False)


def _document(path: Path) -> Mapping[str, Any] | None:
    """Return `people.toml`, checked; None where there is none."""
    if not path.is_file():
        return None
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        finding = Finding(FILE, "", "file", "readable TOML", shown(str(error)))
        raise DataError([finding]) from error
    if found := _findings(document):
        raise DataError(found)
    return document


def _findings(document: Mapping[str, Any]) -> list[Finding]:
    shares = document.get("shares")
    shares = shares if isinstance(shares, dict) else {}
    areas, by_age = shares.get("areas"), document.get("by_age")
    texts = {name: document.get(name) for name in ("source", "licence", "vintage")}
    texts["shares.rule"] = shares.get("rule")
    found = [
        Finding(FILE, "", name, "text that is not empty", shown(value))
        for name, value in texts.items()
        if not isinstance(value, str) or not value.strip()
    ]
    if not isinstance(by_age, list) or len(by_age) > OLDEST + 1 or not _is_counted(by_age):
        expected = f"people of each age from 0 on, at most {OLDEST + 1} numbers, not all 0"
        found.append(Finding(FILE, "", "by_age", expected, shown(by_age)))
    if not isinstance(shares.get("synthetic"), bool):
        value = shown(shares.get("synthetic"))
        found.append(Finding(FILE, "", "shares.synthetic", "true or false", value))
    if not isinstance(areas, dict) or not _is_counted(list(areas.values())):
        expected = "a weight for each neighbourhood, 0 or more, not all 0"
        found.append(Finding(FILE, "", "shares.areas", expected, shown(areas)))
    return found


def _is_counted(values: list[object]) -> bool:
    numbers = [
        value
        for value in values
        if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    ]
    finite = [value for value in numbers if math.isfinite(value)]
    return len(finite) == len(values) and any(finite)


def _summed(by_area: ByArea, parents: Mapping[str, str]) -> ByArea:
    members: dict[str, list[float]] = {}
    for area, people in by_area.items():
        members.setdefault(parents.get(area, area), []).append(people)
    return {area: math.fsum(people) for area, people in members.items()}

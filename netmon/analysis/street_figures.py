"""How many metres and square metres of each street a map reaches, by service class."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from geodata.link import ServiceClass
from geodata.samples import Heard, Samples
from geodata.stretches import Stretch

Sums = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Band:
    """A figure as planned (the weaker) and at best."""

    planning: float
    optimistic: float


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """What of a street reaches a class: metres of its middle line, and its surface."""

    level: ServiceClass
    length_m: Band
    area_m2: Band


@dataclass(frozen=True, slots=True)
class StreetFigures:
    """
    One street, or all of them together: `id` is then empty.

    `length_m` is 0 for squares; `area_m2` is the surface out of houses. `classes` are the best
    first. `precision_m` and `is_synthetic` are those of the street itself.
    """

    id: str
    name: str
    length_m: float
    area_m2: float
    classes: tuple[ClassFigures, ...]
    precision_m: float
    is_synthetic: bool

    def at(self, level: ServiceClass) -> ClassFigures:
        """Return the figures of one class."""
        return next(each for each in self.classes if each.level is level)


@dataclass(frozen=True, slots=True)
class Streets:
    """The streets of a map, and the index of the street of each stretch."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    precision_m: tuple[float, ...]
    is_synthetic: tuple[bool, ...]
    of_stretch: NDArray[np.int64]

    @classmethod
    def of(cls, frame: gpd.GeoDataFrame, stretches: Iterable[Stretch]) -> Self:
        """Return what figures need of the layer; `stretches` are those that were cut from it."""
        ids = tuple(map(str, frame["id"]))
        names = tuple(map(str, frame["name"])) if "name" in frame else ids
        index = {name: nth for nth, name in enumerate(ids)}
        return cls(
            ids,
            names,
            tuple(map(float, frame["precision_m"])),
            tuple(map(bool, frame["synthetic"])),
            np.array([index[each.street_id] for each in stretches], np.int64),
        )


def street_figures(
    streets: Streets, samples: Samples, spells: Iterable[tuple[Heard, float]]
) -> tuple[StreetFigures, ...]:
    """
    Return the mean figures of each street, and as the last one those of all.

    Parameters
    ----------
    streets, samples
        Of the same stretches.
    spells
        What was heard at each sample, and for how long.

    Raises
    ------
    ValueError
        If the spells last no time together.
    """
    shares = _shares(spells, len(samples.stretch))
    street = streets.of_stretch[samples.stretch]
    count = len(streets.ids)

    def summed(weights: Sums) -> Sums:
        by_street = np.bincount(street, weights, count)
        return np.append(by_street, by_street.sum())

    classes = {
        level: [summed(weights * share) for weights in _weights(samples) for share in pair]
        for level, pair in shares.items()
    }
    length_m, area_m2 = map(summed, _weights(samples))
    return tuple(
        StreetFigures(
            id_,
            name,
            float(length_m[nth]),
            float(area_m2[nth]),
            tuple(
                _class_figures(level, [float(each[nth]) for each in sums])
                for level, sums in classes.items()
            ),
            precision_m,
            is_synthetic,
        )
        for nth, (id_, name, precision_m, is_synthetic) in enumerate(_lines(streets))
    )


def _shares(
    spells: Iterable[tuple[Heard, float]], places: int
) -> dict[ServiceClass, tuple[Sums, Sums]]:
    """Return for how much of the time each place was reached: as planned, at best."""
    levels = sorted(ServiceClass, reverse=True)
    sums = {level: (np.zeros(places), np.zeros(places)) for level in levels}
    total_s = 0.0
    for heard, lasted_s in spells:
        total_s += lasted_s
        for level, (planning, optimistic) in sums.items():
            planning[heard.planning_dbm >= level] += lasted_s
            optimistic[heard.optimistic_dbm >= level] += lasted_s
    if total_s <= 0:
        raise ValueError("coverage: expected time in the window, found none")
    return {level: (pair[0] / total_s, pair[1] / total_s) for level, pair in sums.items()}


def _weights(samples: Samples) -> tuple[Sums, Sums]:
    return samples.length_m, samples.area_m2


def _class_figures(level: ServiceClass, sums: list[float]) -> ClassFigures:
    length, area = Band(*sums[:2]), Band(*sums[2:])
    return ClassFigures(level, length, area)


def _lines(streets: Streets) -> list[tuple[str, str, float, bool]]:
    every = zip(streets.ids, streets.names, streets.precision_m, streets.is_synthetic, strict=True)
    whole = ("", "", max(streets.precision_m), any(streets.is_synthetic))
    return [*every, whole]

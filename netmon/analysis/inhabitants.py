"""Who lives and works where in a city, by target group, from what its folder holds."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.city import City
from geodata.demand import DemandPoints
from geodata.homes import STEP_M, at_work, homes, together
from geodata.imported import load_addresses, load_sectors
from geodata.layers import load_layer, to_metric
from geodata.placing import area_of
from geodata.residents import Residents, Source, load_residents
from netmon.domain.groups import EVERYBODY, Group

_GRID_M = STEP_M / 2**0.5
"""How far from a point of the grid the farthest of its people lives."""

Counts = dict[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Inhabitants:
    """
    The people of a city at points.

    Parameters
    ----------
    points
        A column for each group that is counted; `area` is a neighbourhood.
    synthetic
        Groups of whom something is invented: their number, or where among the areas or
        within one they are.
    alike
        Groups that are taken to be the same share of the people everywhere: where they live tells
        nothing about them that it does not tell about everybody.
    uncounted
        Groups of whom nobody says how many they are, or where they work: in no result.
    unlocated
        People that a source counts in no area of the map, by group; in no result either.
    ages
        People by age in the whole city, empty where nobody says it.
    precision_m
        Within how many metres of their point people are.
    sources
        What it was made from.
    """

    points: DemandPoints
    synthetic: frozenset[str]
    alike: frozenset[str]
    uncounted: tuple[str, ...]
    unlocated: Mapping[str, float]
    ages: tuple[float, ...]
    precision_m: float
    sources: tuple[Source, ...]


def load_inhabitants(
    city: City, groups: Mapping[str, Group], sites: Path | None = None
) -> Inhabitants:
    """
    Place the people of a city.

    Parameters
    ----------
    city
        Its folder: imported sectors, population and addresses are used where they are.
    groups
        By id, as `load_groups` gives them.
    sites
        The GeoJSON file of the sites, some of which are workplaces; None is the city's.

    Raises
    ------
    DataError
        Where nothing says who lives there, or a layer is not as it should be.
    """
    areas = to_metric(load_layer(city.neighbourhoods))
    residents = load_residents(city.folder)
    counted, residents = _counted_areas(city, areas, residents)
    counts = _counts(residents, groups)
    placed, unlocated = _located(counts, set(counted["id"]))
    addresses = load_addresses(city.folder)
    doors = None if addresses is None else to_metric(addresses)
    points = _in_areas(homes(counted, placed, doors), areas)
    precision_m = _precision_m(points, addresses)
    staff, staff_m = _workers(groups, areas, sites or city.sites)
    for name, workers in staff.items():
        points = together(points, workers, name)
    uncounted = tuple(name for name in groups if name not in points.groups)
    sources = (*residents.sources, *_sources_of(addresses), *_shares(groups, residents))
    return Inhabitants(
        points,
        _synthetic(points, residents, groups),
        frozenset(set(counts) - set(residents.counts)),
        uncounted,
        unlocated,
        residents.ages,
        max(precision_m, staff_m),
        sources,
    )


def areas_at(points: NDArray[Any], areas: gpd.GeoDataFrame) -> list[str | None]:
    """Return the area that holds each point (shapely, EPSG:3812), None where none does."""
    return area_of(gpd.GeoDataFrame(geometry=gpd.GeoSeries(points, crs=areas.crs)), areas)


def neighbourhood_of(points: gpd.GeoSeries, areas: gpd.GeoDataFrame) -> list[str]:
    """Return the neighbourhood of each point; one outside them all belongs to the nearest."""
    found = areas_at(points.to_numpy(), areas)
    nearest = shapely.STRtree(areas.geometry.to_numpy()).nearest(points.to_numpy())
    names = areas["id"].tolist()
    return [name or str(names[at]) for name, at in zip(found, nearest, strict=True)]


def _counted_areas(
    city: City, areas: gpd.GeoDataFrame, residents: Residents
) -> tuple[gpd.GeoDataFrame, Residents]:
    """Return the areas by which people are counted: sectors that were imported, else ours."""
    sectors = load_sectors(city.folder)
    if sectors is not None and set(sectors["id"]) & set(residents.counts[EVERYBODY]):
        return to_metric(sectors)[["id", "geometry"]], residents
    parents = {
        str(sector): str(row.id)
        for row in areas.itertuples()
        for sector in (getattr(row, "sectors", None) or ())
    }
    return areas[["id", "geometry"]], residents.within(parents)


def _counts(residents: Residents, groups: Mapping[str, Group]) -> Counts:
    """Return how many of each group that lives somewhere are in each area."""
    everybody = residents.counts[EVERYBODY]
    total = sum(everybody.values())
    counts: Counts = {}
    for name, group in groups.items():
        if name in residents.counts:
            counts[name] = residents.counts[name]
        elif not group.is_at_work and (share := _share(group, residents, total)) is not None:
            counts[name] = {area: people * share for area, people in everybody.items()}
    return counts


def _share(group: Group, residents: Residents, total: float) -> float | None:
    """Return which share of all people a group is; None where nobody says it."""
    if group.people is not None:
        return group.people / total if total else None
    aged = residents.share_aged(*group.ages) if group.ages else 1.0
    return None if group.share is None or aged is None else group.share * aged


def _located(counts: Counts, known: set[str]) -> tuple[Counts, Mapping[str, float]]:
    """Return the people of areas that are on the map, and how many others there are."""
    placed: Counts = {
        group: {area: people for area, people in by_area.items() if area in known}
        for group, by_area in counts.items()
    }
    others = {
        group: sum(people for area, people in by_area.items() if area not in known)
        for group, by_area in counts.items()
    }
    return placed, {group: people for group, people in others.items() if people}


def _in_areas(points: DemandPoints, areas: gpd.GeoDataFrame) -> DemandPoints:
    """Return points that name their neighbourhood, whichever areas they were counted by."""
    if set(points.area.tolist()) <= set(areas["id"]):
        return points
    at = gpd.GeoSeries(shapely.points(points.at), crs=areas.crs)
    return replace(points, area=np.array(neighbourhood_of(at, areas), dtype=np.str_))


def _workers(
    groups: Mapping[str, Group], areas: gpd.GeoDataFrame, sites: Path
) -> tuple[dict[str, DemandPoints], float]:
    """Return those who are counted at workplaces, and how well the worst of these is known."""
    groups = {name: each for name, each in groups.items() if each.is_at_work and each.people}
    wanted = {site for each in groups.values() for site in each.workplaces}
    if not wanted:
        return {}, 0.0
    frame = load_layer(sites)
    known = to_metric(frame[frame["id"].isin(wanted) & frame.geometry.notna()])
    found, precision_m = {}, 0.0
    for name, group in groups.items():
        own = known[known["id"].isin(group.workplaces)]
        if len(own):
            area = np.array(neighbourhood_of(own.geometry, areas), dtype=np.str_)
            at = shapely.get_coordinates(own.geometry.to_numpy())
            found[name] = at_work(at, area, float(group.people or 0))
            precision_m = max(precision_m, float(own["precision_m"].max()))
    return found, precision_m


def _precision_m(points: DemandPoints, addresses: gpd.GeoDataFrame | None) -> float:
    if points.is_synthetic or addresses is None:
        return _GRID_M
    return float(addresses["precision_m"].max())


def _synthetic(
    points: DemandPoints, residents: Residents, groups: Mapping[str, Group]
) -> frozenset[str]:
    """Return the groups of whom something is invented; a share of all is alike in all areas."""
    if points.is_synthetic or residents.is_synthetic:
        return frozenset(points.groups)
    return frozenset(name for name in points.groups if name not in residents.counts) | {
        name for name in points.groups if groups[name].is_at_work
    }


def _sources_of(layer: gpd.GeoDataFrame | None) -> tuple[Source, ...]:
    if layer is None or not len(layer):
        return ()
    row = layer.iloc[0]
    told = (str(row["source"]), str(row["licence"]), str(row["vintage"]))
    return (Source("addresses", *told, float(row["precision_m"]), bool(row["synthetic"])),)


def _shares(groups: Mapping[str, Group], residents: Residents) -> tuple[Source, ...]:
    """Return what is said of the size of groups that no source counts."""
    return tuple(
        Source(f"size of {name}", each.source, "", "", None, each.is_invented)
        for name, each in groups.items()
        if name not in residents.counts and (each.source or each.is_invented)
    )

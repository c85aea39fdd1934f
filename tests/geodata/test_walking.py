"""Walking distances are those that networkx finds on the same streets."""

from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from geodata.layers import load_layer, to_metric
from geodata.walking import FARTHEST_OFF_M, Places, WalkingNetwork, straight_m

MECHELEN = Path(__file__).parents[2] / "geodata" / "mechelen"
FAR_M = 1e9

CORNER = st.tuples(st.integers(0, 5), st.integers(0, 5))
STREETS = st.lists(
    st.lists(CORNER, min_size=2, max_size=4, unique=True).map(
        lambda corners: shapely.LineString([(x * 50.0, y * 50.0) for x, y in corners])
    ),
    min_size=1,
    max_size=12,
)
POINTS = st.lists(st.tuples(st.floats(-20, 270), st.floats(-20, 270)), min_size=1, max_size=4).map(
    np.array
)


def _graph(network: WalkingNetwork) -> "nx.Graph[object]":
    graph = nx.Graph()
    graph.add_nodes_from(range(len(network.nodes)))
    for one, other in network.edges.tolist():
        length_m = float(np.hypot(*(network.nodes[one] - network.nodes[other])))
        graph.add_edge(one, other, weight=length_m)
    return graph


def _by_networkx(network: WalkingNetwork, origins: Places, targets: Places) -> NDArray[np.float64]:
    """Put both points into the graph as nodes of their own, and ask for the shortest way."""
    return np.array(
        [
            [_walked(network, (origins, one), (targets, other)) for other in range(len(targets.at))]
            for one in range(len(origins.at))
        ]
    )


def _walked(
    network: WalkingNetwork, origin: tuple[Places, int], target: tuple[Places, int]
) -> float:
    graph = _graph(network)
    stops: dict[int, list[tuple[float, str]]] = {}
    off_m = 0.0
    for name, (places, number) in (("origin", origin), ("target", target)):
        edge = int(places.edge[number])
        if edge < 0:
            return np.inf
        stops.setdefault(edge, []).append((float(places.along_m[number]), name))
        off_m += float(places.off_m[number])
    for edge, on_it in stops.items():
        one, other = network.edges[edge].tolist()
        length_m = float(np.hypot(*(network.nodes[one] - network.nodes[other])))
        chain = [(0.0, one), *sorted(on_it), (length_m, other)]
        for (from_m, before), (to_m, after) in pairwise(chain):
            graph.add_edge(before, after, weight=max(to_m - from_m, 0.0))
    try:
        return off_m + float(nx.shortest_path_length(graph, "origin", "target", weight="weight"))
    except nx.NetworkXNoPath:
        return np.inf


@given(STREETS, POINTS, POINTS)
def test_the_way_is_as_long_as_networkx_finds_it(
    streets: list[shapely.LineString], here: NDArray[np.float64], there: NDArray[np.float64]
) -> None:
    network = WalkingNetwork(streets)
    origins, targets = network.place(here), network.place(there)
    found = network.distances_m(origins, targets, FAR_M)
    assert found == pytest.approx(_by_networkx(network, origins, targets))


@given(STREETS, POINTS, POINTS)
def test_there_and_back_are_the_same_and_never_shorter_than_straight(
    streets: list[shapely.LineString], here: NDArray[np.float64], there: NDArray[np.float64]
) -> None:
    network = WalkingNetwork(streets)
    origins, targets = network.place(here), network.place(there)
    found = network.distances_m(origins, targets, FAR_M)
    assert found == pytest.approx(network.distances_m(targets, origins, FAR_M).T)
    assert (found >= straight_m(here, there, FAR_M) - 1e-6).all()


@given(STREETS, POINTS, POINTS, st.floats(0, 400))
def test_a_limit_leaves_out_what_is_farther_and_changes_nothing_else(
    streets: list[shapely.LineString],
    here: NDArray[np.float64],
    there: NDArray[np.float64],
    limit_m: float,
) -> None:
    network = WalkingNetwork(streets)
    origins, targets = network.place(here), network.place(there)
    whole = network.distances_m(origins, targets, FAR_M)
    near = network.distances_m(origins, targets, limit_m)
    assert near == pytest.approx(np.where(whole <= limit_m, whole, np.inf))


def test_on_the_streets_of_mechelen_networkx_agrees() -> None:
    frame = to_metric(load_layer(MECHELEN / "basemap_streets.geojson", key=None))
    network = WalkingNetwork(frame.geometry)
    draw = np.random.default_rng(5)
    west, south, east, north = frame.total_bounds
    points = draw.uniform((west, south), (east, north), (40, 2))
    origins, targets = network.place(points[:8]), network.place(points[8:])
    found = network.distances_m(origins, targets, FAR_M)
    assert found == pytest.approx(_by_networkx(network, origins, targets))
    assert np.isfinite(found).any()


def test_a_street_that_crosses_another_without_a_corner_is_a_bridge() -> None:
    bridge = WalkingNetwork(
        [shapely.LineString([(0, 0), (100, 0)]), shapely.LineString([(50, -50), (50, 50)])]
    )
    ends = bridge.place(np.array([[0.0, 0.0], [50.0, 50.0]]))
    assert np.isinf(bridge.distances_m(ends, ends, FAR_M)[0, 1])


def test_who_lives_far_from_every_street_is_reached_by_none() -> None:
    network = WalkingNetwork([shapely.LineString([(0, 0), (100, 0)])])
    places = network.place(np.array([[50.0, FARTHEST_OFF_M + 1], [50.0, FARTHEST_OFF_M - 1]]))
    assert places.edge.tolist() == [-1, 0]
    assert np.isinf(network.distances_m(places, places, FAR_M)[0]).all()


def test_without_streets_nobody_gets_anywhere() -> None:
    network = WalkingNetwork([])
    places = network.place(np.array([[0.0, 0.0]]))
    assert np.isinf(network.distances_m(places, places, FAR_M)).all()
    assert network.length_m == 0.0


def test_lines_with_vertices_a_centimetre_apart_meet() -> None:
    network = WalkingNetwork(
        [shapely.LineString([(0, 0), (100, 0)]), shapely.LineString([(100.01, 0.02), (100, 80)])]
    )
    ends = network.place(np.array([[0.0, 0.0], [100.0, 80.0]]))
    assert network.distances_m(ends, ends, FAR_M)[0, 1] == pytest.approx(180.0, abs=0.1)

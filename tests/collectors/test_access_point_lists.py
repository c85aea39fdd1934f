"""Whose list of access points is whole, so that one which is not in it has vanished."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.snmp.assemble import assemble
from collectors.snmp.library import Choice, bundled
from collectors.snmp.snapshot import Snapshot
from collectors.snmp.values import Value
from tests.collectors import ber
from tests.collectors.crafted import E, Start, Table, column, device, read

FIRST, SECOND = "2.0.0.0.0.1", "2.0.0.0.0.2"
INSTANT = "14823.2.3.3.1.2.1.1"
LEADER = {f"{E}.14823.2.3.3.1.1.6.0": (ber.IP_ADDRESS, bytes([192, 0, 2, 1]))}


def instant(*indices: str) -> Table:
    """Build a member of a cluster that lists these; the first is at 192.0.2.1."""
    told = {i: bytes([192, 0, 2, int(i[-1])]) for i in indices}
    addresses = {f"{E}.{INSTANT}.3.{i}": (ber.IP_ADDRESS, octets) for i, octets in told.items()}
    return {
        **device(f"{E}.14823.1.2.59"),
        **column(f"{INSTANT}.11", dict.fromkeys(indices, 1)),
        **addresses,
    }


CISCO, CISCO_UP = device(f"{E}.9.1.1069"), "9.9.618.1.8.4"
FORTIGATE, FORTI_COUNTS = device(f"{E}.12356.101.1.1005"), "12356.101.14.2"
UNLEASHED = {**device(f"{E}.25053.3.1.5.20"), **column("25053.1.15.1.1.1.15", {"1.0": 1})}
ROUTEROS = {**device(f"{E}.14988.1"), **column("14988.1.1.1.10", {"0": 0})}

LISTS = {
    "a controller with access points": {**CISCO, **column("14179.2.2.1.1.3", {FIRST: "AP"})},
    "a controller that counts none": {**CISCO, **column(CISCO_UP, {"0": 0})},
    "a cluster": instant(FIRST, SECOND),
    "the leader of a cluster, alone": {**instant(FIRST), **LEADER},
    "a firewall with one access point": {
        **FORTIGATE,
        **column("12356.101.14.4.4.1.7", {"1.3.70.80.49": 2}),
        **column(FORTI_COUNTS, {"4.0": 1, "5.0": 1}),
    },
    "a CAPsMAN with one access point": {**ROUTEROS, **column("14988.1.1.1.11.1.3", {"1": "Run"})},
    "an Unleashed master": {
        **UNLEASHED,
        **column("25053.1.15.2.1.1.2.1.1.3", {FIRST: 1, SECOND: 0}),
    },
}
LISTS_NOT = {
    "a device of no profile": device(f"{E}.32473"),
    "a controller whose table may not be read": CISCO,
    "a controller that counts some and shows none": {**CISCO, **column(CISCO_UP, {"0": 2})},
    "a member of a cluster that knows itself": {**instant(SECOND), **LEADER},
    "a member that knows nobody": instant(),
    "an Unleashed member that knows itself": {
        **UNLEASHED,
        **column("25053.1.15.2.1.1.2.1.1.3", {FIRST: 1}),
    },
    "a firewall that controls nothing": {**FORTIGATE, **column(FORTI_COUNTS, {"4.0": 0, "5.0": 0})},
    "a router that controls nothing": ROUTEROS,
    "an access point with radios of its own": {
        **device(f"{E}.25053.3.1.4.71"),
        **column("25053.1.1.12.1.1.1.2.1.4", {"1": 6}),
    },
}


@pytest.mark.parametrize("name", LISTS)
def test_it_lists_its_access_points(agent: Start, name: str) -> None:
    assert read(agent, LISTS[name]).lists_access_points


@pytest.mark.parametrize("name", LISTS_NOT)
def test_it_claims_no_list(agent: Start, name: str) -> None:
    assert not read(agent, LISTS_NOT[name]).lists_access_points


def test_a_list_that_becomes_empty_is_still_a_list(agent: Start) -> None:
    """All have vanished: their controller answers, and counts none."""
    table = {**LISTS["a controller with access points"], **column(CISCO_UP, {"0": 1})}
    full = read(agent, table)
    del table[f"{E}.14179.2.2.1.1.3.{FIRST}"]
    emptying = read(agent, table)
    table |= column(CISCO_UP, {"0": 0})
    empty = read(agent, table)
    assert [r.lists_access_points for r in (full, emptying, empty)] == [True, False, True]
    assert [len(r.access_points) for r in (full, emptying, empty)] == [1, 0, 0]


def test_the_claim_is_no_part_of_the_json(agent: Start) -> None:
    found = read(agent, LISTS["a cluster"]).as_json()
    assert found["access_points"] and "lists_access_points" not in found


@given(st.dictionaries(st.sampled_from(["up", "total"]), st.integers(1, 10**6), min_size=1))
def test_an_empty_list_is_never_believed_against_a_count(counts: dict[str, int]) -> None:
    profile = next(p for p in bundled().known if p.name == "ruckus_zonedirector")
    root = "1.3.6.1.4.1.25053.1.2.1.1.1.15"
    oids = {"up": f"{root}.1.0", "total": f"{root}.15.0"}
    said: dict[str, Value] = dict.fromkeys(oids.values(), 0)
    assert assemble(Choice(profile), Snapshot(dict(said))).lists_access_points
    said |= {oids[name]: count for name, count in counts.items()}
    assert not assemble(Choice(profile), Snapshot(said)).lists_access_points

"""What holds of the bundled profiles whatever a device says, and whose they are not."""

from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.snmp import library
from collectors.snmp.library import GENERIC
from collectors.snmp.profile import Profile
from collectors.snmp.reading import ApStatus
from collectors.snmp.snapshot import as_number, as_text
from collectors.snmp.sources import Share, Source
from collectors.snmp.tables import IGNORED

NET_SNMP = "1.3.6.1.4.1.8072.3.2.10"


def own(name: str) -> Profile:
    return library.read(resources.files("collectors.snmp") / "profiles" / f"{name}.toml")


def status_sources() -> list[tuple[str, Source]]:
    tables = [(p.name, p.access_points) for p in library.bundled().known if p.access_points]
    return [(n, s) for n, t in tables for s in t.status if isinstance(s, Source)]


@given(st.sampled_from(status_sources()), st.integers(-(2**31), 2**32) | st.binary(max_size=20))
def test_whatever_a_controller_says_of_a_state_is_one_of_our_words(
    named: tuple[str, Source], said: int | bytes
) -> None:
    assert as_text(named[1], said) in {None, IGNORED, *ApStatus}


@given(st.integers(0, 255))
def test_a_noise_that_is_an_unsigned_byte_is_never_above_zero_by_mistake(byte: int) -> None:
    radios = own("aerohive").radios[0]
    source = next(cell for cell in radios.noise_dbm if isinstance(cell, Source))
    assert as_number(source, byte) == (byte if byte < 128 else byte - 256)


@given(st.integers() | st.text(max_size=30))
def test_what_is_unverified_reads_as_a_share_or_not_at_all(said: int | str) -> None:
    value = said if isinstance(said, int) else said.encode()
    for name in ("cambium_cnpilot", "ruijie"):
        for fact in (*own(name).facts.cpu_ratio, *own(name).facts.memory_ratio):
            if not isinstance(fact, Share) and fact.pattern is not None:
                assert 0 <= (as_number(fact, value) or 0) <= 1


@given(st.lists(st.integers(0, 2**32 - 1), max_size=30))
def test_of_every_model_the_objects_below_it_are_asked(arcs: list[int]) -> None:
    oid = ".".join(["1.3.6.1.4.1.171.10.37", *map(str, arcs)])
    facts = library.bundled().choose(oid, "DAP-1", bool).profile.facts
    asked = [s.oid for s in (*facts.cpu_ratio, *facts.memory_ratio) if isinstance(s, Source)]
    assert asked == [f"{oid}.5.1.3.0", f"{oid}.5.1.4.0"]


@given(st.text(max_size=255))
def test_a_plain_linux_computer_is_never_claimed(descr: str) -> None:
    choice = library.bundled().choose(NET_SNMP, f"Linux {descr}", lambda _: False)
    assert choice.profile.name == GENERIC


@pytest.mark.parametrize(
    ("oid", "descr", "expected"),
    [
        ("1.3.6.1.4.1.890.1.15", "GS1920-24", GENERIC),
        ("1.3.6.1.4.1.25506.1.1", "H3C Comware switch", GENERIC),
        ("1.3.6.1.4.1.29671.2.100", "Meraki MS120 Cloud Managed Switch", GENERIC),
        ("1.3.6.1.4.1.17713.24", "Cambium Networks cnMatrix Ethernet Switch", GENERIC),
        ("1.3.6.1.4.1.171.10.76.44", "D-Link DGS-1210", GENERIC),
        ("1.3.6.1.4.1.2011.2.23.92", "Huawei S5700 switch", GENERIC),
        ("1.3.6.1.4.1.12356.106.1", "FortiSwitch", GENERIC),
        ("1.3.6.1.4.1.4881.1.1", "Ruijie", "ruijie"),
    ],
)
def test_a_relative_that_is_no_access_point_stays_generic(
    oid: str, descr: str, expected: str
) -> None:
    assert library.bundled().choose(oid, descr, lambda _: False).profile.name == expected

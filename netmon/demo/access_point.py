"""What a simulated access point says: the UniFi MIB with two radios, one public SSID and a mesh."""

from functools import partial

from netmon.demo import mib
from netmon.demo.crowd import Crowd, crowd
from netmon.demo.mib import Count, Interface
from netmon.demo.roster import Simulated
from netmon.demo.row import Moment, Row, Syntax, Value, oid

RADIO_ENTRY = oid("1.3.6.1.4.1.41112.1.6.1.1.1")  # UBNT-UniFi-MIB::unifiRadioEntry
VAP_ENTRY = oid("1.3.6.1.4.1.41112.1.6.1.2.1")  # UBNT-UniFi-MIB::unifiVapEntry
AP_SYSTEM = oid("1.3.6.1.4.1.41112.1.6.3")  # UBNT-UniFi-MIB::unifiApSystem
MEMORY = oid("1.3.6.1.4.1.10002.1.1.1.1")  # FROGFOOT-RESOURCES-MIB, in kB

SSID = "Mechelen gratis wifi"
VERSION = "6.0.0"
MODEL = "UAP-synthetic"
MEMORY_KB = 131_072
TRUE, FALSE = 1, 2

RADIOS = ("ng", "na")
RADIO_SHARE = {"ng": 0.3, "na": 0.7}
CHANNELS = {"ng": (1, 6, 11), "na": (36, 40, 44, 48, 100, 104)}
TX_POWER_DBM = {"ng": 17, "na": 21}
VAPS = (("ng", True), ("ng", False), ("na", True), ("na", False))
"""Radio of each virtual access point, and whether it is the public one."""

DOWNLOAD_BYTES_PER_S = 14_000  # by one person, on average
UPLOAD_BYTES_PER_S = 2_200
IDLE_BYTES_PER_S = 400  # beacons and management; keeps every counter strictly moving


def rows(device: Simulated, seed: int) -> list[Row]:
    """Return everything this access point answers, in no particular order."""
    people = crowd(device, seed, 12 + 36 * device.fraction(seed, "capacity"))
    return [
        *mib.system(device, seed, f"{MODEL} {VERSION}", "1.3.6.1.4.1.41112"),
        *mib.interfaces(_ports(device, seed, people)),
        *mib.processors(partial(_cpu_percent, people, core) for core in range(4)),
        *_radios(device, seed, people),
        *_vaps(device, seed, people),
        *_ap_system(device, seed),
        *_memory(people),
    ]


def stations(people: Crowd, radio: str, moment: Moment) -> int:
    """Return how many stations are associated on a radio; a person has one."""
    return int(people.people(moment) * RADIO_SHARE[radio])


def octets(people: Crowd, share: float, each_per_s: float, before: int, now: Moment) -> int:
    """Return what `share` of the people moved at `each_per_s` bytes, on top of `before`."""
    used = people.person_seconds(now) * share * each_per_s
    return before + int(used + IDLE_BYTES_PER_S * now.elapsed_s)


def _traffic(device: Simulated, seed: int, people: Crowd, share: float) -> tuple[Count, Count]:
    """Return the octets towards the people and from them, for a share of them."""
    before = int(4e10 * share * device.fraction(seed, "octets before"))
    down = partial(octets, people, share, DOWNLOAD_BYTES_PER_S, before)
    up = partial(octets, people, share, UPLOAD_BYTES_PER_S, before // 6)
    return down, up


def _ports(device: Simulated, seed: int, people: Crowd) -> tuple[Interface, ...]:
    down, up = _traffic(device, seed, people, 1.0)
    wired = Interface("eth0", mib.ETHERNET, 1000, mib.mac(device, seed, 2), down, up)
    loopback = Interface("lo", mib.LOOPBACK, 10, b"", mib.nothing, mib.nothing)
    return loopback, wired, *(_vap_port(device, seed, people, n) for n in range(len(VAPS)))


def _vap_port(device: Simulated, seed: int, people: Crowd, number: int) -> Interface:
    radio, is_public = VAPS[number]
    down, up = _traffic(device, seed, people, RADIO_SHARE[radio] if is_public else 0.0)
    address = mib.mac(device, seed, 3 + number)
    mbps = {"ng": 300, "na": 1300}[radio]
    return Interface(f"ath{number}", mib.WIRELESS, mbps, address, received=up, sent=down)


def _cpu_percent(people: Crowd, core: int, now: Moment) -> int:
    return int(3 + core + 45 * people.people(now) / people.capacity)


def _radios(device: Simulated, seed: int, people: Crowd) -> list[Row]:
    """Return unifiRadioTable: airtime in percent, in all and by whom it is used."""
    others = [
        int(limit * device.fraction(seed, f"other networks {radio}"))
        for radio, limit in zip(RADIOS, (22, 9), strict=True)
    ]
    own = [[partial(_airtime, people, radio, way) for radio in RADIOS] for way in ("rx", "tx")]
    total = [partial(_airtime_in_all, people, r, o) for r, o in zip(RADIOS, others, strict=True)]
    return [
        *mib.column(RADIO_ENTRY, 1, Syntax.INTEGER, range(1, 3)),
        *mib.column(RADIO_ENTRY, 2, Syntax.STRING, ("wifi0", "wifi1")),
        *mib.column(RADIO_ENTRY, 3, Syntax.STRING, RADIOS),
        *mib.moving(RADIO_ENTRY, 6, Syntax.INTEGER, total),
        *mib.moving(RADIO_ENTRY, 7, Syntax.INTEGER, own[0]),
        *mib.moving(RADIO_ENTRY, 8, Syntax.INTEGER, own[1]),
        *mib.column(RADIO_ENTRY, 9, Syntax.INTEGER, others),
    ]


def _airtime(people: Crowd, radio: str, way: str, now: Moment) -> int:
    """Percent of the time; the 34 stations of the busiest radio use 68 % at most."""
    each = {"rx": 0.5, "tx": 1.5}[way]
    return int(each * people.people(now) * RADIO_SHARE[radio])


def _airtime_in_all(people: Crowd, radio: str, others: int, now: Moment) -> int:
    return others + sum(_airtime(people, radio, way, now) for way in ("rx", "tx"))


def _vaps(device: Simulated, seed: int, people: Crowd) -> list[Row]:
    """Return unifiVapTable: the public network and a mesh, on both radios."""
    radios = [radio for radio, _ in VAPS]
    channels = {
        radio: some[int(len(some) * device.fraction(seed, f"channel {radio}"))]
        for radio, some in CHANNELS.items()
    }
    mesh = f"vwire-{mib.mac(device, seed, 0).hex()}"
    counts = [
        partial(stations, people, radio) if is_public else mib.nothing for radio, is_public in VAPS
    ]
    constant: tuple[tuple[int, Syntax, list[Value]], ...] = (
        (1, Syntax.INTEGER, [1, 2, 3, 4]),
        (3, Syntax.INTEGER, [913, 1000, 947, 1000]),
        (4, Syntax.INTEGER, [channels[radio] for radio in radios]),
        (6, Syntax.STRING, [SSID if is_public else mesh for _, is_public in VAPS]),
        (7, Syntax.STRING, [f"ath{number}" for number in range(len(VAPS))]),
        (9, Syntax.STRING, list(radios)),
        (21, Syntax.INTEGER, [TX_POWER_DBM[radio] for radio in radios]),
        (22, Syntax.INTEGER, [TRUE] * len(VAPS)),
    )
    return [
        row
        for number, syntax, some in constant
        for row in mib.column(VAP_ENTRY, number, syntax, some)
    ] + mib.moving(VAP_ENTRY, 8, Syntax.INTEGER, counts)


def _ap_system(device: Simulated, seed: int) -> list[Row]:
    """Return unifiApSystem; the address is one for documentation (RFC 5737)."""
    booted_s = mib.booted_before_s(device, seed)
    address = f"192.0.2.{1 + int(254 * device.fraction(seed, 'address'))}"
    values: tuple[tuple[int, Syntax, Value | Count], ...] = (
        (1, Syntax.ADDRESS, address),
        (2, Syntax.INTEGER, FALSE),
        (3, Syntax.STRING, MODEL),
        (4, Syntax.STRING, "eth0"),
        (5, Syntax.COUNTER32, lambda now: int(booted_s + now.elapsed_s)),
        (6, Syntax.STRING, VERSION),
    )
    return [Row((*AP_SYSTEM, number, 0), syntax, value) for number, syntax, value in values]


def _memory(people: Crowd) -> list[Row]:
    def free_kb(now: Moment) -> int:
        return int(MEMORY_KB * (0.42 - 0.12 * people.people(now) / people.capacity))

    values: tuple[tuple[int, Value | Count], ...] = (
        (1, MEMORY_KB),
        (2, free_kb),
        (3, MEMORY_KB // 64),
        (4, MEMORY_KB // 10),
    )
    return [Row((*MEMORY, number, 0), Syntax.GAUGE, value) for number, value in values]

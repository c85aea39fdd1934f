"""What a simulated public computer says: HOST-RESOURCES (RFC 2790) with one disk, and its cable."""

from functools import partial

from netmon.demo import mib
from netmon.demo.crowd import Crowd, crowd
from netmon.demo.mib import Interface
from netmon.demo.roster import Simulated
from netmon.demo.row import Moment, Row, Syntax, oid

HR_STORAGE_RAM = oid("1.3.6.1.2.1.25.2.1.2")
HR_STORAGE_FIXED_DISK = oid("1.3.6.1.2.1.25.2.1.4")

SEATED = 0.35  # more of a person than this, and somebody sits there
UNIT_BYTES = 4096
RAM_UNITS = 2_097_152  # 8 GiB
DISK_UNITS = 62_500_000  # 256 GB
BYTES_PER_S = {"received": 60_000, "sent": 9_000}
IDLE_BYTES_PER_S = 150


def rows(device: Simulated, seed: int) -> list[Row]:
    """Return everything this computer answers, in no particular order."""
    user = crowd(device, seed, 1.0)
    descr = "Synthetic public computer, not a real machine"
    return [
        *mib.system(device, seed, descr, "1.3.6.1.4.1.32473.2.1"),  # RFC 5612: for examples
        *mib.interfaces(_ports(device, seed, user)),
        *_host(device, seed, user),
        *_storage(device, seed, user),
        *mib.processors(partial(_cpu_percent, user, core) for core in range(2)),
    ]


def users(user: Crowd, now: Moment) -> int:
    """Return how many people sit at the computer: one or none."""
    return int(user.people(now) > SEATED)


def disk_ratio(device: Simulated, seed: int, now: Moment) -> float:
    """Return how full the disk is (0 to 1); what the script says goes first."""
    if now.disk_ratio is not None:
        return now.disk_ratio
    return 0.35 + 0.35 * device.fraction(seed, "disk")


def _ports(device: Simulated, seed: int, user: Crowd) -> tuple[Interface, ...]:
    before = int(9e9 * device.fraction(seed, "octets before"))
    received, sent = (
        partial(_octets, user, per_s, before // part)
        for per_s, part in zip(BYTES_PER_S.values(), (1, 7), strict=True)
    )
    loopback = Interface("lo", mib.LOOPBACK, 10, b"", mib.nothing, mib.nothing)
    return loopback, Interface("eth0", mib.ETHERNET, 1000, mib.mac(device, seed, 2), received, sent)


def _octets(user: Crowd, per_s: int, before: int, now: Moment) -> int:
    return before + int(user.person_seconds(now) * per_s + IDLE_BYTES_PER_S * now.elapsed_s)


def _host(device: Simulated, seed: int, user: Crowd) -> list[Row]:
    booted_s = mib.booted_before_s(device, seed)
    return [
        Row(
            (*mib.HR_SYSTEM, 1, 0),
            Syntax.TICKS,
            lambda now: int(100 * (booted_s + 30 + now.elapsed_s)) % mib.HIGHEST_32_BIT,
        ),
        Row((*mib.HR_SYSTEM, 5, 0), Syntax.GAUGE, partial(users, user)),
        Row((*mib.HR_SYSTEM, 6, 0), Syntax.GAUGE, lambda now: 118 + 41 * users(user, now)),
    ]


def _storage(device: Simulated, seed: int, user: Crowd) -> list[Row]:
    """Return hrStorageTable: memory and one disk, in units of 4 kB."""

    def ram_used(now: Moment) -> int:
        return int(RAM_UNITS * (0.22 + 0.4 * user.people(now)))

    def disk_used(now: Moment) -> int:
        return int(DISK_UNITS * disk_ratio(device, seed, now))

    types = (HR_STORAGE_RAM, HR_STORAGE_FIXED_DISK)
    entry = mib.HR_STORAGE_ENTRY
    return [
        *mib.column(entry, 1, Syntax.INTEGER, (1, 2)),
        *mib.column(entry, 2, Syntax.OBJECT_ID, types),
        *mib.column(entry, 3, Syntax.STRING, ("Physical memory", "/")),
        *mib.column(entry, 4, Syntax.INTEGER, (UNIT_BYTES, UNIT_BYTES)),
        *mib.column(entry, 5, Syntax.INTEGER, (RAM_UNITS, DISK_UNITS)),
        *mib.moving(entry, 6, Syntax.INTEGER, (ram_used, disk_used)),
    ]


def _cpu_percent(user: Crowd, core: int, now: Moment) -> int:
    return int(2 + core + 30 * user.people(now) + 20 * users(user, now))

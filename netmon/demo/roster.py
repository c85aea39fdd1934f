"""Which devices are simulated: the few columns of `devices.csv` that a simulator needs."""

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

from netmon.domain.errors import ConfigError, Problem
from netmon.domain.model import DeviceKind, Power

KINDS = (
    DeviceKind.ACCESS_POINT,
    DeviceKind.PUBLIC_PC,
    DeviceKind.SWITCH,
    DeviceKind.GATEWAY,
)


@dataclass(frozen=True, slots=True)
class Simulated:
    """A device to simulate. `parents` are those it reaches the network through."""

    id: str
    kind: DeviceKind
    name: str
    place_id: str
    parents: tuple[str, ...] = ()
    power: Power = Power.ALWAYS_ON

    def fraction(self, seed: int, trait: str) -> float:
        """Return a number from 0 up to 1 that is always the same for this device and trait."""
        digest = hashlib.blake2b(f"{seed}/{self.id}/{trait}".encode(), digest_size=6).digest()
        return int.from_bytes(digest) / 2**48


def read(path: Path) -> tuple[Simulated, ...]:
    """
    Read the devices of a `devices.csv`, in the order of the file.

    Raises
    ------
    ConfigError
        With every row that cannot be simulated: a kind that has no simulation, an id that
        repeats, a parent that is not there, a device that is not marked synthetic.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(enumerate(csv.DictReader(file), start=2))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigError([Problem(str(path), "", "file", "a readable CSV", str(error))]) from error
    ids = [row.get("id") or "" for _, row in rows]
    problems = [] if rows else [Problem(str(path), "", "rows", "one device or more", "none")]
    for line, row in rows:
        problems += [
            Problem(str(path), f"line {line}", key, expected, repr(row.get(key)))
            for key, expected in _wrong(row, ids)
        ]
    if problems:
        raise ConfigError(problems)
    return tuple(_device(row) for _, row in rows)


def _wrong(row: dict[str, str | None], ids: list[str]) -> list[tuple[str, str]]:
    """Return each wrong key with what it should have been."""
    checks = (
        ("id", bool(row.get("id")) and ids.count(row["id"] or "") == 1, "an id used once"),
        ("kind", row.get("kind") in KINDS, "one of " + " ".join(KINDS)),
        ("name", bool(row.get("name")), "a name"),
        ("place_id", bool(row.get("place_id")), "the id of a place"),
        ("parents", set((row.get("parents") or "").split()) <= set(ids), "ids of this file"),
        ("power", row.get("power") in tuple(Power), "one of " + " ".join(Power)),
        ("synthetic", row.get("synthetic") == "true", "true: only invented devices are simulated"),
    )
    return [(key, expected) for key, right, expected in checks if not right]


def _device(row: dict[str, str]) -> Simulated:
    return Simulated(
        id=row["id"],
        kind=DeviceKind(row["kind"]),
        name=row["name"],
        place_id=row["place_id"],
        parents=tuple((row["parents"] or "").split()),
        power=Power(row["power"]),
    )


def cut_off(failing: frozenset[str], devices: tuple[Simulated, ...]) -> frozenset[str]:
    """
    Return the ids of all that cannot answer while the devices in `failing` fail.

    These are the failing devices themselves and every device all of whose parents are
    cut off in turn.
    """
    silent = failing
    while True:
        behind = {
            device.id for device in devices if device.parents and silent.issuperset(device.parents)
        }
        if behind <= silent:
            return silent
        silent |= behind

"""A good small city in files of its own, for tests to spoil one thing at a time."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from geodata.city import City
from netmon.cli.wiring import Loaded, load
from netmon.config.calendar import Calendar, load_calendar
from netmon.config.devices_file import COLUMNS
from netmon.domain.errors import ConfigError, Problem

MECHELEN = City.bundled().folder
LAYERS = ("boundary.geojson", "streets.geojson", "holidays.toml")
SETTINGS = """\
[city]
folder = "city"

[credentials.lab]
community_file = "community"
"""
COMMUNITY = "a-community-for-tests"
INSIDE = (4.4803, 51.0281)
"""Lon and lat of a point on the Grote Markt."""


def site(key: str = "bib", **changes: Any) -> dict[str, Any]:
    """Return a library with hours and computers, as `sites.geojson` writes it."""
    facts: dict[str, Any] = {
        "id": key,
        "name": "Bibliotheek",
        "opening_hours": "Tu-Fr 10:00-18:00; Sa 10:00-17:00; PH off",
        "offers": [{"service": "computer", "seats": 4}],
        "source": "a test",
        "licence": "CC0-1.0",
        "vintage": "2026",
        "precision_m": 20,
        "synthetic": True,
    }
    geometry = changes.pop("geometry", {"type": "Point", "coordinates": list(INSIDE)})
    return {"type": "Feature", "properties": {**facts, **changes}, "geometry": geometry}


def device(key: str = "pc-1", **changes: str) -> dict[str, str]:
    """Return a public computer in the library, as `devices.csv` writes it."""
    row = dict.fromkeys(COLUMNS, "")
    row |= {
        "id": key,
        "kind": "public_pc",
        "name": "PC 1",
        "place_id": "bib",
        "host": "127.0.0.1",
        "credential": "lab",
        "power": "with_site",
        "synthetic": "true",
    }
    return {**row, **changes}


class CityFiles:
    """The files of one small city; every method replaces one of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "netmon.toml"
        (folder / "city").mkdir()
        for name in LAYERS:
            (folder / "city" / name).symlink_to(MECHELEN / name)
        self.settings(SETTINGS)
        self.sites(site())
        self.devices(device())
        self.secret(COMMUNITY)

    def settings(self, text: str) -> None:
        self.config.write_text(text, encoding="utf-8")

    def layer(self, name: str, text: str) -> None:
        path = self.folder / "city" / name
        path.unlink()
        path.write_text(text, encoding="utf-8")

    def sites(self, *features: Any) -> None:
        document = {"type": "FeatureCollection", "features": features}
        (self.folder / "sites.geojson").write_text(json.dumps(document), encoding="utf-8")

    def devices(self, *rows: Mapping[str, str]) -> None:
        self.table(COLUMNS, (row.values() for row in rows))

    def table(self, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
        quoted = [
            ",".join('"' + cell.replace('"', '""') + '"' for cell in row)
            for row in (columns, *rows)
        ]
        text = "\n".join(quoted) + "\n"
        (self.folder / "devices.csv").write_bytes(text.encode())

    def secret(self, text: str, mode: int = 0o600) -> None:
        path = self.folder / "community"
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)

    def load(self) -> Loaded:
        return load(self.config)

    def raw_problems(self) -> list[Problem]:
        """Return what is wrong; nothing where all is fine."""
        try:
            self.load()
        except ConfigError as error:
            return error.problems or pytest.fail("refused without a word")
        return []

    def problems(self) -> list[str]:
        """Return what is told to people, with the folder of this city left out."""
        return [str(each).replace(f"{self.folder}{os.sep}", "") for each in self.raw_problems()]


@pytest.fixture
def city(tmp_path: Path) -> CityFiles:
    return CityFiles(tmp_path)


@pytest.fixture(scope="session")
def mechelen() -> Calendar:
    return load_calendar(MECHELEN / "holidays.toml", timezone="Europe/Brussels", country="BE")

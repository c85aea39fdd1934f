"""`netmon import`: what it says, and what it leaves when it is stopped."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from geodata.city import City
from tests.cli.asking import Call
from tests.waiting import wait_for

TOLD = ("--source", "de stad", "--licence", "CC0", "--vintage", "2026")
PLACES = "naam;doelgroep;lon;lat\nHuis;jongeren;4,48;51,02\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the example, which is a city's own folder."""
    return Path(shutil.copytree(City.bundled().folder, tmp_path / "city"))


def written(folder: Path, text: str) -> Path:
    path = folder.parent / "plaatsen.csv"
    path.write_text(text, "utf-8")
    return path


def test_it_says_what_it_did_and_the_city_still_opens(netmon: Call, folder: Path) -> None:
    file = written(folder, PLACES)
    answer = netmon("import", "places", file, "--city-folder", folder, *TOLD)
    assert (answer.code, answer.err) == (0, "")
    assert "target_groups.geojson: replaced, 1 places" in answer.out
    assert "de stad · CC0 · 2026" in answer.out
    City.open(folder)


def test_the_folder_is_that_of_the_configuration(netmon: Call, folder: Path) -> None:
    file = written(folder, PLACES)
    answer = netmon("import", "places", file, "-c", folder / "netmon.toml", *TOLD, "--json")
    assert answer.code == 0
    assert answer.document["layer"] == str(folder / "target_groups.geojson")
    assert (answer.document["kept"], answer.document["replaced"]) == (1, True)
    assert len(answer.document["sha256"]) == 64


def test_findings_are_told_with_the_row_and_bounded(netmon: Call, folder: Path) -> None:
    bad = "".join(f"Huis {n};dieren\x1b[31m;4,48;51,02\n" for n in range(30))
    good = "".join(f"Huis {n};jongeren;4,48;51,02\n" for n in range(40))
    file = written(folder, "naam;doelgroep;lon;lat\n" + bad + good)
    answer = netmon("import", "places", file, "--city-folder", folder, *TOLD, "--dry-run")
    assert answer.code == 0 and "dry run" in answer.out
    lines = answer.err.splitlines()
    assert len(lines) == 21 and lines[-1] == "and 10 more"
    assert lines[0].startswith("plaatsen.csv:#0: group: expected one or more of older")
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("places", "absent.csv"), "absent.csv"),
        (("places", "."), "regular file"),
        (("places", "absent.csv", "--column", "colour=red"), "FIELD=HEADER"),
        (("planets", "absent.csv"), "planets"),
        (("places", "absent.csv", "--precision", "nan"), "precision"),
    ],
)
def test_bad_input_is_one_line(netmon: Call, folder: Path, arguments: tuple, word: str) -> None:
    assert word in netmon("import", *arguments, "--city-folder", folder, *TOLD).refused()


def test_the_example_that_comes_with_netmon_is_not_changed(netmon: Call, folder: Path) -> None:
    file = written(folder, PLACES)
    line = netmon("import", "places", file, "--city-folder", City.bundled().folder, *TOLD).refused()
    assert "copy the example first" in line


@pytest.mark.parametrize("word", [signal.SIGINT, signal.SIGKILL])
def test_who_is_stopped_leaves_the_old_layer_and_the_next_import_tidies_up(
    netmon: Call, folder: Path, word: signal.Signals
) -> None:
    """Stopped while it reads: the working folder is there, the layer not yet replaced."""
    rows = "".join(f"Straat;{n};4,48{n % 1000:03};51,02\n" for n in range(300_000))
    old = written(folder, PLACES)
    netmon("import", "places", old, "--city-folder", folder, *TOLD)
    big = folder.parent / "adressen.csv"
    big.write_text("straat;huisnummer;lon;lat\n" + rows, "utf-8")
    (folder / "addresses.gpkg").write_bytes(b"the old layer")
    command = ("import", "addresses", str(big), "--city-folder", str(folder), *TOLD)
    process = subprocess.Popen(
        [sys.executable, "-m", "netmon", *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ,
    )
    try:
        wait_for(lambda: [*folder.glob(".import-*")], within_s=20, what="a working folder")
        process.send_signal(word)
    finally:
        process.wait(30)
    assert process.returncode != 0
    assert (folder / "addresses.gpkg").read_bytes() == b"the old layer"
    assert netmon("import", "places", old, "--city-folder", folder, *TOLD).code == 0
    assert not [*folder.glob(".import-*")]
    assert set(json.loads((folder / "imports.json").read_text())) == {"places"}

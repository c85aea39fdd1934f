"""`backup` and `restore` as an operator calls them, of a netmon that runs meanwhile."""

import json
import re
import threading
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from netmon.storage.record import RecordReader
from tests.cli.asking import Answer, Call, process
from tests.cli.conftest import Netmon
from tests.config.conftest import CityFiles
from tests.waiting import wait_for

TURNS = 2
FACTS = {"made_at", "netmon", "format", "origin", "stores", "reports", "beside"}


def test_machines_get_what_was_saved_and_put_back(
    netmon: Call, stored: CityFiles, tmp_path: Path
) -> None:
    saved = tmp_path / "saved.zip"
    answer = netmon("backup", saved, "-c", stored.config, "--json")
    assert (answer.code, answer.err) == (0, "")
    made = answer.document
    assert set(made) == {"file", "size_bytes"} | FACTS
    assert made["size_bytes"] == saved.stat().st_size
    assert datetime.fromisoformat(made["made_at"]).tzinfo is not None
    put_back = netmon("restore", saved, "-c", stored.config, "--json", "--force").document
    assert set(put_back) == {"folder", "moved_to"} | FACTS
    assert put_back["stores"] == made["stores"]
    assert Path(put_back["moved_to"]).parent == stored.folder / "var"


def test_people_get_a_line(netmon: Call, stored: CityFiles, tmp_path: Path) -> None:
    saved = tmp_path / "saved.zip"
    said = netmon("backup", saved, "-c", stored.config).out
    assert re.fullmatch(rf"{saved}: 0\.\d MB, real, both stores checked\n", said)
    first, second = netmon("restore", saved, "-c", stored.config, "--force").out.splitlines()
    assert first.startswith(f"{stored.folder / 'var'}: as it was at 20")
    assert second.endswith(": the stores of before")


@pytest.mark.parametrize("command", ["status", "incidents", "availability"])
def test_every_answer_is_the_same_after_a_restore(
    netmon: Call, stored: CityFiles, tmp_path: Path, command: str
) -> None:
    interval = () if command == "status" else ("--from", "2025-03-01", "--to", "2025-11-01")
    assert netmon("incident", "note", "sw-1@2025", "a fuse", "-c", stored.config).code == 0
    before = netmon(command, "-c", stored.config, *interval).out
    netmon("backup", tmp_path / "saved.zip", "-c", stored.config)
    for path in (stored.folder / "var").iterdir():
        path.unlink()
    assert netmon("restore", tmp_path / "saved.zip", "-c", stored.config).code == 0
    assert netmon(command, "-c", stored.config, *interval).out == before


def test_bad_input_is_one_clear_line(netmon: Call, stored: CityFiles, tmp_path: Path) -> None:
    absent, other = tmp_path / "absent.zip", tmp_path / "other.zip"
    line = netmon("restore", absent, "-c", stored.config).refused()
    assert (
        line == f"{absent}: file: expected one that can be used, found: No such file or directory"
    )
    other.write_text("no archive", "utf-8")
    line = netmon("restore", other, "-c", stored.config, "--force").refused()
    assert line.startswith(f"{other}: backup: expected a whole one of `netmon backup`, found")
    line = netmon("backup", other, "-c", stored.config).refused()
    assert (
        line == f"{other}: backup: expected a name that is free, found a file: --force replaces it"
    )
    line = netmon("backup", tmp_path, "-c", stored.config).refused()
    assert line.endswith("expected the name of a file to make, found a folder")


class Saving(threading.Thread):
    """Saves again and again, each time by a command of its own."""

    def __init__(self, config: Path, folder: Path) -> None:
        super().__init__()
        self._config, self._folder = config, folder
        self.answers: list[Answer] = []

    def run(self) -> None:
        for turn in range(TURNS):
            saved = self._folder / f"{turn}.zip"
            self.answers.append(process("backup", saved, "-c", self._config, "--json"))


@pytest.fixture
def elsewhere(demo: tuple[Netmon, Path], tmp_path: Path) -> Path:
    """The configuration of the demo with a store of its own."""
    assert demo[0].address, "it is up, and its files are written"
    text = (demo[1] / "netmon.toml").read_text("utf-8")
    for name in ("devices.csv", "sites.geojson", "community"):
        (tmp_path / name).symlink_to(demo[1] / name)
    changed, times = re.subn(r'(?m)^folder = "store"$', 'folder = "other"', text)
    assert times == 1
    (tmp_path / "netmon.toml").write_text(changed, "utf-8")
    return tmp_path / "netmon.toml"


def test_a_running_netmon_is_saved_and_goes_on(
    demo: tuple[Netmon, Path], elsewhere: Path, tmp_path: Path
) -> None:
    """Real agents are asked, runs and looks written, while backups are made."""
    running, folder = demo
    config = folder / "netmon.toml"
    running.wait_until_said("collecting:")
    with closing(RecordReader(folder / "store")) as record:
        wait_for(lambda: len(record.latest()) > 10, within_s=60, what="observations")
    saving = Saving(config, tmp_path)
    saving.start()
    saving.join()
    assert [each.code for each in saving.answers] == [0] * TURNS
    newest = [_newest_look(tmp_path / f"{turn}.zip", elsewhere) for turn in range(TURNS)]
    assert newest == sorted(newest)
    seen = json.loads(process("status", "--json", "-c", config).out)["devices"]
    assert max(each["last_ok_at"] or "" for each in seen) >= newest[-1]
    assert (
        process("restore", tmp_path / "0.zip", "-c", config, "--force")
        .refused()
        .endswith("writer: expected none, found another netmon that writes this store")
    )
    assert not any("cannot write" in line for line in running.said)


def _newest_look(saved: Path, config: Path) -> str:
    assert process("restore", saved, "-c", config, "--force").code == 0
    document = json.loads(process("status", "--json", "-c", config).out)
    assert len(document["devices"]) > 10
    return max(each["last_ok_at"] or "" for each in document["devices"])

"""A backup is whole or refused, whoever writes meanwhile; a restore loses nothing of before."""

import json
import random
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest

from netmon.domain.errors import StoreError
from netmon.storage.archive import Manifest
from netmon.storage.backup import back_up
from netmon.storage.calibrations import FILE as CALIBRATION
from netmon.storage.desk import DeskReader, DeskWriter
from netmon.storage.record import RecordReader, RecordWriter
from netmon.storage.restore import Restored, restore
from tests.conftest import require
from tests.storage.disks import can_mount, on_small_disk
from tests.storage.stories import BothStories
from tests.waiting import wait_for

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
CHAPTERS = 12


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with both stores, of twelve chapters."""
    tell(tmp_path / "store", 0, CHAPTERS)
    return tmp_path / "store"


@pytest.fixture
def saved(tmp_path: Path, folder: Path) -> Path:
    saving(folder, tmp_path / "saved")
    return tmp_path / "saved"


def tell(folder: Path, first: int, chapters: int) -> None:
    story = BothStories(folder)
    for chapter in range(first, first + chapters):
        story.tell(chapter)
    story.close()


def saving(folder: Path, target: Path, *, force: bool = False) -> Manifest:
    return back_up(folder, target, version="0.1.0", at=NOW, force=force)


def restoring(saved: Path, folder: Path, *, force: bool = False, later_s: int = 0) -> Restored:
    at = NOW + timedelta(seconds=later_s)
    return restore(saved, folder, origin="real", at=at, force=force)


def names(folder: Path) -> set[str]:
    """Return what lies in a folder, locks left out."""
    return {path.name for path in folder.iterdir() if path.suffix != ".lock"}


def test_what_was_saved_comes_back_and_goes_on(tmp_path: Path, saved: Path) -> None:
    assert restoring(saved, tmp_path / "new").moved_to is None
    assert names(tmp_path / "new") == {"record.db", "desk.db"}
    assert BothStories.told(tmp_path / "new") == CHAPTERS
    tell(tmp_path / "new", CHAPTERS, 3)
    assert BothStories.told(tmp_path / "new") == CHAPTERS + 3


def test_a_backup_says_what_it_is_and_is_for_its_owner_alone(saved: Path) -> None:
    assert saved.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(saved) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert (manifest["format"], manifest["netmon"], manifest["origin"]) == (1, "0.1.0", "real")
    assert manifest["made_at"] == "2026-11-23T17:00:00Z"
    assert set(manifest["stores"]) == {"record.db", "desk.db"}
    assert {len(each["sha256"]) for each in manifest["stores"].values()} == {64}


@pytest.fixture
def telling(tmp_path: Path) -> Iterator[Callable[[], int]]:
    """A process that writes both stores without a pause; tells how much it acknowledged."""
    arguments = [
        sys.executable,
        "-m",
        "tests.storage.stories",
        "both",
        str(tmp_path / "store"),
        "0",
    ]
    told = tmp_path / "acknowledged"
    with told.open("w") as lines, subprocess.Popen(arguments, cwd=ROOT, stdout=lines) as teller:
        yield lambda: told.read_text().count("\n")
        teller.send_signal(signal.SIGKILL)


def test_a_backup_under_writes_is_of_one_moment(tmp_path: Path, telling: Callable[[], int]) -> None:
    """Each holds all that was acknowledged before it began, and the desk is never behind."""
    wait_for(lambda: telling() > 5, within_s=30, what="some chapters")
    for turn in range(10):
        before = telling()
        saving(tmp_path / "store", tmp_path / "saved", force=turn > 0)
        restoring(tmp_path / "saved", tmp_path / f"new-{turn}")
        held = BothStories.told(tmp_path / f"new-{turn}")
        assert before <= held <= telling() + 1
    wait_for(lambda: telling() > held, within_s=30, what="the writer to go on")


def test_a_file_is_not_replaced_unless_it_is_asked_for(folder: Path, saved: Path) -> None:
    old = saved.read_bytes()
    tell(folder, CHAPTERS, 1)
    with pytest.raises(StoreError, match="saved: backup: expected a name that is free, found a"):
        saving(folder, saved)
    assert saved.read_bytes() == old
    saving(folder, saved, force=True)
    assert saved.read_bytes() != old
    assert names(saved.parent) == {"saved", "store"}


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("name", [".", "record.db", "desk.db", "record.db-wal", "no/saved"])
def test_a_backup_never_takes_the_place_of_a_store(folder: Path, name: str, *, force: bool) -> None:
    with pytest.raises(StoreError, match=r"expected (the name of a file to make|one for the)"):
        saving(folder, folder / name, force=force)
    assert BothStories.told(folder) == CHAPTERS


def test_of_no_store_there_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"record.db: store: expected a file, found none"):
        saving(tmp_path, tmp_path / "saved")
    assert names(tmp_path) == set()


def test_a_damaged_store_is_told_and_not_saved(folder: Path) -> None:
    path = folder / "record.db"
    content = bytearray(path.read_bytes())
    content[5 * 4096 : 6 * 4096] = bytes(4096)
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"record.db: (integrity|store): expected"):
        saving(folder, folder.parent / "saved")
    assert names(folder.parent) == {"store"}


def test_stores_of_two_origins_are_not_saved_as_one(tmp_path: Path) -> None:
    RecordWriter(tmp_path, origin="real").close()
    DeskWriter(tmp_path, origin="demo").close()
    with pytest.raises(StoreError, match=r"expected one, found real in record.db and demo in desk"):
        saving(tmp_path, tmp_path / "saved")


@pytest.mark.parametrize("share", [0, 0.001, 0.1, 0.5, 0.9, 0.99, 0.9999])
def test_half_a_backup_is_refused(tmp_path: Path, saved: Path, share: float) -> None:
    content = saved.read_bytes()
    saved.write_bytes(content[: int(share * len(content))])
    with pytest.raises(StoreError, match="saved: backup: expected a whole one of `netmon backup`"):
        restoring(saved, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_flipped_bit_is_found_or_does_no_harm(tmp_path: Path, saved: Path) -> None:
    """Times and permissions in the archive are not restored; all else is checked."""
    chance = random.Random(20261123)  # noqa: S311 - the same bits each time, no secret
    content = saved.read_bytes()
    refused = 0
    for turn in range(150):
        spoilt = bytearray(content)
        # Evenly over the file, and as often among the names and the manifest at its end.
        first = 0 if turn % 2 else len(content) - 1500
        spoilt[chance.randrange(first, len(content))] ^= 1 << chance.randrange(8)
        saved.write_bytes(spoilt)
        refused += is_refused(saved, tmp_path / f"new-{turn}")
    assert refused > 75


def is_refused(saved: Path, new: Path) -> bool:
    """Restore; where it is refused nothing is left, else all is there."""
    try:
        restoring(saved, new)
    except StoreError as error:
        told = str(error)
    else:
        assert BothStories.told(new) == CHAPTERS
        return False
    assert told.isprintable() and told.count(str(saved)) == 1
    assert not new.exists() or names(new) == set()
    return True


def test_what_is_no_backup_is_refused(tmp_path: Path, saved: Path) -> None:
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("manifest.json", '{"format": 2}')
    with pytest.raises(StoreError, match=r"manifest.json: expected one of format 1, found"):
        restoring(tmp_path / "other.zip", tmp_path / "new")
    with zipfile.ZipFile(saved) as archive:
        manifest = archive.read("manifest.json")
    with zipfile.ZipFile(tmp_path / "big.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", manifest)
        archive.writestr("record.db", bytes(100_000_000))
    with pytest.raises(StoreError, match=r"record.db: checksum: expected \d+ bytes of"):
        restoring(tmp_path / "big.zip", tmp_path / "new")
    assert names(tmp_path / "new") == set()


def test_another_origin_is_refused(tmp_path: Path, saved: Path) -> None:
    with pytest.raises(StoreError, match="saved: origin: expected demo, found real"):
        restore(saved, tmp_path / "new", origin="demo", at=NOW)
    assert not (tmp_path / "new").exists()


def test_a_newer_schema_is_refused(tmp_path: Path, folder: Path) -> None:
    with closing(apsw.Connection(str(folder / "desk.db"))) as db:
        db.pragma("user_version", 999)
    saving(folder, tmp_path / "saved")
    with pytest.raises(StoreError, match=r"desk.db: schema: expected at most \d, found 999, of"):
        restoring(tmp_path / "saved", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_backup_of_an_older_netmon_is_brought_up_to_date_at_the_next_start(
    tmp_path: Path,
) -> None:
    for name in ("record", "desk"):
        with closing(apsw.Connection(str(tmp_path / f"{name}.db"))) as db:
            first = next((ROOT / "netmon" / "storage" / name).glob("0001_*.sql"))
            db.execute(first.read_text("utf-8"))
            db.execute("INSERT INTO meta VALUES ('origin', 'real')")
            db.pragma("user_version", 1)
    saving(tmp_path, tmp_path / "saved")
    restoring(tmp_path / "saved", tmp_path / "new")
    for writer in (RecordWriter, DeskWriter):
        writer(tmp_path / "new", origin="real").close()
    tell(tmp_path / "new", 0, 2)
    assert BothStories.told(tmp_path / "new") == 2


@pytest.mark.parametrize("writer", [RecordWriter, DeskWriter])
def test_a_store_in_use_is_not_restored(
    folder: Path, saved: Path, writer: type[RecordWriter | DeskWriter]
) -> None:
    with (
        closing(writer(folder, origin="real")),
        pytest.raises(StoreError, match="writer: expected none, found another netmon"),
    ):
        restoring(saved, folder, force=True)
    assert BothStories.told(folder) == CHAPTERS


def test_a_store_is_replaced_only_by_force_and_kept_aside(folder: Path, saved: Path) -> None:
    tell(folder, CHAPTERS, 5)
    with pytest.raises(StoreError, match="restore: expected no store, found one: --force moves"):
        restoring(saved, folder)
    assert BothStories.told(folder) == CHAPTERS + 5
    moved_to = restoring(saved, folder, force=True).moved_to
    assert moved_to == folder / "before-restore-20261123T170000Z"
    assert BothStories.told(folder) == CHAPTERS
    assert BothStories.told(moved_to) == CHAPTERS + 5


def test_a_calibration_is_saved_and_comes_back(tmp_path: Path, folder: Path) -> None:
    (folder / CALIBRATION).write_bytes(b"of a walk that is gone")
    assert set(saving(folder, tmp_path / "saved").beside) == {CALIBRATION}
    restoring(tmp_path / "saved", tmp_path / "new")
    found = tmp_path / "new" / CALIBRATION
    assert found.read_bytes() == b"of a walk that is gone"
    assert found.stat().st_mode & 0o777 == 0o600


def test_a_calibration_goes_with_the_stores_that_it_lay_beside(folder: Path, saved: Path) -> None:
    (folder / CALIBRATION).write_bytes(b"newer than the backup")
    aside = restoring(saved, folder, force=True).moved_to
    assert not (folder / CALIBRATION).exists()
    assert aside is not None
    assert (aside / CALIBRATION).read_bytes() == b"newer than the backup"


def test_two_restores_in_one_second_lose_nothing(folder: Path, saved: Path) -> None:
    restoring(saved, folder, force=True)
    with pytest.raises(StoreError, match="expected room and leave to write, found File exists"):
        restoring(saved, folder, force=True)
    assert restoring(saved, folder, force=True, later_s=1).moved_to is not None


CUT_SHORT = """
import os, sys
from datetime import datetime
from pathlib import Path
from netmon.storage.restore import restore
left = int(sys.argv[3])
def count(event, arguments):
    global left
    left -= event == "os.rename"
    if left < 0:
        os._exit(9)
sys.addaudithook(count)
at = datetime.fromisoformat(sys.argv[4])
restore(Path(sys.argv[1]), Path(sys.argv[2]), origin="real", at=at, force=True)
"""


@pytest.mark.parametrize("renamed", range(6))
def test_a_restore_that_is_cut_short_is_refused_until_it_is_done_again(
    folder: Path, saved: Path, renamed: int
) -> None:
    """Stores of two times, or a log beside another's file, are never opened together."""
    tell(folder, CHAPTERS, 2)
    log_and_index(folder)
    arguments = [str(saved), str(folder), str(renamed), NOW.isoformat()]
    done = subprocess.run([sys.executable, "-c", CUT_SHORT, *arguments], cwd=ROOT, check=False)
    assert done.returncode == 9
    for use in (RecordReader, DeskReader, writer_of_record, writer_of_desk):
        with pytest.raises(StoreError, match=r"expected a finished one, found one that was cut"):
            use(folder)
    moved_to = restoring(saved, folder, force=True, later_s=60).moved_to
    assert names(folder) == {"record.db", "desk.db", "before-restore-20261123T170000Z"}
    assert moved_to is not None and BothStories.told(folder) == CHAPTERS
    assert BothStories.told(moved_to) == CHAPTERS + 2


def log_and_index(folder: Path) -> None:
    """Leave logs beside the stores, as `kill -9` does."""
    script = "import os; from pathlib import Path; from tests.storage.test_backup import *;"
    script += f"s = BothStories(Path({str(folder)!r})); os._exit(9)"
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False)
    assert {"record.db-wal", "desk.db-wal"} <= names(folder)


def writer_of_record(folder: Path) -> RecordWriter:
    return RecordWriter(folder, origin="real")


def writer_of_desk(folder: Path) -> DeskWriter:
    return DeskWriter(folder, origin="real")


FULL = """
import sys
from pathlib import Path
from netmon.domain.errors import StoreError
from tests.storage.test_backup import *
disk = Path(sys.argv[1])
store, saved = Path({store!r}), Path({saved!r})
try:
    {attempt}
except StoreError as error:
    print(error)
print(sorted(names(disk)))
"""


@pytest.mark.parametrize(
    ("attempt", "told"),
    [
        ("saving(store, disk / 'saved')", "saved: backup: expected to write it whole, found"),
        ("restoring(saved, disk)", "restore: expected room and leave to write, found No space"),
    ],
    ids=["backup", "restore"],
)
def test_a_full_disk_is_one_clear_line_and_leaves_nothing_half_done(
    tmp_path: Path, folder: Path, saved: Path, attempt: str, told: str
) -> None:
    (tmp_path / "disk").mkdir()
    require("a file system of our own (unshare, mount)", can_mount(tmp_path / "disk"))
    program = FULL.format(store=str(folder), saved=str(saved), attempt=attempt)
    line, left = on_small_disk(program, tmp_path / "disk", "80k")
    assert told in line and line.isprintable()
    assert left == "[]"


LIMITED = """
import resource, sys
from pathlib import Path
from netmon.domain.errors import StoreError
from tests.storage.test_backup import *
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
try:
    saving(Path(sys.argv[1]), Path(sys.argv[2]))
except StoreError as error:
    print(error)
"""


def test_a_file_that_may_not_grow_is_one_clear_line(tmp_path: Path, folder: Path) -> None:
    """The same where no disk can be mounted: the kernel refuses larger files (RLIMIT_FSIZE)."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(folder), str(tmp_path / "saved")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert "saved: backup: expected to write it whole, found" in done.stdout
    assert names(tmp_path) == {"store"}

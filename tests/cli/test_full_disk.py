"""A netmon that starts on a full disk says so in one line."""

from pathlib import Path

from tests.conftest import require
from tests.storage.disks import can_mount, on_small_disk

PROGRAM = """
import shutil, subprocess, sys
from pathlib import Path

folder = Path(sys.argv[1])
for each in Path("geodata/mechelen").glob("*.*"):
    if not each.name.startswith("basemap"):
        shutil.copy(each, folder)
try:
    with (folder / "filler").open("wb") as filler:
        while True:
            filler.write(bytes(4096))
            filler.flush()
except OSError:
    pass
done = subprocess.run(
    [sys.executable, "-m", "netmon", "run", "-c", folder / "netmon.toml"],
    capture_output=True, text=True, timeout=60,
)
print(done.returncode, done.stderr.strip().replace("\\n", " / "))
"""


def test_a_start_on_a_full_disk_is_one_line(tmp_path: Path) -> None:
    require("a disk of its own (unshare, mount)", can_mount(tmp_path))
    (line,) = on_small_disk(PROGRAM, tmp_path, "400k")
    assert line == "2 store: expected one that can be written, found: database or disk is full"

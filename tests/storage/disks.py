"""A disk that is full after a few pages: a small tmpfs where one can be mounted."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ALONE = ["unshare", "--map-root-user", "--mount", "--"]
MOUNTED = 'mount -t tmpfs -o size="$1" netmon "$2" && shift 2 && exec "$@"'


def on_small_disk(program: str, folder: Path, size: str) -> list[str]:
    """
    Run a program on a disk of `size`, mounted over `folder` for it alone; return what it prints.

    The disk is gone with the program. Fails where no file system can be mounted, see `can_mount`.
    """
    done = subprocess.run(
        [*_mounted(folder, size), sys.executable, "-c", program, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout.splitlines()


def can_mount(folder: Path) -> bool:
    """Tell whether this machine lets us mount a disk of our own."""
    if shutil.which(ALONE[0]) is None:
        return False
    asked = subprocess.run([*_mounted(folder, "64k"), "true"], capture_output=True, check=False)
    return asked.returncode == 0


def _mounted(folder: Path, size: str) -> list[str]:
    return [*ALONE, "sh", "-c", MOUNTED, "sh", size, str(folder)]

"""The programs that netmon is measured against, fetched with apt and started by hand only."""

import os
import shutil
import subprocess
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "build" / "bench"
_APT_WITHIN_S = 300


def program(name: str, package: str) -> str:
    """
    Return the path of a program; raises `SystemExit` with one line where it is not to be had.

    One that is not installed is taken out of its Debian package without installing that:
    nothing is set up and no daemon is started, and it takes no privilege.
    """
    installed = shutil.which(name)
    if installed:
        return installed
    unpacked = FOLDER / package / "usr" / "bin" / name
    if not unpacked.exists():
        _unpack(package)
    if not unpacked.exists():
        raise SystemExit(f"bench: expected {name} in the package {package}, found none")
    return str(unpacked)


def _unpack(package: str) -> None:
    folder = FOLDER / package
    folder.mkdir(parents=True, exist_ok=True)
    try:
        _run(["apt-get", "download", package], folder)
        _run(["dpkg-deb", "-x", str(next(folder.glob("*.deb"))), str(folder)], folder)
    except (OSError, subprocess.SubprocessError, StopIteration) as error:
        raise SystemExit(f"bench: expected {package} from apt, found {error}") from error


def _run(command: list[str], folder: Path) -> None:
    quiet = subprocess.DEVNULL
    subprocess.run(  # noqa: S603 - our own command
        command, cwd=folder, check=True, stdout=quiet, stderr=quiet, timeout=_APT_WITHIN_S
    )


def cpu_s(pid: int) -> float:
    """Return the processor time of a running process, all threads, from proc(5)."""
    # The name of the command may hold anything, a parenthesis too: count from the last one.
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

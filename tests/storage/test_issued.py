"""Issued reports are in a backup, and come back with the stores."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from netmon.domain.errors import StoreError
from netmon.storage.issued import IssuedReports
from tests.storage.test_backup import CUT_SHORT, NOW, ROOT, restoring, saving, tell


def keep(folder: Path, month: str, revision: int, word: bytes) -> None:
    files = {"json": b"{}" + word, "pdf": b"%PDF-" + word, "csv": word}
    with IssuedReports(folder).writing() as issuing:
        issuing.keep(month, revision, files, NOW)
        issuing.sent(month, revision, "mail", NOW)


def held(folder: Path) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in IssuedReports(folder).files()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Both stores, and three reports of two months."""
    store = tmp_path / "store"
    tell(store, 0, 2)
    for month, revision in (("2026-09", 1), ("2026-10", 1), ("2026-10", 2)):
        keep(store, month, revision, f"{month} {revision}".encode())
    return store


@pytest.fixture
def saved(tmp_path: Path, folder: Path) -> Path:
    saving(folder, tmp_path / "saved")
    return tmp_path / "saved"


def test_reports_are_listed_newest_month_first(folder: Path) -> None:
    reports = IssuedReports(folder)
    assert list(reports.months()) == ["2026-10", "2026-09"]
    assert list(reports.revisions("2026-10")) == [1, 2]
    assert reports.read("2026-10", 2, "csv") == b"2026-10 2"
    with pytest.raises(StoreError, match=r"r3\.pdf: report: expected an issued one, found none"):
        reports.read("2026-10", 3, "pdf")


def test_an_issued_report_is_never_replaced(folder: Path) -> None:
    before = held(folder)
    with pytest.raises(StoreError, match="expected a new one, found it there already"):
        keep(folder, "2026-10", 2, b"other")
    assert held(folder) == before


def test_reports_come_back_from_a_backup(tmp_path: Path, folder: Path, saved: Path) -> None:
    restoring(saved, tmp_path / "new")
    assert len(held(folder)) == 3 * 4
    assert held(tmp_path / "new") == held(folder)
    for path in (tmp_path / "new" / "reports").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0


def test_reports_of_before_are_moved_aside(folder: Path, saved: Path) -> None:
    before = held(folder)
    keep(folder, "2026-11", 1, b"later")
    moved_to = restoring(saved, folder, force=True).moved_to
    assert held(folder) == before
    assert moved_to is not None and "2026-11/r1.json" in held(moved_to)


def test_a_backup_without_reports_leaves_none_of_another_time(tmp_path: Path, saved: Path) -> None:
    tell(tmp_path / "bare", 0, 1)
    saving(tmp_path / "bare", tmp_path / "saved-bare")
    restoring(saved, tmp_path / "new")
    moved_to = restoring(tmp_path / "saved-bare", tmp_path / "new", force=True).moved_to
    assert held(tmp_path / "new") == {}
    assert moved_to is not None and len(held(moved_to)) == 12


def test_half_a_report_is_not_saved(tmp_path: Path, folder: Path) -> None:
    (folder / "reports/2026-10/r2.json").unlink()
    saving(folder, tmp_path / "saved")
    with zipfile.ZipFile(tmp_path / "saved") as archive:
        names = [name for name in archive.namelist() if name.startswith("reports/2026-10/r2")]
    assert names == []


def test_a_spoilt_report_is_refused(tmp_path: Path, saved: Path) -> None:
    spoilt = tmp_path / "spoilt"
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(spoilt, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content + b"!" if name == "reports/2026-09/r1.pdf" else content)
    with pytest.raises(StoreError, match=r"reports/2026-09/r1\.pdf: checksum: expected"):
        restoring(spoilt, tmp_path / "new")
    assert not (tmp_path / "new" / "record.db").exists()


@pytest.mark.parametrize("name", ["../../evil.json", "/2026-10/r1.json", "2026-10/../r1.json"])
def test_a_report_never_leaves_its_folder(tmp_path: Path, saved: Path, name: str) -> None:
    spoilt = tmp_path / "spoilt"
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(spoilt, "w") as new:
        for each in old.namelist():
            content = old.read(each)
            if each == "manifest.json":
                content = content.replace(b"2026-09/r1.json", name.encode())
            new.writestr(each.replace("2026-09/r1.json", name), content)
    with pytest.raises(StoreError, match=r"manifest\.json: expected one of format 1"):
        restoring(spoilt, tmp_path / "new")


@pytest.mark.parametrize("renamed", range(6))
def test_a_restore_that_is_cut_short_is_finished_by_the_next(
    folder: Path, saved: Path, renamed: int
) -> None:
    before = held(folder)
    keep(folder, "2026-11", 1, b"later")
    arguments = [str(saved), str(folder), str(renamed), NOW.isoformat()]
    done = subprocess.run([sys.executable, "-c", CUT_SHORT, *arguments], cwd=ROOT, check=False)
    assert done.returncode == 9
    moved_to = restoring(saved, folder, force=True, later_s=60).moved_to
    assert held(folder) == before
    assert moved_to is not None and "2026-11/r1.json" in held(moved_to)

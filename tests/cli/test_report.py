"""`netmon report`: files for people, a revision where figures changed, and nothing made up."""

import csv
import hashlib
import json
import resource
import subprocess
import sys
from functools import partial
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from netmon.analysis.calendar_months import Month
from netmon.cli.wiring import now
from tests.cli.asking import Call, process
from tests.cli.hourly import HOURLY
from tests.config.conftest import SETTINGS, CityFiles

MARCH = ("--month", "2025-03")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def words_of(path: Path) -> str:
    pages = PdfReader(BytesIO(path.read_bytes())).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_a_month_becomes_three_files_that_agree(netmon: Call, stored: CityFiles, out: Path) -> None:
    answer = netmon("report", "-c", stored.config, *MARCH, "--out", out)
    assert answer.code == 0
    assert answer.out.splitlines()[0] == "2025-03: revision 1, new"
    assert set(digests(out)) == {f"netmon-2025-03-r1.{each}" for each in ("pdf", "csv", "json")}
    document = json.loads((out / "netmon-2025-03-r1.json").read_text("utf-8"))
    figures = document["report"]["total"]["figures"]
    counted_s = figures["usable_s"] + figures["failed_s"] + figures["unreachable_s"]
    ratio = figures["usable_s"] / counted_s
    assert 0.9 < ratio < 1
    cut = f"{int(ratio * 10_000) / 100:.2f} %".replace(".", ",")
    assert f"werkte het gratis internet in Mechelen {cut}" in words_of(
        out / "netmon-2025-03-r1.pdf"
    )
    text = (out / "netmon-2025-03-r1.csv").read_text("utf-8-sig")
    whole = next(csv.DictReader(text.splitlines(), delimiter=";"))
    assert float(whole["werkte (%)"].replace(",", ".")) == pytest.approx(100 * ratio)


def test_who_asks_again_elsewhere_gets_the_same_bytes(stored: CityFiles, out: Path) -> None:
    first = process("report", "-c", stored.config, *MARCH, "--out", out, TZ="Asia/Tokyo")
    assert first.code == 0
    before = digests(out)
    again = process("report", "-c", stored.config, *MARCH, "--out", out, PYTHONHASHSEED="7")
    assert again.out.splitlines()[0] == "2025-03: revision 1, as issued before"
    assert digests(out) == before


def test_an_exception_entered_afterwards_makes_a_revision_that_says_so(
    netmon: Call, stored: CityFiles, out: Path
) -> None:
    netmon("report", "-c", stored.config, *MARCH, "--out", out)
    first = digests(out)
    closing = ("bib", "2025-03-29", "2025-03-30", "--closed")
    closed = netmon("exception", "add", *closing, "-c", stored.config)
    assert closed.code == 0, closed.err
    answer = netmon("report", "-c", stored.config, *MARCH, "--out", out, "--json")
    document = answer.document
    assert (document["revision"], document["is_new"]) == (2, True)
    assert "announcements" in document["why"]
    assert document["changes"]
    said = words_of(out / "netmon-2025-03-r2.pdf")
    assert "Wat is er veranderd" in said and "de aankondigingen" in said
    again = out / "again"
    again.mkdir()
    old = netmon("report", "-c", stored.config, *MARCH, "--revision", 1, "--out", again)
    assert old.code == 0 and digests(again) == first


def test_another_smoothing_is_a_draft_that_is_not_kept(
    netmon: Call, stored: CityFiles, out: Path
) -> None:
    netmon("report", "-c", stored.config, *MARCH, "--out", out)
    draft = netmon("report", "-c", stored.config, *MARCH, "--out", out, "--smooth", 300)
    assert draft.out.splitlines()[0] == "2025-03: draft, not kept"
    assert "Proefdruk" in words_of(out / "netmon-2025-03-proef.pdf")
    stored.settings(SETTINGS + HOURLY + "[reports]\nsmooth_s = 300\n")
    issued = netmon("report", "-c", stored.config, *MARCH, "--out", out, "--json").document
    assert issued["report"]["made_from"]["smoothing_s"] == 300


def test_a_month_that_goes_on_is_provisional(netmon: Call, stored: CityFiles, out: Path) -> None:
    present = str(Month.at(now(), ZoneInfo("Europe/Brussels")))
    answer = netmon("report", "-c", stored.config, "--month", present, "--out", out)
    assert answer.out.splitlines()[0] == f"{present}: draft, not kept"
    assert "Voorlopig" in words_of(out / f"netmon-{present}-proef.pdf")
    assert not (stored.folder / "var" / "reports" / present).exists()


@pytest.mark.parametrize("form", ["pdf", "csv", "json"])
def test_one_form_alone(netmon: Call, stored: CityFiles, out: Path, form: str) -> None:
    netmon("report", "-c", stored.config, *MARCH, "--out", out, "--format", form)
    assert set(digests(out)) == {f"netmon-2025-03-r1.{form}"}


def test_without_a_month_it_is_the_last_one(netmon: Call, stored: CityFiles, out: Path) -> None:
    document = netmon("report", "-c", stored.config, "--out", out, "--json").document
    present = Month.at(now(), ZoneInfo("Europe/Brussels"))
    assert document["month"] == str(present.plus(-1))


def test_of_nothing_there_is_no_report(netmon: Call, stored: CityFiles, out: Path) -> None:
    answer = netmon("report", "-c", stored.config, "--month", "2024-01", "--out", out)
    assert (answer.code, answer.out) == (1, "")
    assert "2024-01: nothing is known" in answer.err
    assert digests(out) == {} and not (stored.folder / "var" / "reports").exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--month", "2099-01"), "--month: expected"),
        (("--month", "2025-13"), "expected one like 2026-10, found '2025-13'"),
        (("--month", "\x1b[31m"), "expected one like 2026-10"),
        ((*MARCH, "--revision", "3"), "expected one of 2025-03: none: no report"),
        ((*MARCH, "--smooth", "-1"), "--smooth"),
        ((*MARCH, "--format", "docx"), "--format"),
        ((*MARCH, "--out", "/nowhere/at/all"), "--out"),
    ],
)
def test_wrong_input_is_one_clear_line(
    netmon: Call, stored: CityFiles, options: tuple[str, ...], told: str
) -> None:
    assert told in netmon("report", "-c", stored.config, *options).refused()


def test_a_full_disk_is_one_clear_line_and_leaves_no_half_report(
    stored: CityFiles, out: Path
) -> None:
    full = out / "netmon-2025-03-r1.csv"
    full.symlink_to("/dev/full")
    answer = process("report", "-c", stored.config, *MARCH, "--out", out)
    assert answer.code == 2
    assert answer.err.splitlines()[-1] == (
        f"{full}: file: expected one that can be used, found: No space left on device"
    )


def test_a_report_for_which_there_is_no_room_was_not_issued(stored: CityFiles, out: Path) -> None:
    """The operating system lets no file grow beyond what the PDF needs."""
    setrlimit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (60_000, 60_000))
    command = [sys.executable, "-m", "netmon", "report", "-c", str(stored.config), *MARCH]
    done = subprocess.run(
        [*command, "--out", str(out)], capture_output=True, check=False, preexec_fn=setrlimit
    )
    assert done.returncode == 2
    assert done.stderr.decode().splitlines()[-1].endswith("found: File too large")
    kept = stored.folder / "var" / "reports" / "2025-03"
    assert [path.name for path in kept.iterdir()] == ["r1.fate"] and digests(out) == {}
    again = process("report", "-c", stored.config, *MARCH, "--out", out)
    assert again.out.splitlines()[0] == "2025-03: revision 1, new"


def test_a_channel_that_cannot_carry_files_is_told_by_check(
    netmon: Call, stored: CityFiles
) -> None:
    hook = '[channels.hook]\nkind = "webhook"\nurl = "http://127.0.0.1/"\nsecret_env = "HOOK"\n'
    stored.settings(SETTINGS + HOURLY + hook + '[reports]\nchannels = ["hook", "nobody"]\n')
    answer = netmon("check", "-c", stored.config)
    lines = [line for line in answer.err.splitlines() if "reports.channels" in line]
    assert answer.code == 2 and len(lines) == 2
    assert all("expected one of kind apprise: none" in line for line in lines)
    assert "'nobody'" in lines[1]


@pytest.mark.parametrize(
    "setting", ['at = "25:00"', 'at = "6"', "day_of_month = 31", "smooth_s = -1", "day = 3"]
)
def test_a_wrong_setting_is_told(netmon: Call, stored: CityFiles, setting: str) -> None:
    stored.settings(f"{SETTINGS}{HOURLY}[reports]\n{setting}\n")
    answer = netmon("report", "-c", stored.config, *MARCH)
    assert answer.code == 2 and "reports." in answer.err

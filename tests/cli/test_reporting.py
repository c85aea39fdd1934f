"""A real mail server gets last month's report once, whatever happened in between."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from netmon.analysis.calendar_months import Month
from netmon.cli.reporting import Reporting
from netmon.cli.wiring import Loaded, load
from netmon.config.report_settings import ReportSettings
from netmon.domain.errors import StoreBusyError
from netmon.report.due import due_month
from netmon.storage.issued import IssuedReports
from tests.alerts.mail_server import MailServer, mail_server
from tests.cli.asking import Call
from tests.cli.hourly import BRUSSELS, HOURLY
from tests.config.conftest import SETTINGS, CityFiles

DUE = datetime(2025, 4, 2, 4, 0, tzinfo=UTC)
"""06:00 in Mechelen on 2 April 2025."""

CHANNEL = """
[channels.mail]
kind = "apprise"
url_env = "NETMON_TEST_MAIL"
[reports]
channels = ["mail"]
"""


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def loaded(stored: CityFiles, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> Loaded:
    address = "from=netmon@example.org&to=city@example.org"
    monkeypatch.setenv("NETMON_TEST_MAIL", f"mailto://127.0.0.1:{server.port}?{address}")
    stored.settings(SETTINGS + HOURLY + CHANNEL)
    return load(stored.config, tells=True)


def turn(loaded: Loaded, at: datetime) -> None:
    """Take one turn as a netmon that was just started."""
    Reporting(loaded, lambda: at).turn()


def attached(mail: EmailMessage) -> dict[str, bytes]:
    return {
        str(part.get_filename()): part.get_payload(decode=True)  # type: ignore[misc]  # a leaf
        for part in mail.iter_attachments()
    }


def test_a_mail_brings_words_pdf_and_csv(loaded: Loaded, server: MailServer) -> None:
    turn(loaded, DUE)
    ((mail),) = server.mails
    assert mail["To"] == "city@example.org"
    assert str(mail["Subject"]) == "Gratis internet in Mechelen: maart 2025 (herziening 1)"
    body = mail.get_body(("plain",))
    assert body is not None and "werkte het gratis internet in Mechelen" in body.get_content()
    files = attached(mail)
    assert list(files) == ["netmon-2025-03-r1.pdf", "netmon-2025-03-r1.csv"]
    reports = IssuedReports(loaded.settings.store.folder)
    for name, content in files.items():
        assert content == reports.read("2025-03", 1, name.rsplit(".", maxsplit=1)[1])
    assert len(PdfReader(BytesIO(files["netmon-2025-03-r1.pdf"])).pages) >= 3
    text = files["netmon-2025-03-r1.csv"].decode("utf-8-sig")
    assert next(csv.DictReader(text.splitlines(), delimiter=";"))["onderdeel"] == "alles"


def test_it_is_sent_once_across_restarts(loaded: Loaded, server: MailServer) -> None:
    for later in range(4):
        turn(loaded, DUE + timedelta(hours=later))
    assert len(server.mails) == 1
    fate = IssuedReports(loaded.settings.store.folder).fate("2025-03", 1)
    assert fate is not None and fate.sent == {"mail": DUE}


def test_nothing_happens_before_it_is_due(loaded: Loaded, server: MailServer) -> None:
    turn(loaded, DUE - timedelta(seconds=1))
    assert server.mails == []
    assert list(IssuedReports(loaded.settings.store.folder).months()) == []


def test_what_was_missed_is_caught_up(loaded: Loaded, server: MailServer) -> None:
    turn(loaded, DUE + timedelta(days=20))
    assert len(server.mails) == 1


def test_a_server_that_refuses_is_asked_again(
    loaded: Loaded, server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.answer = "451 not now"
    turn(loaded, DUE)
    assert "channel=mail not sent: " in caplog.text and "example.org" not in caplog.text
    assert server.mails == []
    server.answer = "250 taken"
    turn(loaded, DUE + timedelta(minutes=5))
    assert len(server.mails) == 1


def test_a_report_due_before_its_month_is_settled_waits_until_it_is(
    loaded: Loaded, server: MailServer
) -> None:
    """Whoever wants it at midnight of the first gets it an hour later, without a restart."""
    told = loaded.settings.reports.model_copy(update={"day_of_month": 1, "at": "00:00"})
    early = replace(loaded, settings=loaded.settings.model_copy(update={"reports": told}))
    midnight = datetime(2025, 4, 1, tzinfo=BRUSSELS)
    at = [midnight + timedelta(minutes=5)]
    reporting = Reporting(early, lambda: at[-1])
    reporting.turn()
    assert server.mails == []
    at.append(midnight + timedelta(hours=8))
    reporting.turn()
    assert len(server.mails) == 1


def test_while_another_issues_nothing_is_sent_so_nothing_is_sent_twice(
    loaded: Loaded, server: MailServer
) -> None:
    server.answer = "451 not now"
    turn(loaded, DUE)
    server.answer = "250 taken"
    with IssuedReports(loaded.settings.store.folder).writing(), pytest.raises(StoreBusyError):
        turn(loaded, DUE + timedelta(minutes=5))
    assert server.mails == []
    for later in (10, 15):
        turn(loaded, DUE + timedelta(minutes=later))
    assert len(server.mails) == 1


def test_what_cannot_be_noted_as_sent_is_not_sent_again(loaded: Loaded, server: MailServer) -> None:
    """The disk is full, for days perhaps: people get one mail, not one every five minutes."""
    server.answer = "451 not now"
    turn(loaded, DUE)
    server.answer = "250 taken"
    in_the_way = loaded.settings.store.folder / "reports" / "2025-03" / ".r1.fate"
    in_the_way.mkdir()
    reporting = Reporting(loaded, lambda: DUE)
    for _ in range(3):
        with pytest.raises(OSError, match="fate"):
            reporting.turn()
    in_the_way.rmdir()
    reporting.turn()
    turn(loaded, DUE + timedelta(hours=1))
    assert len(server.mails) == 1


def test_a_new_revision_is_sent_too(
    netmon: Call, stored: CityFiles, loaded: Loaded, server: MailServer, tmp_path: Path
) -> None:
    turn(loaded, DUE)
    closing_day = ("2025-03-29", "2025-03-30", "--closed")
    netmon("exception", "add", "bib", *closing_day, "-c", stored.config)
    done = netmon("report", "-c", stored.config, "--month", "2025-03", "--out", tmp_path)
    assert "revision 2, new" in done.out
    for _ in range(2):
        turn(loaded, DUE + timedelta(days=3))
    _, second = server.mails
    assert "herziening 2" in str(second["Subject"])
    assert list(attached(second)) == ["netmon-2025-03-r2.pdf", "netmon-2025-03-r2.csv"]
    body = second.get_body(("plain",))
    assert body is not None and "vervangt herziening 1" in body.get_content()


def test_a_month_of_which_nothing_is_known_is_left_out(loaded: Loaded, server: MailServer) -> None:
    reporting = Reporting(loaded, lambda: datetime(2024, 6, 5, tzinfo=UTC))
    reporting.turn()
    reporting.turn()
    assert server.mails == []
    assert list(IssuedReports(loaded.settings.store.folder).months()) == []


def test_without_channels_it_is_issued_all_the_same(loaded: Loaded, server: MailServer) -> None:
    told = loaded.settings.reports.model_copy(update={"channels": ()})
    quiet = replace(loaded, settings=loaded.settings.model_copy(update={"reports": told}))
    turn(quiet, DUE)
    assert server.mails == []
    assert list(IssuedReports(loaded.settings.store.folder).months()) == ["2025-03"]


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the strategy gives the zone
    st.integers(1, 28),
    st.integers(0, 23),
)
def test_the_month_that_is_due_was_over_and_none_after_it_is_due(
    now: datetime, day: int, hour: int
) -> None:
    told = ReportSettings(day_of_month=day, at=f"{hour:02}:30")
    month = due_month(told, BRUSSELS, now)
    following = month.plus(1)
    assert _due(following, day, hour) <= now < _due(following.plus(1), day, hour)


def _due(month: Month, day: int, hour: int) -> datetime:
    return datetime(*month, day, hour, 30, tzinfo=BRUSSELS)

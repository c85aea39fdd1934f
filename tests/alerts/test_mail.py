"""Mail through Apprise to a real SMTP server."""

import logging
import time
from dataclasses import replace
from pathlib import Path

import pytest

from netmon.alerts.channels.apprise_channel import deliver
from netmon.alerts.channels.apprise_request import AppriseRequest
from netmon.alerts.channels.sending import send
from netmon.alerts.message import Happening, Message, Undelivered
from netmon.alerts.text import compose
from netmon.config.channel_settings import ChannelKind
from netmon.config.channels import Channel
from netmon.words.language import Language
from tests.alerts.mail_server import PASSWORD, USER, MailServer, dripping, mail_server
from tests.alerts.test_text import ZONE
from tests.alerts.told import NOW, SWITCH, ended, message, unknown
from tests.collectors.web_server import authority, silent_port

TO = "from=netmon@example.org&to=duty@example.org"


def tell(channel: Channel, told: Message) -> None:
    send(channel, told, compose(told, unknown, ZONE, channel.language), NOW)


def plain(server: MailServer, query: str = TO, timeout_s: float = 30) -> Channel:
    url = f"mailto://127.0.0.1:{server.port}?{query}"
    return Channel("mail", ChannelKind.APPRISE, url, timeout_s=timeout_s)


def test_a_mail_is_plain_text_with_one_line_as_its_subject() -> None:
    with mail_server() as server:
        tell(plain(server), message(SWITCH))
    (mail,), (envelope,) = server.mails, server.envelopes
    assert envelope.rcpt_tos == ["duty@example.org"]
    assert mail["Subject"] == "Bruul: switch sw-bruul-1 werkt niet"
    assert mail.get_content_type() == "text/plain" and not mail.is_multipart()
    assert "werkt niet sinds 10.02 uur (geen antwoord)." in mail.get_content()
    assert mail["Auto-Submitted"] == "auto-generated"


def test_a_problem_and_its_end_are_one_conversation_and_a_repeated_mail_is_known() -> None:
    solved = replace(message(ended(), happening=Happening.RESOLVED), number=2)
    with mail_server() as server:
        for told in (message(SWITCH), message(SWITCH), solved):
            tell(plain(server), told)
    first, again, last = server.mails
    (thread,) = {each["References"] for each in server.mails}
    assert thread.startswith("<netmon-") and thread.endswith("@netmon.invalid>")
    assert first["X-Netmon-Id"] == again["X-Netmon-Id"] != last["X-Netmon-Id"]
    assert last["Subject"] == "Opgelost: Bruul: switch sw-bruul-1 werkt weer"


def test_a_hostile_name_makes_no_header_and_no_second_recipient() -> None:
    name = "ap\r\nBcc: all@example.org\r\n\r\n<script>\u202e"
    with mail_server() as server:
        tell(plain(server), message(replace(SWITCH, subject_name=name, place_name=name)))
    (mail,), (envelope,) = server.mails, server.envelopes
    assert envelope.rcpt_tos == ["duty@example.org"]
    assert mail["Bcc"] is None and "Bcc: all" in mail["Subject"]
    assert "<script>" not in mail.as_string()


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    signer = authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", signer.file)
    return signer.context("127.0.0.1")


def secured(server: MailServer, password: str = PASSWORD) -> Channel:
    url = f"mailtos://{USER}:{password}@127.0.0.1:{server.port}?mode=starttls&{TO}&user={USER}"
    return Channel("mail", ChannelKind.APPRISE, url)


def test_starttls_and_a_password_open_the_door(trusted: object) -> None:
    with mail_server(trusted) as server:  # type: ignore[arg-type]  # the fixture's context
        tell(secured(server), message(SWITCH))
    assert len(server.mails) == 1


def test_a_wrong_password_is_told_without_it(
    trusted: object, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with mail_server(trusted) as server, pytest.raises(Undelivered) as caught:  # type: ignore[arg-type]  # the fixture's context
        tell(secured(server, "a-wrong-canary"), message(SWITCH))
    assert (caught.value.reason, caught.value.is_final) == ("SMTP code 535", False)
    assert "canary" not in caplog.text + "".join(capfd.readouterr())


def test_a_certificate_of_nobody_is_refused(tmp_path: Path) -> None:
    tls = authority(tmp_path).context("127.0.0.1")
    with mail_server(tls) as server, pytest.raises(Undelivered, match=r"^certificate refused$"):
        tell(secured(server), message(SWITCH))
    assert not server.mails


@pytest.mark.parametrize(
    ("query", "answer", "reason"),
    [
        ("from=netmon@example.org&to=nobody@example.org", "250 taken", "SMTP code 550"),
        (TO, "451 later canary\x1b[2J", "SMTP code 451"),
    ],
)
def test_what_a_server_refuses_is_told_by_its_number(query: str, answer: str, reason: str) -> None:
    with mail_server(answer=answer) as server, pytest.raises(Undelivered) as caught:
        tell(plain(server, query), message(SWITCH))
    assert caught.value.reason == reason
    assert not server.mails


def test_where_nobody_listens_that_is_told() -> None:
    url = f"mailto://127.0.0.1:{silent_port()}?{TO}"
    with pytest.raises(Undelivered, match=r"^connection refused$"):
        tell(Channel("mail", ChannelKind.APPRISE, url), message(SWITCH))


def test_a_server_that_drips_is_left_in_time() -> None:
    with dripping() as port:
        url = f"mailto://127.0.0.1:{port}?{TO}"
        began_s = time.monotonic()
        with pytest.raises(Undelivered, match=r"^no answer within 2 s$"):
            tell(Channel("mail", ChannelKind.APPRISE, url, timeout_s=2), message(SWITCH))
        assert time.monotonic() - began_s < 6


def test_files_can_go_along(tmp_path: Path) -> None:
    report = tmp_path / "verslag 100% één.pdf"
    report.write_bytes(b"%PDF-1.7 not really")
    with mail_server() as server:
        url = plain(server).url
        deliver(AppriseRequest(url, "Verslag", "Bijgevoegd.", attachments=(str(report),)))
    (mail,) = server.mails
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == report.name
    assert attached.get_payload(decode=True) == report.read_bytes()


@pytest.mark.parametrize("language", Language)
def test_a_mail_speaks_the_language_of_its_channel(language: Language) -> None:
    with mail_server() as server:
        tell(replace(plain(server), language=language), message(SWITCH))
    said = {Language.NL: "werkt niet", Language.EN: "is out", Language.FR: "hors service"}
    assert said[language] in server.mails[0]["Subject"]

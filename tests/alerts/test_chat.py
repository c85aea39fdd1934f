"""Chat services through Apprise, against a real receiver that takes their place."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from netmon.alerts.channels.apprise_channel import apprise_problems
from netmon.alerts.channels.sending import send
from netmon.alerts.message import Message, Undelivered
from netmon.alerts.text import compose
from netmon.config.channel_settings import ChannelKind
from netmon.config.channels import Channel
from tests.alerts.test_text import ZONE
from tests.alerts.told import NOW, SWITCH, message, unknown
from tests.collectors.web_server import Server, authority, page, serving

HOSTILE = "<!channel> @everyone [ap](http://evil.example) *b* <img src=x>"
TOLD = message(replace(SWITCH, subject_name=HOSTILE))
TAKEN = page(b'{"id":"x","ok":true}', "Content-Type: application/json")


def tell(url: str, told: Message = TOLD) -> None:
    channel = Channel("chat", ChannelKind.APPRISE, url)
    send(channel, told, compose(told, unknown, ZONE, channel.language), NOW)


def posted(server: Server) -> Any:
    (request,) = server.asked
    return json.loads(request.partition(b"\r\n\r\n")[2])


@pytest.mark.parametrize(
    "url",
    [
        "ntfy://127.0.0.1:{port}/topic",
        "json://127.0.0.1:{port}/",
        "gotify://127.0.0.1:{port}/token",
        "mmost://127.0.0.1:{port}/3ccdd113474722377935511fc85d3dd4",
        "signal://127.0.0.1:{port}/+32470000000/+32470000001",
    ],
)
def test_a_chat_gets_text_in_which_names_are_only_names(url: str) -> None:
    with serving(TAKEN) as server:
        tell(url.format(port=server.port))
    said = json.dumps(posted(server), ensure_ascii=False)
    assert "Daardoor zijn ook 3 andere toestellen weg." in said
    assert "Ref. " in said
    for sign in ("<!channel>", "@everyone", "](http", "*b*", "<img", "github.com"):
        assert sign not in said


LINK = "https://netmon.example.org/ops/incidents/sw-bruul-1@20261014T080200Z"
LONG = message(
    *(
        replace(SWITCH, key=f"{n}", subject_id=f"{n}", subject_name=f"{n:080}", link=LINK)
        for n in range(20)
    )
)


def test_a_message_too_long_for_a_service_comes_in_parts_and_whole() -> None:
    """A service refuses what is longer than it takes, on every try: nobody would be told."""
    most = 4000  # what Mattermost takes
    url = "mmost://127.0.0.1:{port}/3ccdd113474722377935511fc85d3dd4"
    with serving(TAKEN) as server:
        tell(url.format(port=server.port), LONG)
        posts = [json.loads(each.partition(b"\r\n\r\n")[2])["text"] for each in server.asked]
    assert len(posts) > 1 and max(map(len, posts)) <= most
    assert all(f"{n:080}" in "".join(posts) for n in range(20))
    assert "Ref. " in posts[-1]


def test_an_address_may_say_that_what_is_long_is_cut() -> None:
    url = "mmost://127.0.0.1:{port}/3ccdd113474722377935511fc85d3dd4?overflow=truncate"
    with serving(TAKEN) as server:
        tell(url.format(port=server.port), LONG)
        assert len(server.asked) == 1


def test_teams_gets_a_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signer = authority(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", signer.file)
    with serving(page(b""), signer.context("127.0.0.1")) as server:
        tell(f"workflows://127.0.0.1:{server.port}/workflow/signature")
    (card,) = posted(server)["attachments"]
    assert card["contentType"] == "application/vnd.microsoft.card.adaptive"
    said = json.dumps(card, ensure_ascii=False)
    assert "toestellen weg" in said
    assert "](http" not in said and "github.com" not in said


@pytest.mark.parametrize("status", ["401 No", "404 Gone", "500 Broken", "429 Slowly"])
def test_what_a_service_answers_is_told_by_its_number(status: str) -> None:
    answer = page(b"canary", status=status)
    with serving(answer) as server, pytest.raises(Undelivered) as caught:
        tell(f"json://user:canary@127.0.0.1:{server.port}/canary")
    assert caught.value.reason == f"HTTP status {status[:3]}"
    assert not caught.value.is_final


def test_a_redirect_is_not_followed() -> None:
    with serving(TAKEN) as other:
        answer = page(b"", f"Location: {other.url()}", status="307 There")
        with serving(answer) as server, pytest.raises(Undelivered):
            tell(f"json://127.0.0.1:{server.port}/")
    assert not other.asked


@pytest.mark.parametrize(
    ("url", "is_understood"),
    [
        ("mailtos://user:pass@example.org?to=a@example.org", True),
        ("mailtos://user:canary@example.org?to=nowhere", False),
        ("mailtoo://user:canary@example.org", False),
        ("canary", False),
        ("json://canary.example, json://b.example", False),
        ("slack://canary", False),
        ("", False),
        ("ntfys://tk_x@ntfy.example.org/topic", True),
    ],
)
def test_a_misspelt_address_is_refused_and_not_shown(url: str, is_understood: bool) -> None:  # noqa: FBT001 - the answer
    channel = Channel("duty", ChannelKind.APPRISE, url)
    problems = apprise_problems([channel], "netmon.toml")
    assert (not problems) is is_understood
    assert all(each.key == "channels.duty.url" for each in problems)
    assert "canary" not in "".join(map(str, problems)) + repr(channel)


def test_every_address_of_the_manual_is_understood() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "alerts.md").read_text("utf-8")
    _, _, table = manual.partition("### Addresses for Apprise")
    rows = [line for line in table.partition("One channel")[0].splitlines() if "://" in line]
    urls = [row.split("`")[-2] for row in rows if row.startswith("| ")]
    assert len(urls) == 9
    filled = {
        "TOKEN_A": "T1JJ3T3L2", "TOKEN_B": "A1BRTD4JD", "TOKEN_C": "TIiajkdnlazkcOXrIdevi7FQ",
        "DUTY": "duty", "HOST": "host.example", "mmosts://chat.example.org/TOKEN":
        "mmosts://chat.example.org/3ccdd113474722377935511fc85d3dd4",
    }  # fmt: skip
    for each in urls:
        url = each
        for name, value in filled.items():
            url = url.replace(name, value)
        assert not apprise_problems([Channel("x", ChannelKind.APPRISE, url)], ""), each

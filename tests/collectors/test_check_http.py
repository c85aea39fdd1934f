"""Whether a page comes, in time, and is the page that it should be."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from collectors.checks.http import Params, observe
from collectors.observation import Observation, Outcome
from collectors.target import Target
from tests.collectors.web_server import (
    Send,
    authority,
    page,
    self_signed,
    serving,
    silent_port,
)

DAY_S = 86_400
WELCOME = page("Welkom in Mechelen, café".encode(), "Content-Type: text/html; charset=utf-8")


def look(url: str, deadline_s: float = 5, host: str = "127.0.0.1", **params: object) -> Observation:
    return observe(Target("x", host), Params.model_validate({"url": url, **params}), deadline_s)


def names(seen: Observation) -> dict[str, float]:
    return {m.name: m.value for m in seen.measurements}


def routes(table: dict[str, bytes]) -> Callable[[bytes, Send], None]:
    def answer(request: bytes, send: Send) -> None:
        send(table[request.split(b" ", 2)[1].decode()])

    return answer


def sent_to(location: str, status: str = "302 Found") -> bytes:
    return page(b"", f"Location: {location}", status=status)


def test_a_page_with_the_expected_text_is_ok_and_timed() -> None:
    with serving(WELCOME) as server:
        seen = look(f"http://{{host}}:{server.port}/nl", text="café")
    assert seen.outcome is Outcome.OK and seen.detail == ""
    found = names(seen)
    assert found["status"] == 200 and 0 < found["page_s"] < 2 and len(found) == 2
    assert b"GET /nl " in server.asked[0]


def test_the_host_of_an_ipv6_device_stands_between_brackets() -> None:
    with serving(WELCOME, host="::1") as server:
        seen = look(f"http://{{host}}:{server.port}/", host="::1", text="Welkom")
    assert seen.outcome is Outcome.OK


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("latin-1", "charset=ISO-8859-1"),
        ("cp1252", 'CHARSET="windows-1252"; x=y'),
        ("utf-8", ""),
        ("utf-8", "charset=punycode"),
        ("utf-8", "charset=no-such-thing"),
    ],
)
def test_text_is_read_in_the_charset_that_the_page_names(encoding: str, named: str) -> None:
    with serving(page("café".encode(encoding), f"Content-Type: text/html; {named}")) as server:
        assert look(server.url(), text="café").outcome is Outcome.OK


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (page(b"<h1>Log in to the guest network</h1>"), "another page answered"),
        (page(b"\x00\xff\xfe"), "another page answered"),
        (page(b"", status="511 Network Authentication Required"), "wants a login"),
        (page(b"", status="503 Service Unavailable"), "503 instead of 200"),
        (page(b"", status="204 No Content"), "204 instead of 200"),
        (sent_to("http://portal.example/login"), "another page answered: sent on to portal"),
        (sent_to("//portal.example/login"), "another page answered: sent on to portal"),
        (sent_to("/elsewhere", "301 Moved"), "301 instead of 200"),
        (page(b"", status="302 Found"), "302 instead of 200"),
    ],
    ids=[
        "a log-in page",
        "rubbish",
        "an honest portal",
        "out of service",
        "no content",
        "another host",
        "another host without scheme",
        "another path",
        "nowhere",
    ],
)
def test_another_page_than_the_known_one_is_content(answer: bytes, words: str) -> None:
    with serving(answer) as server:
        seen = look(server.url(), text="Welkom")
    assert seen.outcome is Outcome.CONTENT and words in seen.detail and seen.detail.isprintable()


def test_redirects_on_the_same_host_are_followed_as_far_as_asked() -> None:
    table = {"/": sent_to("a"), "/a": sent_to("/b?c", "308 Permanent Redirect"), "/b?c": WELCOME}
    with serving(routes(table)) as server:
        assert look(server.url(), text="Welkom", redirects=2).outcome is Outcome.OK
        assert look(server.url(), text="Welkom", redirects=1).outcome is Outcome.CONTENT


def test_a_circle_of_redirects_ends() -> None:
    with serving(sent_to("/")) as server:
        assert look(server.url(), redirects=10).outcome is Outcome.CONTENT
    assert len(server.asked) == 11


def test_another_host_is_followed_only_where_it_is_expected() -> None:
    with serving(WELCOME) as there, serving(sent_to(f"http://localhost:{there.port}/")) as here:
        asked = {"text": "Welkom", "redirects": 1}
        expected = look(here.url(), **asked, redirect_hosts=["localhost"])
        assert expected.outcome is Outcome.OK
        capital = look(here.url(), **asked, redirect_hosts=["LocalHost"])
        assert capital.outcome is Outcome.OK, "names of hosts know no capitals"
        assert look(here.url(), **asked).outcome is Outcome.CONTENT


def test_a_redirect_may_itself_be_what_is_expected() -> None:
    with serving(sent_to("http://portal.example/")) as server:
        assert look(server.url(), status=302).outcome is Outcome.OK


@pytest.mark.parametrize("location", ["http://[::1", "ftp://127.0.0.1/", "http://a:b@127.0.0.1/"])
def test_a_redirect_to_what_is_no_address_is_malformed(location: str) -> None:
    with serving(sent_to(location)) as server:
        assert look(server.url(), redirects=3).outcome is Outcome.MALFORMED


def test_encryption_is_not_given_up_on_the_way(tmp_path: Path) -> None:
    own = authority(tmp_path)
    with serving(sent_to("http://127.0.0.1/"), own.context("127.0.0.1")) as server:
        seen = look(server.url(), redirects=3, ca_file=own.file)
    assert seen.outcome is Outcome.CONTENT and "https to http" in seen.detail


def test_a_page_must_come_within_its_time() -> None:
    with serving(b"") as server:
        server.answer = lambda _, send: server.drip(send, WELCOME)
        began = time.monotonic()
        seen = look(server.url(), max_s=0.4)
    assert seen.outcome is Outcome.TIMEOUT and time.monotonic() - began < 1


def test_the_deadline_holds_where_it_is_shorter() -> None:
    with serving(b"") as server:
        server.answer = lambda _, send: server.drip(send, WELCOME)
        began = time.monotonic()
        assert look(server.url(), deadline_s=0.4, max_s=60).outcome is Outcome.TIMEOUT
        assert time.monotonic() - began < 1


def test_the_certificate_is_dated(tmp_path: Path) -> None:
    own = authority(tmp_path)
    with serving(WELCOME, own.context("127.0.0.1", days=(-1, 30))) as server:
        seen = look(server.url(), ca_file=own.file, text="Welkom")
    assert seen.outcome is Outcome.OK
    assert names(seen)["certificate_expires_s"] == pytest.approx(30 * DAY_S, abs=9)


def test_a_certificate_that_has_ended_is_tls_and_says_since_when(tmp_path: Path) -> None:
    own = authority(tmp_path)
    with serving(WELCOME, own.context("127.0.0.1", days=(-30, -2))) as server:
        seen = look(server.url(), ca_file=own.file)
        assert not server.asked, "nothing is asked of a server that is not trusted"
    assert seen.outcome is Outcome.TLS and "expired" in seen.detail
    assert names(seen) == {"certificate_expires_s": pytest.approx(-2 * DAY_S, abs=9)}


def test_whoever_signs_for_himself_is_refused_unless_told(tmp_path: Path) -> None:
    with serving(WELCOME, self_signed(tmp_path, "127.0.0.1")) as server:
        refused = look(server.url())
        assert refused.outcome is Outcome.TLS and "certificate_expires_s" in names(refused)
        assert look(server.url(), verify=False).outcome is Outcome.OK


def test_a_closed_port_and_an_unknown_name_are_told_apart() -> None:
    assert look(f"http://127.0.0.1:{silent_port()}/").outcome is Outcome.REFUSED
    assert look("http://{host}/", host="no-such-name.invalid").outcome is Outcome.DNS
    assert look("http://{host}/", host="not a host").outcome is Outcome.MALFORMED


@pytest.mark.parametrize(
    "wrong",
    [
        {"colour": 1},
        {"url": "ftp://{host}/"},
        {"url": "http://user:word@{host}/"},
        {"url": "http://{host}:{port}/"},
        {"status": 42},
        {"redirects": 99},
        {"max_s": 0},
    ],
    ids=str,
)
def test_params_are_strict(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Params.model_validate(wrong)

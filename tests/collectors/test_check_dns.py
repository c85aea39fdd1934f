"""Whether a name server answers, and with what."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.checks.dns import Params, observe
from collectors.observation import Observation, Outcome
from collectors.target import Target
from tests.collectors.web_server import silent_port

Handler = Callable[[dns.message.Message, str], bytes | None]


class NameServer:
    """A name server on loopback, UDP and TCP on one port, that answers as `handler` says."""

    def __init__(self) -> None:
        self.asked = 0
        self.handler: Handler = lambda *_: None
        self._tcp = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._tcp.getsockname()[1])
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", self.port))
        self._threads = [threading.Thread(target=run) for run in (self._by_udp, self._by_tcp)]
        for each in self._threads:
            each.start()

    def close(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", ("127.0.0.1", self.port))
        self._tcp.shutdown(socket.SHUT_RDWR)
        for each in self._threads:
            each.join()
        self._udp.close()
        self._tcp.close()

    def _by_udp(self) -> None:
        while True:
            datagram, sender = self._udp.recvfrom(65_535)
            if not datagram:
                return
            self.asked += 1
            reply = self.handler(dns.message.from_wire(datagram), "udp")
            if reply is not None:
                self._udp.sendto(reply, sender)

    def _by_tcp(self) -> None:
        while True:
            try:
                accepted, _ = self._tcp.accept()
            except OSError:
                return
            with accepted:
                (length,) = struct.unpack("!H", accepted.recv(2))
                reply = self.handler(dns.message.from_wire(accepted.recv(length)), "tcp")
                if reply is not None:
                    accepted.sendall(struct.pack("!H", len(reply)) + reply)


@pytest.fixture(scope="module")
def server() -> Iterator[NameServer]:
    started = NameServer()
    yield started
    started.close()


def look(server: NameServer, deadline_s: float = 5, **params: object) -> Observation:
    given_params = Params.model_validate({"port": server.port, "timeout_s": 1, **params})
    return observe(Target("x", "127.0.0.1"), given_params, deadline_s)


def addresses(*found: str, rdtype: str = "A", rcode: int = dns.rcode.NOERROR) -> Handler:
    def answer(query: dns.message.Message, _: str) -> bytes:
        reply = dns.message.make_response(query)
        reply.set_rcode(dns.rcode.Rcode(rcode))
        if found:
            name = query.question[0].name
            reply.answer.append(dns.rrset.from_text(name, 60, "IN", rdtype, *found))
        return reply.to_wire()

    return answer


@pytest.mark.parametrize(
    ("rdtype", "found"), [("A", ["192.0.2.1", "192.0.2.2"]), ("AAAA", ["2001:db8::1"])]
)
def test_a_name_that_has_addresses_is_ok_and_timed(
    server: NameServer, rdtype: str, found: list[str]
) -> None:
    server.handler = addresses(*found, rdtype=rdtype)
    seen = look(server, type=rdtype, expected=found)
    (took,) = seen.measurements
    assert seen.outcome is Outcome.OK and took.name == "dns_s" and 0 < took.value < 1


def test_ipv6_addresses_are_compared_as_addresses(server: NameServer) -> None:
    server.handler = addresses("2001:db8::1", rdtype="AAAA")
    assert look(server, type="AAAA", expected=["2001:DB8:0::0001"]).outcome is Outcome.OK


def test_another_address_than_expected_is_content(server: NameServer) -> None:
    """A captive portal answers every name with its own address."""
    server.handler = addresses("10.0.0.1", "192.0.2.1")
    seen = look(server, expected=["192.0.2.1"])
    assert seen.outcome is Outcome.CONTENT and "10.0.0.1" in seen.detail and seen.measurements


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        (addresses(rcode=dns.rcode.NXDOMAIN), "NXDOMAIN"),
        (addresses(rcode=dns.rcode.SERVFAIL), "SERVFAIL"),
        (addresses(rcode=dns.rcode.REFUSED), "REFUSED"),
        (addresses(), "no A record"),
        (addresses("2001:db8::1", rdtype="AAAA"), "no A record"),
    ],
)
def test_an_answer_without_an_address_is_content(
    server: NameServer, handler: Handler, words: str
) -> None:
    server.handler = handler
    seen = look(server)
    assert seen.outcome is Outcome.CONTENT and words in seen.detail


def test_a_truncated_answer_is_asked_for_again_over_tcp(server: NameServer) -> None:
    whole = addresses("192.0.2.7")

    def answer(query: dns.message.Message, transport: str) -> bytes | None:
        if transport == "tcp":
            return whole(query, transport)
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.TC
        return reply.to_wire()

    server.handler = answer
    assert look(server, expected=["192.0.2.7"]).outcome is Outcome.OK


def test_a_lost_datagram_is_sent_again(server: NameServer) -> None:
    whole, lost = addresses("192.0.2.1"), iter([True])

    def answer(query: dns.message.Message, transport: str) -> bytes | None:
        return None if next(lost, False) else whole(query, transport)

    server.handler = answer
    assert look(server, timeout_s=0.2).outcome is Outcome.OK


def test_silence_ends_at_the_deadline(server: NameServer) -> None:
    server.handler = lambda *_: None
    began = time.monotonic()
    assert look(server, deadline_s=0.4, timeout_s=5, retries=9).outcome is Outcome.TIMEOUT
    assert time.monotonic() - began < 1


def test_a_closed_port_is_refused() -> None:
    seen = observe(Target("x", "127.0.0.1"), Params(port=silent_port(socket.SOCK_DGRAM)), 5)
    assert seen.outcome is Outcome.REFUSED


def test_an_unknown_server_is_dns() -> None:
    seen = observe(Target("x", "127.0.0.1"), Params(server="no-such-name.invalid"), 5)
    assert seen.outcome is Outcome.DNS


def test_an_answer_to_another_question_is_no_answer(server: NameServer) -> None:
    def answer(query: dns.message.Message, _: str) -> bytes:
        reply = dns.message.make_response(query)
        reply.id = query.id ^ 1
        return reply.to_wire()

    server.handler = answer
    assert look(server, timeout_s=0.2).outcome in {Outcome.MALFORMED, Outcome.TIMEOUT}


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_mutated_answer_is_an_outcome(server: NameServer, data: st.DataObject) -> None:
    whole = addresses("192.0.2.1", "192.0.2.2")
    at = data.draw(st.integers(min_value=2, max_value=60))
    junk = data.draw(st.binary(max_size=40))
    end = data.draw(st.integers(min_value=2, max_value=90))

    def answer(query: dns.message.Message, transport: str) -> bytes | None:
        wire = whole(query, transport) or b""
        return (wire[:at] + junk + wire[at + len(junk) :])[:end]

    server.handler = answer
    seen = look(server, deadline_s=0.3, timeout_s=0.05, retries=0)
    assert seen.outcome in {Outcome.OK, Outcome.MALFORMED, Outcome.TIMEOUT, Outcome.CONTENT}
    assert seen.detail.isprintable() and len(seen.detail) <= 255


def test_params_are_strict() -> None:
    wrongs = ({"colour": 1}, {"name": "a..b"}, {"type": "MX"}, {"expected": ["x"]}, {"port": 0})
    for wrong in wrongs:
        with pytest.raises(ValueError, match=next(iter(wrong))):
            Params.model_validate(wrong)

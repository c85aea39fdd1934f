"""DNS (RFC 1035): whether a name server gives the addresses that a name has."""

import contextlib
import ipaddress
import socket
import time
from datetime import UTC, datetime
from typing import Annotated, Literal

import dns.exception
import dns.message
import dns.name
import dns.query
import dns.rcode
from dns.rdtypes.IN.A import A
from dns.rdtypes.IN.AAAA import AAAA
from pydantic import AfterValidator, BaseModel, Field, PositiveFloat

from collectors.base import Check
from collectors.observation import Measurement, Observation, Outcome
from collectors.target import Target
from collectors.web.failure import WebFailure, from_os, out_of_time
from collectors.web.resolve import addresses

_SHOWN = 3
"""Addresses that a detail names."""


def _name(written: str) -> str:
    try:
        dns.name.from_text(written)
    except (dns.exception.DNSException, UnicodeError) as error:
        raise ValueError("expected a domain name") from error
    return written


def _address(written: str) -> str:
    return str(ipaddress.ip_address(written))


class Params(BaseModel, extra="forbid", frozen=True):
    """
    What to ask, of whom, and what may be answered.

    `server` None asks the device itself. With `expected`, any other address is a wrong answer:
    a captive portal answers every name with its own.
    """

    name: Annotated[str, AfterValidator(_name)] = "example.org"
    type: Literal["A", "AAAA"] = "A"
    server: str | None = None
    port: int = Field(default=53, ge=1, le=65_535)
    expected: tuple[Annotated[str, AfterValidator(_address)], ...] = ()
    timeout_s: PositiveFloat = 2.0
    retries: int = Field(default=1, ge=0, le=10)


def observe(target: Target, params: Params, deadline_s: float) -> Observation:
    """Ask for one name; `dns_s` is the time to the answer, whatever it says."""
    at = datetime.now(UTC)
    until = time.monotonic() + deadline_s
    try:
        server = addresses(params.server or target.host, until)[0]
        began = time.monotonic()
        answer = _asked(server, params, until)
        took = (Measurement("dns_s", time.monotonic() - began),)
    except WebFailure as failure:
        return Observation(target.id, CHECK.kind, at, failure.outcome, (), failure.detail)
    wrong = _wrong(answer, params)
    outcome = Outcome.CONTENT if wrong else Outcome.OK
    return Observation(target.id, CHECK.kind, at, outcome, took, wrong)


def _asked(server: str, params: Params, until: float) -> dns.message.Message:
    """Return the answer, over TCP where it does not fit a datagram; raises `WebFailure`."""
    query = dns.message.make_query(params.name, params.type)
    for _ in range(params.retries + 1):
        try:
            patient_until = min(time.monotonic() + params.timeout_s, until)
            return _by_udp(query, server, params.port, patient_until)
        except dns.exception.Timeout:
            continue
        except dns.message.Truncated:
            return _by_tcp(query, server, params.port, until)
        except dns.exception.DNSException as error:
            raise WebFailure(Outcome.MALFORMED, "the answer is not DNS") from error
        except OSError as error:
            raise from_os(error) from error
    raise out_of_time()


def _by_udp(
    query: dns.message.QueryMessage, server: str, port: int, until: float
) -> dns.message.Message:
    family = socket.AF_INET6 if ":" in server else socket.AF_INET
    with contextlib.closing(socket.socket(family, socket.SOCK_DGRAM)) as sock:
        sock.settimeout(0)
        # Connected: only the server is heard, and "nothing listens" comes back as an error.
        sock.connect((server, port))
        return dns.query.udp(
            query,
            server,
            timeout=max(until - time.monotonic(), 0),
            port=port,
            sock=sock,
            ignore_unexpected=True,
            raise_on_truncation=True,
        )


def _by_tcp(
    query: dns.message.QueryMessage, server: str, port: int, until: float
) -> dns.message.Message:
    try:
        return dns.query.tcp(query, server, timeout=max(until - time.monotonic(), 0), port=port)
    except dns.exception.Timeout as error:
        raise out_of_time() from error
    except (dns.exception.DNSException, EOFError) as error:
        raise WebFailure(Outcome.MALFORMED, "the answer is not DNS") from error
    except OSError as error:
        raise from_os(error) from error


def _wrong(answer: dns.message.Message, params: Params) -> str:
    """Return what is wrong with an answer, one line; empty where nothing is."""
    if answer.rcode() != dns.rcode.NOERROR:
        return f"the server answered {dns.rcode.to_text(answer.rcode())}"
    wanted = A if params.type == "A" else AAAA  # a record of another class is of neither
    found = {
        str(ipaddress.ip_address(record.address))
        for rrset in answer.answer
        for record in rrset
        if isinstance(record, wanted)
    }
    if not found:
        return f"the name has no {params.type} record"
    others = sorted(found.difference(params.expected or found))
    return f"another address was answered: {', '.join(others[:_SHOWN])}" if others else ""


CHECK = Check(kind="dns", params=Params, observe=observe)

"""Messages: what pysnmp writes is read, what we write pysnmp reads, and garbage is refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyasn1.codec.ber import decoder, encoder
from pysnmp.proto.api import v1, v2c

from netmon.demo import message
from netmon.demo.message import Malformed, Question, Request
from netmon.demo.row import Syntax

arcs = st.lists(st.integers(0, 2**32 - 1), max_size=12).map(lambda rest: (1, 3, *rest))
names = st.lists(arcs, max_size=5).map(tuple)
communities = st.binary(max_size=32)
request_ids = st.integers(-(2**31), 2**31 - 1)
repetitions = st.integers(0, 2**31 - 1)


def datagram(request: Request) -> bytes:
    """Write a request with pysnmp's own interface, as a client would."""
    whole, pdu = v2c.Message(), request.question.value()
    api = v2c.apiBulkPDU if request.question is Question.GET_BULK else v2c.apiPDU
    api.set_defaults(pdu)
    api.set_request_id(pdu, request.request_id)
    if request.question is Question.GET_BULK:
        api.set_non_repeaters(pdu, request.non_repeaters)
        api.set_max_repetitions(pdu, request.max_repetitions)
    api.set_varbinds(pdu, [(oid, v2c.Null("")) for oid in request.names])
    v2c.apiMessage.set_defaults(whole)
    v2c.apiMessage.set_community(whole, request.community)
    v2c.apiMessage.set_pdu(whole, pdu)
    return bytes(encoder.encode(whole))


bulk_requests = st.builds(
    Request,
    st.just(Question.GET_BULK),
    communities,
    request_ids,
    names,
    repetitions,
    repetitions,
)
plain_requests = st.builds(
    Request,
    st.sampled_from([Question.GET, Question.GET_NEXT]),
    communities,
    request_ids,
    names,
)
requests = bulk_requests | plain_requests


@given(requests)
def test_a_request_is_read_as_it_was_written(request_):
    assert message.decode(datagram(request_)) == request_


VALUES = st.one_of(
    st.tuples(st.just(Syntax.INTEGER), st.integers(-(2**31), 2**31 - 1)),
    st.tuples(st.just(Syntax.GAUGE), st.integers(0, 2**32 - 1)),
    st.tuples(st.just(Syntax.COUNTER32), st.integers(0, 2**32 - 1)),
    st.tuples(st.just(Syntax.TICKS), st.integers(0, 2**32 - 1)),
    st.tuples(st.just(Syntax.COUNTER64), st.integers(0, 2**64 - 1)),
    st.tuples(st.just(Syntax.STRING), st.binary(max_size=300)),
    st.tuples(st.just(Syntax.OBJECT_ID), arcs),
)


@given(requests, st.lists(st.tuples(arcs, VALUES), max_size=6), st.sampled_from([0, 1]))
def test_a_reply_says_to_pysnmp_what_was_put_in(request_, bindings, error_status):
    encoded = [
        message.binding(message.name(oid), message.value(syntax, plain))
        for oid, (syntax, plain) in bindings
    ]
    reply = message.reply(request_, encoded, error_status)
    whole, rest = decoder.decode(reply, asn1Spec=v2c.Message())
    pdu = v2c.apiMessage.get_pdu(whole)
    assert rest == b""
    assert isinstance(pdu, v2c.ResponsePDU)
    assert bytes(v2c.apiMessage.get_community(whole)) == request_.community
    assert int(v2c.apiPDU.get_request_id(pdu)) == request_.request_id
    assert int(v2c.apiPDU.get_error_status(pdu)) == error_status
    told = [(tuple(name), value) for name, value in v2c.apiPDU.get_varbinds(pdu)]
    assert told == [(oid, getattr(v2c, syntax)(plain)) for oid, (syntax, plain) in bindings]


def refuses_or_reads(data: bytes) -> None:
    """Garbage has two ways out: read as a request, or refused; never another exception."""
    with suppress(Malformed):
        assert isinstance(message.decode(data), Request)


@given(st.binary(max_size=200))
def test_random_bytes_are_refused_and_nothing_else_happens(data):
    refuses_or_reads(data)


@given(requests, st.data())
def test_a_damaged_request_is_refused_or_read_and_nothing_else_happens(request_, data):
    whole = bytearray(datagram(request_))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place] = data.draw(st.integers(0, 255))
    refuses_or_reads(bytes(whole))


@given(requests, st.data())
def test_a_request_cut_short_is_refused(request_, data):
    whole = datagram(request_)
    with pytest.raises(Malformed):
        message.decode(whole[: data.draw(st.integers(0, len(whole) - 1))])


@given(requests)
def test_a_request_with_something_behind_it_is_refused(request_):
    with pytest.raises(Malformed):
        message.decode(datagram(request_) + b"\x05\x00")


def test_an_snmp_version_1_request_is_refused():
    whole, pdu = v1.Message(), v1.GetRequestPDU()
    v1.apiPDU.set_defaults(pdu)
    v1.apiMessage.set_defaults(whole)
    v1.apiMessage.set_pdu(whole, pdu)
    with pytest.raises(Malformed):
        message.decode(encoder.encode(whole))


@pytest.mark.parametrize("kind", [v2c.SetRequestPDU, v2c.ResponsePDU, v2c.TrapPDU])
def test_what_only_asks_to_change_or_tells_is_refused(kind):
    whole, pdu = v2c.Message(), kind()
    v2c.apiPDU.set_defaults(pdu)
    v2c.apiMessage.set_defaults(whole)
    v2c.apiMessage.set_pdu(whole, pdu)
    with pytest.raises(Malformed, match="neither GET, GETNEXT nor GETBULK"):
        message.decode(encoder.encode(whole))

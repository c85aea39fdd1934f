"""The agent's answers, by RFC 3416, for whatever is asked of whatever device."""

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st
from pyasn1.codec.ber import decoder
from pysnmp.proto.api import v2c

from netmon.demo import world
from netmon.demo.agent import REPLY_BYTES, answer
from netmon.demo.message import Question, Request
from netmon.demo.roster import Simulated
from netmon.demo.row import Moment, Row, Syntax, oid
from netmon.demo.table import Table
from netmon.domain.model import DeviceKind

NOON = Moment(0, 12)
ALL = oid("1.3")


@cache
def rows(kind: DeviceKind = DeviceKind.ACCESS_POINT) -> tuple[Row, ...]:
    return tuple(world.rows(Simulated("x-01", kind, "Synthetic", "somewhere"), 1))


@cache
def table(kind: DeviceKind = DeviceKind.ACCESS_POINT) -> Table:
    return Table(rows(kind))


kinds = st.sampled_from(
    [DeviceKind.ACCESS_POINT, DeviceKind.PUBLIC_PC, DeviceKind.SWITCH, DeviceKind.GATEWAY]
)
known = st.sampled_from([row.oid for row in rows()])
arcs = st.lists(st.integers(0, 2**32 - 1), max_size=12).map(lambda rest: (1, 3, *rest))
names = st.lists(known | known.map(lambda name: name[:-1]) | arcs, max_size=60).map(tuple)


def ask(question: Question, asked, where: Table, *, skip: int = 0, times: int = 0):
    """Return the error status and the bindings of the reply, and how long it is."""
    reply = answer(Request(question, b"c", 1, tuple(asked), skip, times), where, NOON)
    pdu = v2c.apiMessage.get_pdu(decoder.decode(reply, asn1Spec=v2c.Message())[0])
    bindings = [(tuple(name), value) for name, value in v2c.apiPDU.get_varbinds(pdu)]
    return int(v2c.apiPDU.get_error_status(pdu)), bindings, len(reply)


@settings(deadline=None)
@given(kinds)
def test_get_answers_every_row_with_its_type_and_value(kind):
    for row in rows(kind):
        _, [(name, value)], _ = ask(Question.GET, [row.oid], table(kind))
        assert name == row.oid
        assert value == getattr(v2c, row.syntax)(row.at(NOON))
        assert type(value) is getattr(v2c, row.syntax) or row.syntax is Syntax.INTEGER


def test_get_tells_a_missing_instance_from_a_missing_object():
    """RFC 3416 §4.2.1: an object that has other instances lacks an instance only."""
    asked = [oid("1.3.6.1.2.1.1.5.7"), oid("1.3.6.1.2.1.99.1.0")]
    _, [(_, instance), (_, thing)], _ = ask(Question.GET, asked, table())
    assert isinstance(instance, v2c.NoSuchInstance)
    assert isinstance(thing, v2c.NoSuchObject)


@given(arcs | known)
def test_getnext_gives_the_least_name_that_is_greater(start):
    _, [(name, value)], _ = ask(Question.GET_NEXT, [start], table())
    greater = [row.oid for row in rows() if row.oid > start]
    if greater:
        assert name == min(greater)
    else:
        assert name == start and isinstance(value, v2c.EndOfMibView)


@settings(deadline=None)  # a walk in steps of one is 226 questions
@given(kinds, st.integers(1, 200))
def test_a_walk_in_steps_of_any_size_gives_every_row_once_and_in_order(kind, times):
    walked, at = [], ALL
    while True:
        _, bindings, _ = ask(Question.GET_BULK, [at], table(kind), times=times)
        fresh = [name for name, value in bindings if not isinstance(value, v2c.EndOfMibView)]
        walked += fresh
        if len(fresh) < len(bindings):
            break
        at = walked[-1]
    assert walked == [row.oid for row in rows(kind)]


@given(st.sampled_from(list(Question)), names, st.integers(0, 2**31 - 1), st.integers(0, 2**31 - 1))
def test_no_reply_is_longer_than_what_fits(question, asked, skip, times):
    status, bindings, length = ask(question, asked, table(), skip=skip, times=times)
    assert length <= REPLY_BYTES
    assert status in {0, 1}
    assert status == 0 or bindings == []


@given(names, st.integers(0, 4), st.integers(0, 30))
def test_getbulk_gives_what_repeated_getnext_would_as_far_as_it_fits(asked, skip, times):
    """RFC 3416 §4.2.3, computed the slow way."""
    _, bindings, _ = ask(Question.GET_BULK, asked, table(), skip=skip, times=times)
    expected = [table().following(name, NOON)[0] or name for name in asked[:skip]]
    columns = list(asked[skip:])
    for _ in range(times):
        columns = [table().following(name, NOON)[0] or name for name in columns]
        expected += columns
    given_names = [name for name, _ in bindings]
    assert given_names == expected[: len(given_names)]


@given(names.filter(lambda asked: len(asked) > 0))
def test_getbulk_with_room_for_one_never_comes_back_empty(asked):
    status, bindings, _ = ask(Question.GET_BULK, asked[:5], table(), times=1000)
    assert status == 0 and bindings


def test_what_does_not_fit_in_one_reply_is_too_big():
    asked = [row.oid for row in rows()]
    assert ask(Question.GET, asked, table())[:2] == (1, [])


def test_a_value_is_computed_when_it_is_asked():
    counter = oid("1.3.6.1.2.1.31.1.1.1.6.2")
    request = Request(Question.GET, b"c", 1, (counter,))
    replies = {answer(request, table(), Moment(elapsed_s, 12)) for elapsed_s in (0, 10, 20)}
    assert len(replies) == 3

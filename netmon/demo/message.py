"""
SNMPv2c messages (RFC 1901, RFC 3416): a datagram becomes a request, bindings become a reply.

pysnmp's codec reads and writes every value. Only the envelope around bindings that are
already encoded is put together here, so that a constant row is encoded once and not at
every poll, and the size of a reply is known before it is sent.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from pyasn1.codec.ber import decoder, encoder
from pyasn1.error import PyAsn1Error
from pysnmp.proto.api import v2c

from netmon.demo.row import Oid, Syntax, Value

VERSION_2C = 1
SEQUENCE, RESPONSE = b"\x30", b"\xa2"
SHORT_LENGTH = 0x80
TOO_BIG = 1  # errorStatus tooBig, RFC 3416 §3


class Malformed(ValueError):  # noqa: N818 - says what the datagram is
    """The datagram is no SNMPv2c request that an agent answers."""


class Question(Enum):
    """What is asked: these names, what follows them, or a good deal of what follows them."""

    GET = v2c.GetRequestPDU
    GET_NEXT = v2c.GetNextRequestPDU
    GET_BULK = v2c.GetBulkRequestPDU


@dataclass(frozen=True, slots=True)
class Request:
    """A request. `non_repeaters` and `max_repetitions` (0 or more) matter to GETBULK only."""

    question: Question
    community: bytes
    request_id: int
    names: tuple[Oid, ...]
    non_repeaters: int = 0
    max_repetitions: int = 0


NO_SUCH_OBJECT: bytes = encoder.encode(v2c.NoSuchObject(""))
NO_SUCH_INSTANCE: bytes = encoder.encode(v2c.NoSuchInstance(""))
END_OF_MIB_VIEW: bytes = encoder.encode(v2c.EndOfMibView(""))


def decode(datagram: bytes) -> Request:
    """
    Read a request.

    Raises
    ------
    Malformed
        If the datagram is no SNMPv2c message, holds more than one, or asks anything but
        GET, GETNEXT or GETBULK.
    """
    try:
        message, rest = decoder.decode(datagram, asn1Spec=v2c.Message())
        if rest or int(v2c.apiMessage.get_version(message)) != VERSION_2C:
            raise Malformed("not one SNMPv2c message")
        return _request(message)
    # Some hostile bytes make the codec raise outside its own family: IndexError was seen here,
    # OverflowError by others.
    except (PyAsn1Error, LookupError, ArithmeticError) as error:
        raise Malformed(f"not BER: {error}") from error


def _request(message: Any) -> Request:  # noqa: ANN401 - the codec is untyped
    pdu = v2c.apiMessage.get_pdu(message)
    try:
        question = Question(type(pdu))
    except ValueError:
        raise Malformed("neither GET, GETNEXT nor GETBULK") from None
    is_bulk = question is Question.GET_BULK
    return Request(
        question,
        bytes(v2c.apiMessage.get_community(message)),
        int(v2c.apiPDU.get_request_id(pdu)),
        tuple(tuple(name) for name, _ in v2c.apiPDU.get_varbinds(pdu)),
        max(0, int(v2c.apiBulkPDU.get_non_repeaters(pdu))) if is_bulk else 0,
        max(0, int(v2c.apiBulkPDU.get_max_repetitions(pdu))) if is_bulk else 0,
    )


def reply(request: Request, bindings: list[bytes], error_status: int = 0) -> bytes:
    """Return the response to `request`; `bindings` come from `binding`."""
    numbers = (request.request_id, error_status, 0)
    pdu = b"".join(encoder.encode(v2c.Integer32(number)) for number in numbers)
    pdu += _envelope(SEQUENCE, b"".join(bindings))
    head: bytes = encoder.encode(v2c.Integer32(VERSION_2C))
    head += encoder.encode(v2c.OctetString(request.community))
    return _envelope(SEQUENCE, head + _envelope(RESPONSE, pdu))


def name(oid: Oid) -> bytes:
    """Return an encoded object identifier."""
    encoded: bytes = encoder.encode(v2c.ObjectIdentifier(oid))
    return encoded


def value(syntax: Syntax, plain: Value) -> bytes:
    """Return an encoded value of an SNMP type."""
    encoded: bytes = encoder.encode(getattr(v2c, syntax)(plain))
    return encoded


def binding(encoded_name: bytes, encoded_value: bytes) -> bytes:
    """Return one encoded variable binding."""
    return _envelope(SEQUENCE, encoded_name + encoded_value)


def _envelope(tag: bytes, content: bytes) -> bytes:
    """Return tag, definite length and content (X.690 §8.1.3)."""
    length = len(content)
    if length < SHORT_LENGTH:
        return tag + bytes([length]) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8)
    return tag + bytes([SHORT_LENGTH | len(octets)]) + octets + content

"""SNMPv2c messages by hand (RFC 3416, X.690): what a test agent needs to be wrong on purpose."""

from dataclasses import dataclass

INTEGER, OCTETS, NULL, OID, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
IP_ADDRESS, COUNTER32, GAUGE32, TICKS, COUNTER64 = 0x40, 0x41, 0x42, 0x43, 0x46
NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_MIB = 0x80, 0x81, 0x82
GET, GET_NEXT, RESPONSE, GET_BULK = 0xA0, 0xA1, 0xA2, 0xA5

Tagged = tuple[int, bytes]
Binding = tuple[str, Tagged]


def tlv(tag: int, body: bytes) -> bytes:
    size = len(body)
    if size < 128:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def integer(value: int, tag: int = INTEGER) -> bytes:
    return tlv(tag, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def number(value: int, tag: int = INTEGER) -> Tagged:
    return tag, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True)


def octets(value: bytes) -> Tagged:
    return OCTETS, value


def oid_body(dotted: str) -> bytes:
    arcs = [int(arc) for arc in dotted.split(".")]
    body = bytearray()
    for arc in [arcs[0] * 40 + arcs[1], *arcs[2:]]:
        chunk = [arc & 0x7F]
        while arc := arc >> 7:
            chunk.append(0x80 | arc & 0x7F)
        body += bytes(reversed(chunk))
    return bytes(body)


def read(data: bytes, at: int = 0) -> tuple[int, bytes, int]:
    """Return tag, body and where the next one begins."""
    tag, size, at = data[at], data[at + 1], at + 2
    if size & 0x80:
        count = size & 0x7F
        size, at = int.from_bytes(data[at : at + count], "big"), at + count
    return tag, data[at : at + size], at + size


def children(body: bytes) -> list[Tagged]:
    at, found = 0, []
    while at < len(body):
        tag, inner, at = read(body, at)
        found.append((tag, inner))
    return found


def dotted(body: bytes) -> str:
    numbers, value = [], 0
    for byte in body:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(value)
            value = 0
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, [first, numbers[0] - 40 * first, *numbers[1:]]))


@dataclass(frozen=True)
class Request:
    kind: int
    request_id: int
    community: bytes
    oids: list[str]
    max_repetitions: int


def parse(datagram: bytes) -> Request:
    _, community, (kind, pdu) = children(children(datagram)[0][1])
    request_id, _, third, bindings = children(pdu)
    return Request(
        kind,
        int.from_bytes(request_id[1], "big", signed=True),
        community[1],
        [dotted(children(binding[1])[0][1]) for binding in children(bindings[1])],
        int.from_bytes(third[1], "big"),
    )


def response(
    request: Request, bindings: list[Binding], status: int = 0, request_id: int | None = None
) -> bytes:
    listed = b"".join(
        tlv(SEQUENCE, tlv(OID, oid_body(oid)) + tlv(tag, body)) for oid, (tag, body) in bindings
    )
    wanted = request.request_id if request_id is None else request_id
    pdu = integer(wanted) + integer(status) + integer(0) + tlv(SEQUENCE, listed)
    whole = integer(1) + tlv(OCTETS, request.community) + tlv(RESPONSE, pdu)
    return tlv(SEQUENCE, whole)

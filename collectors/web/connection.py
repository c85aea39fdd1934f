"""One TCP connection, with TLS where wanted, and one HTTP exchange over it."""

import contextlib
import http.client
import socket
import ssl
from typing import cast

from collectors.web.address import WebAddress
from collectors.web.failure import WebFailure, from_os
from collectors.web.guarded import Allowance, GuardedSocket, GuardedTlsSocket
from collectors.web.resolve import addresses
from collectors.web.tls import Tls, context_of, from_tls

_HANDSHAKE_BYTES = 65_536


def connected(host: str, port: int, allowance: Allowance) -> GuardedSocket:
    """
    Return a connected socket, to be closed by the caller; raises `WebFailure`.

    A name with several addresses is tried at each of them, in a fair share of the time.
    """
    found = addresses(host, allowance.until)
    for others, address in zip(range(len(found) - 1, -1, -1), found, strict=True):
        try:
            return _connected(address, port, allowance, allowance.left_s() / (others + 1))
        except WebFailure:
            if not others:
                raise
    raise AssertionError("a name has at least one address")


def _connected(address: str, port: int, allowance: Allowance, within_s: float) -> GuardedSocket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = GuardedSocket(family, socket.SOCK_STREAM)
    try:
        sock.allowance = allowance
        sock.settimeout(within_s)
        sock.connect((address, port))
    except OSError as error:
        sock.close()
        raise from_os(error) from error
    except BaseException:
        sock.close()
        raise
    return sock


def encrypted(sock: GuardedSocket, host: str, context: ssl.SSLContext) -> GuardedTlsSocket:
    """Shake hands over `sock`, which is taken over; raises `WebFailure` (tls, timeout)."""
    # Without its zone: a certificate names an address, not a network card of ours.
    name, allowance = host.partition("%")[0], sock.allowance
    held: socket.socket = sock
    try:
        wrapped = context.wrap_socket(sock, server_hostname=name, do_handshake_on_connect=False)
        held = secure = cast("GuardedTlsSocket", wrapped)
        secure.allowance = allowance
        secure.settimeout(allowance.left_s())  # OpenSSL counts the whole handshake against it
        secure.do_handshake()
    except BaseException as error:
        held.close()
        if isinstance(error, OSError):
            raise from_tls(error) from error
        raise
    return secure


class Exchange(http.client.HTTPConnection):
    """One request and its answer; `http.client` never follows, stores or decodes anything."""

    def __init__(self, address: WebAddress, tls: Tls, allowance: Allowance) -> None:
        # A zone says through which of our cards: it means nothing to the other side (RFC 6874).
        super().__init__(address.host.partition("%")[0], address.port)
        self.default_port = 443 if address.is_encrypted else 80  # not named in the Host header
        self.certificate: bytes | None = None
        self._address, self._allowance = address, allowance
        # Now: whether our own file can be read does not depend on who answers.
        self._context = context_of(tls) if address.is_encrypted else None

    def connect(self) -> None:
        """Connect as the allowance allows."""
        sock = connected(self._address.host, self._address.port, self._allowance)
        if self._context is not None:
            sock = secure = encrypted(sock, self._address.host, self._context)
            self.certificate = secure.getpeercert(binary_form=True)
        self.sock = sock


def certificate_of(address: WebAddress, until: float) -> bytes | None:
    """
    Return the certificate (DER) that a server shows, trusted or not; None where it shows none.

    It is how one learns when a certificate ended that is refused for that.
    """
    allowance, anybody = Allowance(until, _HANDSHAKE_BYTES), context_of(Tls(verify=False))
    try:
        sock = connected(address.host, address.port, allowance)
        with contextlib.closing(encrypted(sock, address.host, anybody)) as secure:
            return secure.getpeercert(binary_form=True)
    except WebFailure:
        return None

"""TLS: whom to trust, what went wrong in the words of people, and until when."""

import os
import ssl
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography import x509

from collectors.base import CannotAskError
from collectors.observation import Outcome
from collectors.web.failure import WebFailure, out_of_time
from collectors.web.guarded import GuardedTlsSocket

_NO_TLS = {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG"}


@dataclass(frozen=True, slots=True)
class Tls:
    """
    How to trust a server.

    `verify` False trusts anybody, which is for devices that sign for themselves inside the
    city's own network. `ca_file` names a PEM file of the authorities to trust instead of the
    system's.
    """

    verify: bool = True
    ca_file: str | None = None


def context_of(tls: Tls) -> ssl.SSLContext:
    """Return the context for `tls`; raises `CannotAskError` where its file cannot be read."""
    try:
        changed_ns = os.stat(tls.ca_file).st_mtime_ns if tls.ca_file else 0  # noqa: PTH116 - a plain str
        return _context(tls, changed_ns)
    except (OSError, ssl.SSLError) as error:
        raise CannotAskError(f"{tls.ca_file}: expected PEM certificates, found none") from error


@lru_cache(maxsize=32)
def _context(tls: Tls, _changed_ns: int) -> ssl.SSLContext:
    # Reading the system's authorities takes 20 ms: once, and again when the file changes.
    context = ssl.create_default_context(cafile=tls.ca_file if tls.verify else None)
    if not tls.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    context.sslsocket_class = GuardedTlsSocket
    return context


def from_tls(error: OSError) -> WebFailure:
    """Return the failure that an error during a handshake stands for."""
    if isinstance(error, TimeoutError):
        return out_of_time()
    if isinstance(error, ssl.SSLCertVerificationError):
        return WebFailure(Outcome.TLS, f"certificate: {error.verify_message}")
    reason = error.reason if isinstance(error, ssl.SSLError) else None
    if reason in _NO_TLS:
        return WebFailure(Outcome.TLS, "something answered that does not speak TLS")
    words = (reason or "broken off").replace("_", " ").lower()
    return WebFailure(Outcome.TLS, f"no TLS connection: {words}")


def expires_at(certificate: bytes | None) -> datetime | None:
    """Return when a DER certificate ends to be valid, aware; None where it cannot be read."""
    try:
        return x509.load_der_x509_certificate(certificate or b"").not_valid_after_utc
    except ValueError:
        return None

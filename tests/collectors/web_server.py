"""A real server on loopback that answers exactly the bytes a test wants, over TCP or TLS."""

import contextlib
import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Send = Callable[[bytes], None]
Answer = Callable[[bytes, Send], None]
DAY = dt.timedelta(days=1)


def page(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Return a whole answer that ends with the connection."""
    head = "\r\n".join([f"HTTP/1.0 {status}", *headers, "", ""])
    return head.encode("latin-1") + body


class Server:
    """One connection after the other; `asked` are the requests, heads and bodies."""

    def __init__(
        self, answer: Answer | bytes, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
    ) -> None:
        self.asked: list[bytes] = []
        self.answer = answer
        self._tls = tls
        self._host = host
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family)
        self.port = int(self._listener.getsockname()[1])
        self._open: socket.socket | None = None
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def url(self, path: str = "/") -> str:
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def close(self) -> None:
        self._is_over.set()
        for sock in filter(None, (self._listener, self._open)):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def drip(self, send: Send, data: bytes, every_s: float = 0.05) -> None:
        """Send one byte at a time until the other side has enough or the test ends."""
        for byte in data:
            send(bytes([byte]))
            if self._is_over.wait(every_s):
                return

    def _serve(self) -> None:
        while not self._is_over.is_set():
            try:
                accepted, _ = self._listener.accept()
            except OSError:
                return
            with contextlib.suppress(OSError), contextlib.closing(accepted):
                self._open = accepted
                self._speak(accepted)

    def _speak(self, accepted: socket.socket) -> None:
        if self._tls is None:
            self._exchange(accepted)
            return
        with contextlib.closing(self._tls.wrap_socket(accepted, server_side=True)) as secure:
            self._exchange(secure)

    def _exchange(self, sock: socket.socket) -> None:
        request = _request(sock)
        self.asked.append(request)
        if isinstance(self.answer, bytes):
            sock.sendall(self.answer)
        else:
            self.answer(request, sock.sendall)


def _request(sock: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        more = sock.recv(65_536)
        if not more:
            raise ConnectionError
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    while len(body) < length:
        body += sock.recv(65_536)
    return head + b"\r\n\r\n" + body


@contextlib.contextmanager
def serving(
    answer: Answer | bytes, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> Iterator[Server]:
    server = Server(answer, tls, host)
    try:
        yield server
    finally:
        server.close()


def silent_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """Return a port on which nothing listens."""
    with socket.socket(socket.AF_INET, kind) as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@dataclass(frozen=True)
class Authority:
    """A certificate authority of the test's own; `file` is what its friends trust."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def file(self) -> str:
        return str(self.folder / "authority.pem")

    def context(self, *names: str, days: tuple[int, int] = (-1, 90)) -> ssl.SSLContext:
        """Return a server's context whose certificate is for `names`, valid between `days`."""
        key = ec.generate_private_key(ec.SECP256R1())
        leaf = _certificate(key, self.certificate.subject, self.key, names, days, is_ca=False)
        return _context(self.folder, key, leaf)


def authority(folder: Path) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority of a test")])
    root = _certificate(key, name, key, ("authority",), (-10, 900), is_ca=True)
    (folder / "authority.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    return Authority(folder, key, root)


def self_signed(folder: Path, *names: str) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "somebody")])
    return _context(folder, key, _certificate(key, name, key, names, (-1, 90), is_ca=False))


def _certificate(  # noqa: PLR0913 - what a certificate says
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    names: tuple[str, ...],
    days: tuple[int, int],
    *,
    is_ca: bool,
) -> x509.Certificate:
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)  # noqa: TID251 - TLS uses our clock
    subject = issuer if key is issuer_key else x509.Name([])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + min(days[0], days[1] - 1) * DAY)
        .not_valid_after(now + days[1] * DAY)
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([_general(n) for n in names]), critical=not is_ca
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return builder.sign(issuer_key, hashes.SHA256())


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _context(
    folder: Path, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate
) -> ssl.SSLContext:
    file = folder / f"{certificate.serial_number}.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context

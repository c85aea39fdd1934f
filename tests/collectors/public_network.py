"""
A small public network as a process: a name server (RFC 1035) and a web server, both real.

Started inside a network namespace of its own; what it gets wrong is said on its command line.
"""

import argparse
import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

GREETING = b"<p>Welkom in Mechelen</p>"
PORTAL = b"<form>Log in to the network</form>"
TTL_S = 60


def answer_names(sock: socket.socket, address: str, behaviour: str) -> None:
    """Answer every question of type A with one address, after `www` points elsewhere."""
    while True:
        asked, sender = sock.recvfrom(4096)
        end = asked.index(b"\0", 12) + 5
        (kind,) = struct.unpack_from("!H", asked, end - 4)
        if behaviour == "refuses":
            sock.sendto(asked[:2] + struct.pack("!5H", 0x8185, 1, 0, 0, 0) + asked[12:end], sender)
            continue
        records = b""
        if kind == 1:
            # A compressed name that points into the question, and first an alias.
            alias = struct.pack("!HHHIH", 0xC00C, 5, 1, TTL_S, 2) + struct.pack("!H", 0xC00C)
            data = socket.inet_aton(address)
            records = alias + struct.pack("!HHHIH", 0xC00C, 1, 1, TTL_S, 4) + data
        head = struct.pack("!5H", 0x8180, 1, 2 if records else 0, 0, 0)
        if behaviour == "guesses":
            sock.sendto(bytes(2) + head + asked[12:end] + records, sender)
        sock.sendto(asked[:2] + head + asked[12:end] + records, sender)


class Page(BaseHTTPRequestHandler):
    """The known page, or what stands in its place."""

    behaviour = "page"

    def do_GET(self) -> None:
        if self.behaviour == "slow":
            threading.Event().wait(1.5)
        if self.behaviour == "redirect":
            self.send_response(302)
            self.send_header("Location", "http://portal.example/")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        status = {"error": 503, "511": 511}.get(self.behaviour, 200)
        text = PORTAL if self.behaviour in {"portal", "511"} else GREETING
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("--names", default="right")
    parser.add_argument("--page", default="page")
    told = parser.parse_args()
    Page.behaviour = told.page
    if told.page != "absent":
        server = ThreadingHTTPServer((told.address, 80), Page)
        threading.Thread(target=server.serve_forever, daemon=True).start()
    if told.names != "absent":
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind((told.address, 53))
        threading.Thread(
            target=answer_names, args=(sock, told.address, told.names), daemon=True
        ).start()
    print("ready", flush=True)  # noqa: T201 - whoever started it waits for this
    threading.Event().wait()


if __name__ == "__main__":
    main()

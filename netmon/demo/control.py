"""
Breaking and mending the demo network by hand, over a unix datagram socket.

`python -m netmon.demo.control SOCKET fail ap-bruul-01` sends one order.
"""

import asyncio
import os
import socket
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from netmon.demo.network import COMMANDS, Network

LINE_BYTES = 1024
PATH_BYTES = 100
"""The kernel's limit is 108 on Linux and 104 on the BSDs, the closing zero included."""
ANSWER_WITHIN_S = 2.0


class Control(asyncio.DatagramProtocol):
    """The side of the simulator: obeys a line, and answers whoever bound an address to ask."""

    def __init__(self, network: Network, started_s: float) -> None:
        self._network = network
        self._started_s = started_s
        self._transport: asyncio.DatagramTransport | None = None

    @classmethod
    async def bind(
        cls, path: Path, network: Network, started_s: float, open_sockets: ExitStack
    ) -> None:
        """
        Listen at `path`, for the owner only.

        `started_s` is the monotonic time at which the network began. Raises `OSError`
        where the path is too long for a socket or cannot be bound.
        """
        _check_length(path)
        # A socket that an earlier simulator left behind is removed by asyncio itself.
        mask = os.umask(0o077)
        try:
            transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
                lambda: cls(network, started_s), local_addr=str(path), family=socket.AF_UNIX
            )
        finally:
            os.umask(mask)
        open_sockets.callback(path.unlink, missing_ok=True)
        open_sockets.callback(transport.close)

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]  # the base class says BaseTransport
        """Keep the socket to answer on."""
        self._transport = transport

    def datagram_received(self, data: bytes, addr: str | None) -> None:  # type: ignore[override]  # a unix address is a path
        """Obey the line, and tell the sender what came of it."""
        line = data[:LINE_BYTES].decode(errors="replace")
        answer = self._network.control(line, time.monotonic() - self._started_s)
        if addr and self._transport is not None:
            self._transport.sendto(answer.encode(), addr)


def send(path: Path, line: str, answer_within_s: float = ANSWER_WITHIN_S) -> str:
    """
    Send one order to the simulator that listens at `path`, and return its answer.

    Raises `OSError` where nobody listens or no answer comes in time.
    """
    _check_length(path)
    with (
        tempfile.TemporaryDirectory(prefix="netmon-") as folder,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as asking,
    ):
        asking.bind(f"{folder}/answer")
        asking.settimeout(answer_within_s)
        asking.sendto(line.encode(), str(path))
        return asking.recv(LINE_BYTES).decode()


def _check_length(path: Path) -> None:
    if len(os.fsencode(path)) > PATH_BYTES:
        raise OSError(f"{path}: control: expected a path of at most {PATH_BYTES} bytes")


def main(arguments: Sequence[str]) -> int:
    """Send one order and print the answer; 0 obeyed, 1 refused, 2 not understood."""
    if len(arguments) < 2:  # noqa: PLR2004 - a socket and at least one word
        sys.stderr.write(f"usage: python -m netmon.demo.control SOCKET ORDER ({COMMANDS})\n")
        return 2
    try:
        answer = send(Path(arguments[0]), " ".join(arguments[1:]))
    except OSError as error:
        sys.stderr.write(f"{arguments[0]}: control: expected a running simulator: {error}\n")
        return 2
    sys.stdout.write(answer + "\n")
    return 0 if answer.startswith("ok") else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

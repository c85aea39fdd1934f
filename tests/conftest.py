"""What every test shares: nothing leaves this machine, and nothing is skipped in silence."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest
from hypothesis import settings

settings.register_profile("netmon", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("netmon")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what runs in the background deaf to Ctrl-C, and so would be all it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)

SHARED = Path(__file__).parents[2] / "shared"
"""Recordings of real devices kept beside the checkout; absent on most machines."""


def require(component: str, present: bool) -> None:  # noqa: FBT001 - reads as a claim
    """Skip the test with one clear line where a component is missing; fail where CI says so."""
    if present:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{component} is missing, and with CI=true that is a failure", pytrace=False)
    pytest.skip(f"{component} is missing: install it, or run `make test` where apt may")


def pytest_report_header() -> list[str]:
    """Print the versions that decide what a failure means."""
    return [f"SQLite {apsw.sqlite_lib_version()} (apsw {apsw.apsw_version()})"]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("NETMON_")]:
        if name != "NETMON_SCREENSHOTS":
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refuse every connection of the test process itself that would leave the machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test tried to reach {address[0]}")
        return connect(self, address)  # type: ignore[arg-type]  # any kind of address

    monkeypatch.setattr(socket.socket, "connect", guarded)
    return

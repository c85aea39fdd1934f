"""Whether anything accepts a connection."""

import socket

import pytest

from collectors.checks.tcp import Params, observe
from collectors.observation import Outcome
from collectors.target import Target
from tests.collectors.web_server import silent_port


def test_a_port_that_listens_is_connected_to_and_timed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        seen = observe(Target("x", "127.0.0.1"), Params(port=listener.getsockname()[1]), 5)
    (took,) = seen.measurements
    assert seen.outcome is Outcome.OK and took.name == "connect_s" and 0 < took.value < 1


def test_ipv6_is_spoken() -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as listener:
        params = Params(port=listener.getsockname()[1])
        assert observe(Target("x", "::1"), params, 5).outcome is Outcome.OK


@pytest.mark.parametrize(
    ("host", "outcome"),
    [("127.0.0.1", Outcome.REFUSED), ("no-such-name.invalid", Outcome.DNS), ("", Outcome.DNS)],
)
def test_what_cannot_be_connected_to_is_an_outcome(host: str, outcome: Outcome) -> None:
    seen = observe(Target("x", host), Params(port=silent_port()), 5)
    assert seen.outcome is outcome and seen.detail and not seen.measurements


def test_a_full_queue_of_connections_is_a_timeout() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        waiting = [socket.socket() for _ in range(3)]
        for each in waiting:
            each.settimeout(0)
            each.connect_ex(address)
        seen = observe(Target("x", "127.0.0.1"), Params(port=address[1]), 0.4)
        for each in waiting:
            each.close()
    assert seen.outcome is Outcome.TIMEOUT


def test_params_are_strict() -> None:
    for wrong in ({"colour": 1}, {"port": 0}, {"port": 70_000}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            Params.model_validate(wrong)

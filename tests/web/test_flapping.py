"""The desk says of a device that it keeps changing."""

from flask.testing import FlaskClient

from tests.web.conftest import Record, device


def test_who_flaps_is_marked_and_nobody_else(client: FlaskClient, record: Record) -> None:
    record.tell(devices=(device("a", is_flapping=True), device("b")))
    page = client.get("/ops").text
    assert page.count("wisselt vaak") == 1
    assert page.index('id="device-a"') < page.index("wisselt vaak") < page.index('id="device-b"')

"""A device dies and comes back; a real mail server and a real receiver hear of it, once each."""

import json
import shutil
import signal
import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from geodata.city import City
from netmon.domain.errors import StoreError
from netmon.storage.outbox import Fate, OutboxReader
from tests.alerts.mail_server import MailServer, mail_server
from tests.alerts.test_webhook import received
from tests.cli.conftest import Netmon
from tests.collectors.web_server import Server, page, serving
from tests.waiting import wait_for

COLUMNS = "id,kind,name,place_id,host,port,parents,credential,power,lon,lat,renamed_from,synthetic"
DEVICE = "sw-a,switch,Switch A,bruul,127.0.0.1,,,,always_on,,,,false"
CONFIGURATION = """
[city]
folder = {city}
[checks.tcp]
interval_s = 1
retry_interval_s = 1
deadline_s = 1
fail_n = 1
fail_m = 1
recover_n = 1
recover_m = 1
params = {{ port = {port} }}
[kinds.switch]
checks = ["tcp"]
deciding = "tcp"
[channels.mail]
kind = "apprise"
url_env = "NETMON_TEST_MAIL"
[channels.hook]
kind = "webhook"
url = "{hook}"
secret_env = "NETMON_TEST_SECRET"
[[alerts.routes]]
name = "it"
channels = ["mail", "hook"]
group_wait_s = 1
"""


def configured(folder: Path, port: int, hook: str) -> Path:
    city = City.bundled()
    shutil.copy(city.sites, folder / "sites.geojson")
    (folder / "devices.csv").write_text(f"{COLUMNS}\n{DEVICE}\n", encoding="utf-8")
    path = folder / "netmon.toml"
    text = CONFIGURATION.format(city=json.dumps(str(city.folder)), port=port, hook=hook)
    path.write_text(text, encoding="utf-8")
    return path


def fates(folder: Path) -> list[Fate]:
    try:
        reader = OutboxReader(folder)
    except StoreError:
        return []  # not made yet
    with closing(reader):
        return [each.fate for each in reader.deliveries(0)]


def told_by_hook(server: Server) -> list[dict[str, Any]]:
    return [json.loads(received(each)[1]) for each in server.asked]


def run(start_netmon: Callable[..., Netmon], config: Path, mail: MailServer, said: str) -> Netmon:
    url = f"mailto://127.0.0.1:{mail.port}?from=netmon@example.org&to=duty@example.org"
    secrets = {"NETMON_TEST_MAIL": url, "NETMON_TEST_SECRET": "a-signing-secret-of-the-tests-0001"}
    netmon = start_netmon("run", "-c", str(config), "--no-web", environment=secrets)
    netmon.wait_until_said(said)
    return netmon


def test_a_failure_is_told_once_and_its_end_once_across_a_kill(
    start_netmon: Callable[..., Netmon], tmp_path: Path
) -> None:
    folder = tmp_path / "var"
    device = socket.create_server(("127.0.0.1", 0))
    port = device.getsockname()[1]
    with mail_server() as mail, serving(page(b"", status="204 Thanks")) as hook:
        config = configured(tmp_path, port, hook.url("/netmon"))
        netmon = run(start_netmon, config, mail, "collecting: 1 devices")
        device.close()
        wait_for(lambda: fates(folder) == [Fate.DELIVERED] * 2, within_s=40, what="both know of it")
        netmon.stop(signal.SIGKILL)
        netmon = run(start_netmon, config, mail, "collecting: 1 devices")
        with socket.create_server(("127.0.0.1", port)):
            wait_for(
                lambda: fates(folder) == [Fate.DELIVERED] * 4, within_s=40, what="both know the end"
            )
        assert netmon.stop() == 0
    assert [each["Subject"] for each in mail.mails] == [
        "Bruul: switch Switch A werkt niet",
        "Opgelost: Bruul: switch Switch A werkt weer",
    ]
    told = told_by_hook(hook)
    assert [each["type"] for each in told] == ["alert.problem", "alert.resolved"]
    assert told[0]["group"] == told[1]["group"]
    assert told[0]["problems"][0]["id"] == told[1]["problems"][0]["id"]


ACCESS_POINTS = """\
ap-a,access_point,Bruul 1,bruul,127.0.0.1,,,,always_on,4.48128,51.02608,,false
ap-b,access_point,Hoogstraat 1,hoogstraat,127.0.0.2,,,,always_on,4.47482,51.02317,,false
"""
CONFIGURED_KIND = """
[kinds.access_point]
checks = ["tcp"]
deciding = "tcp"
"""


def test_an_alert_says_what_it_means_for_residents(
    start_netmon: Callable[..., Netmon], tmp_path: Path
) -> None:
    """The map is read while the route waits for what else breaks there."""
    with (
        mail_server() as mail,
        serving(page(b"", status="204 Thanks")) as hook,
        socket.create_server(("127.0.0.2", 0)) as other,
    ):
        port = other.getsockname()[1]
        device = socket.create_server(("127.0.0.1", port))
        config = configured(tmp_path, port, hook.url("/netmon"))
        kind = CONFIGURED_KIND + config.read_text(encoding="utf-8")
        # Looks so seldom that none lapses while the machine plans the radios.
        kind = kind.replace("\ninterval_s = 1", "\ninterval_s = 10")
        config.write_text(kind.replace("group_wait_s = 1", "group_wait_s = 30"), encoding="utf-8")
        rows = f"{COLUMNS}\n{ACCESS_POINTS}"
        (tmp_path / "devices.csv").write_text(rows, encoding="utf-8")
        netmon = run(start_netmon, config, mail, "collecting: 2 devices")
        device.close()
        wait_for(lambda: mail.mails, within_s=90, what="the mail")
        assert netmon.stop() == 0
    (said,) = mail.mails
    body = said.get_content()
    assert "straat zonder signaal." in body
    assert "Volgende gratis internet: Hoogstraat (ongeveer" in body

"""`netmon status --devices` says which devices keep changing."""

from contextlib import closing
from datetime import datetime, timedelta

from collectors.observation import Observation, Outcome
from netmon.cli.wiring import now
from netmon.domain.intervals import epoch_s
from netmon.scheduler.judge import Judge
from netmon.storage.desk import DeskWriter
from netmon.storage.record import RecordWriter
from tests.cli.asking import Call
from tests.cli.hourly import HOURLY
from tests.config.conftest import SETTINGS, CityFiles, device, site

EVERY_MINUTE = HOURLY.replace("3600", "60").replace("1200", "60")


def write_store(city: CityFiles, flapping: str, until: datetime) -> None:
    """Let one device be silent for five minutes in every ten, up to an instant."""
    loaded = city.load()
    folder, origin = loaded.settings.store.folder, loaded.settings.store.origin
    began = until - timedelta(minutes=100)
    with closing(DeskWriter(folder, origin=origin)) as desk:
        desk.import_inventory(loaded.inventory, epoch_s(began))
    with closing(RecordWriter(folder, origin=origin)) as record:
        judge = Judge(record)
        for minute in range(100):
            for each in loaded.inventory.devices:
                is_silent = each.id == flapping and minute % 10 >= 5
                outcome = Outcome.TIMEOUT if is_silent else Outcome.OK
                seen = Observation(each.id, "snmp", began + timedelta(minutes=minute), outcome)
                judge.hear(seen, loaded.settings.policy(each.kind, "snmp"))
        judge.keep()


def test_the_table_and_the_document_tell_who_flaps(netmon: Call, city: CityFiles) -> None:
    city.settings(SETTINGS + EVERY_MINUTE)
    city.sites(site(synthetic=False))
    switches = [
        device(key, kind="switch", power="always_on", synthetic="false") for key in ("sw-1", "sw-2")
    ]
    city.devices(*switches)
    write_store(city, "sw-1", now())
    table = netmon("status", "--devices", "-c", city.config)
    told = [line.split()[0] for line in table.out.splitlines() if "flapping" in line]
    assert told == ["sw-1"]
    rows = netmon("status", "--json", "-c", city.config).document["devices"]
    assert {row["id"]: row["is_flapping"] for row in rows} == {"sw-1": True, "sw-2": False}

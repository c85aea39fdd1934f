"""A store of a city with access points in its Bruul, looked at for three weeks in May."""

from collections.abc import Iterator
from contextlib import closing

from collectors.observation import Observation, Outcome
from netmon.domain.intervals import epoch_s
from netmon.domain.model import Status
from netmon.domain.state import Run, Transition
from netmon.domain.verdict import UP, Verdict
from netmon.storage.desk import DeskWriter
from netmon.storage.record import RecordWriter, Step
from tests.cli.hourly import local
from tests.config.conftest import SETTINGS, CityFiles, device, site

DOWN = Verdict(Status.DOWN, "timeout", is_usable=False)
NORTH, SOUTH = ("4.480837", "51.027396"), ("4.481973", "51.023885")
BEGAN = "2025-05-01"
KINDS = '[kinds.access_point]\nchecks = ["icmp"]\ndeciding = "icmp"\n[coverage]\ncell_m = 4\n'


def write_streets(city: CityFiles) -> CityFiles:
    """Write a north, an invented south that looks north in another band, and one nowhere."""
    city.settings(SETTINGS + KINDS)
    city.sites(site(synthetic=False))
    common = {"kind": "access_point", "place_id": "bruul", "power": "always_on"}
    north = {"lon": NORTH[0], "lat": NORTH[1], "synthetic": "false", "mac": "02:00:5e:10:00:10"}
    south = {"lon": SOUTH[0], "lat": SOUTH[1], "band": "5-low", "azimuth_deg": "0"}
    city.devices(
        device("ap-north", **common, **north),
        device("ap-south", **common, **south),
        device("ap-lost", **common),
    )
    loaded = city.load()
    folder, origin = loaded.settings.store.folder, loaded.settings.store.origin
    with closing(DeskWriter(folder, origin=origin)) as desk:
        desk.import_inventory(loaded.inventory, epoch_s(local(BEGAN)))
    with closing(RecordWriter(folder, origin=origin)) as record:
        record.write(list(_steps()))
    return city


def _steps() -> Iterator[Step]:
    """Yield a north that always works and a south that fails from noon to six on 5 May."""
    south = [("2025-05-05T12:00", DOWN), ("2025-05-05T18:00", UP)]
    for name, more in (("ap-north", []), ("ap-south", south)):
        turns = tuple(
            Transition(name, "icmp", local(at), Status.UNKNOWN, verdict)
            for at, verdict in [(BEGAN, UP), *more]
        )
        seen = Observation(name, "icmp", local("2025-05-20"), Outcome.OK)
        yield Step(seen, Run(name, "icmp", UP, turns[-1].at, seen.at), turns)

"""`netmon suggest`: the same choice to people and machines, and how sure it is."""

import os
import signal
from collections.abc import Iterator
from contextlib import closing

import pytest

from geodata.calibration import Calibration
from netmon.analysis.radio_maps import RadioMaps
from netmon.cli.suggest import cancelling
from netmon.domain.intervals import epoch_s
from netmon.storage.calibrations import StoredCalibration, keep_calibration
from netmon.storage.desk import DeskWriter
from netmon.storage.record import RecordWriter
from tests.cli.asking import Call
from tests.cli.hourly import local
from tests.config.conftest import MECHELEN, SETTINGS, CityFiles, device, site

HOURS = "Mo-Fr 09:00-12:00; PH off"


@pytest.fixture
def library(city: CityFiles) -> CityFiles:
    """A city with one library that has computers in the morning, and Wi-Fi in the Bruul."""
    city.settings(SETTINGS.replace('"city"', f'"{MECHELEN}"') + "[coverage]\ncell_m = 4\n")
    offer = {
        "service": "computer",
        "seats": 4,
        "opening_hours": HOURS,
        "confirmed_on": "2026-09-01",
    }
    city.sites(site(name="Den Abeel", offers=[offer]))
    north = {"lon": "4.480837", "lat": "51.027396", "power": "always_on"}
    city.devices(device(), device("ap-1", kind="access_point", place_id="bruul", **north))
    loaded = city.load()
    folder, origin = loaded.settings.store.folder, loaded.settings.store.origin
    with closing(DeskWriter(folder, origin=origin)) as desk:
        desk.import_inventory(loaded.inventory, epoch_s(local("2026-05-01")))
    with closing(RecordWriter(folder, origin=origin)):
        pass
    return city


def test_the_document_is_as_designed_and_adds_up(netmon: Call, library: CityFiles) -> None:
    found = netmon("suggest", "-c", library.config, "--spots", 4, "--json").document
    assert list(found)[:6] == ["actions", "covered", "demand", "bound", "optimal", "seconds"]
    assert found["optimal"] and not found["cancelled"]
    assert found["synthetic"] is True
    assert 0 < found["covered"] <= found["bound"] <= found["demand"]
    assert len(found["actions"]) == 4
    for each in found["actions"]:
        assert list(each)[:7] == ["action", "service", "site_id", "lon", "lat", "hours", "gain_h"]
        assert 4.3 < each["lon"] < 4.6
        assert 50.9 < each["lat"] < 51.2
        assert each["gain_h"] > 0


def test_more_hours_at_a_site_compete_with_new_sites(netmon: Call, library: CityFiles) -> None:
    asked = ("suggest", "-c", library.config, "--service", "computer", "--json", "--spots")
    found = netmon(*asked, 25).document["actions"]
    assert {each["action"] for each in found} == {"new_site", "more_hours"}
    longer = [each for each in found if each["action"] == "more_hours"]
    assert {each["site_id"] for each in longer} == {"bib"}
    assert "13:00-17:00" in longer[0]["hours"]
    assert "09:00-12:00" not in longer[0]["hours"]
    gains = [each["gain_h"] for each in found]
    assert gains == sorted(gains, reverse=True)
    fewer = netmon(*asked, 3).document
    assert fewer["covered"] <= netmon(*asked, 4).document["covered"]


def test_people_read_what_machines_read(netmon: Call, library: CityFiles) -> None:
    asked = ("suggest", "-c", library.config, "--service", "wifi", "--for", "older", "--spots", 2)
    shown, told = netmon(*asked).out, netmon(*asked, "--json").document
    for each in told["actions"]:
        assert each["where"] in shown
        assert f"+{each['gain_h']:.0f}"[:3] in shown
    assert f"{told['covered']:.0f} of {told['demand']:.0f} person-hours a week" in shown
    assert "optimal: no other choice serves more" in shown
    assert "access points were tried every 25 m along the streets" in shown
    assert "once its street is a Wi-Fi street" in shown
    assert "synthetic: made with invented people" in shown
    assert f"positions to ±{told['precision_m']:.0f} m" in shown


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--spots", "0"), "--spots"),
        (("--spots", "2", "--for", "nobody"), "--for: expected one of all, older"),
        (("--spots", "2", "--service", "print"), "--service"),
        (("--spots", "2", "--time-limit", "0"), "--time-limit"),
        ((), "--spots"),
    ],
)
def test_wrong_questions_are_refused_in_a_line(
    netmon: Call, library: CityFiles, options: tuple[str, ...], expected: str
) -> None:
    assert expected in netmon("suggest", "-c", library.config, *options).refused()


def test_what_a_walk_test_measured_counts_as_on_the_planners_page(
    netmon: Call, library: CityFiles
) -> None:
    asked = ("suggest", "-c", library.config, "--service", "wifi", "--spots", 2, "--json")
    planned = netmon(*asked).document["actions"]
    settings = library.load().settings
    radio = RadioMaps(settings.city.folder, settings.coverage).of(library.load().inventory.devices)
    deaf = Calibration({"ap-1": -60.0}, {"ap-1": 40}, 4.5, 5.0, 9.0)
    walked = (dict(radio.measured_as), "2026-11-01", "0" * 64, local("2026-11-02"), 500)
    keep_calibration(settings.store.folder, StoredCalibration(deaf, *walked, is_synthetic=False))
    measured = netmon(*asked).document["actions"]
    assert measured[0]["gain_h"] > planned[0]["gain_h"], "the Bruul is not served after all"


@pytest.fixture
def hears_ctrl_c() -> Iterator[None]:
    """Let Ctrl-C end this process as it ends a command's, whatever ran in it before."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("hears_ctrl_c")
def test_the_first_ctrl_c_asks_for_the_best_so_far_and_the_second_ends() -> None:
    before = signal.getsignal(signal.SIGINT)
    with cancelling() as asked:
        assert not asked.is_set()
        os.kill(os.getpid(), signal.SIGINT)
        assert asked.is_set()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before

"""`netmon key` prints what one computer needs, and no more."""

from netmon.domain.heartbeat import device_key
from tests.beats import SECRET
from tests.cli.asking import Call, process
from tests.config.conftest import SETTINGS, CityFiles, device, site


def prepared(city: CityFiles, told: str = 'secret_env = "BEAT_SECRET"') -> CityFiles:
    city.settings(f"{SETTINGS}\n[heartbeats]\n{told}\n")
    city.sites(site())
    city.devices(device())
    return city


def test_the_key_follows_from_secret_and_device(city: CityFiles) -> None:
    path = prepared(city).config
    answer = process("key", "pc-1", "-c", path, BEAT_SECRET=SECRET)
    assert (answer.code, answer.out) == (0, device_key(SECRET, "pc-1").hex() + "\n")


def test_a_device_that_is_none_is_refused(city: CityFiles, netmon: Call) -> None:
    line = netmon("key", "pc-9", "-c", prepared(city).config).refused()
    assert "DEVICE: expected a device of the inventory, found 'pc-9'" in line


def test_without_a_secret_there_is_no_key(city: CityFiles, netmon: Call) -> None:
    line = netmon("key", "pc-1", "-c", prepared(city, "").config).refused()
    assert line.endswith("heartbeats: expected secret_env or secret_file, found neither")


def test_a_secret_that_is_too_short_is_refused_and_not_shown(city: CityFiles) -> None:
    short = SECRET[:31]
    answer = process("key", "pc-1", "-c", prepared(city).config, BEAT_SECRET=short)
    assert answer.code == 2 and short not in answer.err and answer.out == ""

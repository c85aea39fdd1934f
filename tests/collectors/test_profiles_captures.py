"""Recordings of the other vendors' devices: who each of them is, and what its radios do."""

import logging
from collections.abc import Callable

import pytest

from collectors.snmp.library import GENERIC
from collectors.snmp.reading import Reading

pytestmark = pytest.mark.shared

UNKNOWN = (GENERIC, None, None, None)
IDENTITIES = {
    "allied-tq": ("allied_tq", "Allied Telesis", "AT-TQ4600", "4.0.1.07"),
    "apc_smtl1000-nmc3": UNKNOWN,
    "camera-samsung-ipolis": UNKNOWN,
    "ciscowap": ("cisco_wap", "Cisco", "WAP321", "1.0.6.5"),
    "ciscowap_121": ("cisco_wap", "Cisco", "WAP121", "1.0.2.3"),
    "ciscowap_iw9165dh": ("cisco_wap", "Cisco", "IW9165DH-ROW", None),
    "cnmatrix": UNKNOWN,
    "cnpilote": ("cambium_cnpilot", "Cambium Networks", "cnPilot E500", None),
    "cnpilotr_1": ("cambium_cnpilot", "Cambium Networks", "cnPilot R201", "4.3.3-R4"),
    "dlinkap": ("dlink_dap", "D-Link", "DAP-2230", None),
    "dlinkap_1": ("dlink_dap", "D-Link", "DAP-2660", None),
    "draytek": ("draytek", "DrayTek", "Vigor2920", "3.8.8.2"),
    "dsm_ds214se-dsm7": UNKNOWN,
    "engenius_2": ("engenius", "EnGenius", None, None),
    "epmp": ("cambium_epmp", "Cambium Networks", None, "4.5.6"),
    "ewc": ("extreme_ewc", "Extreme Networks", "V2110 Medium", "10.21.04.0005"),
    "fortiap_fap831f": ("fortiap", "Fortinet", "831F", "FP831F-v7.0-build0127"),
    "fortigate_60f": ("fortigate", "Fortinet", "FGT_60F", "v7.2.6,build1575,230926 (GA.F)"),
    "freshtomato": UNKNOWN,
    "grandstream-ap_gwn7660": ("grandstream_gwn", "Grandstream", "GWN7660", "1.0.25.41"),
    "hiveos-wireless": ("aerohive", "Aerohive", "AP250", "8.1r2a build-178408"),
    "hiveos-wireless_2": ("aerohive", "Aerohive", "AP250", "8.1r2a build-178408"),
    "hiveos-wireless_320-n": ("aerohive", "Aerohive", "HiveAP320_n", "6.5r9a build-194750"),
    "hiveos-wireless_ap130": ("aerohive", "Aerohive", "AP130", "8.1r2a build-178408"),
    "jetstream_sg2218p": UNKNOWN,
    "keeneticos_hero2311": ("keenetic", "Keenetic", "Keenetic Hero 4G+", "4.02.C.1.0-1"),
    "lcoslx_lw600": ("lancom_lx", "LANCOM Systems", None, "6.12.0024Rel"),
    "lcoslx_ox6400": ("lancom_lx", "LANCOM Systems", None, "6.10.0042RU1"),
    "ligoos_dlb15ac": ("ligowave", "LigoWave", "5-15ac", "v7.69.87740"),
    "linux": UNKNOWN,
    "linux_raspberrypi-gpiomonitor": UNKNOWN,
    "linux_xcp-ng": UNKNOWN,
    "macosx": UNKNOWN,
    "merakimr_cw9166i": ("meraki_mr", "Cisco Meraki", "CW9166I", None),
    "merakimr_mr28": ("meraki_mr", "Cisco Meraki", "MR28", None),
    "meru-controller-3ap": ("fortiwlc", "Fortinet", "MC1550", "5.3-132"),
    "mimosa_b5": UNKNOWN,
    "openwrt": ("openwrt", "OpenWrt", "Linksys WRT1200AC", "21.02.0-rc4"),
    "pepwave": ("peplink", "Peplink", "Pepwave MAX HD4", "8.0.0s010 build 4198"),
    "rutos-rutx_rutx11": ("teltonika", "Teltonika", "RUTX11", "RUTX_R_00.07.00"),
    "snmpsim-linux-full-walk": UNKNOWN,
    "truenas_11-3": UNKNOWN,
    "vrp_ac6605-26": ("huawei_ac", "Huawei", "AC6605-26-PWR", "V200R010C00SPC500"),
    "windows_svr_2019_1809": UNKNOWN,
    "zywall_usg40w": ("zyxel_nxc", "Zyxel", "USG40W", "V4.62(AALB.0)"),
    "zyxelnwa": ("zyxel_nwa", "Zyxel", "NWA-", None),
}

# id, band in GHz, channel, stations, transmit power and noise in dBm, status
RADIOS = {
    "allied-tq": [
        ("wlan0", None, None, None, None, None, "up"),
        ("wlan1", None, None, None, None, None, "up"),
    ],
    "epmp": [("0", 5, None, 1, None, None, None)],
    "ewc": [
        ("TestAP/r1", 5, 44, None, None, -94, None),
        ("TestAP/r2", 2.4, 1, None, None, -94, None),
    ],
    "fortiap_fap831f": [
        ("0", 2.4, 1, 3, 12, None, None),
        ("1", 5, 132, 45, 10, None, None),
        ("2", None, None, None, 31, None, "off"),
    ],
    "grandstream-ap_gwn7660": [
        ("wifi0", 2.4, 11, None, 17, None, "up"),
        ("wifi1", 5, 36, None, 20, None, "up"),
    ],
    "hiveos-wireless": [
        ("wifi0", 2.4, 6, None, 5, -95, None),
        ("wifi1", 5, 165, None, 19, -95, None),
    ],
    "lcoslx_lw600": [
        ("WLAN-1", 2.4, 1, None, 14, -100, None),
        ("WLAN-2", 5, 48, None, 15, -88, None),
    ],
    "ligoos_dlb15ac": [("7", 5, 104, 1, 25, -98, None)],
    "merakimr_mr28": [
        ("10", 2.4, 11, None, None, None, None),
        ("25", 5, 64, None, None, None, None),
    ],
    "meru-controller-3ap": [
        ("AP-1/1", 5, 149, None, None, -91, None),
        ("AP-2/1", 5, 149, None, None, -90, None),
        ("AP-4/1", 5, 149, None, None, -90, None),
    ],
    "openwrt": [
        ("wlan0", 5, 36, 2, None, -90, None),
        ("wlan1", 2.4, 11, 1, None, -65, None),
    ],
    "vrp_ac6605-26": [
        ("TestAP-NAME/0", 2.4, 6, None, 20, None, None),
        ("TestAP-NAME/1", 5, 40, None, 23, None, None),
    ],
    "zyxelnwa": [
        ("1", 2.4, 4, 11, None, None, None),
        ("2", 5, 124, 54, None, None, None),
    ],
}


@pytest.mark.parametrize("name", IDENTITIES)
def test_a_device_is_its_vendors_or_honestly_generic(
    reading_of: Callable[[str], Reading], caplog: pytest.LogCaptureFixture, name: str
) -> None:
    with caplog.at_level(logging.WARNING):
        who = reading_of(name).identity
    assert (who.profile, who.vendor, who.model, who.version) == IDENTITIES[name]
    assert "two profiles fit alike" not in caplog.text


@pytest.mark.parametrize("name", RADIOS)
def test_the_radios_are_these(reading_of: Callable[[str], Reading], name: str) -> None:
    assert [
        (r.id, r.band_ghz, r.channel, r.stations, r.tx_power_dbm, r.noise_dbm, r.status)
        for r in reading_of(name).radios
    ] == RADIOS[name]


def test_online_access_points_are_no_clients(reading_of: Callable[[str], Reading]) -> None:
    """Peplink counts one access point on line and nobody on it."""
    reading = reading_of("pepwave")
    assert (reading.access_points_up, reading.access_points_total, reading.stations) == (1, 1, 0)


def test_a_mesh_is_no_network_for_residents(reading_of: Callable[[str], Reading]) -> None:
    names = [ssid.name for ssid in reading_of("grandstream-ap_gwn7660").ssids]
    assert names == ["ssid1", "ssid2", "ssid3"]


def test_a_controllers_access_points_are_found_by_hardware_address(
    reading_of: Callable[[str], Reading],
) -> None:
    assert [(a.name, a.mac) for a in reading_of("vrp_ac6605-26").access_points] == [
        ("TestAP-NAME", "50:6f:77:ea:dc:a0")
    ]
    assert [(a.name, a.mac, a.status) for a in reading_of("meru-controller-3ap").access_points] == [
        ("AP-1", "00:0c:e6:0d:7a:ad", "up"),
        ("AP-2", "00:0c:e6:0d:7a:cf", "up"),
        ("AP-4", "00:0c:e6:0d:7d:22", "up"),
    ]

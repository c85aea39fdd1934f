"""The tables that list people's devices one by one. netmon never asks for them, only for counts."""

_ENTERPRISES = "1.3.6.1.4.1"

CLIENT_TABLES = {
    # Who is or was on the wire, and what a computer runs.
    "1.3.6.1.2.1.3.1": "RFC1213-MIB::atTable",
    "1.3.6.1.2.1.4.22": "IP-MIB::ipNetToMediaTable",
    "1.3.6.1.2.1.4.35": "IP-MIB::ipNetToPhysicalTable",
    "1.3.6.1.2.1.6.13": "TCP-MIB::tcpConnTable",
    "1.3.6.1.2.1.6.19": "TCP-MIB::tcpConnectionTable",
    "1.3.6.1.2.1.17.4.3": "BRIDGE-MIB::dot1dTpFdbTable",
    "1.3.6.1.2.1.17.7.1.2.2": "Q-BRIDGE-MIB::dot1qTpFdbTable",
    "1.3.6.1.2.1.25.4.2": "HOST-RESOURCES-MIB::hrSWRunTable",
    # Stations of access points and controllers.
    f"{_ENTERPRISES}.161.19.3.1.4": "WHISP-APS-MIB (links)",
    f"{_ENTERPRISES}.890.1.15.3.5.2": "ZYXEL-ES-WIRELESS::wlanStationTable",
    f"{_ENTERPRISES}.2011.6.139.18": "HUAWEI-WLAN-STATION-MIB (stations)",
    f"{_ENTERPRISES}.2356.11.1.3.44": "LCOS-MIB (stations)",
    f"{_ENTERPRISES}.2356.13.1.3.4": "LCOS-LX-MIB (stations)",
    f"{_ENTERPRISES}.2356.13.1.3.32": "LCOS-LX-MIB (stations)",
    f"{_ENTERPRISES}.4329.15.3.6.2": "HIPATH-WIRELESS-HWC-MIB (mobile units)",
    f"{_ENTERPRISES}.6486.802.1.1.2.1.2.*.1.4": "OAW-APxxxx::apClientInfoTable, of each model",
    f"{_ENTERPRISES}.8744.5.25.1.7": "COLUBRIS-DEVICE-WIRELESS-MIB (clients)",
    f"{_ENTERPRISES}.9.9.273.1.2.1": "CISCO-DOT11-ASSOCIATION-MIB::cDot11ClientConfigInfoTable",
    f"{_ENTERPRISES}.9.9.273.1.3.1": "CISCO-DOT11-ASSOCIATION-MIB::cDot11ClientStatisticTable",
    f"{_ENTERPRISES}.9.9.599.1.3": "CISCO-LWAPP-DOT11-CLIENT-MIB::cldcClientObjects",
    f"{_ENTERPRISES}.12356.101.14.5": "FORTINET-FORTIGATE-MIB::fgWcStaTable",
    f"{_ENTERPRISES}.14179.2.1.4": "AIRESPACE-WIRELESS-MIB::bsnMobileStationTable",
    f"{_ENTERPRISES}.14179.2.1.6": "AIRESPACE-WIRELESS-MIB::bsnMobileStationStatsTable",
    f"{_ENTERPRISES}.14525.4.4.1.1.4": "TRAPEZE-NETWORKS-CLIENT-SESSION-MIB (sessions)",
    f"{_ENTERPRISES}.14823.2.2.1.4.1.2": "WLSX-USER-MIB::nUserTable",
    f"{_ENTERPRISES}.14823.2.2.1.5.2.2": "WLSX-WLAN-MIB::wlsxWlanStationInfoGroup",
    f"{_ENTERPRISES}.14823.2.2.1.5.3.2": "WLSX-WLAN-MIB::wlsxWlanStationStatsGroup",
    f"{_ENTERPRISES}.14823.2.3.3.1.2.4": "AI-AP-MIB::aiClientTable",
    f"{_ENTERPRISES}.14988.1.1.1.2": "MIKROTIK-MIB::mtxrWlRtabTable",
    f"{_ENTERPRISES}.14988.1.1.1.5": "MIKROTIK-MIB::mtxrWlCMRtabTable",
    f"{_ENTERPRISES}.17713.21.1.2.30": "CAMBIUM-PMP80211-MIB::cambiumAPConnectedSTATable",
    f"{_ENTERPRISES}.17713.22.1.3": "CAMBIUM-MIB::cambiumClientTable",
    f"{_ENTERPRISES}.25053.1.2.2.1.1.3": "RUCKUS-ZD-WLAN-MIB (stations)",
    f"{_ENTERPRISES}.25053.1.3.2.1.1.3": "RUCKUS-SCG-WLAN-MIB (stations)",
    f"{_ENTERPRISES}.25053.1.4.2.1.1.3": "RUCKUS-SZ-WLAN-MIB (stations)",
    f"{_ENTERPRISES}.25053.1.15.2.1.1.3": "RUCKUS-UNLEASHED-WLAN-MIB (stations)",
    f"{_ENTERPRISES}.25506.2.75.3": "HH3C-DOT11-STATION-MIB (stations)",
    f"{_ENTERPRISES}.26928.1.1.1.2.1.2": "AH-INTERFACE-MIB (associations)",
    f"{_ENTERPRISES}.32750.3.10.1.3": "LIGO-WIRELESS-MIB (peers)",
    f"{_ENTERPRISES}.41112.1.4.7": "UBNT-AirMAX-MIB::ubntStaTable",
    f"{_ENTERPRISES}.42397.1.1.3.3": "GRANDSTREAM-GWN-PRODUCTS-AP-MIB::gwnClientTable",
}
"""
Subtrees that list clients, by OID: nothing in or around them is requested.

An arc `*` is any: of vendors who repeat the table below each model. A vendor whose only count of
stations is the number of such rows therefore has none here (null).
"""

_ROOTS = {tuple(root.split(".")): name for root, name in CLIENT_TABLES.items()}


def client_table(oid: str) -> str | None:
    """Return the name of the client table that a walk of `oid` would enter, None if none."""
    arcs = oid.split(".")
    return next((name for root, name in _ROOTS.items() if _meet(arcs, root)), None)


def _meet(arcs: list[str], root: tuple[str, ...]) -> bool:
    """Say whether one stands within the other: as far as both reach they are alike."""
    return all(b in (a, "*") for a, b in zip(arcs, root, strict=False))

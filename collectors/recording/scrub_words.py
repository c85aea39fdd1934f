"""Words that name kinds of things and nobody: they stay readable in a scrubbed recording."""

import re
from functools import cache

from collectors.recording.scrub_index import Part, parts
from collectors.recording.snmprec import Arcs
from collectors.snmp.library import bundled
from collectors.snmp.profile import FactSet, Profile
from collectors.snmp.sources import HERE, Share, Source

_INTERFACES = """
    ath atheros ba bond br bridge cellular cpu docker dsa dummy ethernet eth fast fastethernet fe ge
    gigabit gigabitethernet gre if ifb imq in inband interface ip lag lan lo loopback management
    mesh mgmt modem null out outofband port ppp ra rai radio rax sfp wdsi sit slot software switch
    ten tengigabitethernet tun tunnel unit veth vap virtual vlan vpn wan wds wifi wireless wl wlan
    wwan ap ax ac na ng poe usb wired bluetooth backhaul trunk wlc adapter controller network
"""
_HARDWARE = """
    amd arm authenticamd battery board buffers cache cached card cdrom chassis cpu cores core cortex
    disk drive dram fan fixed flash floppy genuineintel ghz hard intel keyboard mb kb gb memory mhz
    module mouse nand nvram other partition physical power processor processors psu ram removable
    rom root sensor shared space storage supply swap system temperature temp tmp tmpfs total var
    used free available unknown virtual volts voltage watts rpm celsius device devices real boot
    overlay rootfs dev shm run mnt opt usr home log lib proc sys etc
"""
_PRINTERS = """
    black cyan magenta yellow toner ink cartridge drum tray paper waste box belt fuser maintenance
    kit low empty ready sleep printing idle offline online warming jam open cover a4 letter
"""
_STATES = """
    active associated auto connect connected connection detached disabled disconnect disconnected
    down enabled error fail failed fault full good half inactive init joined load minute average no
    none normal not offline ok on off online operational pending running standby status up valid
    yes true false success auth wpa wpa2 wpa3 psk open eap tkip aes enterprise personal mixed 11b
    11g 11n 11ac 11ax 11a dbm db hz percent bps kbps mbps gbps ms sec min day days hours
"""

SECRET_COLUMNS: tuple[Arcs, ...] = (
    (1, 2, 840, 10036, 1, 1, 1, 9),  # IEEE802dot11-MIB::dot11DesiredSSID
    (1, 3, 6, 1, 2, 1, 1, 4),  # SNMPv2-MIB::sysContact
    (1, 3, 6, 1, 2, 1, 1, 5),  # SNMPv2-MIB::sysName
    (1, 3, 6, 1, 2, 1, 1, 6),  # SNMPv2-MIB::sysLocation
    (1, 3, 6, 1, 2, 1, 25, 1, 4),  # HOST-RESOURCES-MIB::hrSystemInitialLoadParameters
    (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 18),  # IF-MIB::ifAlias
    (1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 4),  # Printer-MIB::prtGeneralCurrentOperator
    (1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 5),  # Printer-MIB::prtGeneralServicePerson
    (1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 16),  # Printer-MIB::prtGeneralPrinterName
    (1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17),  # Printer-MIB::prtGeneralSerialNumber
    (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 11),  # ENTITY-MIB::entPhysicalSerialNum
    (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 14),  # ENTITY-MIB::entPhysicalAlias
    (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 15),  # ENTITY-MIB::entPhysicalAssetID
)
"""Columns whose text names a person, a place or one thing; no word of them stays."""

_NAMING = frozenset(
    {"name", "ssid", "mac", "ip", "id", "descr", "radio", "model", "version", "location", "serial"}
)

SYS_DESCR: Arcs = (1, 3, 6, 1, 2, 1, 1, 1)
_MODELS: tuple[Arcs, ...] = (
    SYS_DESCR,
    (1, 3, 6, 1, 2, 1, 1, 9, 1, 3),  # SNMPv2-MIB::sysORDescr
    *((1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, column) for column in (8, 9, 10, 13)),  # revisions, model
)


@cache
def secret_columns() -> frozenset[Arcs]:
    """Return `SECRET_COLUMNS` and those in which the profiles find names of networks."""
    found = {
        oid
        for profile in bundled().known
        for table, names in ((profile.ssids, {"name"}), (profile.vaps, {"ssid"}))
        if table is not None
        for name in names
        for oid in _oids(table.columns().get(name, ()))
    }
    names = {
        oid
        for profile in bundled().known
        if profile.access_points is not None
        for oid in _oids(profile.access_points.columns().get("name", ()))
    }
    return frozenset((*SECRET_COLUMNS, *found, *names)) - kept_columns()


@cache
def kept_columns() -> frozenset[Arcs]:
    """Return the columns that tell what is sold, not who bought it: models and versions."""
    found = set(_MODELS)
    for profile in (bundled().base, *bundled().known):
        found |= set(_oids((*profile.facts.model, *profile.facts.version)))
        if profile.access_points is not None:
            found |= set(_oids(profile.access_points.columns().get("model", ())))
    return frozenset(found)


@cache
def measure_columns() -> frozenset[Arcs]:
    """Return the columns and instances in which the profiles read a number or a state."""
    found: set[Arcs] = set()
    for profile in (bundled().base, *bundled().known):
        for name in set(FactSet.model_fields) - _NAMING:
            for fact in getattr(profile.facts, name):
                shares = (fact.used, fact.free, fact.total) if isinstance(fact, Share) else (fact,)
                found |= set(_oids(shares))
        for table in profile.tables().values():
            for name, column in table.columns().items():
                found |= set(_oids(column)) if name not in _NAMING else set()
    return frozenset(found) - secret_columns() - kept_columns()


@cache
def hidden_words() -> frozenset[str]:
    """Return the words by which profiles know a network that is not for residents."""
    tables = (each for p in bundled().known for each in (p.vaps, p.ssids) if each is not None)
    patterns = (getattr(table, "hidden", "") for table in tables)
    return frozenset(
        word.lower()
        for pattern in patterns
        for word in re.findall(r"[A-Za-z]+", re.sub(r"\\.", "", pattern))
    )


@cache
def profile_entries() -> frozenset[Arcs]:
    """Return the entries of the profiles' tables: an index begins behind their columns."""
    cells = (
        cell
        for profile in (bundled().base, *bundled().known)
        for table in profile.tables().values()
        for column in table.columns().values()
        for cell in column
    )
    return frozenset(oid[:-1] for oid in _oids(tuple(cells)))


@cache
def vocabulary() -> frozenset[str]:
    """Return the words that stay, in lower case: ours, and those that profiles look for."""
    ours = f"{_INTERFACES} {_HARDWARE} {_PRINTERS} {_STATES}".split()
    looked_for = {
        word.lower()
        for profile in (bundled().base, *bundled().known)
        for source in _sources(profile)
        for text in (*(source.map or ()), source.pattern or "", *_index_texts(source))
        for word in re.findall(r"[A-Za-z0-9]{2,}", text)
    }
    sold = {
        word.lower()
        for profile in bundled().known
        for match in profile.match
        for word in re.findall(r"[A-Za-z0-9]{3,}", match.sys_descr or "")
    }
    return frozenset(ours) | looked_for | sold


def sold_words(sys_descr: str, sys_object_id: str) -> list[str]:
    """Return the models and versions that the profiles for a device read in its sysDescr."""
    patterns = (
        match.sys_descr
        for profile in bundled().known
        for match in profile.match
        if any(f"{sys_object_id}.".startswith(f"{prefix}.") for prefix in match.sys_object_id)
    )
    found = (re.search(pattern, sys_descr) for pattern in patterns if pattern)
    return [word for match in found if match for word in match.groupdict().values() if word]


def _sources(profile: Profile) -> list[Source]:
    found: list[Source] = []
    for name in FactSet.model_fields:
        for fact in getattr(profile.facts, name):
            parts = (fact.used, fact.free, fact.total) if isinstance(fact, Share) else (fact,)
            found += [part for part in parts if part is not None]
    for table in profile.tables().values():
        cells = (cell for column in table.columns().values() for cell in column)
        found += [cell for cell in cells if isinstance(cell, Source)]
    return found


def _index_texts(source: Source) -> list[str]:
    """Return the names in the instance that a profile asks for: of scripts, of tables."""
    if source.oid.startswith(HERE):
        return []
    oid = tuple(map(int, source.oid.split(".")))
    found = [part for part in parts(oid, frozenset()) if part.kind is Part.TEXT]
    return [bytes(oid[part.start : part.end]).decode() for part in found]


def _oids(cells: object) -> list[Arcs]:
    sources = cells if isinstance(cells, tuple) else ()
    return [
        tuple(map(int, source.oid.split(".")))
        for source in sources
        if isinstance(source, Source) and not source.oid.startswith(HERE)
    ]

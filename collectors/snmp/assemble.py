"""From raw answers to a reading: the profile says where, this says what it adds up to. Pure."""

from collectors.snmp.host import (
    disks,
    interface,
    memory_ratio,
    printer_errors,
    supplies,
    temperature_c,
)
from collectors.snmp.library import Choice
from collectors.snmp.profile import Profile
from collectors.snmp.reading import AccessPoint, ApStatus, Identity, Reading
from collectors.snmp.snapshot import Snapshot, fact_number, fact_text, rows
from collectors.snmp.sums import ratio
from collectors.snmp.values import number, text
from collectors.snmp.wireless import interface_radios, wireless

SYS_DESCR = "1.3.6.1.2.1.1.1.0"
SYS_OBJECT_ID = "1.3.6.1.2.1.1.2.0"
SYS_UP_TIME = "1.3.6.1.2.1.1.3.0"
SYS_NAME = "1.3.6.1.2.1.1.5.0"
ENGINE_TIME = "1.3.6.1.6.3.10.2.1.3.0"

_TICK_S = 0.01
_WRAP_S = 2**32 * _TICK_S
_SLACK_S = 3600.0
"""How much older than its computer an agent may seem: clocks of the two need not agree."""


def assemble(choice: Choice, snapshot: Snapshot) -> Reading:
    """Return the reading of a device whose profile is known."""
    profile, who = choice.profile, identity(choice, snapshot)
    wifi, ports = wireless(profile, snapshot), rows(snapshot, profile.interfaces)
    up, listed = _counted(wifi.access_points)

    def whole(name: str, other: int | None = None) -> int | None:
        found = fact_number(snapshot, getattr(profile.facts, name))
        return other if found is None else round(found)

    return Reading(
        identity=who,
        stations=whole("stations", wifi.stations),
        access_points=wifi.access_points,
        access_points_up=whole("access_points_up", up),
        access_points_total=whole("access_points_total", listed),
        lists_access_points=_lists(profile, snapshot, wifi.access_points),
        radios=wifi.radios or interface_radios(ports),
        ssids=wifi.ssids,
        cpu_ratio=ratio(fact_number(snapshot, profile.facts.cpu_ratio)),
        memory_ratio=memory_ratio(profile, snapshot),
        temperature_c=temperature_c(profile, snapshot),
        interfaces=tuple(interface(row) for row in ports),
        storage=disks(profile, snapshot),
        processes=whole("processes"),
        users=whole("users"),
        printer_status=fact_text(snapshot, profile.facts.printer_status),
        printer_errors=printer_errors(profile, snapshot),
        supplies=supplies(profile, snapshot),
        host_uptime_s=host_uptime_s(
            fact_number(snapshot, profile.facts.host_uptime_s), who.uptime_s
        ),
        engine_boots=whole("engine_boots"),
    )


def _counted(access_points: tuple[AccessPoint, ...]) -> tuple[int | None, int | None]:
    """Return how many access points are up and how many there are; None where none is listed."""
    own = [a.status for a in access_points if a.status is not ApStatus.REDUNDANT]
    known = [status for status in own if status is not None]
    return known.count(ApStatus.UP) if known else None, len(own) or None


def _lists(profile: Profile, snapshot: Snapshot, found: tuple[AccessPoint, ...]) -> bool:
    """Say whether what was found is a controller's whole list (`Reading`)."""
    facts, table = profile.facts, profile.access_points
    if table is None:
        return False
    if not found:
        counts = (facts.access_points_up, facts.access_points_total)
        return not table.at_least and {fact_number(snapshot, c) for c in counts} - {None} == {0}
    leader_ip = fact_text(snapshot, facts.leader_ip)
    is_leaders = leader_ip is not None and any(each.ip == leader_ip for each in found)
    return is_leaders or len(found) >= table.at_least


def identity(choice: Choice, snapshot: Snapshot) -> Identity:
    """Return who answered; objects of the device go before what its sysDescr says."""
    facts = choice.profile.facts
    said = snapshot.scalars
    return Identity(
        vendor=choice.profile.vendor,
        profile=choice.profile.name,
        model=fact_text(snapshot, facts.model) or choice.model,
        version=fact_text(snapshot, facts.version) or choice.version,
        sys_name=text(said.get(SYS_NAME)),
        sys_descr=text(said.get(SYS_DESCR)),
        sys_object_id=text(said.get(SYS_OBJECT_ID)),
        uptime_s=uptime_s(said),
    )


def uptime_s(said: dict[str, int | float | bytes | str]) -> float | None:
    """
    Return the seconds since the agent started, None where it does not say.

    sysUpTime counts 1/100 s in 32 bits and starts anew after 497 days, which would look like a
    restart. snmpEngineTime (RFC 3411) counts seconds for 68 years, but some agents start it
    minutes later: so it decides how often sysUpTime wrapped, and sysUpTime gives the rest.
    """
    ticks = number(said.get(SYS_UP_TIME))
    engine_s = number(said.get(ENGINE_TIME))
    if ticks is None:
        return engine_s
    wraps = round(((engine_s or 0.0) - ticks * _TICK_S) / _WRAP_S)
    return ticks * _TICK_S + max(wraps, 0) * _WRAP_S


def host_uptime_s(said_s: float | None, agent_s: float | None) -> float | None:
    """
    Return the seconds since the computer started (hrSystemUptime), None where it does not say.

    It wraps after 497 days as sysUpTime does, but no agent is older than its computer: where it
    seems so, hrSystemUptime has wrapped that often more.
    """
    if said_s is None or agent_s is None:
        return said_s
    missing_s = agent_s - _SLACK_S - said_s
    return said_s + max(-(-missing_s // _WRAP_S), 0) * _WRAP_S

"""What a Zabbix host says of the device behind it: its interfaces, its item, its problems."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from collectors.observation import Outcome, Sighting
from collectors.sources import fields
from collectors.sources.fields import Row
from collectors.sources.verdict import verdict

_AVAILABLE = {"1": True, "2": False}
_ANSWERS = {0.0: False, 1.0: True}
_MAIN = "1"
_BY_ADDRESS = "1"
_NOT_MONITORED = "1"
_IN_MAINTENANCE = "1"
_DETAILS = {
    Outcome.TIMEOUT: "Zabbix does not reach it",
    Outcome.CONTENT: "Zabbix reaches only part of it",
    None: "Zabbix does not know whether it works",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """An unsolved problem: its name, severity (0 to 5) and since when (aware, UTC)."""

    name: str
    severity: float
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Item:
    """The last value of the item that decides, and when Zabbix took it (aware, UTC)."""

    value: float | None
    at: datetime | None


def problems_by_host(problems: Iterable[Row], triggers: Iterable[Row]) -> dict[str, list[Problem]]:
    """Return the problems of each host, by its id; a problem is of the hosts of its trigger."""
    hosts = {
        fields.word(row.get("triggerid")): [
            fields.word(host.get("hostid"))
            for host in fields.rows(row.get("hosts"), "trigger, hosts")
        ]
        for row in triggers
    }
    found: dict[str, list[Problem]] = defaultdict(list)
    for row in problems:
        for host in hosts.get(fields.word(row.get("objectid")), ()):
            found[host].append(_problem(row))
    return found


def _problem(row: Row) -> Problem:
    severity = fields.number(row.get("severity")) or 0
    return Problem(fields.word(row.get("name")), severity, fields.instant(row.get("clock")))


def items_by_host(items: Iterable[Row], now: datetime) -> dict[str, Item]:
    """Return the deciding item of each host, by its id; one never taken says nothing."""
    found = {}
    for row in items:
        at = fields.not_after(fields.instant(row.get("lastclock")), now)
        if at is not None:
            value = fields.number(row.get("lastvalue"))
            found[fields.word(row.get("hostid"))] = Item(value, at)
    return found


def sighting(
    host: Row, problems: Mapping[str, Sequence[Problem]], items: Mapping[str, Item] | None
) -> Sighting:
    """
    Return what Zabbix says of a host.

    Where `items` is given the host's item decides, else its main interfaces do. A problem makes
    what works CONTENT; a host in maintenance, or not monitored, says nothing.
    """
    found = _unjudged(host)
    if host.get("status") == _NOT_MONITORED:
        return replace(found, detail="Zabbix does not monitor it")
    if host.get("maintenance_status") == _IN_MAINTENANCE:
        return replace(found, detail="in maintenance in Zabbix")
    host_id = fields.word(host.get("hostid"))
    item = (items or {}).get(host_id)
    outcome = verdict(_looks(host) if items is None else _item_looks(item))
    judged = replace(
        found, outcome=outcome, at=item.at if item else None, detail=_DETAILS.get(outcome, "")
    )
    return _with_problem(judged, problems.get(host_id, ()))


def _unjudged(host: Row) -> Sighting:
    inventory = host.get("inventory")
    macs = inventory if isinstance(inventory, dict) else {}
    return Sighting(
        fields.word(host.get("name")) or fields.word(host.get("host")),
        fields.hardware_address(macs.get("macaddress_a"))
        or fields.hardware_address(macs.get("macaddress_b")),
        _address(host),
    )


def _interfaces(host: Row) -> list[Row]:
    return [
        row
        for row in fields.rows(host.get("interfaces", []), "host, interfaces")
        if row.get("main") == _MAIN
    ]


def _address(host: Row) -> str | None:
    for row in _interfaces(host):
        key = "ip" if row.get("useip") == _BY_ADDRESS else "dns"
        if found := fields.word(row.get(key)):
            return found
    return None


def _looks(host: Row) -> list[bool]:
    # `active_available` came with 6.2: whether an active agent still reports.
    states = [*(row.get("available") for row in _interfaces(host)), host.get("active_available")]
    return [_AVAILABLE[state] for state in states if isinstance(state, str) and state in _AVAILABLE]


def _item_looks(item: Item | None) -> list[bool]:
    return [_ANSWERS[item.value]] if item is not None and item.value in _ANSWERS else []


def _with_problem(judged: Sighting, problems: Sequence[Problem]) -> Sighting:
    """Let the worst problem speak, unless the device is known not to work at all."""
    if not problems or judged.outcome is Outcome.TIMEOUT:
        return judged
    worst = max(problems, key=lambda problem: problem.severity)
    since = f" since {worst.since:%Y-%m-%d %H:%M} UTC" if worst.since else ""
    return replace(judged, outcome=Outcome.CONTENT, detail=f"{worst.name or 'a problem'}{since}")

"""Zabbix (6.0 and later, JSON-RPC): what it says of the hosts that it monitors."""

from datetime import datetime

from pydantic import Field

from collectors.base import Check
from collectors.observation import Observation, Outcome
from collectors.sources import fields
from collectors.sources.access import Access
from collectors.sources.look import Seen, look
from collectors.sources.pages import MAX_DEVICES
from collectors.sources.zabbix_hosts import items_by_host, problems_by_host, sighting
from collectors.sources.zabbix_rpc import Zabbix
from collectors.target import Target
from collectors.web.failure import WebFailure

Groups = dict[str, object]
"""The parameter that restricts a call to host groups; empty for all of them."""

_DISASTER = 5
_BY_TRIGGERS = 0
_ACTIVE_AGENTS = (6, 2)


class Params(Access):
    """
    Which hosts to read, and what counts.

    `path` is the folder of the frontend. `group` is the name of a host group; all by default.
    `min_severity` (0 to 5) is the least severity of a problem that counts. `item` is the key of
    an item (such as `icmpping`) whose last value, 1 or 0, decides instead of the interfaces.
    """

    path: str = Field(default="/zabbix", pattern=r"^(/[\w.~-]+)*$", max_length=255)
    group: str | None = Field(default=None, max_length=255)
    min_severity: int = Field(default=3, ge=0, le=_DISASTER)
    item: str | None = Field(default=None, max_length=2_048)


def observe(target: Target, params: Params, deadline_s: float) -> Observation:
    """Ask a Zabbix frontend with a read-only API token, in at most six calls."""

    def ask(at: datetime, until: float) -> Seen:
        zabbix = Zabbix.of(target, params, until)
        groups = _groups(zabbix, params.group)
        hosts = _hosts(zabbix, groups)
        problems = _problems(zabbix, groups, params.min_severity)
        items = None if params.item is None else _items(zabbix, groups, params.item)
        by_host = problems_by_host(problems, _triggers(zabbix, problems))
        told = None if items is None else items_by_host(items, at)
        return Seen(tuple(sighting(host, by_host, told) for host in hosts))

    return look(CHECK.kind, target, deadline_s, ask)


def _groups(zabbix: Zabbix, name: str | None) -> Groups:
    """Return the restriction to a host group, all of them where `name` is None."""
    if name is None:
        return {}
    found = zabbix.rows("hostgroup.get", {"output": ["groupid"], "filter": {"name": [name]}})
    ids = [fields.word(row.get("groupid")) for row in found]
    if not ids:
        raise WebFailure(Outcome.CONTENT, f"Zabbix shows this token no host group {name}")
    return {"groupids": ids}


def _hosts(zabbix: Zabbix, groups: Groups) -> list[fields.Row]:
    output = ["hostid", "host", "name", "status", "maintenance_status"]
    if zabbix.release >= _ACTIVE_AGENTS:
        output.append("active_available")
    return zabbix.rows(
        "host.get",
        {
            "output": output,
            "selectInterfaces": ["main", "useip", "ip", "dns", "available"],
            "selectInventory": ["macaddress_a", "macaddress_b"],
            "limit": MAX_DEVICES,
            **groups,
        },
    )


def _problems(zabbix: Zabbix, groups: Groups, min_severity: int) -> list[fields.Row]:
    return zabbix.rows(
        "problem.get",
        {
            "output": ["objectid", "clock", "name", "severity"],
            "source": _BY_TRIGGERS,
            "object": _BY_TRIGGERS,
            "severities": list(range(min_severity, _DISASTER + 1)),
            "suppressed": False,
            "sortfield": ["eventid"],
            "sortorder": "DESC",
            "limit": MAX_DEVICES,
            **groups,
        },
    )


def _triggers(zabbix: Zabbix, problems: list[fields.Row]) -> list[fields.Row]:
    """Return the triggers behind problems with their hosts; problems do not name these."""
    ids = sorted({fields.word(row.get("objectid")) for row in problems} - {""})
    if not ids:
        return []
    asked = {"output": ["triggerid"], "triggerids": ids, "selectHosts": ["hostid"]}
    return zabbix.rows("trigger.get", {**asked, "monitored": True})


def _items(zabbix: Zabbix, groups: Groups, key: str) -> list[fields.Row]:
    return zabbix.rows(
        "item.get",
        {
            "output": ["hostid", "lastclock", "lastvalue"],
            "filter": {"key_": key},
            "monitored": True,
            "limit": MAX_DEVICES,
            **groups,
        },
    )


CHECK = Check(kind="zabbix", params=Params, observe=observe)

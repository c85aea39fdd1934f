"""Prometheus' windows_exporter: what a computer with Windows says of itself."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from pydantic import Field

from collectors.base import Check
from collectors.observation import Observation
from collectors.target import Target
from collectors.web.computer import Computer, ProcessorTime, used_ratio
from collectors.web.exporter import Exporter, ExporterParams, look
from collectors.web.samples import Sample, Samples

# Newest name first: versions 0.25 to 0.31 renamed most of what was there since 0.13.
_NOW = ("windows_time_current_timestamp_seconds", "windows_os_time")
_BOOTED = (
    "windows_system_boot_time_timestamp",
    "windows_system_boot_time_timestamp_seconds",
    "windows_system_system_up_time",  # the instant of the start, in spite of its name
)
_MEMORY_TOTAL = (
    "windows_memory_physical_total_bytes",
    "windows_os_visible_memory_bytes",
    "windows_cs_physical_memory_bytes",
)
_MEMORY_FREE = (
    "windows_memory_available_bytes",  # with the cache, which is given back on demand
    "windows_memory_physical_free_bytes",
    "windows_os_physical_memory_free_bytes",
)
_PROCESSES = ("windows_system_processes", "windows_os_processes")
_OTHERS = (
    "windows_exporter_build_info",
    "windows_cpu_time_total",
    "windows_logical_disk_size_bytes",
    "windows_logical_disk_free_bytes",
    "windows_logical_disk_info",
    "windows_time_computed_time_offset_seconds",
    "windows_time_ntp_client_time_sources",
    "windows_terminal_services_session_info",
    "windows_logon_session_timestamp_seconds",
    "windows_logon_logon_type",
    "windows_os_users",
    "windows_os_info",
    "windows_printer_status",
)
_SERIES = frozenset((*_NOW, *_BOOTED, *_MEMORY_TOTAL, *_MEMORY_FREE, *_PROCESSES, *_OTHERS))

_MODES = {"idle", "user", "privileged"}
"""`interrupt` and `dpc` are part of `privileged`."""

_VOLUME = re.compile(r"[A-Za-z]:")
_PEOPLE = {"interactive", "remoteinteractive", "remote_interactive", "cachedinteractive"}
_NO_PERSON = re.compile(r"(?:DWM|UMFD)-\d+|.*\$|")
"""Accounts of the window manager, of fonts, of the computer itself, and none."""

_READY = {
    "idle",
    "printing",
    "warmup",
    "busy",
    "waiting",
    "processing",
    "initialization",
    "powersave",
    "ioactive",
}
"""Words of Win32_Printer.PrinterStatus with which a page will come out."""

_RELEASED = {
    "10240": "2015-07-29",
    "10586": "2015-11-10",
    "14393": "2016-08-02",
    "15063": "2017-04-05",
    "16299": "2017-10-17",
    "17134": "2018-04-30",
    "17763": "2018-11-13",
    "18362": "2019-05-21",
    "18363": "2019-11-12",
    "19041": "2020-05-27",
    "19042": "2020-10-20",
    "19043": "2021-05-18",
    "19044": "2021-11-16",
    "19045": "2022-10-18",
    "20348": "2021-08-18",
    "22000": "2021-10-04",
    "22621": "2022-09-20",
    "22631": "2023-10-31",
    "26100": "2024-10-01",
    "26200": "2025-09-30",
}
"""When Microsoft released each build of Windows 10, 11 and Server (its release information)."""


class Params(ExporterParams):
    """As every exporter; this one listens on 9182."""

    port: int = Field(default=9182, ge=1, le=65_535)


def read(samples: Samples, services: tuple[str, ...]) -> Computer:
    """Return what the page says of the computer, whichever version made it."""
    return Computer(
        now_s=samples.value(*_NOW),
        booted_s=samples.value(*_BOOTED),
        processors=_processors(samples.of("windows_cpu_time_total")),
        memory_ratio=_memory_ratio(samples),
        disks=_disks(samples),
        ntp_offset_s=_ntp_offset_s(samples),
        users=_users(samples),
        processes=samples.value(*_PROCESSES),
        os_dated=_released(samples.of("windows_os_info")),
        services=_services(samples.of("windows_service_state"), services),
        printers=_printers(samples.of("windows_printer_status")),
    )


def _processors(rows: Iterable[Sample]) -> ProcessorTime | None:
    spent: dict[str, float] = {}
    for row in rows:
        mode = row.labels.get("mode", "")
        if mode in _MODES:
            spent[mode] = spent.get(mode, 0.0) + row.value
    return ProcessorTime(spent.get("idle", 0.0), sum(spent.values())) if spent else None


def _memory_ratio(samples: Samples) -> float | None:
    total, free = samples.value(*_MEMORY_TOTAL), samples.value(*_MEMORY_FREE)
    return None if total is None or free is None else used_ratio(total - free, total)


def _disks(samples: Samples) -> tuple[tuple[str, float], ...]:
    """Return the volumes with a letter that are fixed disks, where the version tells that."""
    free = {r.labels.get("volume"): r.value for r in samples.of("windows_logical_disk_free_bytes")}
    kinds = {r.labels.get("volume"): _kind(r) for r in samples.of("windows_logical_disk_info")}
    disks = []
    for row in samples.of("windows_logical_disk_size_bytes"):
        volume = row.labels.get("volume", "")
        is_fixed = kinds.get(volume, "fixed") == "fixed"
        if not is_fixed or not _VOLUME.fullmatch(volume) or volume not in free:
            continue
        ratio = used_ratio(row.value - free[volume], row.value)
        if ratio is not None:
            disks.append((volume, ratio))
    return tuple(sorted(disks))


def _kind(row: Sample) -> str:
    return (row.labels.get("type") or row.labels.get("drive_type") or "fixed").lower()


def _ntp_offset_s(samples: Samples) -> float | None:
    """Return the offset from the time server; without one it is a mere zero."""
    if samples.value("windows_time_ntp_client_time_sources") == 0:
        return None
    return samples.value("windows_time_computed_time_offset_seconds")


def _users(samples: Samples) -> float | None:
    """Return the count of sessions that people have; names are looked at and dropped here."""
    if rows := samples.of("windows_terminal_services_session_info"):
        return len({r.labels.get("session_name") for r in rows if r.value and _is_persons(r)})
    if rows := samples.of("windows_logon_session_timestamp_seconds"):
        # Whoever may administer has two sessions, one with and one without that right.
        people = [r for r in rows if r.labels.get("type", "").lower() in _PEOPLE and _is_persons(r)]
        return len({(r.labels.get("domain"), r.labels.get("username")) for r in people})
    if rows := samples.of("windows_logon_logon_type"):
        return sum(max(r.value, 0) for r in rows if r.labels.get("status", "").lower() in _PEOPLE)
    return samples.value("windows_os_users")


def _is_persons(row: Sample) -> bool:
    account = row.labels.get("user") or row.labels.get("username") or ""
    return not _NO_PERSON.fullmatch(account.rpartition("\\")[2])


def _released(rows: tuple[Sample, ...]) -> datetime | None:
    day = _RELEASED.get(rows[0].labels.get("build_number", "")) if rows else None
    return datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None


def _services(rows: tuple[Sample, ...], wanted: tuple[str, ...]) -> dict[str, bool]:
    """Return which services run; one that the page does not name does not."""
    if not rows:
        return {}
    running = {
        r.labels.get("name", "").lower()
        for r in rows
        if r.value and "running" in {r.labels.get("state"), r.labels.get("status")}
    }
    return {name: name.lower() in running for name in wanted}


def _printers(rows: Iterable[Sample]) -> dict[str, bool]:
    """Return which printers are ready, as far as their one current status is told."""
    words = {r.labels.get("printer", ""): r.labels.get("status", "") for r in rows if r.value}
    return {
        name: re.sub(r"[^a-z]", "", word.lower()) in _READY
        for name, word in words.items()
        if word.lower() != "unknown"
    }


EXPORTER = Exporter(
    "windows_exporter",
    ("windows_exporter_build_info", *_NOW, "windows_cpu_time_total"),
    _SERIES,
    "windows_service_state",
    read,
)


def observe(target: Target, params: Params, deadline_s: float) -> Observation:
    """Ask the exporter once; `cpu_ratio` comes with the second look."""
    return look(EXPORTER, target, params, deadline_s)


CHECK = Check(kind="windows_exporter", params=Params, observe=observe)

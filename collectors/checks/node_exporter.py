"""Prometheus' node_exporter: what a computer with Linux says of itself."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from pydantic import Field

from collectors.base import Check
from collectors.observation import Observation
from collectors.target import Target
from collectors.web.computer import Computer, ProcessorTime, used_ratio
from collectors.web.exporter import Exporter, ExporterParams, look
from collectors.web.samples import Sample, Samples

_IDLE = {"idle", "iowait"}
_SERIES = frozenset(
    f"node_{name}"
    for name in (
        "exporter_build_info",
        "time_seconds",
        "boot_time_seconds",
        "load1",
        "cpu_seconds_total",
        "memory_MemTotal_bytes",
        "memory_MemAvailable_bytes",
        "memory_MemFree_bytes",
        "memory_Buffers_bytes",
        "memory_Cached_bytes",
        "filesystem_size_bytes",
        "filesystem_free_bytes",
        "filesystem_avail_bytes",
        "timex_offset_seconds",
        "timex_sync_status",
        "logind_sessions",
        "uname_info",
        "os_support_end_timestamp_seconds",
    )
)
_NO_DISK = {"squashfs", "iso9660", "udf", "overlay", "erofs", "cramfs"}
"""File systems that are full by nature, or another's seen again."""

_ISO_DATE = re.compile(r"\((\d{4}-\d{2}-\d{2})\)")
_UNIX_DATE = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2} +\d{1,2}) [\d:]{8} [A-Z]{3,4} (\d{4})")


class Params(ExporterParams):
    """As every exporter; this one listens on 9100."""

    port: int = Field(default=9100, ge=1, le=65_535)


def read(samples: Samples, services: tuple[str, ...]) -> Computer:
    """Return what the page says of the computer."""
    return Computer(
        now_s=samples.value("node_time_seconds"),
        booted_s=samples.value("node_boot_time_seconds"),
        load1=samples.value("node_load1"),
        processors=_processors(samples.of("node_cpu_seconds_total")),
        memory_ratio=_memory_ratio(samples),
        disks=_disks(samples),
        ntp_offset_s=_ntp_offset_s(samples),
        users=_users(samples.of("node_logind_sessions")),
        os_dated=_kernel_built(samples.of("node_uname_info")),
        support_ends_s=samples.value("node_os_support_end_timestamp_seconds"),
        services=_services(samples.of("node_systemd_unit_state"), services),
    )


def _processors(rows: Iterable[Sample]) -> ProcessorTime | None:
    spent: Counter[bool] = Counter()
    for row in rows:
        spent[row.labels.get("mode") in _IDLE] += row.value  # type: ignore[assignment] # seconds
    return ProcessorTime(spent[True], spent.total()) if spent else None


def _memory_ratio(samples: Samples) -> float | None:
    total = samples.value("node_memory_MemTotal_bytes")
    free = samples.value("node_memory_MemAvailable_bytes")
    if free is None:  # Linux before 3.14
        parts = [samples.value(f"node_memory_{n}_bytes") for n in ("MemFree", "Buffers", "Cached")]
        free = sum(part for part in parts if part is not None) if parts[0] is not None else None
    return None if total is None or free is None else used_ratio(total - free, total)


def _disks(samples: Samples) -> tuple[tuple[str, float], ...]:
    """Return the share of each disk that is used as `df` counts it: without root's reserve."""
    free = _by_mount(samples.of("node_filesystem_free_bytes"))
    avail = _by_mount(samples.of("node_filesystem_avail_bytes"))
    disks: dict[str, tuple[str, float]] = {}
    for row in samples.of("node_filesystem_size_bytes"):
        device, mount = row.labels.get("device", ""), row.labels.get("mountpoint", "")
        if not _is_disk(device, row.labels.get("fstype", "")) or mount not in avail:
            continue
        used = row.value - free.get(mount, avail[mount])
        ratio = used_ratio(used, used + avail[mount])
        # One disk may be mounted at many places: the shortest name is where it belongs.
        if ratio is not None and (device not in disks or len(mount) < len(disks[device][0])):
            disks[device] = mount, ratio
    return tuple(sorted(disks.values()))


def _is_disk(device: str, file_system: str) -> bool:
    return file_system == "zfs" or (device.startswith("/dev/") and file_system not in _NO_DISK)


def _by_mount(rows: Iterable[Sample]) -> dict[str, float]:
    return {row.labels.get("mountpoint", ""): row.value for row in rows}


def _ntp_offset_s(samples: Samples) -> float | None:
    """Return the offset that the kernel knows; without a time server it is a mere zero."""
    if samples.value("node_timex_sync_status") != 1:
        return None
    return samples.value("node_timex_offset_seconds")


def _users(rows: tuple[Sample, ...]) -> float | None:
    if not rows:
        return None
    return sum(max(row.value, 0) for row in rows if row.labels.get("class") == "user")


def _kernel_built(rows: tuple[Sample, ...]) -> datetime | None:
    """Return when the kernel was built, as Debian and Ubuntu write it into its version."""
    version = rows[0].labels.get("version", "") if rows else ""
    try:
        if iso := _ISO_DATE.search(version):
            return datetime.fromisoformat(iso[1]).replace(tzinfo=UTC)
        if unix := _UNIX_DATE.search(version):
            return datetime.strptime(f"{unix[1]} {unix[2]}", "%b %d %Y").replace(tzinfo=UTC)
    except ValueError:
        return None
    return None


def _services(rows: tuple[Sample, ...], wanted: tuple[str, ...]) -> dict[str, bool]:
    """Return which units run; one that the page does not name does not."""
    if not rows:
        return {}
    active = {r.labels.get("name") for r in rows if r.labels.get("state") == "active" and r.value}
    return {name: bool({name, f"{name}.service"} & active) for name in wanted}


EXPORTER = Exporter(
    "node_exporter",
    ("node_exporter_build_info", "node_time_seconds", "node_cpu_seconds_total"),
    _SERIES,
    "node_systemd_unit_state",
    read,
)


def observe(target: Target, params: Params, deadline_s: float) -> Observation:
    """Ask the exporter once; `cpu_ratio` comes with the second look."""
    return look(EXPORTER, target, params, deadline_s)


CHECK = Check(kind="node_exporter", params=Params, observe=observe)

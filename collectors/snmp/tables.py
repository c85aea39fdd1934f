"""The tables that a profile may describe, with the columns that we have words for."""

from typing import ClassVar

from pydantic import Field, model_validator

from collectors.snmp.sources import Column, Pattern, Source, Strict


class Table(Strict):
    """
    A table: `rows` names the columns which decide the rows there are.

    The first of them that is not empty does; where all are empty the table is not there, and
    its other columns are not asked.
    """

    LIVE: ClassVar[frozenset[str]] = frozenset()
    """The columns that feed measurements: asked at every poll; the others once an hour."""
    WATCHED: ClassVar[bool] = False
    """Whether rows come and go, so that `rows` is walked at every poll."""

    rows: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _rows_are_columns(self) -> "Table":
        for name in self.rows:
            if not any(isinstance(cell, Source) for cell in self.columns().get(name, ())):
                raise ValueError(f"rows: expected columns of this table, found {name!r}")
        return self

    def columns(self) -> dict[str, Column]:
        """Return the columns that the file gives, by our name."""
        found = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: value for name, value in found.items() if value and isinstance(value, tuple)}


class AccessPoints(Table):
    """What a controller knows of its access points. `status` is mapped to `up`, `down`, …."""

    LIVE = frozenset({"status", "stations"})
    WATCHED = True

    name: Column = ()
    mac: Column = ()
    ip: Column = ()
    model: Column = ()
    status: Column = ()
    stations: Column = ()
    uptime_s: Column = ()


class Radios(Table):
    """
    The radios of this access point, or of all of a controller's.

    `own_arcs` counts the last arcs of the index that number the radio; what stands before them
    is the index of its access point. None: the radios are the device's own.
    """

    LIVE = frozenset(
        {
            "channel",
            "frequency_mhz",
            "stations",
            "tx_power_dbm",
            "utilization_ratio",
            "noise_dbm",
            "status",
        }
    )
    WATCHED = True

    own_arcs: int | None = Field(default=None, ge=1)
    id: Column = ()
    band_ghz: Column = ()
    channel: Column = ()
    frequency_mhz: Column = ()
    stations: Column = ()
    tx_power_dbm: Column = ()
    utilization_ratio: Column = ()
    noise_dbm: Column = ()
    status: Column = ()


class Vaps(Table):
    """
    Virtual access points: one row per SSID and radio.

    `radio` holds the radio's `id`; or `own_arcs` counts the last arcs of the index, before
    which stands the radio's index. Rows whose whole SSID matches `hidden` serve no resident.
    """

    LIVE = frozenset({"stations", "channel", "tx_power_dbm"})
    WATCHED = True

    own_arcs: int | None = Field(default=None, ge=1)
    hidden: Pattern = ""
    ssid: Column = ()
    radio: Column = ()
    stations: Column = ()
    channel: Column = ()
    tx_power_dbm: Column = ()


class Ssids(Table):
    """The networks, where the agent counts stations per SSID itself."""

    LIVE = frozenset({"stations"})
    WATCHED = True

    name: Column = ()
    stations: Column = ()


class Interfaces(Table):
    """The interfaces; octet counters wrap at 2^64, or at 2^32 where nothing better is there."""

    LIVE = frozenset({"status", "rx_bytes", "tx_bytes"})

    status: Column = ()
    name: Column = ()
    type: Column = ()
    rx_bytes: Column = ()
    tx_bytes: Column = ()
    speed_bps: Column = ()


class Storage(Table):
    """Disks and memory; `type` is mapped to `disk`, `ram` or `cache`, others are left out."""

    LIVE = frozenset({"used", "size"})

    type: Column = ()
    descr: Column = ()
    unit_bytes: Column = ()
    size: Column = ()
    used: Column = ()

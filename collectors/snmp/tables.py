"""The tables that a profile may describe, with the columns that we have words for."""

from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, model_validator

from collectors.snmp.channels import BANDS_GHZ
from collectors.snmp.reading import ApStatus
from collectors.snmp.sources import Column, Fixed, Pattern, Source, Strict

IGNORED = "ignore"
"""The word to which a profile maps the `rows` of a table that are to be left out."""


class Table(Strict):
    """
    A table: `rows` names the columns which decide the rows there are.

    The first of them that is not empty does; where all are empty the table is not there, and
    its other columns are not asked. Rows for which that column reads `ignore` are left out;
    `kind` is a column with no other meaning, for tables in which none else could say so.
    """

    LIVE: ClassVar[frozenset[str]] = frozenset()
    """The columns that feed measurements: asked at every poll; the others once an hour."""
    WATCHED: ClassVar[bool] = False
    """Whether rows come and go, so that `rows` is walked at every poll."""

    rows: tuple[str, ...] = Field(min_length=1)
    kind: Column = ()

    @model_validator(mode="after")
    def _rows_are_columns(self) -> "Table":
        for name in self.rows:
            if not self._sources(name):
                raise ValueError(f"rows: expected columns of this table, found {name!r}")
        return self

    @model_validator(mode="after")
    def _appended_are_plain(self) -> "Table":
        sources = [source for name in self.columns() for source in self._sources(name)]
        for name in {source.append for source in sources if source.append}:
            found = self._sources(name)
            if not found or any(source.append for source in found):
                raise ValueError(f"append: expected a plain column of this table, found {name!r}")
        return self

    def _sources(self, name: str) -> list[Source]:
        return [cell for cell in self.columns().get(name, ()) if isinstance(cell, Source)]

    def columns(self) -> dict[str, Column]:
        """Return the columns that the file gives, by our name."""
        found = {name: getattr(self, name) for name in type(self).model_fields}
        return {
            name: value
            for name, value in found.items()
            if value and isinstance(value, tuple) and name != "rows"
        }


class AccessPoints(Table):
    """
    What a controller knows of its access points. `status` is mapped to `ApStatus`.

    `at_least` is how many rows make it a controller's list, where devices that control nothing
    have the same profile: 1 for those that then have no rows (a firewall), 2 for access points
    that then list themselves at most (a member of a cluster; but the row of the one that leads,
    `leader_ip`, makes it a list too). With 0 the profile is for controllers only, and an empty
    list is one.
    """

    LIVE = frozenset({"status", "stations", "uptime_s"})
    WATCHED = True

    at_least: int = Field(default=0, ge=0, le=2)

    name: Column = ()
    mac: Column = ()
    ip: Column = ()
    model: Column = ()
    status: Column = ()
    stations: Column = ()
    uptime_s: Column = ()
    location: Column = ()

    @model_validator(mode="after")
    def _status_is_known(self) -> "AccessPoints":
        known = {*ApStatus, IGNORED}
        for cell in self.status:
            said = {cell.value} if isinstance(cell, Fixed) else {*(cell.map or {"": ""}).values()}
            said |= {getattr(cell, "other", None) or ApStatus.UNKNOWN}
            if not said <= known:
                wrong = sorted(said - known)
                raise ValueError(f"status: expected a map to {', '.join(ApStatus)}, found {wrong}")
        return self


def _bands(found: frozenset[float]) -> frozenset[float]:
    if not found or not found <= BANDS_GHZ:
        raise ValueError(f"expected some of {sorted(BANDS_GHZ)}")
    return found


class Radios(Table):
    """
    The radios of this access point, or of all of a controller's.

    `own_arcs` counts the last arcs of the index that number the radio; what stands before them
    is the index of its access point. Where it is not, `access_point` holds that one's name or
    hardware address. Neither: the radios are the device's own.

    A radio's band is what `band_ghz` says, else that of its frequency or channel, if only one
    of `bands_ghz` has that channel: 1 and 149 are of 6 GHz too, where a model may have that.
    A `band_ghz` of 0 keeps it from being concluded.
    """

    LIVE = frozenset(
        {
            "channel",
            "frequency_mhz",
            "stations",
            "tx_power_dbm",
            "utilization_ratio",
            "noise_dbm",
            "ccq_ratio",
            "status",
        }
    )
    WATCHED = True

    own_arcs: int | None = Field(default=None, ge=1)
    bands_ghz: Annotated[frozenset[float], AfterValidator(_bands)] = BANDS_GHZ
    access_point: Column = ()
    id: Column = ()
    band_ghz: Column = ()
    channel: Column = ()
    frequency_mhz: Column = ()
    stations: Column = ()
    tx_power_dbm: Column = ()
    utilization_ratio: Column = ()
    noise_dbm: Column = ()
    ccq_ratio: Column = ()
    status: Column = ()


class Vaps(Table):
    """
    Virtual access points: one row per SSID and radio.

    `radio` holds the radio's `id`; or `own_arcs` counts the last arcs of the index, before
    which stands the radio's index. Rows whose whole SSID matches `hidden` serve no resident.
    A radio that has no `status` of its own is `up` where one of its rows is, else `down`.
    """

    LIVE = frozenset({"stations", "channel", "tx_power_dbm", "ccq_ratio", "status"})
    WATCHED = True

    own_arcs: int | None = Field(default=None, ge=1)
    hidden: Pattern = ""
    ssid: Column = ()
    radio: Column = ()
    stations: Column = ()
    channel: Column = ()
    tx_power_dbm: Column = ()
    ccq_ratio: Column = ()
    status: Column = ()


class Ssids(Table):
    """The networks, where the agent counts stations per SSID itself; `hidden` as in `Vaps`."""

    LIVE = frozenset({"stations"})
    WATCHED = True

    hidden: Pattern = ""
    name: Column = ()
    stations: Column = ()


class Interfaces(Table):
    """
    The interfaces; octet counters wrap at 2^64, or at 2^32 where nothing better is there.

    Those of type `wifi` are the radios of a device whose profile has no better table of them;
    `channel` is theirs.
    """

    LIVE = frozenset({"status", "rx_bytes", "tx_bytes", "channel"})

    status: Column = ()
    name: Column = ()
    type: Column = ()
    rx_bytes: Column = ()
    tx_bytes: Column = ()
    speed_bps: Column = ()
    channel: Column = ()


class Storage(Table):
    """Disks and memory; `type` is mapped to `disk`, `ram` or `cache`, others are left out."""

    LIVE = frozenset({"used", "size"})

    type: Column = ()
    descr: Column = ()
    unit_bytes: Column = ()
    size: Column = ()
    used: Column = ()


class Supplies(Table):
    """What a printer uses up; `level` of `size`, where neither is below zero."""

    LIVE = frozenset({"level", "size"})

    descr: Column = ()
    size: Column = ()
    level: Column = ()


class Alerts(Table):
    """What a printer complains of: `word` in our words, `severity` other than `ignore`."""

    LIVE = frozenset({"severity", "word"})
    WATCHED = True

    severity: Column = ()
    word: Column = ()


class Sensors(Table):
    """
    The sensors of ENTITY-SENSOR-MIB (RFC 3433) whose `type` is mapped to `celsius`.

    The value is `value` * 10^(`exponent` - `precision`), where `status` is mapped to `ok`.
    """

    LIVE = frozenset({"value", "status"})

    type: Column = ()
    exponent: Column = ()
    precision: Column = ()
    value: Column = ()
    status: Column = ()

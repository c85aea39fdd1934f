"""Devices out of their CSV file, each with the line that it stands on."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from netmon.config.complaints import Complaints
from netmon.config.coverage_settings import Azimuth, Eirp, OutdoorBand
from netmon.config.fields import Blank, Host, Id, Mac, Name, Words
from netmon.config.settings_file import SECRET_KEYS
from netmon.domain.model import Device, DeviceKind, Power

SNMP_PORT = 161
_APART = str.maketrans("", "", ":-. ")


def _plain_mac(written: str) -> str | None:
    """Return a hardware address, however it is written, with colons; other words as they are."""
    digits = written.translate(_APART).lower()
    return ":".join(digits[at : at + 2] for at in range(0, len(digits), 2)) or None


class DeviceFields(BaseModel):
    """One row of `devices.csv`; the fields are its columns."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Id
    kind: DeviceKind
    name: Name
    place_id: Id
    host: Host
    port: Annotated[int, BeforeValidator(lambda value: value or SNMP_PORT), Field(ge=1, le=65535)]
    parents: Annotated[tuple[Id, ...], Words]
    credential: Annotated[str | None, Blank]
    power: Annotated[Power, BeforeValidator(lambda value: value or Power.ALWAYS_ON)]
    lon: Annotated[float | None, Blank]
    lat: Annotated[float | None, Blank]
    renamed_from: Annotated[Id | None, Blank]
    synthetic: bool
    mac: Annotated[Mac | None, BeforeValidator(_plain_mac)] = None
    seen_by: Annotated[tuple[Id, ...], Words] = ()
    checks: Annotated[tuple[str, ...], Words] = ()
    band: Annotated[OutdoorBand | None, Blank] = None
    eirp_dbm: Annotated[Eirp | None, Blank] = None
    azimuth_deg: Annotated[Azimuth | None, Blank] = None


COLUMNS = tuple(DeviceFields.model_fields)
NEEDED = tuple(name for name, field in DeviceFields.model_fields.items() if field.is_required())


def read_devices(file: Path, complaints: Complaints, refused: set[str]) -> list[tuple[str, Device]]:
    """
    Return (line, device) of every row that can be understood.

    `refused` gathers the ids of the others, so that no device behind them is blamed.
    """
    try:
        # Spreadsheets begin their UTF-8 with a byte order mark.
        with file.open(newline="", encoding="utf-8-sig") as lines:
            reader = csv.DictReader(lines)
            if not _has_columns(file, reader.fieldnames or [], complaints):
                return []
            rows = [(f"line {reader.line_num}", row) for row in reader]
    except OSError as error:
        complaints.add((file, ""), "file", "a readable file", str(error.strerror))
        return []
    except (UnicodeDecodeError, csv.Error) as error:
        complaints.add((file, ""), "file", "CSV in UTF-8", str(error))
        return []
    read = [(where, row["id"], _device((file, where), row, complaints)) for where, row in rows]
    refused |= {device_id for _, device_id, device in read if device is None}
    return [(where, device) for where, _, device in read if device is not None]


def _has_columns(file: Path, columns: Sequence[str], complaints: Complaints) -> bool:
    at = (file, "line 1")
    if len(columns) <= 1:
        expected = f"a heading of columns apart by commas: {', '.join(NEEDED)}"
        found = "no line" if not columns else "semicolons" if ";" in columns[0] else "one column"
        complaints.add(at, "columns", expected, found)
        return False
    for column in columns:
        if column in SECRET_KEYS:
            complaints.add(at, column, "no secret: name an entry of [credentials]", "a secret")
        elif column not in COLUMNS:
            complaints.add(at, column, f"one of {', '.join(COLUMNS)}", "an unknown column")
    for column in COLUMNS:
        if column in NEEDED and column not in columns:
            complaints.add(at, column, "this column", "none")
        elif columns.count(column) > 1:
            complaints.add(at, column, "this column once", f"{columns.count(column)} of them")
    return set(NEEDED) <= set(columns) <= set(COLUMNS) and len(set(columns)) == len(columns)


def _device(
    at: tuple[Path, str], row: dict[str | None, Any], complaints: Complaints
) -> Device | None:
    if None in row or None in row.values():
        columns = len(row.keys() - {None})
        complaints.add(at, "row", f"{columns} cells", "another number of them")
        return None
    try:
        return Device(**dict(DeviceFields.model_validate(row)))
    except ValidationError as error:
        complaints.add_invalid((at[0], f"{at[1]}, {row['id']}"), error)
        return None

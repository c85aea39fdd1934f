"""`netmon calibrate`: a walk through the streets puts the radio map right."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click

from geodata.calibration import Calibration, TooLittleError
from geodata.errors import shown
from geodata.imports.publish import sha256_of
from geodata.walk_test import Walk, read_walk
from netmon.analysis.calibrating import Used, calibrate
from netmon.analysis.radio_maps import RadioMaps
from netmon.cli.output import print_json, print_table
from netmon.cli.wiring import config_option, json_option, now, reading
from netmon.config.complaints import printable
from netmon.storage.calibrations import StoredCalibration, keep_calibration


@click.command("calibrate")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--keep", "is_kept", is_flag=True, help="Do not delete FILE afterwards.")
@click.option("--synthetic", "is_synthetic", is_flag=True, help="The walk is invented.")
@config_option
@json_option
def calibrate_command(
    config: Path, file: Path, *, is_kept: bool, is_synthetic: bool, as_json: bool
) -> None:
    """Fit the radio map to what a phone heard on a walk: CSV or GPX with BSSID and RSSI.

    Columns lon, lat, bssid, rssi_dbm, and if they are there frequency and time. Access points are
    known by their `mac`. Too few points are refused. FILE is where somebody was, second by second:
    it is deleted once the fit is kept, unless --keep is given.
    """
    at = now()
    with reading(config) as (settings, views):
        devices = [each.device for each in views.timelines_now(at).values()]
        folder = settings.store.folder
        radio = RadioMaps(settings.city.folder, settings.coverage).of(devices)
        walk, sha256 = read_walk(file), sha256_of(file)
        try:
            made, used = calibrate(radio, devices, walk.readings)
        except TooLittleError as error:
            name = shown(file.name).strip("'")
            raise click.ClickException(f"{name}: readings: {error}; nothing was changed") from None
        invented = is_synthetic or any(e.synthetic for e in devices if e.id in made.offsets_db)
        made_for = {name: radio.measured_as[name] for name in made.offsets_db}
        days = _vintage(walk)
        stored = StoredCalibration(made, made_for, days, sha256, at, used.used, invented)
        kept = keep_calibration(folder, stored)
    if not is_kept:
        file.resolve().unlink()
        file.unlink(missing_ok=True)  # it was only a link
    if as_json:
        print_json(_document(stored, used, walk, is_kept=is_kept))
        return
    _tell(made, used, walk)
    click.echo(f"{printable(str(kept))}: kept; pages use it when netmon starts again")
    click.echo(printable(f"{file}: {'kept, as asked' if is_kept else 'deleted'}"))
    if invented:
        click.echo("synthetic: made with invented access points or an invented walk")


def _vintage(walk: Walk) -> str:
    days = sorted({each.day for each in walk.readings if each.day is not None})
    if not days:
        return "unknown"
    return _span(days[0], days[-1])


def _span(first: date, last: date) -> str:
    return str(first) if first == last else f"{first}/{last}"


def _document(
    stored: StoredCalibration, used: Used, walk: Walk, *, is_kept: bool
) -> dict[str, Any]:
    made = stored.calibration
    return {
        "offsets_db": dict(made.offsets_db),
        "points": dict(made.points),
        "exponent": made.exponent,
        "rmse_db": made.rmse_db,
        "before_db": made.before_db,
        "readings": {**asdict(used), "refused": walk.refused},
        "vintage": stored.vintage,
        "sha256": stored.sha256,
        "synthetic": stored.is_synthetic,
        "track": "kept" if is_kept else "deleted",
    }


def _tell(made: Calibration, used: Used, walk: Walk) -> None:
    for finding in walk.findings:
        click.echo(printable(str(finding)), err=True)
    print_table(
        ("access point", "offset", "points"),
        ((name, f"{db:+.1f} dB", made.points[name]) for name, db in made.offsets_db.items()),
    )
    click.echo(
        f"exponent {made.exponent:.2f}; single places to ±{made.rmse_db:.1f} dB "
        f"(each left out in turn), before ±{made.before_db:.1f} dB"
    )
    click.echo(
        f"{used.used} readings used; {used.strangers} of other networks, {used.other_band} of "
        f"another band, {used.too_far} too far, {walk.refused} refused"
    )

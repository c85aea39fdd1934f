"""`netmon poll --once`: one round of every check, printed and not kept."""

import dataclasses
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click

from collectors.base import CannotAskError
from collectors.observation import Observation, Outcome
from netmon.cli.output import print_json, print_table
from netmon.cli.wiring import config_option, json_option, load
from netmon.scheduler.duties import Duty, duties


@click.command()
@config_option
@json_option
@click.option("--once", is_flag=True, required=True, help="Run one round and end.")
@click.option("--device", multiple=True, help="Ask only this device; may be repeated.")
def poll(config: Path, device: tuple[str, ...], *, as_json: bool, once: bool) -> None:
    """Run every check on every device once and print what was seen.

    Nothing is written to the store: a running netmon is not disturbed. Exit code 1 where
    a device did not answer.
    """
    del once  # click requires it: polling for ever is `netmon run`
    loaded = load(config)
    known = {each.id for each in loaded.inventory.devices}
    if unknown := sorted(set(device) - known):
        found = ", ".join(map(repr, unknown))
        raise click.BadParameter(f"--device: expected devices of the inventory, found {found}")
    todo = duties(loaded.inventory, loaded.settings, loaded.credentials, loaded.checks)
    chosen = [duty for duty in todo if not device or duty.target.id in device]
    try:
        seen = _ask_all(chosen, loaded.settings.concurrency)
    except CannotAskError as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        print_json({"observations": [dataclasses.asdict(each) for each in seen]})
    else:
        print_table(("device", "check", "outcome", "seen"), map(_row, seen))
    if any(each.outcome is not Outcome.OK for each in seen):
        raise SystemExit(1)


def _ask_all(todo: Iterable[Duty], concurrency: int) -> list[Observation]:
    with ThreadPoolExecutor(concurrency) as pool:
        return list(
            pool.map(
                lambda duty: duty.check.observe(duty.target, duty.params, duty.deadline_s), todo
            )
        )


def _row(seen: Observation) -> tuple[str, str, str, str]:
    values = [
        f"{each.name}{f'[{each.label}]' * bool(each.label)} {each.value:g}"
        for each in seen.measurements
    ]
    more = f" … {len(values) - 6} more" if len(values) > 6 else ""  # noqa: PLR2004 - what fits a line
    return seen.target, seen.check, seen.outcome.value, seen.detail or ", ".join(values[:6]) + more

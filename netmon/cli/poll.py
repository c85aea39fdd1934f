"""`netmon poll --once`: one round of every check, printed and not kept."""

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import apsw
import click

from collectors.observation import Observation, Outcome
from netmon.cli.looking_once import (
    Seen,
    Silence,
    Unlisted,
    ask_all,
    inbox_of,
    said_of_others,
)
from netmon.cli.output import number_text, print_json, print_table
from netmon.cli.wiring import Loaded, config_option, json_option, load
from netmon.domain.errors import StoreError
from netmon.scheduler.duties import duties

SHOWN_VALUES = 6
"""What fits a line."""

SHOWN_STRANGERS = 20


@click.command()
@config_option
@json_option
@click.option("--once", is_flag=True, required=True, help="Run one round and end.")
@click.option("--device", multiple=True, help="Ask only this device; may be repeated.")
def poll(config: Path, device: tuple[str, ...], *, as_json: bool, once: bool) -> None:
    """Run every check on every device once and print what was seen.

    Of a device that others see (`seen_by`) these are asked, too. Nothing is written to the
    store: a running netmon is not disturbed. Exit code 1 where a device did not answer as it
    should, or could not be asked; a device without a verdict, such as a computer whose agent
    never told anything, is shown and is no failure.
    """
    del once  # click requires it: polling for ever is `netmon run`
    loaded = load(config)
    wanted = _wanted(loaded, device)
    seen, unlisted = _round(loaded, wanted)
    shown = _in_order(loaded, [each for each in seen if each.target in wanted])
    strangers = [each for each in unlisted if each.source in wanted]
    if as_json:
        _print_document(shown, strangers)
    else:
        unknown = Counter(each.source for each in strangers)
        print_table(("device", "check", "outcome", "seen"), (_row(each, unknown) for each in shown))
        _print_strangers(strangers)
    if any(map(_is_bad, shown)):
        raise SystemExit(1)


def _wanted(loaded: Loaded, asked: Sequence[str]) -> set[str]:
    known = {each.id for each in loaded.inventory.devices}
    if unknown := sorted(set(asked) - known):
        found = ", ".join(map(repr, unknown))
        raise click.BadParameter(f"--device: expected devices of the inventory, found {found}")
    return set(asked) or known


def _round(loaded: Loaded, wanted: set[str]) -> tuple[list[Seen], list[Unlisted]]:
    """Ask those that are wanted, and those that see them."""
    settings, devices = loaded.settings, loaded.inventory.devices
    sources = {source for each in devices if each.id in wanted for source in each.seen_by}
    todo = duties(loaded.inventory, settings, loaded.credentials, loaded.checks)
    chosen = [duty for duty in todo if duty.target.id in wanted | sources]
    try:
        with inbox_of(settings.heartbeats, settings.store.folder):
            own = ask_all(chosen, settings.concurrency)
    except apsw.Error as error:
        expected = "one that this netmon can read"
        folder = settings.store.folder
        raise StoreError(f"{folder}: store: expected {expected}, found {error}") from None
    told, unlisted = said_of_others(own, devices)
    return own + told, unlisted


def _in_order(loaded: Loaded, seen: Iterable[Seen]) -> list[Seen]:
    place = {each.id: number for number, each in enumerate(loaded.inventory.devices)}
    return sorted(seen, key=lambda each: place[each.target])


def _is_bad(seen: Seen) -> bool:
    return seen.is_ours if isinstance(seen, Silence) else seen.outcome is not Outcome.OK


def _print_document(seen: Iterable[Seen], strangers: Iterable[Unlisted]) -> None:
    rows = list(seen)
    print_json(
        {
            "observations": [dataclasses.asdict(e) for e in rows if isinstance(e, Observation)],
            "no_verdict": [dataclasses.asdict(e) for e in rows if isinstance(e, Silence)],
            "not_in_inventory": [{"source": each.source, **_identity(each)} for each in strangers],
        }
    )


def _identity(stranger: Unlisted) -> dict[str, str | None]:
    sighting = stranger.sighting
    return {"name": sighting.name, "mac": sighting.mac, "address": sighting.address}


def _print_strangers(strangers: Sequence[Unlisted]) -> None:
    if not strangers:
        return
    click.echo("\nnot in the inventory")
    print_table(
        ("name", "mac", "address", "seen by"),
        (
            (*(each or "–" for each in _identity(stranger).values()), stranger.source)
            for stranger in strangers[:SHOWN_STRANGERS]
        ),
    )
    if (more := len(strangers) - SHOWN_STRANGERS) > 0:
        click.echo(f"… {more} more: --json names them all")


def _row(seen: Seen, unknown: Counter[str]) -> tuple[str, str, str, str]:
    if isinstance(seen, Silence):
        outcome = "cannot ask" if seen.is_ours else "no verdict"
        return seen.target, seen.check, outcome, seen.detail
    told = [_sightings(seen, unknown[seen.target]), seen.detail, _values(seen)]
    by = f"{seen.source}: " if seen.source else ""
    return seen.target, seen.check, seen.outcome.value, by + "; ".join(filter(None, told))


def _sightings(seen: Observation, unknown: int) -> str:
    """Return how many devices a source names, and how they stand."""
    if not seen.sightings:
        return ""
    counts = Counter(each.outcome for each in seen.sightings)
    said = [f"{counts[outcome]} {outcome.value}" for outcome in Outcome if counts[outcome]]
    said += [f"{counts[None]} not told"] * bool(counts[None])
    said += [f"{unknown} not in the inventory"] * bool(unknown)
    count = len(seen.sightings)
    return f"{count} device{'s' * (count != 1)} named: {', '.join(said)}"


def _values(seen: Observation) -> str:
    values = [
        f"{each.name}{f'[{each.label}]' * bool(each.label)} {number_text(each.value)}"
        for each in seen.measurements
    ]
    more = [f"… {len(values) - SHOWN_VALUES} more"] * (len(values) > SHOWN_VALUES)
    return ", ".join(values[:SHOWN_VALUES] + more)

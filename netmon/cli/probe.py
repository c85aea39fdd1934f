"""`netmon probe`: ask one device once, for everything."""

import sys

import click
from rich.table import Table
from rich.text import Text

from collectors.snmp.probe import ProbeError
from collectors.snmp.probe import probe as ask
from collectors.snmp.reading import Reading
from collectors.target import Target
from netmon.cli.output import duration_text, print_json, print_table, print_whole
from netmon.cli.snmp_options import Seconds, credentials_of, snmp_options, split_address
from netmon.cli.wiring import json_option
from netmon.config.complaints import printable


@click.command()
@click.argument("address", metavar="HOST[:PORT]")
@snmp_options
@click.option(
    "--timeout",
    "timeout_s",
    type=Seconds(),
    default=2.0,
    show_default=True,
    help="Seconds to wait for one reply.",
)
@click.option(
    "--retries",
    type=click.IntRange(0, 10),
    default=1,
    show_default=True,
    help="How often to ask again.",
)
@click.option(
    "--deadline",
    "deadline_s",
    type=Seconds(),
    default=30.0,
    show_default=True,
    help="Seconds that the whole may take.",
)
@json_option
def probe(  # noqa: PLR0913, PLR0917 - one argument for each option
    address: str,
    community: str,
    user: str | None,
    auth: str | None,
    priv: str | None,
    timeout_s: float,
    retries: int,
    deadline_s: float,
    *,
    as_json: bool,
) -> None:
    """Ask one device once: identity, profile, and everything that it measures.

    What the device does not say is null, never guessed. Client tables are never read, only
    counts. Exit code 1 where it does not answer.
    """
    host, port = split_address(address)
    target = Target("probe", host, port, credentials_of(community, user, auth, priv))
    try:
        reading = ask(target, deadline_s=deadline_s, timeout_s=timeout_s, retries=retries)
    except ProbeError as error:
        click.echo(printable(f"{error.outcome.value}: {error.detail}"), err=True)
        sys.exit(1)
    if as_json:
        print_json(reading.as_json())
    else:
        _show(reading)


def _show(reading: Reading) -> None:
    document = reading.as_json()
    facts = Table(box=None, show_header=False, pad_edge=False)
    for key, value in {**document["identity"], **document}.items():
        if value is not None and not isinstance(value, (dict, list)):
            shown = duration_text(value) if key == "uptime_s" else str(value)
            facts.add_row(Text(key, style="bold"), Text(printable(shown)))
    print_whole(facts)
    tables = {**document, "interfaces": document["interfaces"]["rows"], **document["host"]}
    for name in ("radios", "ssids", "access_points", "interfaces", "storage"):
        if rows := tables[name]:
            click.echo(f"\n{name}")
            print_table(
                tuple(rows[0]),
                (["–" if each is None else each for each in row.values()] for row in rows),
            )

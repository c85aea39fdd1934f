"""`netmon`: a table of commands, each loaded only when it is called."""

import ast
import importlib
import io
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from geodata.errors import DataError
from netmon.config.complaints import printable
from netmon.domain.errors import ConfigError, StoreError
from netmon.storage.connection import UNWRITABLE

COMMANDS = {
    "demo": "netmon.cli.demo:demo",
    "run": "netmon.cli.run:run",
    "check": "netmon.cli.check:check",
    "probe": "netmon.cli.probe:probe",
    "record": "netmon.cli.record:record",
    "discover": "netmon.cli.discover:discover",
    "poll": "netmon.cli.poll:poll",
    "status": "netmon.cli.status:status",
    "incidents": "netmon.cli.incidents:incidents",
    "incident": "netmon.cli.incident:incident",
    "alerts": "netmon.cli.alerts:alerts",
    "availability": "netmon.cli.availability:availability",
    "coverage": "netmon.cli.coverage:coverage",
    "calibrate": "netmon.cli.calibrate:calibrate_command",
    "series": "netmon.cli.series:series",
    "maintenance": "netmon.cli.maintenance:maintenance",
    "exception": "netmon.cli.exceptions:exception",
    "host": "netmon.cli.host:host",
    "ledger": "netmon.cli.ledger:ledger",
    "suggest": "netmon.cli.suggest:suggest",
    "report": "netmon.cli.report:report",
    "import": "netmon.cli.importing:import_command",
    "backup": "netmon.cli.backup:backup",
    "restore": "netmon.cli.restore:restore",
    "rebuild": "netmon.cli.rebuild:rebuild",
    "key": "netmon.cli.key:key",
    "agent": "netmon.cli.agent:agent",
}

BAD_INPUT = 2


class _Lazy(click.Group):
    """Imports a command's module when it is called: collecting never imports the map."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which a newcomer meets them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command, None where there is none of that name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a line on each command, loading none: one would bring the map, another solvers."""
        told = [click.Command(name, help=_told(COMMANDS[name])) for name in self.list_commands(ctx)]
        width = formatter.width - 6 - max(map(len, COMMANDS))
        with formatter.section("Commands"):
            formatter.write_dl([(str(each.name), each.get_short_help_str(width)) for each in told])


def _told(command: str) -> str:
    """Return what a command says of itself, read from its source."""
    module, _, name = command.partition(":")
    spec = find_spec(module)
    tree = ast.parse(Path(str(spec and spec.origin)).read_bytes())
    found = (each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == name)
    return ast.get_docstring(next(found)) or ""


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="netmon")
def netmon() -> None:
    """Monitor a city's free internet: what works, what is broken, and whom it hurts.

    Start with `netmon demo`: a simulated Mechelen on http://127.0.0.1:8080.
    """


def main(**extra: Any) -> None:  # noqa: ANN401 - handed on to click as it is
    """Run one command; what is wrong with the input is told in one line each, exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that is not UTF-8 gets `?`
    try:
        sys.exit(_run(**extra))
    except (ConfigError, DataError, StoreError) as error:
        click.echo(str(error), err=True)
    except UNWRITABLE as error:
        click.echo(f"store: expected one that can be written, found: {error}", err=True)
    except OSError as error:
        if error.filename is None:
            raise
        expected = "expected one that can be used"
        line = f"{error.filename}: file: {expected}, found: {error.strerror}"
        click.echo(printable(line), err=True)
    sys.exit(BAD_INPUT)


def _run(**extra: Any) -> int:  # noqa: ANN401 - handed on to click as it is
    """Run one command and return its exit code; wrong options are one line, too."""
    try:
        return netmon(standalone_mode=False, **extra) or 0
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        click.echo(printable(f"Error: {' '.join(error.format_message().split())}"), err=True)
        return error.exit_code
    except click.Abort:
        return 1  # Ctrl-C: whoever pressed it knows

"""Help that helps: every command says what it does, and every option what it is for."""

import subprocess
import sys

import click
import pytest

from netmon.cli.main import COMMANDS
from netmon.cli.main import netmon as group
from tests.cli.asking import Call, process


def test_the_whole_is_told_in_a_process_of_its_own() -> None:
    answer = process("--help")
    assert answer.code == 0 and answer.err == ""
    assert all(f"  {name} " in answer.out for name in COMMANDS)
    assert "netmon demo" in answer.out


def test_the_whole_says_of_each_command_what_the_command_says(netmon: Call) -> None:
    told = netmon("--help").out.partition("Commands:")[2].splitlines()[1:]
    context = click.Context(group, info_name="netmon")
    width = click.HelpFormatter(width=context.terminal_width).width - 6 - max(map(len, COMMANDS))
    commands = [(name, group.get_command(context, name)) for name in COMMANDS]
    said = [(name, each and each.get_short_help_str(width)) for name, each in commands]
    assert [tuple(line.split(maxsplit=1)) for line in told] == said


def test_the_whole_is_told_without_loading_any_command() -> None:
    script = (
        "import sys; from netmon.cli.main import netmon;"
        "netmon(['--help'], standalone_mode=False);"
        "print(sorted({'numpy', 'geodata.sight', 'netmon.cli.status'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_tells_what_it_does(netmon: Call, name: str) -> None:
    answer = netmon(name, "--help")
    assert answer.code == 0 and answer.err == ""
    first, _, rest = answer.out.partition("\n\n")
    assert first.startswith(f"Usage: netmon {name}")
    assert len(rest.split("\n\n")[0].split()) > 5, "a sentence at least"
    assert "Options:" in answer.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_is_for(name: str) -> None:
    command = group.get_command(click.Context(group), name)
    assert command is not None
    options = [each for each in command.params if isinstance(each, click.Option)]
    assert [each.name for each in options if len((each.help or "").split()) < 2] == []


@pytest.mark.parametrize(
    "name", [name for name in COMMANDS if name not in {"demo", "probe", "check", "agent", "record"}]
)
def test_a_configuration_that_is_not_there_is_one_line(netmon: Call, name: str) -> None:
    files = {each: ["saved.zip"] for each in ("backup", "restore")}
    needed = {"poll": ["--once"], "key": ["pc-1"], "discover": ["127.0.0.1/32"]} | files
    needed |= {"maintenance": ["list"], "exception": ["list"], "incident": ["orphans"]}
    needed |= {"alerts": ["list"], "series": ["pc-1"], "host": ["in", "hombeek"]}
    needed |= {"import": ["places", "places.csv"], "suggest": ["--spots", "1"]}
    needed |= {"calibrate": ["walk.csv"]}
    assert (
        netmon(name, *needed.get(name, []), "-c", "absent.toml")
        .refused()
        .startswith("absent.toml: file: expected a readable file, found No such file or directory")
    )


def test_the_configuration_may_come_from_the_environment() -> None:
    answer = process("status", NETMON_CONFIG="elsewhere.toml")
    assert answer.refused().startswith("elsewhere.toml: file:")


def test_a_command_that_does_not_exist_is_refused(netmon: Call) -> None:
    answer = netmon("fly")
    assert answer.code == 2 and answer.out == ""
    assert "No such command 'fly'" in answer.err


def test_the_version_is_told(netmon: Call) -> None:
    answer = netmon("--version")
    assert answer.code == 0 and answer.out.startswith("netmon, version 0.")

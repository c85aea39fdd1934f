"""Every column of every other vendor's profile is read as meant: agents made up from the MIBs."""

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from collectors.loop import shared
from collectors.snmp import library
from collectors.snmp.assemble import SYS_DESCR, SYS_OBJECT_ID, SYS_UP_TIME, assemble
from collectors.snmp.library import Choice
from collectors.snmp.probe import probe
from collectors.snmp.profile import FactSet, Profile
from collectors.snmp.reading import Reading
from collectors.snmp.session import Session
from collectors.snmp.snapshot import Snapshot
from collectors.snmp.sources import Source
from collectors.snmp.tables import Table
from collectors.snmp.values import Value
from tests.collectors import ber
from tests.collectors.conftest import RECORDINGS, Agent, Handler, patience, serving

AGENTS = sorted((RECORDINGS / "synthetic").glob("*.toml"))
NAMES = [path.stem for path in AGENTS]
PROFILES = sorted({name.partition("-")[0] for name in NAMES})


@dataclass(frozen=True)
class MadeUp:
    """One agent: what it says, by OID, and the part of the reading that is worth a look."""

    says: dict[str, Value]
    expected: dict[str, Any]


@cache
def made_up(path: Path) -> MadeUp:
    file = tomllib.loads(path.read_text("utf-8"))
    says: dict[str, Value] = {
        SYS_DESCR: file["sys_descr"].encode(),
        SYS_OBJECT_ID: _oid(file["sys_object_id"]),
        SYS_UP_TIME: 100,
    }
    for column, cells in file["says"].items():
        for index, said in cells.items():
            says[_oid(f"{column}.{index}")] = _value(said)
    return MadeUp(says, file["reading"])


def _oid(written: str) -> str:
    dotted = re.sub(r"^E\.", "1.3.6.1.4.1.", written)
    return re.sub(r"\{(.*?)\}", lambda found: _length_and_characters(found[1]), dotted)


def _length_and_characters(word: str) -> str:
    return ".".join(map(str, [len(word), *word.encode()]))


def _value(written: int | str) -> Value:
    if isinstance(written, int):
        return written
    if written.startswith("ip "):
        return written.removeprefix("ip ")
    return bytes.fromhex(written[2:]) if written.startswith("0x") else written.encode()


def on_the_wire(said: Value) -> ber.Tagged:
    if isinstance(said, int):
        return ber.number(said)
    if isinstance(said, bytes):
        return ber.octets(said)
    arcs = str(said).split(".")
    is_address = len(arcs) == 4
    return (ber.IP_ADDRESS, bytes(map(int, arcs))) if is_address else (ber.OID, ber.oid_body(said))  # type: ignore[arg-type]  # a float is never made up


def snapshot(says: dict[str, Value]) -> Snapshot:
    """Return what a survey would have found: every value alone, and below each of its prefixes."""
    columns: dict[str, dict[str, Value]] = {}
    for oid, value in says.items():
        arcs = oid.split(".")
        for cut in range(4, len(arcs)):
            columns.setdefault(".".join(arcs[:cut]), {})[".".join(arcs[cut:])] = value
    return Snapshot(dict(says), columns)


def choose(says: dict[str, Value]) -> Choice:
    descr, oid = says[SYS_DESCR], str(says[SYS_OBJECT_ID])
    assert isinstance(descr, bytes)
    return library.bundled().choose(oid, descr.decode(), lambda root: _is_there(root, says))


def _is_there(root: str, says: dict[str, Value]) -> bool:
    return any(oid.startswith(f"{root}.") for oid in says)


def differences(expected: Any, found: Any, where: str = "") -> Iterator[str]:
    """Yield what is not as expected; a key that is not expected may be anything."""
    if isinstance(expected, dict):
        for key, part in expected.items():
            yield from differences(part, found[key], f"{where}.{key}")
    elif isinstance(expected, list):
        if len(expected) != len(found):
            yield f"{where}: expected {len(expected)} rows, found {found}"
        for number, (part, row) in enumerate(zip(expected, found, strict=False)):
            yield from differences(part, row, f"{where}.{number}")
    elif found != (None if expected == "null" else _about(expected)):
        yield f"{where}: expected {expected!r}, found {found!r}"


def _about(expected: Any) -> Any:
    return pytest.approx(expected) if isinstance(expected, int | float) else expected


@pytest.mark.parametrize("path", AGENTS, ids=NAMES)
def test_an_agent_is_read_as_its_file_expects(
    agent: Callable[[Handler], Agent], path: Path
) -> None:
    """Over UDP; and the pure reading of the same values, used below, says exactly the same."""
    made = made_up(path)
    served = agent(serving({oid: on_the_wire(said) for oid, said in made.says.items()}))
    reading = probe(served.target)
    assert reading.identity.profile == path.stem.partition("-")[0]
    assert list(differences(made.expected, json.loads(json.dumps(reading.as_json())))) == []
    assert assemble(choose(made.says), snapshot(made.says)) == reading


@pytest.mark.parametrize("path", AGENTS, ids=NAMES)
def test_a_poll_reads_what_the_survey_read(agent: Callable[[Handler], Agent], path: Path) -> None:
    """All but who it is: that is asked once, at the survey."""
    made = made_up(path)
    served = agent(serving({oid: on_the_wire(said) for oid, said in made.says.items()}))
    session = Session()
    try:
        first, second = (
            shared().ask(session.read(served.target, library.bundled(), patience()))
            for _ in range(2)
        )
    finally:
        session.close()
    assert replace(second, identity=first.identity) == first


def own(name: str) -> Profile:
    return library.read(resources.files("collectors.snmp") / "profiles" / f"{name}.toml")


def without_one(profile: Profile) -> Iterator[tuple[str, Profile]]:
    """Yield the profile without each of its cells, and without each option of a cell."""
    for name in FactSet.model_fields:
        facts = getattr(profile.facts, name)
        for number in range(len(facts)):
            for label, left in _less(facts, number):
                fewer = profile.facts.model_copy(update={name: left})
                yield f"facts.{name}.{label}", profile.model_copy(update={"facts": fewer})
    for name, table in profile.tables().items():
        yield from _without_option(profile, name, table)
        for column, cells in table.columns().items():
            for number in range(len(cells)):
                for label, left in _less(cells, number):
                    yield f"{name}.{column}.{label}", _with(profile, name, table, column, left)


def _without_option(profile: Profile, name: str, table: Table) -> Iterator[tuple[str, Profile]]:
    for option in sorted(table.model_fields_set - {"rows"} - table.columns().keys()):
        plain = type(table).model_fields[option].default
        yield (
            f"{name}.{option}",
            _put(profile, name, table, table.model_copy(update={option: plain})),
        )


def _less(cells: tuple[Any, ...], number: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
    head, cell, tail = cells[:number], cells[number], cells[number + 1 :]
    yield str(number), (*head, *tail)
    for option in sorted(cell.model_fields_set - MUST):
        plain = type(cell).model_fields[option].default
        yield f"{number}.{option}", (*head, cell.model_copy(update={option: plain}), *tail)


MUST = {"object", "oid", "index", "value", "used", "free", "total"}


def _with(profile: Profile, name: str, table: Table, column: str, left: tuple[Any, ...]) -> Profile:
    gone = column in table.rows and not any(isinstance(cell, Source) for cell in left)
    rows = tuple(row for row in table.rows if row != column or not gone)
    changed = table.model_copy(update={column: left, "rows": rows}) if rows else None
    return _put(profile, name, table, changed)


def _put(profile: Profile, name: str, table: Table, changed: Table | None) -> Profile:
    if name.startswith("radios"):
        kept = [changed if radios is table else radios for radios in profile.radios]
        return profile.model_copy(update={"radios": tuple(r for r in kept if r is not None)})
    return profile.model_copy(update={name: changed})


def readings(name: str, profile: Profile) -> list[Reading]:
    laid = profile.over(library.bundled().base)
    found = []
    for path in AGENTS:
        if path.stem.partition("-")[0] == name:
            said = made_up(path).says
            choice = choose(said)
            placed = laid.below(str(said[SYS_OBJECT_ID]))
            found.append(assemble(Choice(placed, choice.model, choice.version), snapshot(said)))
    return found


@pytest.mark.parametrize("name", PROFILES)
def test_no_column_is_idle(name: str) -> None:
    """Whatever is taken out of a profile, at least one of its agents reads otherwise."""
    profile = own(name)
    whole = readings(name, profile)
    idle = [label for label, fewer in without_one(profile) if readings(name, fewer) == whole]
    assert idle == []


def test_every_profile_has_a_proof() -> None:
    """A new file fails here until an agent, or a recording named in another test, proves it."""
    proven = Path(__file__).parent.glob("test_*.py")
    elsewhere = "".join(path.read_text("utf-8") for path in proven if path != Path(__file__))
    missing = {p.name for p in library.bundled().known if f'"{p.name}"' not in elsewhere}
    assert missing <= set(PROFILES)

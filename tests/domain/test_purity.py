"""The judge is pure: what it may import is looked up in its files, not taken on trust."""

import ast
import sys
from pathlib import Path

import pytest

import netmon.domain

FILES = sorted(Path(netmon.domain.__file__).parent.glob("**/*.py"))
IMPURE = {
    "asyncio", "ctypes", "http", "io", "logging", "multiprocessing", "os", "pathlib", "random",
    "shutil", "socket", "sqlite3", "subprocess", "tempfile", "threading", "time", "urllib",
}  # fmt: skip
CLOCKS = {"now", "utcnow", "today"}


def imported(tree: ast.AST) -> set[str]:
    """Return the full names of all modules that a file imports, wherever it does so."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute, or this test cannot read them"
            found.add(node.module or "")
    return found


def is_allowed(module: str) -> bool:
    top = module.partition(".")[0]
    if top in {"netmon", "collectors"}:
        return module.startswith("netmon.domain.") or module == "collectors.observation"
    return top in sys.stdlib_module_names - IMPURE


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_domain_imports_the_standard_library_and_observations_only(path: Path) -> None:
    modules = imported(ast.parse(path.read_text(encoding="utf-8")))
    assert [module for module in sorted(modules) if not is_allowed(module)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_domain_reads_no_clock_and_no_file(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = {call.attr for call in calls if isinstance(call, ast.Attribute)}
    plain = {call.id for call in calls if isinstance(call, ast.Name)}
    assert not named & CLOCKS
    assert not plain & {"open", "print", "input", "exec", "eval"}


def test_the_files_of_the_domain_are_found() -> None:
    assert {"state.py", "timeline.py", "availability.py"} <= {path.name for path in FILES}


@pytest.mark.parametrize(
    "module", ["apsw", "socket", "time", "collectors.target", "netmon.storage.record", "web"]
)
def test_what_the_domain_must_not_import_is_told_apart(module: str) -> None:
    assert not is_allowed(module)

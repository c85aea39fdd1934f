"""Finds every check: a new file under `collectors/checks` is all that it takes."""

import importlib
import pkgutil
from functools import cache

from collectors import checks
from collectors.base import Check


@cache
def all_checks() -> dict[str, Check]:
    """Return every declared check by its kind; raises `ValueError` where two share one."""
    found: dict[str, Check] = {}
    for module_info in pkgutil.iter_modules(checks.__path__):
        check: Check = importlib.import_module(f"{checks.__name__}.{module_info.name}").CHECK
        if check.kind in found:
            raise ValueError(f"collectors/checks: two checks are called {check.kind!r}")
        found[check.kind] = check
    return found

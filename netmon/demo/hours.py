"""When a computer is switched on: windows computed elsewhere, read from a small file."""

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import FiniteFloat, TypeAdapter, ValidationError

from netmon.domain.errors import ConfigError, Problem

Window = tuple[FiniteFloat, FiniteFloat]
_FILE = TypeAdapter(dict[str, tuple[Window, ...]])


class Hours:
    """
    The windows [from, to) in which devices are on, in seconds since 1970 (UTC).

    The windows of a device ascend and do not overlap. A device that is not listed is
    always on.
    """

    def __init__(self, windows: Mapping[str, Sequence[tuple[float, float]]]) -> None:
        self._edges = {
            device_id: [edge for window in some for edge in window]
            for device_id, some in windows.items()
        }

    def is_on(self, device_id: str, now_s: float) -> bool:
        """Tell whether a device is on at `now_s` (s since 1970, UTC)."""
        edges = self._edges.get(device_id)
        return edges is None or bisect_right(edges, now_s) % 2 == 1


ALWAYS_ON = Hours({})


def read(path: Path) -> Hours:
    """
    Read `{device_id: [[from_s, to_s], …]}`, a JSON file.

    Raises
    ------
    ConfigError
        With every problem: unreadable JSON, a bad number, windows that do not ascend.
    """
    try:
        windows = _FILE.validate_python(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        found = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        expected = "JSON {device: [[from_s, to_s], …]}"
        raise ConfigError([Problem(str(path), "", "file", expected, found)]) from error
    problems = [
        Problem(str(path), "", device_id, "windows that ascend and do not overlap", repr(some))
        for device_id, some in windows.items()
        if not _ascend([edge for window in some for edge in window])
    ]
    if problems:
        raise ConfigError(problems)
    return Hours(windows)


def _ascend(edges: list[float]) -> bool:
    starts, ends = edges[::2], edges[1::2]
    return edges == sorted(edges) and all(a < b for a, b in zip(starts, ends, strict=True))

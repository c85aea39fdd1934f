"""Running one command: what it said, and how it ended."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)

    def refused(self) -> str:
        """Return the one line with which bad input was refused."""
        assert self.code == 2 and self.out == ""
        (line,) = self.err.splitlines()
        assert line.isprintable() and "Traceback" not in line
        return line


Call = Callable[..., Answer]


def process(*arguments: object, **variables: str) -> Answer:
    """Run one command in a process of its own, its output in pipes."""
    done = subprocess.run(
        [sys.executable, "-m", "netmon", *map(str, arguments)],
        capture_output=True,
        env={**os.environ, **variables},
        timeout=60,
        check=False,
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    encoding = variables.get("PYTHONIOENCODING", "utf-8")
    return Answer(done.returncode, done.stdout.decode(encoding), done.stderr.decode(encoding))

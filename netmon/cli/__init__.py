"""The command line, and the composition root: the one place that knows every part."""

from netmon.cli.main import main

__all__ = ["main"]

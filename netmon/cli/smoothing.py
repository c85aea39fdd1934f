"""The option with which short intervals are left out of what is told."""

import re

import click

from netmon.config.complaints import brief
from netmon.domain.smoothing import MOST_S

_UNIT_S = {"": 1, "s": 1, "m": 60, "h": 3600}


class SmoothingLength(click.ParamType[int]):
    """A length in seconds: `150s`, `5m`; a bare number is of seconds."""

    name = "length"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return whole seconds, 0 for none; what is longer than an hour is refused."""
        found = re.fullmatch(r"([0-9]{1,6})([smh]?)", str(value))
        length_s = int(found[1]) * _UNIT_S[found[2]] if found else None
        if length_s is None or length_s > MOST_S:
            found_text = brief(str(value))
            self.fail(f"expected 150s or 5m, at most an hour, found {found_text!r}", param, ctx)
        return length_s


smooth_option = click.option(
    "--smooth",
    "smoothing_s",
    type=SmoothingLength(),
    default=0,
    help="Leave out what is shorter (150s, 5m) and lies between two equal states.",
)


def smoothing_text(smoothing_s: int) -> str:
    """Return one line that says how what stands beside it was smoothed."""
    if not smoothing_s:
        return "not smoothed"
    return f"smoothed: states shorter than {smoothing_s} s between two equal ones are left out"

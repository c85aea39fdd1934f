"""`[reports]`: when last month's report is issued, and who gets it."""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Annotated

from pydantic import Field

from netmon.config.channel_settings import ChannelKind, ChannelSettings
from netmon.config.complaints import brief
from netmon.config.fields import Id
from netmon.config.section import Section
from netmon.domain.errors import Problem
from netmon.domain.smoothing import MOST_S


class ReportSettings(Section):
    """The report of every month; it is issued once, and again only where figures changed."""

    enabled: bool = Field(
        default=True, description="Issue last month's report without being asked."
    )
    day_of_month: Annotated[int, Field(ge=1, le=28)] = Field(
        2, description="Day on which it is issued and sent, 1 to 28."
    )
    at: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = Field(
        "06:00", description="Local time at which it is issued and sent."
    )
    smooth_s: Annotated[int, Field(ge=0, le=MOST_S)] = Field(
        0, description="States shorter than so many seconds between two equal ones are left out."
    )
    channels: Annotated[tuple[Id, ...], Field(max_length=20)] = Field(
        (), description="Entries of `[channels]` that get it with PDF and CSV attached."
    )

    def time_of_day(self) -> time:
        """Return `at` as a local time."""
        return time.fromisoformat(self.at)


def report_problems(
    told: ReportSettings, channels: Mapping[str, ChannelSettings], file: str
) -> Iterable[Problem]:
    """Yield the channels that nobody knows, or that can carry no file."""
    fit = [name for name, each in channels.items() if each.kind is ChannelKind.APPRISE]
    expected = f"one of kind apprise: {brief(', '.join(sorted(fit))) or 'none'}"
    for name in told.channels:
        if name not in fit:
            yield Problem(file, "", "reports.channels", expected, repr(brief(name)))

"""`[groups.NAME]` and `[[targets]]`: whom a city wants to reach, and what it promises them."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from netmon.config.fields import Id, shaped
from netmon.config.section import Section
from netmon.domain.conditions import REGISTRATION
from netmon.domain.errors import Problem
from netmon.domain.groups import Target
from netmon.domain.model import Service

GroupId = Annotated[
    str, shaped(r"[a-z][a-z0-9_]{0,31}", "lower-case letters, digits and underscores, at most 32")
]
Moment = Annotated[
    str, shaped(r"([01]\d|2[0-3]):[0-5]\d|24:00", "a time of day such as 08:00, at most 24:00")
]
Age = Annotated[int, Field(ge=0, le=120)]


def _ascending(ages: tuple[int, int]) -> tuple[int, int]:
    if ages[0] > ages[1]:
        raise PydanticCustomError("ages", "the youngest age before the oldest")
    return ages


class GroupSettings(Section):
    """
    One group; what is not written is as the city's `groups.toml` says, else as usual.

    The city's file holds the same tables, without `groups.` before their names.
    """

    name: Annotated[str, Field(min_length=1, max_length=100)] | None = Field(
        None, description="Name of the group, as pages show it."
    )
    reach_m: Annotated[float, Field(ge=50, le=5000)] = Field(
        400.0, description="Metres that its people walk to an offer."
    )
    active_from: Moment = Field(
        "08:00", description="Local time from which they may want to go online."
    )
    active_to: Moment = Field("22:00", description="Local time until which they may; `24:00` too.")
    ages: Annotated[tuple[Age, Age], AfterValidator(_ascending)] | None = Field(
        None, description="Youngest and oldest age, both included."
    )
    share: Annotated[float, Field(ge=0, le=1)] | None = Field(
        None, description="Ratio of the people of these ages that belongs to the group."
    )
    people: Annotated[float, Field(ge=0, le=1e8)] | None = Field(
        None, description="Number of its people in the whole city, instead of a share."
    )
    meets: tuple[Literal["registration"], ...] = Field(
        (REGISTRATION,), description=f"Conditions of offers that its people meet: `{REGISTRATION}`."
    )
    at: Literal["homes", "workplaces"] = Field(
        "homes", description="Where its people are counted: `homes` or `workplaces`."
    )
    workplaces: Annotated[tuple[Id, ...], Field(max_length=1000)] = Field(
        (), description="Ids of the sites at which they work."
    )
    invented: bool = Field(
        default=False, description="Whether the share or the number is from no source."
    )
    source: Annotated[str, Field(max_length=500)] = Field(
        "", description="Who says the share or the number."
    )


class TargetSettings(Section):
    """What a city promises a group; without any target no result is measured against one."""

    service: Service = Field(description="The service that is promised.")
    group: GroupId = Field("all", description="The group to which it is promised.")
    year: Annotated[int, Field(ge=2000, le=2100)] = Field(
        description="The calendar year for which."
    )
    share: Annotated[float, Field(gt=0, le=1)] = Field(
        description="Ratio of the promised person-hours to deliver, such as 0.95."
    )

    def target(self) -> Target:
        """Return it as the domain knows it."""
        return Target(self.service, self.group, self.year, self.share)


def target_problems(
    targets: Sequence[TargetSettings], groups: Iterable[str], file: str
) -> list[Problem]:
    """Return the targets for a group that nobody knows, and those that are there twice."""
    known, seen, found = sorted(groups), set(), []
    for number, each in enumerate(targets):
        if each.group not in known:
            expected = f"one of {', '.join(known)}"
            found.append(Problem(file, "", f"targets.{number}.group", expected, repr(each.group)))
        key = (each.service, each.group, each.year)
        if key in seen:
            expected = "one target for the same service, group and year"
            found.append(Problem(file, "", f"targets.{number}.share", expected, f"{each.share:g}"))
        seen.add(key)
    return found

"""`[alerts]`: who is told what, when, and with how much patience."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from collectors.web.address import web_address
from netmon.config.calendar import hours_fault
from netmon.config.fields import Id, Name
from netmon.config.section import Seconds, Section
from netmon.domain.incidents import Audience
from netmon.domain.model import DeviceKind

OF_PLACE = "place"
"""The kind of a problem whose subject is no device: nobody opened the place."""

KINDS = (*(kind.value for kind in DeviceKind), OF_PLACE)

STREETS, SITES = "streets", "sites"
"""Stand for all places of a sort."""


def _pages(url: str) -> str:
    try:
        web_address(url)
    except ValueError as error:
        raise PydanticCustomError("pages", "{expected}", {"expected": _expected(error)}) from None
    return url.rstrip("/")


def _expected(error: ValueError) -> str:
    return str(error).removeprefix("expected ")


def _kind(name: str) -> str:
    if name not in KINDS:
        raise PydanticCustomError("kind", "one of: {known}", {"known": ", ".join(KINDS)})
    return name


def _hours(text: str) -> str:
    if hours_fault(text) is not None:
        raise PydanticCustomError("hours", "opening hours in OpenStreetMap syntax")
    return text


Hours = Annotated[str, Field(max_length=500), AfterValidator(_hours)]
Channels = tuple[Annotated[str, Field(min_length=1, max_length=64)], ...]
Patience = Annotated[float, Field(ge=0, le=7 * 86_400)]
"""Seconds, at most a week."""


class RouteSettings(Section):
    """Which problems are told to whom; what is left empty fits all."""

    name: Id = Field(description="Name of the route: it stands in every message's key.")
    channels: Annotated[Channels, Field(min_length=1)] = Field(
        description="Entries of `[channels]` that are told."
    )
    kinds: tuple[Annotated[Name, AfterValidator(_kind)], ...] = Field(
        (), description="Kinds of device; `place` is a place that nobody opened."
    )
    places: tuple[Name, ...] = Field(
        (), description="Ids of sites and streets, or all `streets` or `sites`."
    )
    owners: tuple[Name, ...] = Field(
        (), description="Organisations that own the place, as its offers name them."
    )
    severities: tuple[Literal["critical", "warning"], ...] = Field(
        (), description="`critical` is down, `warning` degraded."
    )
    audiences: tuple[Audience, ...] = Field(
        (), description="Who can mend it: `it`, or the place's `owner`."
    )
    hours: Hours | None = Field(
        None, description="When this route is used, as opening hours; outside them the next one is."
    )
    go_on: bool = Field(
        default=False, description="Whether the next routes are asked too once this one fits."
    )
    group_wait_s: Patience = Field(
        30.0, description="Seconds in which what happens at one place becomes one message."
    )
    group_interval_s: Patience = Field(
        300.0, description="Seconds between messages on changes; what vanishes is given so long."
    )
    repeat_s: Annotated[float, Field(ge=60, le=7 * 86_400)] = Field(
        14_400.0, description="Seconds after which it is told again, for as long as it lasts."
    )
    escalate_after_s: Annotated[float, Field(gt=0, le=7 * 86_400)] | None = Field(
        None, description="Seconds after which more people are told, unless somebody is at it."
    )
    escalate_to: Channels = Field((), description="The channels that are told then, too.")
    quiet: Hours | None = Field(
        None, description="Quiet hours, as opening hours: what is new waits until they end."
    )
    quiet_respects_opening: bool = Field(
        default=False, description="Whether what is about a closed place waits until it opens."
    )
    critical_passes: bool = Field(
        default=True, description="Whether what is critical waits for neither."
    )
    flapping: Literal["hold", "tell"] = Field(
        "hold",
        description="`hold` says once that it flaps, and no more until it is calm; or `tell`.",
    )

    @model_validator(mode="after")
    def _escalates_to_somebody(self) -> Self:
        if (self.escalate_after_s is None) != (not self.escalate_to):
            raise PydanticCustomError("escalation", "escalate_after_s and escalate_to, or neither")
        return self


class AlertSettings(Section):
    """Alerts as a whole; without routes nobody is told anything."""

    not_for: tuple[Name, ...] = Field(
        (), description="What another tool alerts on: ids of devices and places, kinds, `place`."
    )
    give_up_after_s: Seconds = Field(
        86_400.0, description="Seconds for which a channel that takes no message is tried."
    )
    pages: Annotated[str, AfterValidator(_pages)] | None = Field(
        None, description="Address under which people reach netmon's pages: messages link there."
    )
    routes: tuple[RouteSettings, ...] = Field(
        (), description="In this order; the first that fits tells."
    )

    @model_validator(mode="after")
    def _named_apart(self) -> Self:
        names = [route.name for route in self.routes]
        if len(set(names)) != len(names):
            raise PydanticCustomError("names", "each route to have a name of its own")
        return self

"""Whom the city wants to reach: its target groups, and what it promised them."""

from dataclasses import dataclass

from netmon.domain.model import Service

EVERYBODY = "all"
"""The group of all who live in the city."""


@dataclass(frozen=True, slots=True)
class Group:
    """
    A target group, or everybody.

    Parameters
    ----------
    id, name
        As files and pages name it.
    reach_m
        How far its people walk to an offer.
    active_from_min, active_to_min
        When they may want to go online, in minutes of the local day; the second is later.
    ages
        The youngest and the oldest of them, both included; None is any age.
    share
        Which share of the people of these ages belongs to it; None where nobody says it.
    people
        How many they are in the whole city; None where nobody says it.
    meets
        Conditions of offers that they meet, such as `registration`.
    workplaces
        Sites where they are counted; empty for those who are counted where they live.
    is_invented
        Whether the share or the number is from no source.
    source
        Who says it.
    """

    id: str
    name: str
    reach_m: float = 400.0
    active_from_min: int = 8 * 60
    active_to_min: int = 22 * 60
    ages: tuple[int, int] | None = None
    share: float | None = None
    people: float | None = None
    meets: frozenset[str] = frozenset()
    workplaces: tuple[str, ...] = ()
    is_at_work: bool = False
    is_invented: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """Which share (0-1) of what was promised to a group should be delivered in a year."""

    service: Service
    group: str
    year: int
    share: float

"""`[[objectives]]`: what a city promises itself, and what contradicts it."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import Field

from netmon.config.section import Section
from netmon.domain.errors import Problem
from netmon.domain.model import DeviceKind, Inventory, Service
from netmon.domain.objectives import Aim
from netmon.domain.reasons import OWN_SERVICE

PlaceId = Annotated[str, Field(min_length=1, max_length=100)]


class ObjectiveSettings(Section):
    """What availability should reach; without any objective nothing is measured against one."""

    target: Annotated[float, Field(gt=0, le=1)] = Field(
        description="Ratio of the promised time to reach, such as 0.995."
    )
    service: Service | None = Field(None, description="Only for this service.")
    kind: DeviceKind | None = Field(None, description="Only for this kind of device.")
    site: PlaceId | None = Field(None, description="Only at this site, by its id.")
    street: PlaceId | None = Field(None, description="Only in this street, by its id.")

    def aim(self) -> Aim:
        """Return it as the domain knows it."""
        return Aim(self.target, self.service, self.kind, self.site or self.street)


def contradictions(objectives: Sequence[ObjectiveSettings], file: str) -> list[Problem]:
    """Return the objectives that cannot be meant so, alone or beside the others."""
    return [
        Problem(file, "", f"objectives.{number}.{key}", expected, found)
        for number, each in enumerate(objectives)
        for key, expected, found in (*_alone(each), *_beside(each, objectives[:number]))
    ]


def unknown_places(
    objectives: Sequence[ObjectiveSettings], inventory: Inventory, file: str
) -> list[Problem]:
    """Return the objectives for a site or street that the inventory does not have."""
    known = {
        "site": {place.id for place in inventory.places if not place.is_street},
        "street": {place.id for place in inventory.places if place.is_street},
    }
    return [
        Problem(file, "", f"objectives.{number}.{key}", f"a known {key}", repr(found))
        for number, each in enumerate(objectives)
        for key, ids in known.items()
        if (found := getattr(each, key)) is not None and found not in ids
    ]


def _alone(each: ObjectiveSettings) -> Iterator[tuple[str, str, str]]:
    if each.site is not None and each.street is not None:
        yield "street", "no street beside a site", repr(each.street)
    given = OWN_SERVICE.get(each.kind) if each.kind else None
    if each.kind and each.service and each.service is not given:
        expected = f"no service, or {given}, which is what it gives" if given else "no service"
        yield "service", f"{expected}, beside the kind {each.kind}", each.service.value


def _beside(
    each: ObjectiveSettings, earlier: Sequence[ObjectiveSettings]
) -> Iterator[tuple[str, str, str]]:
    for number, other in enumerate(earlier):
        if other.aim().scope == each.aim().scope:
            expected = f"one objective for the same: objectives.{number} says {other.target:g}"
            yield "target", expected, f"{each.target:g}"
            return

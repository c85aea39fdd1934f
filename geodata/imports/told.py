"""What a person, or the file itself, answers about where data come from."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Told:
    """
    The five answers of the honesty contract, for all features of a layer.

    `precision_m` is the radius in metres that holds the true position, None where the layer
    has no geometry; `vintage` is text, for some sources only allow "before 2019".
    """

    source: str
    licence: str
    vintage: str
    precision_m: float | None
    synthetic: bool

    def defaults(self) -> dict[str, Any]:
        """Return the answers as a collection's `defaults`."""
        return asdict(self)

"""What `netmon check` tells of a city's people: how many, and who is not counted."""

from collections.abc import Iterator

from geodata.errors import DataError
from geodata.imports.kinds import LAYERS, Kind
from geodata.residents import FILE
from netmon.analysis.people import People, site_points, unread_conditions
from netmon.cli.wiring import Loaded
from netmon.config.complaints import printable
from netmon.domain.errors import ConfigError, Problem
from netmon.domain.groups import EVERYBODY


def people_lines(loaded: Loaded) -> list[str]:
    """
    Return lines on the people of the city; none where nothing says who lives there.

    Raises
    ------
    ConfigError
        Where a layer that says so is not as it should be.
    """
    folder = loaded.settings.city.folder
    if not any((folder / name).is_file() for name in (FILE, LAYERS[Kind.POPULATION].file)):
        return []
    try:
        people = People.load(loaded.settings)
    except DataError as error:
        raise ConfigError(
            [
                Problem(str(folder / each.file), each.feature, each.key, each.expected, each.found)
                for each in error.findings
            ]
        ) from error
    return [*_lines(people, loaded)]


def _lines(people: People, loaded: Loaded) -> Iterator[str]:
    count = people.points.people[:, people.points.groups.index(EVERYBODY)].sum()
    is_synthetic = people.is_synthetic(EVERYBODY)
    word = " (where they live is synthetic)" if is_synthetic else ""
    yield f"{count:,.0f} people{word}, {len(people.groups)} groups; walks: {people.method}"
    if missing := people.inhabitants.uncounted:
        yield f"groups that nobody counts: {', '.join(missing)}"
    if lost := people.inhabitants.unlocated.get(EVERYBODY):
        yield f"{lost:,.0f} people more are in areas that are not on the map"
    for offer, text in unread_conditions(site_points(loaded.inventory.places)).items():
        yield f"{offer}: a condition that is not understood keeps nobody out: {printable(text)}"

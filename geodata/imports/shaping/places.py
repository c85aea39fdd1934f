"""Places where target groups can be met."""

import re
from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import shapely

from geodata.imports.columns import GROUPS
from geodata.imports.journal import Journal
from geodata.imports.osm import GROUP_BY_TAG, NOT_PUBLIC
from geodata.imports.raw import Raw
from geodata.imports.shaping.naming import column, once, slug
from geodata.imports.text import header_key

_TAGS = ("amenity", "office", "social_facility", "social_facility_for", "leisure")

_WORDS = {
    "older": "ouderen senioren ouder senior older_people elderly",
    "low_income": "laag_inkomen lage_inkomens armoede kansarm lage_scholing",
    "disability": "beperking handicap personen_met_een_beperking people_with_a_disability disabled",
    "job_seekers": "werkzoekenden werkzoekend werklozen unemployed",
    "newcomers": "nieuwkomers anderstaligen anderstalige_nieuwkomers inburgeraars migrants",
    "young": "jongeren jeugd kinderen_en_jongeren youth young_people",
    "staff": "personeel stadspersoneel stadsmedewerkers medewerkers city_staff",
}
GROUP_OF_WORD = {
    **{group: group for group in GROUPS},
    **{word: group for group, words in _WORDS.items() for word in words.split()},
}
"""Groups as people write them, as `header_key` compares them."""

_NO = frozenset({"no", "nee", "neen", "false", "0", "non", "n"})
_YES = frozenset({"", "yes", "ja", "true", "1", "oui", "y", "j"})


def shape_places(raw: Raw, journal: Journal) -> gpd.GeoDataFrame:
    """
    Return a row for each place and group: `id`, `name`, `group`, `kind`, `address`, `public`.

    A geometry is a point, None where the file says none. A place that serves two groups is
    there twice. What is not clearly public is not: an unreadable `public` is refused.
    """
    made = [fact for row in _rows(raw) for fact in _facts(row, journal, is_osm=raw.is_osm)]
    ids = once(f"{fact['group']}-{slug(fact.pop('key'))}" for fact in made)
    names = ("id", "name", "group", "kind", "address", "public", "geometry")
    rows = [{"id": key, **fact} for key, fact in zip(ids, made, strict=True)]
    return gpd.GeoDataFrame(rows, columns=list(names), geometry="geometry", crs=4326)


def _rows(raw: Raw) -> Iterator[dict[str, Any]]:
    fields = ("name", "group", "kind", "address", "street", "number", "public", "id", *_TAGS)
    columns = {name: column(raw.frame, name) for name in fields}
    for at, (row, shape) in enumerate(zip(raw.frame.index, raw.frame.geometry, strict=True)):
        yield {"row": row, "shape": shape, **{name: columns[name][at] for name in fields}}


def _facts(row: dict[str, Any], journal: Journal, *, is_osm: bool) -> Iterator[dict[str, Any]]:
    groups = _groups_by_tag(row) if is_osm else _groups(row, journal)
    is_public = _is_public_by_tag(row) if is_osm else _is_public(row, journal)
    if not groups or is_public is None:
        return
    if not row["name"]:
        if not is_osm:
            journal.refuse(row["row"], "name", "a name", "nothing")
        return
    address = row["address"] or " ".join(filter(None, (row["street"], row["number"])))
    shape = row["shape"]
    for group in groups:
        yield {
            "key": row["name"],
            "name": row["name"],
            "group": group,
            "kind": (_kind_by_tag(row) if is_osm else row["kind"]) or "place",
            "address": address or None,
            "public": is_public,
            "geometry": None if shape is None else shapely.point_on_surface(shape),
        }


def _groups(row: dict[str, Any], journal: Journal) -> list[str]:
    """Return the groups that a cell names, in its order; empty where one is not known."""
    words = [word for word in re.split(r"[,;|/+]", row["group"]) if word.strip()]
    groups = [GROUP_OF_WORD.get(header_key(word), "") for word in words]
    if not groups or not all(groups):
        journal.refuse(row["row"], "group", f"one or more of {', '.join(GROUPS)}", row["group"])
        return []
    return list(dict.fromkeys(groups))


def _is_public(row: dict[str, Any], journal: Journal) -> bool | None:
    word = row["public"].lower()
    if word in _NO or word in _YES:
        return word in _YES
    journal.refuse(row["row"], "public", "yes or no", row["public"])
    return None


def _tags(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the tags of an element of OpenStreetMap; a value may be several, with `;`."""
    for tag in _TAGS:
        for value in row[tag].split(";"):
            yield tag, value.strip()


def _groups_by_tag(row: dict[str, Any]) -> list[str]:
    found = (GROUP_BY_TAG.get(tag) for tag in _tags(row))
    return list(dict.fromkeys(group for group in found if group))


def _is_public_by_tag(row: dict[str, Any]) -> bool:
    return not any(tag in NOT_PUBLIC for tag in _tags(row))


def _kind_by_tag(row: dict[str, Any]) -> str:
    return next((row[tag] for tag in ("social_facility", *_TAGS) if row[tag]), "")

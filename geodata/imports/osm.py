"""What of OpenStreetMap becomes which layer."""

from geodata.imports.kinds import Kind

LAYERS_OF = {
    Kind.STREETS: ("lines",),
    Kind.BUILDINGS: ("multipolygons",),
    Kind.PLACES: ("points", "multipolygons"),
    Kind.ADDRESSES: ("points", "multipolygons"),
}
"""Layers of GDAL's OSM driver that hold the features of a kind."""

TAGS = {
    "points": "name,amenity,office,leisure,healthcare,social_facility,social_facility:for,"
    "addr:street,addr:housenumber,addr:postcode,addr:unit,addr:flats",
    "lines": "name,highway,foot,access",
    "multipolygons": "name,type,building,building:levels,height,amenity,office,leisure,healthcare,"
    "social_facility,social_facility:for,addr:street,addr:housenumber,addr:postcode,addr:unit,"
    "addr:flats",
}
"""Only what a layer needs is read: fewer columns, and no tag that nobody expects."""

_AREAS = "amenity,building,building:part,craft,historic,landuse,leisure,office,place,shop,tourism"

CONFIGURATION = "\n".join(
    [
        "[general]",
        f"closed_ways_are_polygons={_AREAS}",
        *(
            line
            for layer, tags in TAGS.items()
            for line in (f"[{layer}]", "osm_id=yes", f"attributes={tags}", "other_tags=no")
        ),
        "[multilinestrings]",
        "osm_id=yes",
        "[other_relations]",
        "osm_id=yes",
        "",
    ]
)
"""For GDAL's OSM driver: which tags become columns."""

LICENCE = "ODbL-1.0"
SOURCE = "© OpenStreetMap contributors"

NOT_WALKED = frozenset(
    {
        *("motorway", "motorway_link", "trunk_link", "construction", "proposed", "raceway"),
        *("abandoned", "razed", "bus_guideway", "busway", "escape", "planned", "platform"),
    }
)
"""Values of `highway` on which nobody walks, unless `foot` says so."""

NO_FOOT = frozenset({"no", "private", "use_sidepath"})
NO_ACCESS = frozenset({"no", "private"})
YES_FOOT = frozenset({"yes", "designated", "permissive"})

GROUP_BY_TAG: dict[tuple[str, str], str] = {
    ("amenity", "nursing_home"): "older",
    ("social_facility", "assisted_living"): "older",
    ("social_facility", "nursing_home"): "older",
    ("social_facility_for", "senior"): "older",
    ("social_facility_for", "disabled"): "disability",
    ("social_facility_for", "mental_health"): "disability",
    ("social_facility_for", "migrant"): "newcomers",
    ("social_facility_for", "refugee"): "newcomers",
    ("social_facility_for", "unemployed"): "job_seekers",
    ("office", "employment_agency"): "job_seekers",
    ("social_facility", "food_bank"): "low_income",
    ("social_facility", "soup_kitchen"): "low_income",
    ("social_facility", "shelter"): "low_income",
    ("social_facility_for", "homeless"): "low_income",
    ("amenity", "school"): "young",
    ("amenity", "college"): "young",
    ("amenity", "university"): "young",
    ("leisure", "youth_centre"): "young",
    ("amenity", "townhall"): "staff",
}
"""Whom a place serves, where a tag says so; more than one may."""

NOT_PUBLIC = frozenset(
    {
        ("social_facility", "shelter"),
        ("social_facility", "group_home"),
        ("social_facility", "nursing_home"),
        ("social_facility", "assisted_living"),
        ("amenity", "nursing_home"),
        ("social_facility_for", "refugee"),
        ("social_facility_for", "homeless"),
        ("social_facility_for", "mental_health"),
        ("social_facility_for", "victim"),
        ("social_facility_for", "abused"),
    }
)
"""Refuges, asylum and care: kept for planners, shown to nobody else."""

"""Under which headers sources keep what netmon needs; compared as `header_key` gives them."""

from collections.abc import Iterable, Mapping

from geodata.imports.kinds import Kind

LON = ("lon", "lng", "long", "longitude", "epsg_4326_lon", "lengtegraad", "wgs84_lon")
LAT = ("lat", "latitude", "epsg_4326_lat", "breedtegraad", "wgs84_lat")
X = (
    *("x", "x_lambert72", "x_lambert_72", "lambert_x", "x_lambert", "x_lambert2008", "x_lb72"),
    *("x_coordinaat", "xcoord", "x_coord", "coord_x", "epsg_31370_x", "epsg_3812_x"),
)
Y = tuple(each.replace("x", "y") if each[0] == "x" else each[:-1] + "y" for each in X)
LAT_LON = ("geo_point_2d", "geo_point", "coordinaten", "lat_lon", "latlon")

GROUPS = ("older", "low_income", "disability", "job_seekers", "newcomers", "young", "staff")
"""The seven target groups, as the layers name them."""

_SECTOR = (
    *("cd_sector", "nis9", "sectorcode", "sector_code", "code_sector", "gebiedscode", "geoitem"),
    *(f"cs0101{year}" for year in range(2030, 2010, -1)),
    *("sector", "statsec", "secnis9", "cs102001", "id"),
)
_NAME = ("name", "naam", "name_nl", "titel", "title", "benaming", "omschrijving")
_STREET = ("streetname_nl", "straatnaam", "straat", "street", "addr_street", "lstrnm", "strnm")
_NUMBER = ("house_number", "huisnummer", "huisnr", "hnr", "addr_housenumber", "hnrlabel", "nummer")
_TAGS = ("amenity", "office", "social_facility", "social_facility_for", "leisure", "healthcare")
_YEAR = ("cd_year", "year", "jaar", "jaartal", "periode")

FIELDS: Mapping[Kind, Mapping[str, tuple[str, ...]]] = {
    Kind.STREETS: {
        "id": ("osm_id", "id", "ws_oidn", "oidn", "fid"),
        "name": (*_NAME, "lstrnm", "straatnaam", "streetname_nl"),
        "kind": ("highway", "kind", "lblmorf", "morf", "type"),
        "foot": ("foot",),
        "access": ("access",),
    },
    Kind.BUILDINGS: {
        "id": ("osm_id", "id", "oidn", "gbgoidn", "gbg_oidn", "uidn", "inspireid", "fid"),
        "way": ("osm_way_id",),
        "kind": ("building", "kind", "lbltype", "type", "gebouwtype"),
        "height_m": ("height", "height_m", "hoogte", "hn_max", "h_max"),
        "levels": ("building_levels", "levels", "bouwlagen", "verdiepingen"),
    },
    Kind.PLACES: {
        "id": ("id", "osm_id", "code"),
        "way": ("osm_way_id",),
        "name": (*_NAME, "organisatie", "voorziening"),
        "group": ("group", "groups", "doelgroep", "doelgroepen", "groep"),
        "kind": ("kind", "soort", "type", "categorie"),
        "address": ("address", "adres", "volledig_adres"),
        "street": _STREET,
        "number": _NUMBER,
        "public": ("public", "publiek", "openbaar", "is_public"),
        **{tag: (tag,) for tag in _TAGS},
    },
    Kind.SECTORS: {
        "id": _SECTOR,
        "name": ("tx_sector_descr_nl", "t_sec_nl", "tx_descr_sector_nl", "sectornaam", *_NAME),
    },
    Kind.POPULATION: {
        "id": _SECTOR,
        "year": _YEAR,
        "people": (
            *("total", "ms_population", "population", "people", "inwoners", "aantal_inwoners"),
            *("bevolking", "totale_bevolking", "aantal", "ms_pop"),
        ),
        **{group: (group,) for group in GROUPS},
    },
    Kind.INCOME: {
        "id": _SECTOR,
        "year": _YEAR,
        "income_median_eur": ("ms_median_net_taxable_inc", "income_median_eur", "mediaan_inkomen"),
        "income_mean_eur": (
            *("ms_avg_tot_net_taxable_inc", "income_mean_eur", "gemiddeld_inkomen"),
            "gemiddeld_netto_belastbaar_inkomen",
        ),
        "declarations": ("ms_nbr_non_zero_inc", "declarations", "aantal_aangiften"),
    },
    Kind.ADDRESSES: {
        "id": ("address_id", "adresid", "id", "osm_id"),
        "street": _STREET,
        "number": _NUMBER,
        "box": ("box_number", "busnummer", "busnr", "bus", "appnr", "addr_unit", "addr_flats"),
        "postcode": ("postcode", "postal_code", "pkancode", "addr_postcode", "zip"),
        "status": ("status", "adresstatus", "address_status"),
    },
    Kind.NEIGHBOURHOODS: {
        "id": ("id", "wijkcode", "code", "gebiedscode", "wijknr", "nr"),
        "name": ("wijknaam", "wijk", "gebied", *_NAME),
    },
}
"""Field by field, the header that is believed first comes first."""

NEEDED: Mapping[Kind, tuple[str, ...]] = {
    Kind.STREETS: (),
    Kind.BUILDINGS: (),
    Kind.PLACES: ("name",),
    Kind.SECTORS: ("id",),
    Kind.POPULATION: ("id", "people"),
    Kind.INCOME: ("id",),
    Kind.ADDRESSES: ("street", "number"),
    Kind.NEIGHBOURHOODS: ("name",),
}
"""Fields without which a file is not of its kind."""

POSITIONS = {"lon": LON, "lat": LAT, "x": X, "y": Y, "lat_lon": LAT_LON}
"""Where tables say where something is."""


def matched(
    headers: Iterable[str], fields: Mapping[str, tuple[str, ...]], chosen: Mapping[str, str]
) -> dict[str, str]:
    """
    Return the header of each field that there is, by field.

    Parameters
    ----------
    headers
        As `header_key` gives them.
    fields
        The headers under which each field may be, the first one first.
    chosen
        What a person said: the header (as written) by field; it comes before all others.
    """
    present = set(headers)
    found = {}
    for name, known in fields.items():
        wanted = (chosen[name],) if name in chosen else known
        if header := next((each for each in wanted if each in present), None):
            found[name] = header
    return found

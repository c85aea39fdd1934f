"""Sites and Wi-Fi streets out of their GeoJSON files."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from geodata.boundary import Boundary
from netmon.config.calendar import Calendar, hours_fault, open_on_holidays
from netmon.config.complaints import Complaints
from netmon.config.fields import Id, Name, Text
from netmon.domain.model import Offer, Place, Service

Where = tuple[Path, str]
Slack = Annotated[int, Field(ge=-86_400, le=86_400)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OfferFields(_Strict):
    """One offer of a site, as `sites.geojson` writes it."""

    service: Service
    opening_hours: str | None = None
    seats: Annotated[int, Field(ge=0)] | None = None
    owner: str | None = None
    confirmed_on: date | None = None
    conditions: str | None = None
    synthetic: bool = False


class PlaceFields(_Strict):
    """The properties that sites and streets share."""

    id: Id
    name: Name
    address: str | None = None
    neighbourhood: str | None = None
    opening_hours: str | None = None
    lead_s: Slack = 0
    lag_s: Slack = 0
    offers: tuple[OfferFields, ...] = ()
    renamed_from: Id | None = None
    source: Text
    licence: Name
    vintage: Name
    precision_m: Annotated[float, Field(ge=0)] | None = None
    synthetic: bool
    # Facts for people, which the inventory does not use.
    kind: str | None = None
    width_m: float | None = None
    width_source: str | None = None
    derivation: str | None = None
    note: str | None = None


_FOR_PEOPLE = {"kind", "width_m", "width_source", "derivation", "note", "offers"}


@dataclass(frozen=True, slots=True)
class PlacesFile:
    """
    Reads places of one city; what is wrong goes to `complaints`.

    `refused` gathers the ids that cannot be used, so that a device at such a place is not
    blamed for it; `unread` the files of which nothing could be read.
    """

    boundary: Boundary
    calendar: Calendar
    complaints: Complaints
    refused: set[str] = field(default_factory=set)
    unread: set[Path] = field(default_factory=set)

    def read(self, file: Path, *, is_street: bool) -> list[Place]:
        """Return the places of one file, without those that cannot be understood."""
        return [
            place
            for where, feature in self._features(file)
            if (place := self._place((file, where), feature, is_street=is_street)) is not None
        ]

    def _features(self, file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
        try:
            features = _features_in(file.read_text("utf-8"))
        except OSError as error:
            self._cannot_read(file, "a readable file", str(error.strerror))
            return
        except (ValueError, RecursionError) as error:
            self._cannot_read(file, "a GeoJSON FeatureCollection", str(error))
            return
        for number, feature in enumerate(features, 1):
            properties = feature.get("properties") if isinstance(feature, dict) else None
            if isinstance(properties, dict):
                yield f"feature {properties.get('id', number)}", feature
            else:
                at = (file, f"feature {number}")
                self.complaints.add(at, "properties", "the facts of a place", properties)

    def _cannot_read(self, file: Path, expected: str, found: str) -> None:
        self.unread.add(file)
        self.complaints.add((file, ""), "file", expected, found)

    def _place(self, at: Where, feature: dict[str, Any], *, is_street: bool) -> Place | None:
        try:
            fields = PlaceFields.model_validate(feature["properties"])
        except ValidationError as error:
            self.complaints.add_invalid(at, error)
            self.refused.add(str(feature["properties"].get("id")))
            return None
        self._check_hours(at, fields)
        lon, lat = (None, None) if is_street else self._position(at, feature.get("geometry"))
        return Place(
            is_street=is_street,
            lon=lon,
            lat=lat,
            offers=tuple(Offer(**dict(offer)) for offer in fields.offers),
            **{key: value for key, value in dict(fields).items() if key not in _FOR_PEOPLE},
        )

    def _position(
        self, at: Where, geometry: dict[str, Any] | None
    ) -> tuple[float | None, float | None]:
        if geometry is None:
            return None, None  # to be located: honest, and no problem
        try:
            lon, lat = (float(number) for number in geometry["coordinates"])
        except (KeyError, TypeError, ValueError, OverflowError):
            self.complaints.add(at, "geometry", "a Point of lon, lat, or null", geometry)
            return None, None
        check_inside(self.boundary, at, (lon, lat), self.complaints)
        return lon, lat

    def _check_hours(self, at: Where, fields: PlaceFields) -> None:
        hours = [("opening_hours", fields.opening_hours)]
        hours += [
            (f"offers.{each.service}.opening_hours", each.opening_hours) for each in fields.offers
        ]
        for key, text in hours:
            if text is not None:
                self._check_text(at, key, text)

    def _check_text(self, at: Where, key: str, text: str) -> None:
        if fault := hours_fault(text):
            self.complaints.add(at, key, "OpenStreetMap opening hours", fault)
        elif days := open_on_holidays(text, self.calendar):
            expected = "closed on public holidays, as its `PH off` says: put that last"
            self.complaints.add(at, key, expected, f"{text!r}, open on {days[0]}")


def _features_in(text: str) -> list[Any]:
    """Return the features of a document; raises `ValueError` that says what is there instead."""
    if not text.strip():
        raise ValueError("an empty file")
    document = json.loads(text)
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise ValueError("JSON without a list of features")  # noqa: TRY004 - wrong in the file, not in the code
    return features


def check_inside(
    boundary: Boundary, at: Where, lon_lat: tuple[float, float], complaints: Complaints
) -> None:
    """Complain of a point that lies outside the city, and say so where it seems swapped."""
    if not boundary.contains(*lon_lat):
        hint = ", lon and lat seem swapped" if boundary.looks_swapped(*lon_lat) else ""
        found = f"{lon_lat[0]:g}, {lon_lat[1]:g}{hint}"
        complaints.add(at, "lon, lat", "a point inside the city's boundary", found)

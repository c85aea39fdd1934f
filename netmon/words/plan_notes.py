"""What a reader of the planner's page has to be told of how its figures came about, in Dutch."""

from collections.abc import Mapping
from typing import Final

PREPARING: Final = (
    "De kaarten worden berekend. Dat duurt meestal minder dan een minuut: laad de pagina straks"
    " opnieuw."
)
NO_INVENTORY: Final = "Er is nog geen inventaris: er valt nog niets te plannen."
CANNOT_PLAN: Final = "De kaarten kunnen niet gemaakt worden: {fault}"
A_FAULT: Final = "er ging iets mis, het staat in het logboek van netmon"

INVENTORY: Final = "inventaris"
HOURS: Final = "uren"
PEOPLE: Final = "bevolking"
WIFI: Final = "wifi"
METHOD: Final = "methode"

PROMISE: Final = (
    "Dit is een gewone week zonder feestdag, waarin alle toestellen werken en alle begeleiders er"
    " zijn: een belofte, geen meting."
)
TO_BE_LOCATED: Final = "Van {count} plekken weten we niet waar ze zijn: ze tellen voor niemand mee."
ACCESS_POINTS_NOWHERE: Final = (
    "Van {count} toegangspunten weten we niet waar ze hangen: ze geven geen dekking."
)
GROUPS_LOST: Final = (
    "Van {count} plekken van doelgroepen weten we niet waar ze zijn: ze staan niet in de lijst."
)

NOTES: Final[Mapping[str, str]] = {
    "straight": "Afstanden zijn deels in rechte lijn met een gewone omweg, niet langs straten.",
    "unpublished": "Van sommige plekken zijn de uren niet bekend of niet bevestigd: die uren"
    " tellen als onbekend.",
    "no_host_said": "Niemand meldde zich aan als begeleider: begeleiding telt als onbekend.",
    "corridors": "Gebouwen zijn niet ingevoerd: de randen van de straten gelden als muren.",
    "uncalibrated": "De dekking is berekend en niet gemeten: op één plaats kan ze 12 tot 15 dB"
    " afwijken.",
    "not_over": "Deze periode is nog niet voorbij: wat nog komt, telt als onbekend.",
    "begins_later": "De metingen beginnen later dan deze periode.",
}
"""By the key of the note; pages tell of some, such as `synthetic`, by themselves."""

APART: Final[Mapping[str, str]] = {
    "maintenance": "Gepland onderhoud",
    "unexplained": "Zonder bekende oorzaak",
    "site": "Sluiting die te laat is aangekondigd",
}
"""What costs hours and is no incident, by its cause."""


def notes(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sentences of these keys, in their order."""
    return tuple(NOTES[key] for key in keys if key in NOTES)

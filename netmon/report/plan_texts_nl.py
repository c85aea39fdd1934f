"""What the two pages for the council say in Dutch."""

from collections.abc import Mapping

from netmon.domain.model import Service
from netmon.report.ledger_parts import OUTAGE, PLANNING, SCHEDULE, UNVERIFIED
from netmon.words.language import Language

LANGUAGE = Language.NL

OFFERS = {
    Service.WIFI: "gratis wifi",
    Service.COMPUTER: "een gratis computer",
    Service.GUIDED: "hulp bij een computer",
}

SHORT = {Service.WIFI: "Wifi", Service.COMPUTER: "Computer", Service.GUIDED: "Hulp"}

BIGGEST = {
    PLANNING: "Meestal is er geen plek dichtbij.",
    SCHEDULE: "Meestal is er wel een plek dichtbij, maar is die dicht.",
    OUTAGE: "Meestal is er wel een plek open, maar is die stuk.",
    UNVERIFIED: "Meestal weten we niet of het werkte.",
}
"""What is missing most, by part."""

TEXTS: Mapping[str, str] = {
    "title": "Wie kan gratis online in {city}?",
    "subtitle": "{start} tot {end} · door netmon",
    "subtitle_promise": "een gewone week, zoals beloofd: geen meting · door netmon",
    "summary_promise": (
        "Als alles open is en werkt zoals beloofd, vindt een inwoner in {share} van de uren"
        " overdag {offer} dichtbij."
    ),
    "summary": (
        "Een inwoner vond in {share} van de uren overdag {offer} dichtbij, open en in orde."
    ),
    "summary_nothing": "Over deze tijd is van niemand te zeggen of er gratis internet was.",
    "brief": "In het kort",
    "brief_service": "{offer}: {share} van de uren. {why}",
    "brief_streets": (
        "In de wifistraten is er voor {covered} van {length} m genoeg signaal."
        " Nu is er {lost} m kwijt door een storing."
    ),
    "groups": "Per doelgroep",
    "groups_note": (
        "Elke balk is alle tijd waarin mensen van een groep online kunnen willen."
        " Groepen overlappen: tel ze niet op."
    ),
    "groups_caption": "{offer}: wat er van de uren werd",
    "groups_alt": "Balken, één per groep: welk deel er open was en werkte. {figures}.",
    "areas": "Per wijk",
    "areas_caption": "Alle inwoners: welk deel van de uren er iets open was en werkte",
    "areas_more": "En nog {number} wijken: die staan in het CSV-bestand.",
    "areas_less": "Van {number} groepen in wijken staat er niets: het zijn te weinig mensen.",
    "map_caption": ("De wijken: hoe donkerder, hoe minder uren {offer}. De cijfers staan eronder."),
    "area": "Wijk",
    "no_computer": "Computer: geen plek dichtbij",
    "costs": "Wat storingen kostten",
    "costs_caption": "De storingen die mensen de meeste uren kostten",
    "costs_promise": "In een gewone week, zoals beloofd, is niets stuk.",
    "costs_none": "Geen enkele storing kostte iemand tijd.",
    "incident": "Storing",
    "began": "Begin",
    "cost": "Uren van mensen",
    "method": "Wat deze cijfers waard zijn",
    "method_precision": "De plekken zijn bekend tot op {precision} m.",
    "method_no_precision": "Van sommige plekken weten we niet precies waar ze zijn.",
    "method_versions": "Gemaakt met: {versions}.",
    "mark_synthetic": "Met verzonnen gegevens",
    "mark_city": "Voor de stad",
    "all": "Iedereen",
    "legend_nothing": "niet bekend",
}

"""Dutch for planners: short sentences, the same word for the same thing, and how each is known."""

from collections.abc import Mapping

from netmon.domain.model import Service
from netmon.words.groups import GROUPS

EVERYONE = "all"
"""The group that everybody is in; all others overlap."""

SERVICES = {
    Service.WIFI: "gratis wifi",
    Service.COMPUTER: "een computer",
    Service.GUIDED: "hulp van iemand",
}
"""The services of which there is a ledger; they are never added up."""

PARTS = {
    "delivered": "geleverd",
    "schedule": "gesloten",
    "outage": "stuk",
    "planning": "niets in de buurt",
    "unverified": "onzeker",
}
"""The parts of the ledger, in the order in which they always stand."""

PART_MEANS = {
    "delivered": "Er is een plek op wandelafstand open, en ze werkt.",
    "schedule": "Alle plekken op wandelafstand zijn dan gesloten.",
    "outage": "Er is een plek open, maar wat er staat is stuk.",
    "planning": "Er is geen plek op wandelafstand, of niemand mag er binnen.",
    "unverified": "Er is een plek open, maar we weten niet of ze werkt. Of de uren zijn onbekend.",
}

BASIS = {
    "record": "wat netmon zag",
    "promise": "een gewone week, zoals beloofd",
}
"""Which figures are shown: those of the chosen days, or those of a week in which all works."""

LEVELS = {
    -67: "bellen met beeld",
    -70: "surfen",
    -75: "berichten",
    -80: "net verbonden",
}
"""What goes well at each class of signal, by its level in dBm, strongest first."""

ACTIONS = {
    "add_access_point": "een wifi-punt erbij",
    "move_access_point": "een wifi-punt verplaatsen",
    "remove_access_point": "een wifi-punt weg",
    "add_site": "een plek erbij",
    "remove_site": "een plek weg",
    "set_hours": "andere openingsuren",
}

METHODS: Mapping[str, str] = {
    "coverage": "We rekenen uit hoe sterk elk wifi-punt buiten te horen is, met de formules van "
    "ITU-R P.1411-12. Muren houden het signaal tegen. Zolang er niet is nagemeten, kan het "
    "signaal 12 tot 15 dB sterker of zwakker zijn: daarom staan er twee getallen, waarmee we "
    "plannen en wat het op zijn best is.",
    "period": "We wegen elke meter met de tijd dat de wifi-punten die hem bereiken echt werkten.",
    "ledger": "Elk uur waarin iemand online wil, valt in precies één deel. De delen zijn samen "
    "altijd alles. Iemand kan bij meer dan één doelgroep horen: tel groepen niet op. Tel ook "
    "wifi, computers en hulp niet op.",
    "equity": "Gini is 0 als iedereen evenveel krijgt, en 1 als één wijk alles krijgt. Het aandeel "
    "van de groep staat naast dat van de hele stad. Nagekomen is het deel van de uren waarin iets "
    "in de buurt open moest zijn en het ook werkte; wat we niet weten, telt daarin niet mee. "
    "Daarover gaat het doel.",
    "costs": "Wat een storing kost: de uren waarin mensen door die storing niets hadden. Zijn er "
    "meer storingen tegelijk, dan krijgt elk een gelijk deel.",
    "outreach": "Wandelafstand over straat, van de plek tot de dichtste plek die het biedt. Is er "
    "geen straat bekend, dan in rechte lijn en 30 % langer; dat staat er dan bij.",
    "whatif": "We nemen een gewone week waarin alle toestellen werken, en rekenen die twee keer: "
    "zonder en met je stappen. Zo zie je wat de stappen doen, en niet wat er toevallig stuk was.",
}
"""How each kind of figure is known; docs/method.md holds the formulas and their sources."""

VERSIONS = {
    "inventory": "inventaris",
    "hours": "openingsuren",
    "population": "bevolking",
    "method": "rekenwijze",
    "streets": "straten",
    "walls": "muren",
}
"""What results are made with."""

NOTHING_MEANS = "Een streepje (–) betekent: dat weten we niet."


SHOWS = {
    "now": "Waar is er nu wifi?",
    "period": "Hoeveel wifi was er in een periode?",
    "gaps": "Welke wijken hebben niets in de buurt?",
    "areas": "Hoe gaat het in de wijken?",
    "places": "Wat is er bij plekken van doelgroepen?",
}
"""The questions that the map answers."""

FIELDS = {
    "action": "wat je wilt doen",
    "id": "het toestel of de plek",
    "lon": "de lengtegraad",
    "lat": "de breedtegraad",
    "service": "wat de plek biedt",
    "hours": "de openingsuren",
    "seats": "het aantal computers",
    "name": "de naam",
    "steps": "de stappen",
}
"""The parts of a plan that somebody sends."""

OTHER_FIELD = "een deel van het bericht"

FAULTS = {
    "missing": "dit ontbreekt",
    "too_long": "dit is te veel",
    "too_short": "dit ontbreekt",
    "extra_forbidden": "dat kennen we niet",
}
"""What may be wrong with such a part, by pydantic's name for it."""

OTHER_FAULT = "dit klopt niet"

SEVEN_DAYS = "Je ziet de laatste zeven dagen."
ENDS_BEFORE = "De eerste dag komt na de laatste."
TO_COME = "Die dagen moeten nog komen."
TWO_PLANS = "Kies twee plannen om ze te vergelijken."
NAME_AND_STEP = "Geef je plan een naam, en ten minste één stap."
OF_OTHERS = "Dit verzoek kwam van een andere pagina. Er is niets veranderd."
NO_JSON = "Stuur de stappen als JSON."
TOO_MUCH = "Dat is te veel in één keer."
FAILED = "Dat lukte niet"
BUSY_TITLE = "Er wordt al veel berekend"
BUSY = "Er lopen al andere berekeningen. Probeer het over enkele seconden opnieuw."


def no_day(text: str) -> str:
    """Say that a text is no day."""
    return f"„{text}” is geen dag. Schrijf een dag als 2026-11-25."


def no_year(year: int) -> str:
    """Say that nothing is known of a year."""
    return f"Van het jaar {year} weten we niets."


def no_choice(text: str) -> str:
    """Say that a choice is not among those that there are."""
    return f"De keuze „{text}” kennen we niet."


def too_many_days(most: int) -> str:
    """Say how long a window may be."""
    return f"Kies ten hoogste {most} dagen."


def fault(step: int | None, field: str, kind: str) -> str:
    """Say what is wrong with a part of what was sent; `step` counts from 1."""
    what, why = FIELDS.get(field, OTHER_FIELD), FAULTS.get(kind, OTHER_FAULT)
    said = f"{what}: {why}." if step is None else f"stap {step}, {what}: {why}."
    return said[0].upper() + said[1:]


def group_word(group: str) -> str:
    """Return what a group is called; one that a city made itself keeps its own name."""
    return "iedereen" if group == EVERYONE else GROUPS.get(group, group.replace("_", " "))


def service_word(service: str) -> str:
    """Return what a service is called."""
    return {str(key): word for key, word in SERVICES.items()}.get(service, service)

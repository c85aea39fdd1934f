"""Dutch for planners: short sentences, the same word for the same thing, and how each is known."""

from collections.abc import Mapping

from geodata.link import ServiceClass
from netmon.analysis.plan_rows import Action
from netmon.domain.model import Service
from web.words import GROUPS

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

LEVELS = {
    ServiceClass.CALLS: "bellen met beeld",
    ServiceClass.PAGES: "surfen",
    ServiceClass.MESSAGES: "berichten",
    ServiceClass.CONNECTED: "net verbonden",
}
"""What goes well at each class of signal."""

ACTIONS = {
    Action.ADD_ACCESS_POINT: "een wifi-punt erbij",
    Action.MOVE_ACCESS_POINT: "een wifi-punt verplaatsen",
    Action.REMOVE_ACCESS_POINT: "een wifi-punt weg",
    Action.ADD_SITE: "een plek erbij",
    Action.REMOVE_SITE: "een plek weg",
    Action.SET_HOURS: "andere openingsuren",
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
    "van de groep staat naast dat van de hele stad.",
    "costs": "Wat een storing kost: de uren waarin mensen door die storing niets hadden. Zijn er "
    "meer storingen tegelijk, dan krijgt elk een gelijk deel.",
    "outreach": "Wandelafstand over straat, van de plek tot de dichtste plek die het biedt. Is er "
    "geen straat bekend, dan in rechte lijn; dat staat er dan bij.",
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


def group_word(group: str) -> str:
    """Return what a group is called; one that a city made itself keeps its own name."""
    return "iedereen" if group == EVERYONE else GROUPS.get(group, group.replace("_", " "))


def service_word(service: str) -> str:
    """Return what a service is called."""
    return {str(key): word for key, word in SERVICES.items()}.get(service, service)

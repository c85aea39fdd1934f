"""What a report says in Dutch: one table, so that another language is one more."""

from collections.abc import Mapping

from netmon.analysis.month_report import MethodNote
from netmon.domain.incidents import Audience
from netmon.domain.model import Service
from netmon.report.drawing import FAILED, MAINTENANCE, UNKNOWN, UNREACHABLE
from netmon.words import nouns
from netmon.words.language import Language

LANGUAGE = Language.NL

KINDS = {kind: noun.many.capitalize() for kind, noun in nouns.KINDS[LANGUAGE].items()}

SERVICES = {
    Service.WIFI: "wifi",
    Service.COMPUTER: "computers",
    Service.GUIDED: "begeleiding",
    Service.PRINT: "printen",
    Service.LENDING: "uitlenen",
    Service.COURSE: "lessen",
}

PARTS = {
    FAILED: "werkte niet",
    UNREACHABLE: "geen verbinding",
    UNKNOWN: "weten we niet",
    MAINTENANCE: "onderhoud",
}

WHOSE = {Audience.IT: "IT", Audience.OWNER: "beheerder van de plek"}

TEXTS: Mapping[str, str] = {
    "title": "Gratis internet in {city}: {month}",
    "subtitle": "Maandverslag van netmon, {edition}",
    "edition": "herziening {number}",
    "edition_draft": "proefdruk",
    "all": "Alles samen",
    "mark_provisional": "Voorlopig: geteld tot {until}",
    "mark_draft": "Proefdruk: niet bewaard",
    "mark_demo": "Demonstratie: de toestellen en hun toestand zijn verzonnen",
    "mark_synthetic": "Met verzonnen gegevens",
    "mark_internal": "Voor de stad: bevat namen van toestellen",
    "synthetic": "{name} (voorbeeld)",
    "summary": (
        "In {month} werkte het gratis internet in {city} {availability} van de tijd"
        " dat het moest werken{compared}."
    ),
    "summary_more": ", {points} procentpunt meer dan de maand ervoor",
    "summary_less": ", {points} procentpunt minder dan de maand ervoor",
    "summary_same": ", evenveel als de maand ervoor",
    "summary_nothing": (
        "Over {month} weten we niet hoe het gratis internet in {city} werkte:"
        " er is niets gemeten in tijd waarin het moest werken."
    ),
    "brief": "In het kort",
    "brief_target_met": "Het doel van {target} is gehaald.",
    "brief_target_missed": "Het doel van {target} is niet gehaald.",
    "brief_target_open": "Of het doel van {target} gehaald wordt, weten we nog niet.",
    "brief_unknown": "Van {ratio} van de tijd dat het moest werken, weten we niets.",
    "brief_incidents": "Er waren {number} incidenten.",
    "brief_one_incident": "Er was {number} incident.",
    "brief_open": "Aan het einde waren er {number} nog open.",
    "brief_one_open": "Aan het einde was er {number} nog open.",
    "brief_no_incidents": "Er was geen enkel incident.",
    "brief_mttr": "Een herstelling duurde gemiddeld {mttr}, geteld in tijd dat het moest werken.",
    "brief_partial": "De metingen beginnen pas op {start}: eerder telt niet mee.",
    "changes": "Wat is er veranderd",
    "changes_since": "Dit verslag vervangt herziening {number}. De cijfers die anders zijn:",
    "changes_why": "Wat er intussen anders is: {reasons}.",
    "changes_why_unknown": "Waarom is niet te zeggen.",
    "changes_caption": "Oude en nieuwe cijfers",
    "changes_small": (
        "Dit verslag vervangt herziening {number}. De verschillen zijn kleiner dan wat op papier"
        " staat: de JSON van dit verslag heeft ze."
    ),
    "changes_what": "Wat",
    "changes_where": "Waar",
    "changes_column": "Cijfer",
    "changes_row": "hele regel",
    "changes_none": "stond er niet",
    "changes_gone": "staat er niet meer",
    "changes_old": "Was",
    "changes_new": "Is nu",
    "changes_more": "En nog {number} andere: zie de JSON van dit verslag.",
    "why_inventory": "de lijst van plekken en toestellen",
    "why_hours": "de openingsuren",
    "why_announcements": "de aankondigingen (onderhoud, sluiting, extra uren)",
    "why_runs": "de gemeten toestanden",
    "why_notes": "de nota's bij incidenten",
    "why_settings": "de instellingen of de doelen",
    "why_smoothing": "het afvlakken",
    "why_software": "netmon zelf",
    "days": "Dag per dag",
    "days_note": (
        "Elke staaf toont welk deel van een dag het internet er niet was, en waarom. Zonder"
        " staaf was alles in orde. Een streepje betekent dat er die dag niets moest werken, of dat"
        " de dag niet meetelt."
    ),
    "days_caption": "{what}: wat er per dag ontbrak",
    "days_alt": (
        "Staafgrafiek van wat er ontbrak, één staaf per dag: {what}. {worst}"
        " De cijfers staan in de tabel eronder."
    ),
    "days_worst": "De slechtste dag was {day}, met {availability}.",
    "days_nothing": "Op geen enkele dag is er iets gemeten.",
    "days_target": "De streepjeslijn is wat er mag falen zonder dat een doel gemist wordt.",
    "days_table": "Beschikbaarheid per dag",
    "day": "Dag",
    "kinds": "Per soort toestel",
    "kinds_caption": "Beschikbaarheid per soort toestel",
    "streets": "Per straat of plein",
    "streets_caption": "Beschikbaarheid per straat of plein",
    "sites": "Per plek en dienst",
    "sites_caption": "Beschikbaarheid per plek en dienst",
    "site_service": "{name}: {service}",
    "name": "Naam",
    "device": "Toestel",
    "devices": "Toestellen",
    "availability": "Werkte",
    "target": "Doel",
    "lost": "Verloren",
    "failed": "Werkte niet",
    "unreachable": "Geen verbinding",
    "unknown_ratio": "Onbekend",
    "incidents_count": "Incidenten",
    "mttr": "Herstel na",
    "mtbf": "Werkt tussendoor",
    "last_month": "Maand ervoor",
    "last_year": "Jaar ervoor",
    "target_met": "{target}: gehaald, nog {left}",
    "target_missed": "{target}: niet gehaald, {over} te veel",
    "target_open": "{target}: nog {left}",
    "target_spent": "{target}: {over} te veel",
    "none_of_these": "Die zijn er niet.",
    "worst": "De tien slechtste toestellen",
    "worst_none": "Elk toestel werkte altijd, voor zover we weten.",
    "worst_caption": "Hoelang de slechtste toestellen zelf niet werkten",
    "worst_alt": (
        "Staafgrafiek van de tijd dat toestellen zelf niet werkten. Bovenaan staat {name},"
        " met {lost}. De cijfers staan in de tabel eronder."
    ),
    "worst_table": "De slechtste toestellen",
    "place": "Plek",
    "flapping_caption": "Toestellen die de hele tijd aan- en uitgingen",
    "flapping_for": "Hoelang",
    "incidents": "Incidenten",
    "incidents_caption": "Incidenten van deze maand, het langste eerst",
    "incidents_none": "Er was geen enkel incident.",
    "incidents_more": "Hier staan de {shown} langste. De andere {number} staan in het CSV-bestand.",
    "began": "Begin",
    "ended": "Einde",
    "still_open": "nog open",
    "lasted": "Verloren",
    "what": "Wat",
    "cause": "Oorzaak",
    "whose": "Voor wie",
    "also_hit": "Treft ook",
    "notes": "Nota's",
    "unknown": "Wat we niet weten",
    "unknown_note": (
        "Onbekende tijd is niet goed en niet slecht: ze staat apart. Hoe groter het deel dat we"
        " niet weten, hoe minder de andere cijfers zeggen."
    ),
    "unknown_caption": "Deel van de tijd dat we niet kennen, per soort toestel",
    "unknown_alt": (
        "Staafgrafiek van de onbekende tijd per soort toestel. Het grootste deel is van"
        " {name}: {ratio}. De cijfers staan in de tabel eronder."
    ),
    "unknown_table": "Onbekende tijd per soort toestel",
    "unknown_time": "Onbekende tijd",
    "spells_caption": "De langste stukken tijd waarvan we niets weten",
    "until": "Tot",
    "compared": "Vergeleken met vroeger",
    "compared_note": (
        "Een streepje betekent: die maand is niet volledig gemeten, of er was niets gemeten."
        " Het verschil is in procentpunten."
    ),
    "compared_caption": "Beschikbaarheid nu, een maand en een jaar eerder",
    "this_month": "Deze maand",
    "difference_month": "Verschil (maand)",
    "difference_year": "Verschil (jaar)",
    "method": "Hoe we dit berekenen",
    "letter_attached": "In de bijlagen: het verslag (PDF) en alle cijfers (CSV, voor Excel).",
    "made_from": "Waarvan dit verslag gemaakt is",
    "made_from_note": (
        "Dezelfde gegevens geven hetzelfde verslag, tot op de byte. De codes hieronder zijn"
        " vingerafdrukken (SHA-256, eerste 16 tekens) van wat gelezen is."
    ),
    "made_from_caption": "Herkomst van de cijfers",
    "revisions": "Inventaris, revisies",
    "inventory": "Inventaris",
    "hours": "Openingsuren",
    "announcements": "Aankondigingen",
    "runs": "Gemeten toestanden",
    "settings": "Instellingen",
    "notes_written": "Nota's bij incidenten",
    "smoothing": "Afvlakken",
    "smoothing_off": "uit",
    "method_version": "Rekenwijze",
    "software": "netmon",
    "counted": "Geteld van en tot",
    "value": "Waarde",
}
"""Key → sentence or word, with the names of what is filled in."""

METHOD = {
    MethodNote.AVAILABILITY: (
        "Werkte = bruikbare tijd, gedeeld door bruikbare tijd, tijd waarin het niet werkte en"
        " tijd zonder verbinding. Alleen tijd waarin iets moest werken, telt."
    ),
    MethodNote.DEVICE_TIME: (
        "We tellen per toestel en tellen die tijden op: tien toestellen die een uur niet werken,"
        " zijn tien verloren uren."
    ),
    MethodNote.UNKNOWN_APART: "Tijd waarvan we niets weten, telt niet mee en staat apart.",
    MethodNote.MAINTENANCE_APART: "Aangekondigd onderhoud telt niet mee en staat apart.",
    MethodNote.HOURS_UNKNOWN: (
        "Van sommige plekken kennen we de uren niet, of een toestel staat alleen aan als het nodig"
        " is: dan is er niets beloofd, en niets geteld."
    ),
    MethodNote.SERVICE_UNMEASURED: (
        "Een dienst zonder toestel dat we kunnen meten, heeft geen cijfer: we weten er niets van."
    ),
    MethodNote.MTTR_MTBF: (
        "Herstel na: hoeveel beloofde tijd een herstelling gemiddeld kostte (MTTR). Werkt"
        " tussendoor: hoelang iets gemiddeld werkte tussen twee storingen (MTBF). Wat nog niet"
        " opgelost is, telt niet mee in de herstelling."
    ),
    MethodNote.OBJECTIVES: (
        "Een doel laat wat verlies toe: dat deel van de beloofde tijd dat boven het doel ligt."
        " Achter het doel staat wat er daarvan over is, of hoeveel meer er verloren is."
    ),
    MethodNote.SMOOTHED: (
        "Toestanden korter dan {smoothing} tussen twee gelijke zijn weggelaten. In de metingen"
        " zelf is niets veranderd."
    ),
    MethodNote.NOT_SMOOTHED: "Korte toestanden zijn niet weggelaten: elke seconde telt.",
    MethodNote.NOT_OVER: "De maand is nog niet om: dit verslag is voorlopig.",
    MethodNote.BEGINS_LATER: (
        "De metingen beginnen pas op {start}. Met zo'n maand vergelijken we later niet."
    ),
    MethodNote.INVENTORY_CHANGED: (
        "De lijst van toestellen veranderde deze maand: elk toestel telt zolang het erin stond."
    ),
    MethodNote.DST: "Door zomer- of wintertijd telt deze maand {hours} uur.",
    MethodNote.SYNTHETIC: "Sommige plekken of toestellen zijn verzonnen: ze staan er zo bij.",
}
"""What has to be told of how the figures came about."""

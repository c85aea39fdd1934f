"""Why a device does not work, in the words of people."""

from collections.abc import Mapping

from netmon.words.clean import clean
from netmon.words.language import Language

REASONS: Mapping[Language, Mapping[str, str]] = {
    Language.NL: {
        "timeout": "geen antwoord",
        "refused": "verbinding geweigerd",
        "no_route": "geen weg erheen",
        "auth": "toegang geweigerd",
        "malformed": "onleesbaar antwoord",
        "tls": "onveilige verbinding",
        "dns": "naam niet gevonden",
        "content": "verkeerde inhoud",
        "disk_full": "schijf vol",
        "clock_wrong": "klok staat verkeerd",
        "certificate_expiring": "certificaat vervalt bijna",
        "no_page": "laadt geen pagina",
        "printer_empty": "printer is leeg",
        "printer_error": "printer kan niet printen",
        "printer_attention": "printer vraagt aandacht",
        "site_not_opened": "plek niet geopend",
        "on_demand": "staat alleen aan als het nodig is",
        "never_seen": "nog nooit gezien",
        "not_listed": "geen enkele bron noemt het",
        "not_observed": "niet nagekeken",
        "own_sight": "netmon ziet zelf niets",
        "unreachable": "onbereikbaar",
        "hours_unknown": "uren niet bekend",
        "maintenance": "gepland onderhoud",
        "expected_off": "buiten de uren",
        "awake_outside_hours": "staat aan buiten de uren",
    },
    Language.EN: {
        "timeout": "no answer",
        "refused": "connection refused",
        "no_route": "no route to it",
        "auth": "access denied",
        "malformed": "unreadable answer",
        "tls": "insecure connection",
        "dns": "name not found",
        "content": "wrong content",
        "disk_full": "disk full",
        "clock_wrong": "clock is wrong",
        "certificate_expiring": "certificate about to expire",
        "no_page": "loads no page",
        "printer_empty": "printer is empty",
        "printer_error": "printer cannot print",
        "printer_attention": "printer asks for attention",
        "site_not_opened": "place not opened",
        "on_demand": "is on only when needed",
        "never_seen": "never seen so far",
        "not_listed": "no source lists it",
        "not_observed": "not looked at",
        "own_sight": "netmon itself sees nothing",
        "unreachable": "unreachable",
        "hours_unknown": "hours not known",
        "maintenance": "planned maintenance",
        "expected_off": "outside its hours",
        "awake_outside_hours": "is on outside its hours",
    },
    Language.FR: {
        "timeout": "pas de réponse",
        "refused": "connexion refusée",
        "no_route": "aucun chemin vers lui",
        "auth": "accès refusé",
        "malformed": "réponse illisible",
        "tls": "connexion non sûre",
        "dns": "nom introuvable",
        "content": "contenu incorrect",
        "disk_full": "disque plein",
        "clock_wrong": "horloge déréglée",
        "certificate_expiring": "certificat bientôt périmé",
        "no_page": "ne charge aucune page",
        "printer_empty": "imprimante vide",
        "printer_error": "l’imprimante ne peut pas imprimer",
        "printer_attention": "l’imprimante demande de l’attention",
        "site_not_opened": "lieu non ouvert",
        "on_demand": "allumé seulement si nécessaire",
        "never_seen": "jamais vu jusqu’ici",
        "not_listed": "aucune source ne le mentionne",
        "not_observed": "non vérifié",
        "own_sight": "netmon lui-même ne voit rien",
        "unreachable": "injoignable",
        "hours_unknown": "heures inconnues",
        "maintenance": "entretien prévu",
        "expected_off": "hors des heures",
        "awake_outside_hours": "allumé hors des heures",
    },
}
"""What a record says → what people say. A city's own limits have reasons of their own."""

_BEHIND = {Language.NL: "achter", Language.EN: "behind", Language.FR: "derrière"}
BEHIND = "behind "


def said_reason(code: str, language: Language) -> str:
    """Return the words for a reason; one that nobody put into words stays as it is, cleaned."""
    shown = clean(code)
    if shown.startswith(BEHIND):
        return f"{_BEHIND[language]} {shown.removeprefix(BEHIND)}"
    return REASONS[language].get(shown, shown)

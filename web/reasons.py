"""Why a device does not work, in Dutch; the code stays beside it for those who look it up."""

from dataclasses import dataclass

from netmon.analysis.feed import clean

WORDS = {
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
    "unreachable": "onbereikbaar",
    "hours_unknown": "uren niet bekend",
    "maintenance": "gepland onderhoud",
    "expected_off": "buiten de uren",
    "awake_outside_hours": "staat aan buiten de uren",
}
"""What a record says → what people say. A city's own limits have reasons of their own."""

BEHIND = "behind "


@dataclass(frozen=True, slots=True)
class Reason:
    """`said` is for people; `code` is what the record holds, empty where that adds nothing."""

    said: str
    code: str = ""


def reason(code: str) -> Reason:
    """Return the words for a reason; one that nobody put into words stays as it is."""
    shown = clean(code)
    if shown in WORDS:
        return Reason(WORDS[shown], shown)
    if shown.startswith(BEHIND):
        return Reason(f"achter {shown.removeprefix(BEHIND)}")
    return Reason(shown)

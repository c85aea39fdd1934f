"""The target groups, as people call them."""

from collections.abc import Mapping

GROUPS: Mapping[str, str] = {
    "older": "ouderen",
    "low_income": "mensen met weinig geld of opleiding",
    "disability": "mensen met een beperking",
    "job_seekers": "werkzoekenden",
    "newcomers": "nieuwkomers",
    "young": "jongeren",
    "staff": "medewerkers van de stad",
}

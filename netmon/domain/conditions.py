"""
Who may use an offer: the few conditions that are understood in what its owner wrote.

`conditions` of an offer is free text for people. An age limit and the need to register are read
from it, in Dutch, French and English; anything else is told as not understood, and keeps nobody
out.
"""

import re
from dataclasses import dataclass
from typing import Final

LONGEST = 300
"""Characters that are read: what follows is hostile, or a novel."""

_YEARS = r"\s*(?:jaar|jarigen|years?(?: old)?|ans|j\.)"  # codespell:ignore ans
_LEAST = r"vanaf|from|aged|dès|à partir de|minimum|min\.?|at least|minstens"
_FROM = re.compile(
    rf"\b(?:{_LEAST})\s+(\d{{1,3}}){_YEARS}|"
    rf"\b(\d{{1,3}})\s*\+|(\d{{1,3}}){_YEARS}\s+(?:of ouder|and (?:older|over)|et plus)"
)
_UPTO = re.compile(
    rf"\b(?:tot en met|t/m|up to|jusqu'à|maximum|max\.?|at most|hoogstens)\s+(\d{{1,3}}){_YEARS}"
)
_REGISTRATION = re.compile(
    r"\b(?:op afspraak|na afspraak|(?:na |met )?inschrijving|inschrijven|by appointment|"
    r"appointment(?: needed)?|registration(?: needed)?|sur rendez-vous|(?:sur )?inscription)\b"
)
_BETWEEN = re.compile(r"[\s,;.&]+|\b(?:en|and|et|met|with|avec|only|alleen|enkel)\b")

REGISTRATION: Final = "registration"
"""That one has to come with an appointment, or to be known there."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """
    What is understood of an offer's conditions.

    Parameters
    ----------
    least_age, most_age
        Both included; None is no limit.
    needs
        What a group must meet, of `registration`.
    rest
        What is not understood; empty where all is.
    """

    least_age: int | None = None
    most_age: int | None = None
    needs: frozenset[str] = frozenset()
    rest: str = ""

    def admits_age(self, age: int) -> bool:
        """Return whether somebody of this age may use it."""
        is_old = self.least_age is None or age >= self.least_age
        return is_old and (self.most_age is None or age <= self.most_age)


def conditions_of(text: str | None) -> Conditions:
    """Return what is understood of a text; nothing written is no condition."""
    told = " ".join((text or "")[:LONGEST].split()).lower()
    rest, least = _taken(_FROM, told)
    rest, most = _taken(_UPTO, rest)
    without = _REGISTRATION.sub(" ", rest)
    needs = frozenset({REGISTRATION}) if without != rest else frozenset()
    return Conditions(least, most, needs, _BETWEEN.sub(" ", without).strip())


def _taken(pattern: re.Pattern[str], text: str) -> tuple[str, int | None]:
    """Return a text without what matched, and the age in it."""
    match = pattern.search(text)
    if match is None:
        return text, None
    age = next(int(each) for each in match.groups() if each is not None)
    return f"{text[: match.start()]} {text[match.end() :]}", age

"""The languages that netmon speaks."""

from enum import StrEnum


class Language(StrEnum):
    """A language, by its code (ISO 639-1); Dutch comes first."""

    NL = "nl"
    EN = "en"
    FR = "fr"

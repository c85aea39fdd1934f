"""Why a device does not work, in Dutch; the code stays beside it for those who look it up."""

from dataclasses import dataclass

from netmon.words.clean import clean
from netmon.words.language import Language
from netmon.words.reasons import REASONS, said_reason

WORDS = REASONS[Language.NL]


@dataclass(frozen=True, slots=True)
class Reason:
    """`said` is for people; `code` is what the record holds, empty where that adds nothing."""

    said: str
    code: str = ""


def reason(code: str) -> Reason:
    """Return the words for a reason; one that nobody put into words stays as it is."""
    shown, said = clean(code), said_reason(code, Language.NL)
    return Reason(said, shown if shown in WORDS else "")

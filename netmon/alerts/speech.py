"""One message's way of speaking: its language, its local time, and names made harmless."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from netmon.alerts.message import Problem
from netmon.alerts.phrases import PHRASES, Phrases
from netmon.domain.model import DeviceKind
from netmon.words import moments, nouns
from netmon.words.clean import clean
from netmon.words.language import Language
from netmon.words.reasons import said_reason

LONGEST_NAME = 80
_KILOMETRE_M = 1000.0
_MARKUP = str.maketrans("<>[]{}*`|~@\\", "‹›()()·'/-＠/")
"""Signs that chat programs read as links, mentions or formatting, and their harmless likes."""


def harmless(text: str, limit: int = LONGEST_NAME) -> str:
    """Return a name from outside that is one line, of bounded length, and only text to a chat."""
    return clean(text, limit).translate(_MARKUP).replace("://", ": //")


@dataclass(frozen=True, slots=True)
class Speech:
    """How a message speaks; `now` is when it is written."""

    language: Language
    zone: ZoneInfo
    now: datetime

    @property
    def phrases(self) -> Phrases:
        """Return the sentences of its language."""
        return PHRASES[self.language]

    def moment(self, at: datetime) -> str:
        """Return an instant after "since" or "until"."""
        return moments.moment(at, self.now, self.zone, self.language)

    def duration(self, seconds: float) -> str:
        """Return a length of time."""
        return moments.duration(seconds, self.language)

    def noun(self, kind: DeviceKind, count: int) -> str:
        """Return what so many devices of a kind are called."""
        return nouns.KINDS[self.language][kind].of(count)

    def subject(self, problem: Problem) -> str:
        """Return what is broken: its kind and name, or the name of the place."""
        name = harmless(problem.subject_name) or harmless(problem.subject_id)
        return name if problem.kind is None else f"{self.noun(problem.kind, 1)} {name}"

    def place(self, problem: Problem) -> str:
        """Return where it is."""
        return harmless(problem.place_name) or harmless(problem.place_id)

    def reason(self, problem: Problem) -> str:
        """Return why."""
        return harmless(said_reason(problem.reason, self.language))

    def length(self, metres: float) -> str:
        """Return a length to ten metres, or to a tenth of a kilometre."""
        if metres < _KILOMETRE_M:
            return f"{max(10, round(metres, -1)):.0f} m"
        kilometres = f"{metres / _KILOMETRE_M:.1f} km"
        return kilometres if self.language is Language.EN else kilometres.replace(".", ",")

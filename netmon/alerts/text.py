"""What a message says to people."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from netmon.alerts.description import Describe
from netmon.alerts.message import OWN_SIGHT, Message, Problem
from netmon.alerts.reference import reference
from netmon.alerts.sentences import lines, losses, told_loss, verb
from netmon.alerts.speech import Speech, harmless
from netmon.domain.model import Status
from netmon.words.clean import clean
from netmon.words.language import Language

LONGEST_SUBJECT = 200
LATE = timedelta(minutes=30)
"""What is older when it is delivered may be over: the first line says so."""


@dataclass(frozen=True, slots=True)
class Text:
    """`subject` is one line of at most 200 characters; `body` is plain text, lines apart by LF."""

    subject: str
    body: str


def compose(
    message: Message,
    describe: Describe,
    zone: ZoneInfo,
    language: Language,
    now: datetime | None = None,
) -> Text:
    """
    Put a message into words.

    Names come from files and devices: none makes a new line, a header, a link or a mention.

    Parameters
    ----------
    message
        Without problems it is a test of its route.
    describe
        What is known of a problem by its key; where it knows nothing the text does without.
    zone, language
        Of the people who read it.
    now
        When it is delivered (aware), None for when it was written. One that is late says so.
    """
    speech = Speech(language, zone, now or message.at)
    if not message.problems:
        said = speech.phrases.test_body.format(route=harmless(message.route))
        return Text(speech.phrases.test, f"{said}\n\nRef. {reference(message)}")
    is_withdrawn = all(each.is_withdrawn for each in message.problems)
    prefix = "" if is_withdrawn else speech.phrases.prefixes[message.happening]
    subject = clean(prefix + _headline(message.problems, describe, speech), LONGEST_SUBJECT)
    told = [*lines(message.problems, describe, speech), "", f"Ref. {reference(message)}"]
    if speech.now - message.at > LATE:
        told.insert(0, speech.phrases.late.format(written=speech.moment(message.at)))
    return Text(subject, "\n".join(told))


def _headline(problems: tuple[Problem, ...], describe: Describe, speech: Speech) -> str:
    told = [each for each in problems if not each.is_over] or list(problems)
    sight = [each for each in told if each.subject_id == OWN_SIGHT]
    if sight:
        return speech.phrases.sees if sight[0].is_over else speech.phrases.blind
    if lost := losses(told, describe):
        return f"{told_loss(lost[0], speech)} {verb(lost[0], speech)}"
    return speech.phrases.at.format(place=_places(told, speech), what=_what(told, speech))


def _places(problems: list[Problem], speech: Speech) -> str:
    names = list(dict.fromkeys(speech.place(each) for each in problems))
    if len(names) == 1:
        return names[0]
    return speech.phrases.and_places.format(place=names[0], count=len(names) - 1)


def _what(problems: list[Problem], speech: Speech) -> str:
    if len(problems) > 1:
        return speech.phrases.many.format(count=len(problems))
    (problem,), phrases = problems, speech.phrases
    if problem.is_over:
        pattern = phrases.is_withdrawn if problem.is_withdrawn else phrases.works_again
    elif problem.kind is None:
        return speech.reason(problem)
    else:
        pattern = phrases.is_partial if problem.status is Status.DEGRADED else phrases.is_out
    return pattern.format(subject=speech.subject(problem))

"""The sentences of a message: what is broken, why, and what it means for residents."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from netmon.alerts.description import Describe, Description, Loss, merged
from netmon.alerts.message import OWN_SIGHT, Problem
from netmon.alerts.speech import Speech, harmless
from netmon.domain.incidents import Audience
from netmon.domain.model import DeviceKind, Status
from netmon.words.clean import clean

MOST_PROBLEMS = 20
MOST_LOSSES = 8
LONGEST_LINK = 500
_FEWEST_PEOPLE = 5
"""A smaller count could point at somebody."""

_SOON = timedelta(days=365)

_NOTHING = Description()
_SERVING = (DeviceKind.ACCESS_POINT, DeviceKind.PUBLIC_PC)
"""What residents use themselves is told first."""


def lines(problems: tuple[Problem, ...], describe: Describe, speech: Speech) -> Iterator[str]:
    """Say each problem of a message in a line of its own; one that is over comes last."""
    first = sorted(problems, key=lambda each: each.is_over)
    going_on = [each for each in first if not each.is_over]
    lost = losses(going_on, describe) if len(going_on) > 1 else []
    for loss in lost[:MOST_LOSSES]:
        yield f"{told_loss(loss, speech)} {verb(loss, speech)}."
    if lost:
        yield ""
    for problem in first[:MOST_PROBLEMS]:
        known = describe(problem.key) or _NOTHING
        yield " ".join(_sentences(problem, _beside(lost, problem, known), speech))
        if link := _link(problem):
            yield speech.phrases.link.format(link=link)
    if len(first) > MOST_PROBLEMS:
        yield speech.phrases.more.format(count=len(first) - MOST_PROBLEMS)


def _beside(lost: list[Loss], problem: Problem, known: Description) -> Description:
    """Leave out what the sum already said: that it is one of five is no news, and reads as less."""
    out = {device for loss in known.losses for device in loss.out}
    return replace(known, losses=()) if lost and out == {problem.subject_id} else known


def _sentences(problem: Problem, known: Description, speech: Speech) -> Iterator[str]:
    if problem.is_over:
        yield _ending(problem, speech)
        return
    yield _beginning(problem, known, speech)
    if problem.subject_id == OWN_SIGHT:
        return
    yield from _affected(problem, known, speech)
    yield from _remarks(problem, speech)
    yield from _for_residents(known, speech)


def _beginning(problem: Problem, known: Description, speech: Speech) -> str:
    phrases, lost = speech.phrases, _losses_of(problem, known)[:MOST_LOSSES]
    if problem.subject_id == OWN_SIGHT:
        pattern = phrases.blind_since
    elif lost:
        pattern = phrases.lost
    elif problem.kind is None:
        pattern = phrases.place
    else:
        pattern = phrases.partial if problem.status is Status.DEGRADED else phrases.broken
    return pattern.format(
        place=speech.place(problem),
        subject=speech.subject(problem),
        since=speech.moment(problem.began_at),
        reason=speech.reason(problem) or "?",
        losses="; ".join(told_loss(each, speech) for each in lost),
        verb=verb(lost[-1], speech) if lost else "",
    )


def _ending(problem: Problem, speech: Speech) -> str:
    phrases, ended = speech.phrases, problem.ended_at
    if ended is None:
        pattern = phrases.explained if problem.explained_by else phrases.withdrawn
    else:
        pattern = phrases.sees_since if problem.subject_id == OWN_SIGHT else phrases.resolved
    lasted_s = 0.0 if ended is None else (ended - problem.began_at).total_seconds()
    return pattern.format(
        place=speech.place(problem),
        subject=speech.subject(problem),
        cause=harmless(problem.explained_by),
        ended="" if ended is None else speech.moment(ended),
        duration=speech.duration(lasted_s),
    )


def _affected(problem: Problem, known: Description, speech: Speech) -> Iterator[str]:
    """Say how many others it took along, where nobody said yet which."""
    count = len(set(problem.affected) - {problem.subject_id})
    if count and not known.losses:
        phrases = speech.phrases
        pattern = phrases.affected_one if count == 1 else phrases.affected_many
        yield pattern.format(count=count)


def _remarks(problem: Problem, speech: Speech) -> Iterator[str]:
    phrases = speech.phrases
    if problem.is_flapping:
        yield phrases.flapping
    if problem.acknowledged_until is not None:
        yield _acknowledged(problem.acknowledged_until, speech)
    if problem.audience is Audience.OWNER:
        owner = harmless(problem.owner)
        yield phrases.owner.format(owner=f" ({owner})" if owner else "")
    if problem.is_open_now is False:
        yield phrases.closed


def _acknowledged(until: datetime, speech: Speech) -> str:
    """Say that somebody is at it; until when only where that is soon enough to mean something."""
    if until - speech.now > _SOON:
        return speech.phrases.acknowledged_openly
    return speech.phrases.acknowledged.format(until=speech.moment(until))


def _for_residents(known: Description, speech: Speech) -> Iterator[str]:
    phrases, figures = speech.phrases, list(_figures(known, speech))
    yield from figures
    if figures and known.is_synthetic:
        yield phrases.invented
    if known.next_spot:
        until = known.next_spot_until
        pattern = phrases.next_spot if until is None else phrases.next_spot_until
        shown = "" if until is None else speech.moment(until)
        yield pattern.format(spot=_spot(known, speech), until=shown)


def _figures(known: Description, speech: Speech) -> Iterator[str]:
    phrases = speech.phrases
    if known.lost_m is not None and math.isfinite(known.lost_m) and known.lost_m > 0:
        yield phrases.street.format(length=speech.length(known.lost_m))
    if known.people is not None and known.people >= _FEWEST_PEOPLE:
        yield phrases.people.format(count=max(10, round(known.people, -1)))


def _spot(known: Description, speech: Speech) -> str:
    name, away_m = harmless(known.next_spot or ""), known.next_spot_m
    if away_m is None or not math.isfinite(away_m):
        return name
    pattern = speech.phrases.straight if known.is_straight else speech.phrases.walk
    return pattern.format(spot=name, length=speech.length(away_m))


def losses(problems: Iterable[Problem], describe: Describe) -> list[Loss]:
    """Return what several problems took, what residents use first, then the most."""
    found = [loss for each in problems for loss in _losses_of(each, describe(each.key) or _NOTHING)]
    return sorted(merged(found), key=lambda loss: (loss.kind not in _SERVING, -len(loss.out)))


def _losses_of(problem: Problem, known: Description) -> list[Loss]:
    """Return what is out: of a switch and what hangs on it, what residents use, if there is any."""
    if problem.status is not Status.DOWN or problem.kind is None or problem.is_over:
        return []
    serving = [loss for loss in known.losses if loss.kind in _SERVING]
    return serving or list(known.losses)


def told_loss(loss: Loss, speech: Speech) -> str:
    """Say how many of how many are out where."""
    noun, out = speech.noun(loss.kind, loss.total), len(loss.out)
    counted = speech.phrases.counted.format(out=out, total=loss.total, noun=noun)
    return speech.phrases.at.format(place=harmless(loss.place_name), what=counted)


def verb(loss: Loss, speech: Speech) -> str:
    """Return the verb that goes with a count."""
    return speech.phrases.out_one if len(loss.out) == 1 else speech.phrases.out_many


def _link(problem: Problem) -> str:
    if problem.is_withdrawn:  # there is no such incident any more, and so no page
        return ""
    link = clean(problem.link, LONGEST_LINK)
    return link if link.startswith(("http://", "https://")) and " " not in link else ""

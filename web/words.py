"""Dutch for residents and for the desk: short sentences, the same word for the same thing."""

from collections.abc import Iterable
from datetime import datetime

from netmon.analysis.rows import Notice, SpotRow
from netmon.domain.maintenance import Effect
from netmon.domain.model import Service, Status
from netmon.words import groups, moments, nouns
from netmon.words.language import Language
from web.localtime import LocalTime

SERVICES = {
    Service.WIFI: "gratis wifi",
    Service.COMPUTER: "computers",
    Service.GUIDED: "iemand helpt je",
    Service.PRINT: "printen",
    Service.LENDING: "een toestel lenen",
    Service.COURSE: "lessen",
}

GROUPS = groups.GROUPS

KINDS = {kind: noun.one for kind, noun in nouns.KINDS[Language.NL].items()}

EFFECTS = {
    Effect.MAINTENANCE: "Onderhoud",
    Effect.CLOSED: "Gesloten",
    Effect.OPEN: "Extra open",
    Effect.HOST: "Begeleiding",
}
"""What is announced, before the colon."""

USABLE = frozenset({Status.UP, Status.DEGRADED})

FOR_OWNER = "voor de beheerder van de plek"
"""Marks an incident that only the people of the place can end."""


def duration(seconds: float) -> str:
    """Return a length of time in the two largest units that matter, as in `3 u 12 min`."""
    return moments.duration(seconds, Language.NL)


def is_working_now(spot: SpotRow) -> bool:
    """
    Tell whether a resident can get online there now: known to be open, and it works.

    Where somebody measured that no page comes, radios that are on are no help.
    """
    return spot.open_now is True and spot.status in USABLE and spot.verified is not False


def sentence(spots: Iterable[SpotRow], city: str) -> str:
    """Return the one sentence of the public page about the city of that name."""
    count = sum(map(is_working_now, spots))
    if count == 0:
        subject = "nu weten we van geen enkele plek dat ze open is en werkt"
    elif count == 1:
        subject = "1 plek is nu open en werkt"
    else:
        subject = f"{count} plekken zijn nu open en werken"
    return f"Gratis internet in {city}: {subject}."


def hours(spot: SpotRow, now: datetime, local: LocalTime) -> str:
    """Say whether the spot is open; unknown hours never read as open."""
    at = spot.changes_at
    if spot.open_now is None:
        return "Uren niet bekend: bel eerst"
    if spot.open_now:
        return f"Open tot {local.until(at, now)}" if at else "Dag en nacht open"
    return f"Gesloten, opent {local.moment(at, now)}" if at else "Gesloten"


def counted(spot: SpotRow) -> str:
    """Say how many devices work, in words that fit what is there; empty where none is."""
    one, many = _noun(spot)
    if spot.total == 0:
        return ""
    number = f"{spot.total} {one if spot.total == 1 else many}"
    if spot.status is Status.UNKNOWN:
        return (
            f"{number}: we weten niet of ze werken"
            if spot.total > 1
            else f"{number}: we weten niet of die werkt"
        )
    if spot.status in {Status.EXPECTED_OFF, Status.MAINTENANCE}:
        return number
    # Where no page comes, a radio that is on does not work for anybody.
    does, do = ("werkt", "werken") if spot.verified is not False else ("staat aan", "staan aan")
    if spot.total == 1:
        return f"De {one} {does}" if spot.working else f"De {one} werkt niet"
    return f"{spot.working} van {spot.total} {many} {does if spot.working == 1 else do}"


def checked(spot: SpotRow) -> str:
    """Say whether somebody got online by the Wi-Fi there; a radio that is on proves nothing."""
    if Service.WIFI not in spot.services or not spot.working:
        return ""
    return {
        True: "Nagemeten: je raakt er op internet",
        False: "Nagemeten: verbinden lukt, maar je raakt niet op internet",
        None: "Of je er op internet raakt, meten we niet",
    }[spot.verified]


def announced(notice: Notice, now: datetime, local: LocalTime) -> str:
    """Say what is announced for a spot, and when; what holds already, until when."""
    what = EFFECTS[notice.effect]
    if notice.is_partial:
        what += " aan een deel"
    if notice.starts_at <= now:
        return f"Nu {what[0].lower()}{what[1:]}, tot {local.until(notice.ends_at, now)}"
    when = local.span(notice.starts_at, notice.ends_at)
    is_day = notice.effect is Effect.CLOSED and not when.endswith("uur")
    if is_day:
        return f"Gesloten {when}" if when.startswith("van ") else f"Gesloten op {when}"
    return f"{what}: {when}"


def _noun(spot: SpotRow) -> tuple[str, str]:
    has = {Service.WIFI, Service.COMPUTER} & set(spot.services)
    if has == {Service.COMPUTER}:
        return "computer", "computers"
    return ("zender", "zenders") if has == {Service.WIFI} else ("toestel", "toestellen")


def listed(spots: Iterable[SpotRow]) -> tuple[SpotRow, ...]:
    """Return the spots in reading order: open and working, then working, then the rest."""
    return tuple(
        sorted(
            spots,
            key=lambda s: (
                not is_working_now(s),
                s.open_now is False,
                s.status not in USABLE,
                s.name,
            ),
        )
    )

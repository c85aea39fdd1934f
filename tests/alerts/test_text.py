"""Alerts speak of people, in their language, and hostile names stay names."""

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.alerts.description import Description, Loss, losses_of, merged
from netmon.alerts.message import OWN_SIGHT, Happening, Problem
from netmon.alerts.phrases import PHRASES
from netmon.alerts.speech import harmless
from netmon.alerts.text import LONGEST_SUBJECT, Text, compose
from netmon.domain.incidents import Audience
from netmon.domain.model import Device, DeviceKind, Status
from netmon.words.language import Language
from tests.alerts.told import BEGAN, KNOWN, NOW, SWITCH, ended, message, unknown

ZONE = ZoneInfo("Europe/Brussels")
NL, EN, FR = Language.NL, Language.EN, Language.FR
AP = replace(SWITCH, key="ap@1", subject_id="ap-1", subject_name="Bruul 12", affected=(),
             kind=DeviceKind.ACCESS_POINT)  # fmt: skip
HALL = replace(
    AP, key="hall@1", subject_id="hall", subject_name="Het Predikheren", kind=None,
    place_id="hall", place_name="Het Predikheren", is_street=False, reason="site_not_opened",
    audience=Audience.OWNER, owner="Bibliotheek",
)  # fmt: skip
BLIND = replace(SWITCH, key="n@1", subject_id=OWN_SIGHT, subject_name="netmon", kind=None,
                place_id="", place_name="", affected=(), reason="no_route")  # fmt: skip


def told(
    *problems: Problem,
    happening: Happening = Happening.PROBLEM,
    known: Description | None = None,
    language: Language = NL,
) -> Text:
    said = compose(message(*problems, happening=happening), lambda _: known, ZONE, language)
    body, _, reference = said.body.rpartition("\n\n")
    assert reference.startswith("Ref. ")
    return replace(said, body=body)


@pytest.mark.parametrize(
    ("language", "subject", "body"),
    [
        (
            EN,
            "Bruul: 3 of 9 access points out",
            (
                "Bruul: 3 of 9 access points out since 10:02, cause: switch sw-bruul-1 "
                "(no answer). About 180 m of street without signal. "
                "Next free internet: Het Predikheren, open until 17:00."
            ),
        ),
        (
            NL,
            "Bruul: 3 van 9 wifi-punten werken niet",
            (
                "Bruul: 3 van 9 wifi-punten werken niet sinds 10.02 uur, oorzaak: "
                "switch sw-bruul-1 (geen antwoord). Ongeveer 180 m straat zonder signaal. "
                "Volgende gratis internet: Het Predikheren, open tot 17.00 uur."
            ),
        ),
        (
            FR,
            "Bruul : 3 sur 9 bornes wifi hors service",
            (
                "Bruul : 3 sur 9 bornes wifi hors service depuis 10h02, cause : switch sw-bruul-1 "
                "(pas de réponse). Environ 180 m de rue sans signal. "
                "Prochain internet gratuit : Het Predikheren, ouvert jusqu’à 17h00."
            ),
        ),
    ],
)
def test_an_alert_speaks_of_people(language: Language, subject: str, body: str) -> None:
    assert told(SWITCH, known=KNOWN, language=language) == Text(subject, body)


@pytest.mark.parametrize(
    ("language", "subject", "body"),
    [
        (
            NL,
            "Bruul: switch sw-bruul-1 werkt niet",
            (
                "Bruul: switch sw-bruul-1 werkt niet sinds 10.02 uur (geen antwoord). "
                "Daardoor zijn ook 3 andere toestellen weg."
            ),
        ),
        (
            EN,
            "Bruul: switch sw-bruul-1 is out",
            (
                "Bruul: switch sw-bruul-1 has been out since 10:02 (no answer). "
                "It took 3 other devices along."
            ),
        ),
        (
            FR,
            "Bruul : switch sw-bruul-1 hors service",
            (
                "Bruul : switch sw-bruul-1 hors service depuis 10h02 (pas de réponse). "
                "3 autres appareils sont perdus avec lui."
            ),
        ),
    ],
)
def test_where_nothing_is_described_the_text_does_without(
    language: Language, subject: str, body: str
) -> None:
    assert told(SWITCH, language=language) == Text(subject, body)


@pytest.mark.parametrize(
    ("happening", "subjects"),
    [
        (Happening.CHANGED, ("Gewijzigd: ", "Changed: ", "Changé : ")),
        (Happening.REMINDER, ("Nog altijd: ", "Still: ", "Toujours : ")),
        (Happening.ESCALATION, ("Nog niet opgelost: ", "Not solved yet: ", "Pas encore résolu : ")),
    ],
)
def test_the_subject_says_why_it_comes_again(
    happening: Happening, subjects: tuple[str, ...]
) -> None:
    for language, prefix in zip((NL, EN, FR), subjects, strict=True):
        first, again = (told(SWITCH, happening=h, language=language)
                        for h in (Happening.PROBLEM, happening))  # fmt: skip
        assert again == Text(prefix + first.subject, first.body)


@pytest.mark.parametrize(
    ("language", "subject", "body"),
    [
        (
            NL,
            "Opgelost: Bruul: switch sw-bruul-1 werkt weer",
            "Bruul: switch sw-bruul-1 werkt weer sinds 13.14 uur, na 3 u 12 min.",
        ),
        (
            EN,
            "Resolved: Bruul: switch sw-bruul-1 works again",
            "Bruul: switch sw-bruul-1 works again since 13:14, after 3 h 12 min.",
        ),
        (
            FR,
            "Résolu : Bruul : switch sw-bruul-1 fonctionne de nouveau",
            "Bruul : switch sw-bruul-1 fonctionne de nouveau depuis 13h14, après 3 h 12 min.",
        ),
    ],
)
def test_the_end_says_how_long_it_lasted(language: Language, subject: str, body: str) -> None:
    said = told(ended(), happening=Happening.RESOLVED, known=KNOWN, language=language)
    assert said == Text(subject, body)


def test_where_all_computers_of_a_place_fail_no_line_says_that_one_of_five_is_out() -> None:
    ids = [f"pc-{n}" for n in range(5)]
    computers = [
        replace(AP, key=each, subject_id=each, subject_name=each, kind=DeviceKind.PUBLIC_PC)
        for each in ids
    ]
    said = compose(
        message(*computers),
        lambda key: Description(
            (Loss("bib", "Bib", DeviceKind.PUBLIC_PC, frozenset({key}), len(ids)),)
        ),
        ZONE,
        EN,
    )
    assert said.subject == "Bib: 5 of 5 computers out"
    summed, _, *each_one = said.body.splitlines()[:7]
    assert summed == "Bib: 5 of 5 computers out."
    assert each_one == [
        f"Bruul: computer {each} has been out since 10:02 (no answer)." for each in ids
    ]


def test_what_was_withdrawn_is_not_called_resolved() -> None:
    gone = replace(SWITCH, is_withdrawn=True, link="https://netmon.example.org/ops/incidents/x")
    said = told(gone, happening=Happening.RESOLVED)
    assert said.subject == "Bruul: switch sw-bruul-1, melding ingetrokken"
    assert "://" not in said.body, "an incident that is none any more has no page"
    assert "zegt dit bericht niet" in said.body and "weer" not in said.body
    explained = told(replace(gone, explained_by="gw-1"), happening=Happening.RESOLVED)
    assert explained.body == "Bruul: switch sw-bruul-1 hoort bij een andere storing: gw-1."


def test_a_closed_place_is_told_to_its_owner() -> None:
    assert told(replace(HALL, is_open_now=True)) == Text(
        "Het Predikheren: plek niet geopend",
        "Het Predikheren: plek niet geopend sinds 10.02 uur. "
        "Voor de beheerder van de plek (Bibliotheek).",
    )


def test_degraded_is_not_called_out() -> None:
    full = replace(AP, status=Status.DEGRADED, reason="disk_full")
    assert told(full, known=KNOWN) == Text(
        "Bruul: wifi-punt Bruul 12 werkt maar deels",
        "Bruul: wifi-punt Bruul 12 werkt maar deels sinds 10.02 uur (schijf vol). "
        "Ongeveer 180 m straat zonder signaal. "
        "Volgende gratis internet: Het Predikheren, open tot 17.00 uur.",
    )


@pytest.mark.parametrize("language", Language)
def test_own_sight_that_is_lost_speaks_of_netmon_alone(language: Language) -> None:
    lost = told(BLIND, language=language)
    seen = told(ended(BLIND), happening=Happening.RESOLVED, language=language)
    assert lost.subject == PHRASES[language].blind
    assert lost.body.startswith("netmon ") and "()" not in lost.body
    assert seen.subject.endswith(PHRASES[language].sees)


def test_flapping_acknowledgement_and_closing_time_are_said() -> None:
    body = told(
        replace(AP, is_flapping=True, is_open_now=False, acknowledged_until=NOW + timedelta(days=1))
    ).body
    assert "Valt telkens uit en komt terug" in body
    assert "Iemand werkt eraan, tot morgen 11.00 uur." in body
    assert body.endswith("De plek is nu gesloten.")


def test_an_acknowledgement_without_end_names_none() -> None:
    forever = datetime.max.replace(tzinfo=UTC)
    assert "Iemand werkt eraan." in told(replace(AP, acknowledged_until=forever)).body


@pytest.mark.parametrize(("minutes", "is_late"), [(29, False), (31, True), (60 * 24, True)])
def test_a_message_that_comes_late_says_when_it_was_written(minutes: int, is_late: bool) -> None:  # noqa: FBT001 - the answer
    now = NOW + timedelta(minutes=minutes)
    for language, word in ((NL, "Geschreven"), (EN, "Written"), (FR, "Écrit")):
        body = compose(message(SWITCH), unknown, ZONE, language, now).body
        assert (word in body.splitlines()[0]) is is_late
    if minutes > 60 * 12:
        assert body.startswith("Écrit : hier 11h00.") and "depuis hier 10h02" in body


def test_devices_of_one_place_are_counted_together_and_none_twice() -> None:
    known = {
        name: Description((Loss("bruul", "Bruul", DeviceKind.ACCESS_POINT, frozenset(out), 9),))
        for name, out in {"a": {"1"}, "b": {"1", "2"}, "c": {"3"}}.items()
    }
    problems = [replace(AP, key=name, subject_name=name) for name in known]
    said = compose(message(*problems), known.get, ZONE, NL)
    assert said.subject == "Bruul: 3 van 9 wifi-punten werken niet"
    assert said.body.splitlines()[0] == "Bruul: 3 van 9 wifi-punten werken niet."


def test_many_places_are_counted() -> None:
    said = told(AP, HALL, replace(HALL, key="x", place_name="Bib"))
    assert said.subject == "Bruul en 2 andere: 3 storingen"


def test_a_long_list_ends_in_a_number() -> None:
    said = told(*(replace(AP, key=str(each)) for each in range(50)))
    assert len(said.body.splitlines()) == 21
    assert said.body.endswith("En nog 30 andere.")


def test_a_message_without_problems_is_a_test() -> None:
    for language in Language:
        said = told(language=language)
        assert "netmon" in said.subject and "it" in said.body


@pytest.mark.parametrize(
    ("metres", "said"),
    [(4, "10 m"), (183.4, "180 m"), (999, "1000 m"), (1240, "1,2 km"), (float("nan"), None)],
)
def test_lengths_are_rounded(metres: float, said: str | None) -> None:
    body = told(SWITCH, known=replace(KNOWN, lost_m=metres)).body
    assert (f"Ongeveer {said} straat" in body) is (said is not None)
    assert "nan" not in body


@pytest.mark.parametrize(("people", "said"), [(4, False), (5, True), (238, True)])
def test_a_handful_of_people_is_not_counted(people: int, said: bool) -> None:  # noqa: FBT001 - the answer
    assert ("inwoners" in told(SWITCH, known=Description(people=people)).body) is said


def test_a_link_is_ours_or_none() -> None:
    assert (
        "Meer: https://netmon.example/ops"
        in told(replace(AP, link="https://netmon.example/ops")).body
    )
    assert "Meer" not in told(replace(AP, link="javascript:alert(1)")).body


def test_losses_are_counted_against_all_of_the_kind_there() -> None:
    devices = {
        each.id: each
        for each in (
            *(Device(f"ap-{n}", DeviceKind.ACCESS_POINT, "", "bruul", "") for n in range(9)),
            Device("sw", DeviceKind.SWITCH, "", "bruul", ""),
            Device("ap-x", DeviceKind.ACCESS_POINT, "", "hall", ""),
        )
    }
    found = losses_of(["ap-1", "ap-2", "gone", "ap-x"], devices, {"bruul": "Bruul"})
    assert {(each.place_name, len(each.out), each.total) for each in found} == {
        ("Bruul", 2, 9), ("hall", 1, 1),
    }  # fmt: skip
    assert merged([*found, *found]) == found


HOSTILE = st.text(max_size=300) | st.sampled_from(
    ["a\r\nBcc: all@example.org", "\u202eevil", "<!channel>", "@everyone", "[x](http://evil)",
     "{place}", "x" * 64_000, "\x1b[2J", "\ud800", "<script>", "%s %(a)s", ""]
)  # fmt: skip


@given(names=st.lists(HOSTILE, min_size=6, max_size=6), language=st.sampled_from(Language),
       happening=st.sampled_from(Happening), knows=st.booleans())  # fmt: skip
def test_hostile_names_never_leave_their_place(
    names: list[str],
    language: Language,
    happening: Happening,
    knows: bool,  # noqa: FBT001 - drawn
) -> None:
    device, place, reason, owner, spot, cause = names
    problems = [
        replace(each, subject_name=device, place_name=place, reason=reason, owner=owner,
                explained_by=cause)
        for each in (SWITCH, HALL, ended(), replace(AP, is_withdrawn=True), BLIND)
    ]  # fmt: skip
    known = Description(
        (Loss("a", place, DeviceKind.ACCESS_POINT, frozenset({"1"}), 2),), next_spot=spot
    )
    for group in (problems, problems[:1]):
        said = compose(
            message(*group, happening=happening), lambda _: known if knows else None, ZONE, language
        )
        assert 0 < len(said.subject) <= LONGEST_SUBJECT
        assert not {unicodedata.category(char) for char in said.subject} & {"Cc", "Cf", "Cs", "Zl"}
        assert len(said.body) < 10_000
        for line in said.body.split("\n"):
            assert line == "".join(char for char in line if unicodedata.category(char)[0] != "C")
        assert not set("<>[]{}*`|~@\\") & set(said.subject + said.body)
        assert "://" not in said.body
        said.body.encode()


@given(HOSTILE)
def test_harmless_text_stays_as_it_is_when_it_is_made_harmless_again(text: str) -> None:
    once = harmless(text)
    assert harmless(once) == once
    assert len(once) <= 160


def test_every_sentence_can_be_filled_in() -> None:
    names = (
        "out total noun place count what losses verb since subject reason ended duration cause "
        "until owner length spot link route written"
    )
    fields = dict.fromkeys(names.split(), "x")
    for language, phrases in PHRASES.items():
        for name in phrases.__slots__:
            pattern = getattr(phrases, name)
            if isinstance(pattern, str):
                assert pattern.format(**fields), (language, name)
        assert set(phrases.prefixes) == set(Happening)


def test_times_are_those_of_the_city() -> None:
    assert BEGAN.hour == 8 and "10.02" in told(SWITCH).body
    assert unknown("any") is None


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (Language.NL, "Het Predikheren (ongeveer 240 m wandelen), open tot 16.00 uur."),
        (Language.EN, "Het Predikheren (about 240 m on foot), open until 16:00."),
        (Language.FR, "Het Predikheren (environ 240 m à pied), ouvert jusqu’à 16h00."),
    ],
)
def test_the_next_spot_says_how_far_it_is(language: Language, said: str) -> None:
    known = replace(KNOWN, next_spot_m=240.0, next_spot_until=NOW + timedelta(hours=5))
    assert said in told(SWITCH, known=known, language=language).body


def test_a_straight_line_is_not_told_as_a_walk() -> None:
    body = told(SWITCH, known=replace(KNOWN, next_spot_m=240.0, is_straight=True)).body
    assert "(ongeveer 240 m in rechte lijn)" in body and "wandelen" not in body


@pytest.mark.parametrize("away_m", [None, float("nan"), float("inf")])
def test_a_distance_that_nobody_knows_is_not_told(away_m: float | None) -> None:
    assert "Het Predikheren, open" in told(SWITCH, known=replace(KNOWN, next_spot_m=away_m)).body


@pytest.mark.parametrize("language", Language)
def test_figures_from_made_up_data_say_so_and_a_spot_alone_does_not(language: Language) -> None:
    marks = {Language.NL: "voorbeeldgegevens", Language.EN: "made-up", Language.FR: "d’exemple"}
    made_up = replace(KNOWN, is_synthetic=True)
    assert marks[language] in told(SWITCH, known=made_up, language=language).body
    assert marks[language] not in told(SWITCH, known=KNOWN, language=language).body
    alone = Description(next_spot="Bib", is_synthetic=True)
    assert marks[language] not in told(SWITCH, known=alone, language=language).body

"""What may be said of an incident: text from a form or a file is hostile."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.config.annotation_text import (
    MOST_TEXT,
    annotation_fault,
    one_line,
    url_fault,
)
from netmon.domain.annotations import UNTIL_IT_ENDS_S, Annotation, AnnotationKind
from netmon.domain.intervals import instant

NOTE = Annotation("n", "sw-1", 1000, AnnotationKind.NOTE, "Ann", 1010, "a fuse")
LINK = replace(NOTE, kind=AnnotationKind.LINK, url="https://example.org/1?a=b#c")
ACK = replace(NOTE, kind=AnnotationKind.ACKNOWLEDGEMENT, until_s=2000, text="")


@pytest.mark.parametrize("said", [NOTE, LINK, ACK, replace(LINK, text="")])
def test_what_people_say_may_be_said(said: Annotation) -> None:
    assert annotation_fault(said) is None


@pytest.mark.parametrize(
    "said",
    [
        replace(NOTE, text=""),
        replace(NOTE, text="x" * (MOST_TEXT + 1)),
        replace(NOTE, text="two\nlines"),
        replace(NOTE, text="\N{RIGHT-TO-LEFT OVERRIDE}sti"),
        replace(NOTE, author=""),
        replace(NOTE, author="x" * 101),
        replace(NOTE, author="\x1b[31m"),
        replace(NOTE, uid=""),
        replace(NOTE, subject=""),
        replace(NOTE, at_s=-1),
        replace(NOTE, at_s=UNTIL_IT_ENDS_S),
        replace(ACK, until_s=UNTIL_IT_ENDS_S),
        replace(NOTE, url="https://example.org"),
        replace(NOTE, until_s=2000),
        replace(ACK, until_s=1010),
        replace(LINK, url=""),
    ],
    ids=str,
)
def test_what_is_too_long_hidden_or_without_sense_is_not(said: Annotation) -> None:
    fault = annotation_fault(said)
    assert fault is not None and "expected" in fault and fault.isprintable()


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)//https://example.org",
        "data:text/html,hello",
        "file:///etc/passwd",
        "//example.org",
        "example.org",
        "https://",
        "https:///path",
        "https://user@example.org",
        "https://user:word@example.org",
        "https://example.org/\u202egpj",
        "https://exаmple.org",
        "https://example.org/a b",
        'https://example.org/"onclick="x',
        "https://example.org:99999",
        "https://[::1",
        "https://example.org/" + "x" * 2000,
        " https://example.org",
        "java\nscript:alert(1)",
    ],
)
def test_a_link_leads_to_a_page_and_nowhere_else(url: str) -> None:
    fault = url_fault(url)
    assert fault is not None and fault.startswith("expected an http or https address")


@given(st.text(max_size=100), st.integers(1, 50))
def test_text_becomes_one_short_printable_line(text: str, most: int) -> None:
    line = one_line(text, most)
    assert len(line) <= most and line.isprintable()
    assert one_line(line, most) == line


def test_the_last_instant_that_may_be_said_is_a_date_in_every_zone() -> None:
    assert annotation_fault(replace(ACK, until_s=UNTIL_IT_ENDS_S - 1)) is None
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
        assert instant(UNTIL_IT_ENDS_S).astimezone(ZoneInfo(zone)).year > 6000

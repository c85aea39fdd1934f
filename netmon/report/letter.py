"""What goes with a report that is sent: a subject, a few lines, and its files under a good name."""

from collections.abc import Mapping
from pathlib import Path

from netmon.report.brief import brief_section, summary
from netmon.report.compose import compose, edition_words
from netmon.report.edition import Edition
from netmon.report.wording import say

ATTACHED = ("pdf", "csv")


def subject(edition: Edition) -> str:
    """Return the subject: one line of at most 300 characters."""
    return f"{compose(edition).title} ({edition_words(edition)})"


def body(edition: Edition) -> str:
    """Return the month in a few lines of plain text."""
    paper = compose(edition)
    points = brief_section(edition.report).points
    changed = paper.sections[0].paragraphs if paper.sections[0].key == "changes" else ()
    lines = [*paper.marks[:-1], summary(edition.report), *(f"- {point}" for point in points)]
    return "\n".join((*lines, *changed, "", say("letter_attached"), ""))


def file_name(edition: Edition, ending: str) -> str:
    """Return what a file is called where others see it: `netmon-2026-10-r1.pdf`."""
    number = edition.revision
    return f"netmon-{edition.report.month}-{f'r{number}' if number else 'proef'}.{ending}"


def put(folder: Path, edition: Edition, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write files of an edition into a folder under their names; return these."""
    paths = tuple(folder / file_name(edition, ending) for ending in files)
    for path, content in zip(paths, files.values(), strict=True):
        _write(path, content)
    return paths


def _write(path: Path, content: bytes) -> None:
    """Write a file, or leave none: half a report must not be taken for one."""
    try:
        path.write_bytes(content)
    except OSError as error:
        # Of a full disk the system says which only to who opens a file, not to who writes.
        error.filename = str(path)
        if path.is_file():
            path.unlink()
        raise

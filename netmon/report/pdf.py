"""Setting a paper as a tagged PDF (PDF/UA-1); the same paper gives the same bytes."""

import dataclasses
import json
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

from netmon.report.paper import Paper

STANDARD: Final = "ua-1"
"""ISO 14289-1: a document that a screen reader can read; typst refuses one that is not."""

TYPEFACE = ("fontpkg_atkinson_hyperlegible", "files")


def as_pdf(paper: Paper) -> bytes:
    """
    Return a paper as PDF.

    What it says goes in as JSON beside the layout: a name is never read as markup. Only the
    typefaces of packages are used, and the last day of the month stands for the date.
    """
    import typst  # noqa: PLC0415 - 7 MB that only who sets a paper needs

    dated = datetime.fromisoformat(paper.dated).replace(tzinfo=UTC)
    with resources.as_file(_typeface()) as fonts:
        made = typst.compile(
            _layout(),
            format="pdf",
            font_paths=typst.Fonts(include_system_fonts=False, font_paths=[fonts]),
            ignore_system_fonts=True,
            sys_inputs={"paper": json.dumps(dataclasses.asdict(paper), ensure_ascii=False)},
            pdf_standards=STANDARD,
            timestamp=int(dated.timestamp()),
        )
    return bytes(made)


@cache
def _layout() -> bytes:
    return resources.files("netmon.report").joinpath("paper.typ").read_bytes()


def _typeface() -> Traversable:
    package, folder = TYPEFACE
    return resources.files(package).joinpath(folder)

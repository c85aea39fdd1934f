"""Setting a paper as a tagged PDF (PDF/UA-1); the same paper gives the same bytes."""

import dataclasses
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from netmon.report.paper import Paper

if TYPE_CHECKING:
    import typst

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
    with typefaces() as fonts:
        made = typst.compile(
            _layout(),
            format="pdf",
            font_paths=fonts,
            ignore_system_fonts=True,
            sys_inputs={"paper": json.dumps(dataclasses.asdict(paper), ensure_ascii=False)},
            pdf_standards=STANDARD,
            timestamp=int(dated.timestamp()),
        )
    return bytes(made)


@cache
def _layout() -> bytes:
    return resources.files("netmon.report").joinpath("paper.typ").read_bytes()


@contextmanager
def typefaces() -> Iterator["typst.Fonts"]:
    """Yield the typefaces of packages, and no others: the same on every machine."""
    import typst  # noqa: PLC0415 - 7 MB that only who sets a paper needs

    package, folder = TYPEFACE
    with resources.as_file(resources.files(package).joinpath(folder)) as path:
        yield typst.Fonts(include_system_fonts=False, font_paths=[path])

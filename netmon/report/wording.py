"""Finding the words for what a report says."""

from netmon.analysis.month_report import Grouping, Line
from netmon.report import texts_nl
from netmon.report.glyphs import drawable
from netmon.words.reasons import said_reason

LANGUAGE = texts_nl.LANGUAGE
KINDS, SERVICES = texts_nl.KINDS, texts_nl.SERVICES
PARTS, WHOSE, METHOD = texts_nl.PARTS, texts_nl.WHOSE, texts_nl.METHOD


def say(key: str, **facts: object) -> str:
    """Return a sentence with its facts filled in; raises `KeyError` for one that there is not."""
    return texts_nl.TEXTS[key].format(**facts)


def name_of(line: Line) -> str:
    """Return what a line is called; names come from files and devices and may hold anything."""
    return marked(_plain_name(line), is_synthetic=line.synthetic)


def marked(name: str, *, is_synthetic: bool) -> str:
    """Return a name fit to be drawn, with a word behind it where what it names is made up."""
    shown = drawable(name)
    return say("synthetic", name=shown) if is_synthetic else shown


def cause(code: str) -> str:
    """Return what people call a recorded reason; one of a city's own stays as it is."""
    return drawable(said_reason(code, LANGUAGE))


def _plain_name(line: Line) -> str:
    if line.grouping is Grouping.TOTAL:
        return say("all")
    if line.grouping is Grouping.KIND and line.kind is not None:
        return KINDS[line.kind]
    if line.grouping is Grouping.SITE and line.service is not None:
        return say("site_service", name=drawable(line.name), service=SERVICES[line.service])
    return line.name

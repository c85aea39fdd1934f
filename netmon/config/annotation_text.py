"""What may be said of an incident: bounded, printable text, and links that lead to a page."""

from urllib.parse import urlsplit

from netmon.config.complaints import printable
from netmon.domain.annotations import UNTIL_IT_ENDS_S, Annotation, AnnotationKind

MOST_AUTHOR, MOST_TEXT, MOST_URL, MOST_UID = 100, 2000, 2000, 500


def one_line(text: str, most: int) -> str:
    """Return text from outside as one printable line of at most so many characters."""
    kept = printable(" ".join(text[: 4 * most].split()))
    return kept if len(kept) <= most else kept[: most - 1].rstrip() + "…"


def url_fault(url: str) -> str | None:
    """
    Return what is wrong with the address of a link, None if nothing.

    Only pages are led to: `javascript:` would run with the rights of whoever reads it. It is
    ASCII and names no password, as what follows `https://` must be what a reader sees there.
    """
    expected = f"expected an http or https address of at most {MOST_URL} characters"
    try:
        parts = urlsplit(url)
        is_page = parts.scheme in {"http", "https"} and bool(parts.hostname)
        is_plain = parts.username is None and parts.password is None
        _ = parts.port  # raises where it is no number
    except ValueError:
        return f"{expected}, found one that cannot be read"
    is_written_so = url.isascii() and url.isprintable() and not set(url) & set(' "<>\\^`{|}')
    if not is_page or not is_written_so or len(url) > MOST_URL:
        return f"{expected}, without spaces, found another"
    return None if is_plain else f"{expected}, without a user name, found one"


def annotation_fault(annotation: Annotation) -> str | None:
    """Return what is wrong with an annotation that came from outside, None if nothing."""
    said = annotation
    # Who said what is withdrawn may be forgotten by then.
    least_author = int(said.withdrawn_s is None)
    bounded = (
        ("uid", said.uid, 1, MOST_UID),
        ("subject", said.subject, 1, MOST_UID),
        ("author", said.author, least_author, MOST_AUTHOR),
        ("text", said.text, int(said.kind is AnnotationKind.NOTE), MOST_TEXT),
    )
    for name, text, least, most in bounded:
        if not (least <= len(text) <= most and text.isprintable()):
            return f"{name}: expected {least} to {most} printable characters, found others"
    return _link_fault(said) or _times_fault(said)


def _link_fault(said: Annotation) -> str | None:
    if said.kind is AnnotationKind.LINK:
        fault = url_fault(said.url)
        return f"url: {fault}" if fault else None
    return "url: expected none, found one" if said.url else None


def _times_fault(said: Annotation) -> str | None:
    times = (said.at_s, said.entered_s, said.until_s or 0, said.withdrawn_s or 0)
    if not 0 <= min(times) <= max(times) < UNTIL_IT_ENDS_S:
        return "at_s, entered_s, until_s, withdrawn_s: expected whole numbers from 0, found others"
    if said.until_s is None:
        return None
    if said.kind is not AnnotationKind.ACKNOWLEDGEMENT:
        return "until_s: expected none but of an acknowledgement, found one"
    if said.until_s <= said.entered_s:
        return "until: expected a time after now, found an earlier one"
    return None

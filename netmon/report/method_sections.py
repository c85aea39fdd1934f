"""The end of a report: how the figures came about, and what they were made from."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from netmon.analysis.month_report import MonthReport, Provenance
from netmon.report.dutch import count, duration, moment
from netmon.report.paper import Row, Section, Table, columns
from netmon.report.wording import METHOD, say

DIGITS_SHOWN = 16


def method_section(report: MonthReport) -> Section:
    """Return what a reader has to know of how this is worked out."""
    facts = {
        "smoothing": duration(report.made_from.smoothing_s),
        "start": moment(report.counted_from, ZoneInfo(report.zone)),
        "hours": count(report.length_s // 3600),
    }
    said = tuple(METHOD[note].format(**facts) for note in report.method)
    return Section("method", say("method"), points=said)


def origin_section(report: MonthReport, software: str) -> Section:
    """Return what the report was made from, so that anybody can hold two against each other."""
    zone = ZoneInfo(report.zone)
    counted = f"{moment(report.counted_from, zone)} – {moment(report.counted_until, zone)}"
    facts = (*_facts(report.made_from), ("counted", counted), ("software", software))
    rows = tuple(Row.of(key, say(key), value) for key, value in facts)
    table = Table(say("made_from_caption"), columns(say, "what", "value", numbers=()), rows)
    return Section("made_from", say("made_from"), (say("made_from_note"),), tables=(table,))


def _facts(made_from: Provenance) -> tuple[tuple[str, str], ...]:
    smoothing_s = made_from.smoothing_s
    return (
        ("revisions", _runs_of(made_from.revisions)),
        ("inventory", made_from.inventory_digest[:DIGITS_SHOWN]),
        ("hours", made_from.hours_digest[:DIGITS_SHOWN]),
        ("announcements", made_from.announcements_digest[:DIGITS_SHOWN]),
        ("runs", f"{count(made_from.runs)}: {made_from.runs_digest[:DIGITS_SHOWN]}"),
        ("notes_written", made_from.notes_digest[:DIGITS_SHOWN]),
        ("settings", made_from.settings_digest[:DIGITS_SHOWN]),
        ("smoothing", duration(smoothing_s) if smoothing_s else say("smoothing_off")),
        ("method_version", made_from.method_version),
    )


def _runs_of(numbers: Sequence[int]) -> str:
    """Return numbers as `3, 5–9, 12`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)

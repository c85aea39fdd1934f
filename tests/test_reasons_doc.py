"""The page of reasons says what the code does."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from collectors.observation import Measurement, Observation, Outcome
from netmon.config.settings import LimitSettings, Settings
from netmon.domain.model import DeviceKind, Service
from netmon.domain.reasons import OWN_SERVICE, STOPS, stays_usable
from netmon.domain.verdict import ANSWERED, SELF_REPORT, Verdict, judge
from web.reasons import WORDS

PAGE = Path(__file__).parents[1] / "docs" / "reasons.md"
SERVICES = (Service.WIFI, Service.COMPUTER, Service.GUIDED, Service.PRINT)
AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
LIMITS = [(kind, limit) for kind in DeviceKind for limit in Settings().kind(kind).limits]


def table(heading: str) -> dict[str, list[str]]:
    """Return the rows of the one table under a heading, by the code that they begin with."""
    section = PAGE.read_text("utf-8").split(f"## {heading}")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([a-z_]+)[^`]*` \|(.*)\|$", section, re.MULTILINE)
    return {code: [cell.strip() for cell in rest.split(" |")] for code, rest in rows}


DEGRADED = table("Degraded")
OUTCOMES = table("What each outcome")
OTHERS = table("Nobody is to blame")


def seen(outcome: Outcome, *measured: Measurement, check: str = "snmp") -> Observation:
    return Observation("pc-1", check, AT, outcome, measured)


def test_the_page_tells_the_reasons_that_there_are() -> None:
    assert DEGRADED.keys() == STOPS.keys()
    assert {row: OUTCOMES[row][0] for row in OUTCOMES}.keys() == set(Outcome)


@pytest.mark.parametrize("reason", STOPS)
@pytest.mark.parametrize("service", SERVICES)
def test_what_stays_usable_is_told_for_each_reason_and_service(
    reason: str, service: Service
) -> None:
    told = DEGRADED[reason][1 + SERVICES.index(service)]
    assert told == ("yes" if stays_usable(reason, service) else "no")


@pytest.mark.parametrize("outcome", Outcome)
def test_what_an_outcome_makes_of_a_device_is_told(outcome: Outcome) -> None:
    verdict = judge(seen(outcome), ())
    status, reason, _ = OUTCOMES[outcome]
    assert (status, reason.strip("`")) == (verdict.status, verdict.reason)


BEAT_WITHOUT_PAGE = judge(seen(Outcome.CONTENT, check=SELF_REPORT), ())


@pytest.mark.parametrize(
    "verdict", [*ANSWERED.values(), BEAT_WITHOUT_PAGE], ids=lambda each: each.reason
)
def test_an_outcome_leaves_usable_what_its_reason_does(verdict: Verdict) -> None:
    """Of the devices that give a service themselves: access points and computers."""
    assert verdict.is_usable == stays_usable(verdict.reason, Service.COMPUTER)
    assert verdict.is_usable == stays_usable(verdict.reason, Service.WIFI)


@pytest.mark.parametrize(("kind", "limit"), LIMITS, ids=lambda each: getattr(each, "reason", each))
def test_a_default_limit_is_told_with_its_edge_and_leaves_usable_what_its_reason_does(
    kind: DeviceKind, limit: LimitSettings
) -> None:
    edge = f"≥ {limit.at_least:g}" if limit.at_most is None else f"≤ {limit.at_most:.7g}"
    told = DEGRADED[limit.reason][0]
    assert limit.measurement in told and edge in told
    service = OWN_SERVICE.get(kind, Service.WIFI)
    assert limit.is_usable == stays_usable(limit.reason, service)


def test_kinds_without_default_limits_are_those_that_the_page_names() -> None:
    limited = {kind for kind, _ in LIMITS}
    assert limited == {DeviceKind.PUBLIC_PC, DeviceKind.PRINTER, DeviceKind.CONTROLLER}


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("storage_used_ratio", 0.96, "disk_full"),
        ("clock_offset_s", 301, "clock_wrong"),
        ("clock_offset_s", -301, "clock_wrong"),
        ("supply_ratio", 0.0, "printer_empty"),
        ("printer_errors", 1, "printer_attention"),
        ("printer_ready", 0, "printer_error"),
        ("certificate_expires_s", 86_400, "certificate_expiring"),
    ],
)
def test_a_public_computer_is_degraded_and_usable_beyond_each_limit(
    name: str, value: float, reason: str
) -> None:
    policy = Settings().policy(DeviceKind.PUBLIC_PC, "snmp")
    verdict = judge(seen(Outcome.OK, Measurement(name, value)), policy.limits)
    assert (verdict.reason, verdict.is_usable) == (reason, True)


def test_an_empty_printer_prints_nothing_and_a_computer_beside_it_still_works() -> None:
    empty = seen(Outcome.OK, Measurement("supply_ratio", 0.01, "black"))
    usable = {
        kind: judge(empty, Settings().policy(kind, "snmp").limits).is_usable
        for kind in (DeviceKind.PUBLIC_PC, DeviceKind.PRINTER)
    }
    assert usable == {DeviceKind.PUBLIC_PC: True, DeviceKind.PRINTER: False}


def test_a_reason_of_a_citys_own_stops_no_service_by_itself() -> None:
    assert stays_usable("ours_alone", Service.WIFI)


@pytest.mark.parametrize("code", [*STOPS, *OTHERS, *OUTCOMES])
def test_every_reason_has_words_for_people(code: str) -> None:
    assert code in WORDS or code in {"behind", "ok"}

"""Inventory and settings become duties: one for each check of each device."""

import pytest
from pydantic import BaseModel, PositiveFloat

from collectors.base import Check
from collectors.observation import Observation
from collectors.registry import all_checks
from collectors.target import Community, Target
from netmon.config.settings import Settings
from netmon.domain.model import Device, DeviceKind, Inventory, Place
from netmon.domain.state import Policy
from netmon.domain.verdict import Limit
from netmon.scheduler.duties import check_problems, duties

PLACE = Place("bruul", "Bruul", is_street=True, lon=4.48, lat=51.03)
ACCESS_POINT = Device(
    "ap-1", DeviceKind.ACCESS_POINT, "AP 1", "bruul", "192.0.2.1", 1161, credential="wifi"
)
COMPUTER = Device("pc-1", DeviceKind.PUBLIC_PC, "PC 1", "bruul", "192.0.2.2")
INVENTORY = Inventory((PLACE,), (COMPUTER, ACCESS_POINT))
KNOWN = ", ".join(sorted(all_checks()))
SECRET = Community("not-for-logs")


def settings(**document: object) -> Settings:
    return Settings.model_validate(document)


def test_every_device_has_one_duty_for_each_check_of_its_kind_in_order() -> None:
    asked = settings(kinds={"access_point": {"checks": ["snmp"], "deciding": "snmp"}})
    found = duties(INVENTORY, asked, {"wifi": SECRET}, all_checks())
    assert [duty.key for duty in found] == [("pc-1", "icmp"), ("pc-1", "snmp"), ("ap-1", "snmp")]


def test_a_duty_knows_whom_to_ask_and_with_which_secret() -> None:
    found = duties(INVENTORY, settings(), {"wifi": SECRET}, all_checks())
    targets = {duty.key: duty.target for duty in found}
    assert targets["ap-1", "snmp"] == Target("ap-1", "192.0.2.1", 1161, SECRET)
    assert targets["pc-1", "icmp"] == Target("pc-1", "192.0.2.2", 161, None)


def test_no_duty_shows_a_secret() -> None:
    found = duties(INVENTORY, settings(), {"wifi": SECRET}, all_checks())
    assert SECRET.value not in repr(found)


def test_a_duty_carries_the_settings_of_its_check() -> None:
    written = {"interval_s": 300, "retry_interval_s": 30, "deadline_s": 7, "fail_n": 2}
    asked = settings(checks={"snmp": {**written, "params": {"timeout_s": 1.5, "retries": 0}}})
    found = {duty.key: duty for duty in duties(INVENTORY, asked, {"wifi": SECRET}, all_checks())}
    duty = found["ap-1", "snmp"]
    assert (duty.deadline_s, duty.policy) == (7, Policy(300, 30, fail_n=2))
    assert duty.params.model_dump() == {"timeout_s": 1.5, "retries": 0}
    assert found["ap-1", "icmp"].policy == Policy()


def test_limits_are_those_of_the_kind_of_device() -> None:
    found = {
        duty.key: duty.policy.limits
        for duty in duties(INVENTORY, settings(), {"wifi": SECRET}, all_checks())
    }
    assert Limit("storage_used_ratio", 0.95, "disk_full") in found["pc-1", "snmp"]
    assert found["ap-1", "snmp"] == ()


def test_settings_that_fit_have_no_problem() -> None:
    assert check_problems(settings(), all_checks(), "netmon.toml") == []


@pytest.mark.parametrize(
    ("document", "line"),
    [
        (
            {"kinds": {"switch": {"checks": ["icmp", "telnet"], "deciding": "icmp"}}},
            f"netmon.toml: kinds.switch.checks: expected one of {KNOWN}, found 'telnet'",
        ),
        (
            {"checks": {"telnet": {}}},
            f"netmon.toml: checks.telnet: expected one of {KNOWN}, found 'telnet'",
        ),
        (
            {"checks": {"snmp": {"params": {"patience": 3}}}},
            (
                "netmon.toml: checks.snmp.params.patience:"
                " expected one of timeout_s, retries, found an unknown one"
            ),
        ),
        (
            {"checks": {"icmp": {"params": {"timeout_s": -1}}}},
            ("netmon.toml: checks.icmp.params.timeout_s: expected greater than 0, found -1"),
        ),
    ],
    ids=["a check of a kind", "settings of a check", "an unknown parameter", "a wrong value"],
)
def test_what_no_check_takes_is_told_with_file_and_key(
    document: dict[str, object], line: str
) -> None:
    assert list(map(str, check_problems(settings(**document), all_checks(), "netmon.toml"))) == [
        line
    ]


def test_all_problems_are_told_at_once() -> None:
    wrong = {"timeout_s": "soon", "retries": 99, "colour": "red"}
    asked = settings(
        checks={"snmp": {"params": wrong}, "gopher": {}},
        kinds={"gateway": {"checks": ["finger"], "deciding": "finger"}},
    )
    keys = [problem.key for problem in check_problems(asked, all_checks(), "netmon.toml")]
    assert sorted(keys) == [
        "checks.gopher",
        "checks.snmp.params.colour",
        "checks.snmp.params.retries",
        "checks.snmp.params.timeout_s",
        "kinds.gateway.checks",
    ]


def test_a_parameter_that_a_check_needs_and_nobody_wrote_is_a_problem() -> None:
    """A new check may have parameters without a default; `netmon check` must ask for them."""

    class Needy(BaseModel, extra="forbid"):
        patience_s: PositiveFloat

    def observe(_target: Target, _params: Needy, _deadline_s: float) -> Observation:
        raise NotImplementedError

    checks = {**all_checks(), "needy": Check("needy", Needy, observe)}
    asked = settings(kinds={"switch": {"checks": ["needy"], "deciding": "needy"}})
    problems = check_problems(asked, checks, "netmon.toml")
    assert [problem.key for problem in problems] == ["checks.needy.params.patience_s"]

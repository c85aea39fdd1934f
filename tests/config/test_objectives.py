"""What may be aimed at, and what contradicts itself: told with file, line, key, all at once."""

import pytest

from netmon.domain.model import DeviceKind, Service
from netmon.domain.objectives import Aim
from tests.config.conftest import SETTINGS, CityFiles


def objectives(*tables: str) -> str:
    return SETTINGS + "".join(f"\n[[objectives]]\n{table}\n" for table in tables)


def test_objectives_are_read_as_they_are_written(city: CityFiles) -> None:
    city.settings(
        objectives(
            "target = 0.99",
            'target = 0.995\nservice = "wifi"',
            'target = 0.95\nkind = "public_pc"\nservice = "computer"',
            'target = 0.9\nsite = "bib"\nservice = "computer"',
            'target = 1\nstreet = "bruul"',
        )
    )
    assert [each.aim() for each in city.load().settings.objectives] == [
        Aim(0.99),
        Aim(0.995, Service.WIFI),
        Aim(0.95, Service.COMPUTER, DeviceKind.PUBLIC_PC),
        Aim(0.9, Service.COMPUTER, place_id="bib"),
        Aim(1, place_id="bruul"),
    ]


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        pytest.param(
            ["target = 99.5"],
            "objectives.0.target: expected less than or equal to 1, found 99.5",
            id="per cents are no ratio",
        ),
        pytest.param(
            ["target = 0"],
            "objectives.0.target: expected greater than 0, found 0",
            id="nothing is no target",
        ),
        pytest.param(
            ['service = "wifi"'],
            "objectives.0.target: expected a value, found none",
            id="without a target",
        ),
        pytest.param(
            ["target = nan"],
            "objectives.0.target: expected a finite number, found nan",
            id="no number",
        ),
        pytest.param(
            ["target = 0.9\nqqq = 1"],
            "objectives.0.qqq: expected a known setting, found an unknown key",
            id="an unknown key",
        ),
        pytest.param(
            ['target = 0.9\nsite = "bib"\nstreet = "bruul"'],
            "objectives.0.street: expected no street beside a site, found 'bruul'",
            id="a street at a site",
        ),
        pytest.param(
            ['target = 0.9\nkind = "access_point"\nservice = "computer"'],
            "objectives.0.service: expected no service, or wifi, which is what it gives, beside the"
            " kind access_point, found computer",
            id="a kind that gives another service",
        ),
        pytest.param(
            ['target = 0.9\nkind = "switch"\nservice = "wifi"'],
            "objectives.0.service: expected no service, beside the kind switch, found wifi",
            id="a kind that gives none",
        ),
        pytest.param(
            ['target = 0.9\nservice = "wifi"', "target = 0.8", 'service = "wifi"\ntarget = 0.95'],
            "objectives.2.target: expected one objective for the same: objectives.0 says 0.9,"
            " found 0.95",
            id="two for the same",
        ),
        pytest.param(
            ['target = 0.9\nsite = "bruul"'],
            "objectives.0.site: expected a known site, found 'bruul'",
            id="a street is no site",
        ),
        pytest.param(
            ['target = 0.9\nstreet = "bib\\u202e"'],
            "objectives.0.street: expected a known street, found 'bib\\u202e'",
            id="a place that nobody knows",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(city: CityFiles, tables: list[str], told: str) -> None:
    city.settings(objectives(*tables))
    (problem,) = city.problems()
    assert problem.endswith(told)
    assert problem.startswith("netmon.toml:line ")
    assert problem.isprintable()


def test_all_that_is_wrong_is_told_at_once(city: CityFiles) -> None:
    city.settings(objectives('target = 0.9\nsite = "a"', 'target = 0.9\nstreet = "b"'))
    city.devices()
    assert [each.split(": ")[1] for each in city.problems()] == [
        "objectives.0.site",
        "objectives.1.street",
    ]


def test_without_objectives_there_are_none(city: CityFiles) -> None:
    assert city.load().settings.objectives == ()

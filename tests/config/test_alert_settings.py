"""Routes that lead nowhere, or come from nowhere, are refused in one line each."""

import pytest

from tests.config.conftest import SETTINGS, CityFiles, site

CHANNEL = """
[channels.mail]
kind = "apprise"
url_env = "MAIL"
"""
ROUTE = CHANNEL + '[[alerts.routes]]\nname = "it"\nchannels = ["mail"]\n'


def told(city: CityFiles, text: str) -> list[str]:
    city.settings(SETTINGS + text)
    return city.problems()


def test_a_route_says_everything_there_is_to_say(city: CityFiles) -> None:
    city.sites(site(offers=[{"service": "computer", "owner": "OCMW"}]))
    more = """
kinds = ["public_pc", "place"]
places = ["bib", "streets"]
owners = ["OCMW"]
severities = ["critical"]
audiences = ["it", "owner"]
hours = "Mo-Fr 08:00-18:00"
quiet = "Mo-Su 22:00-07:00; PH 00:00-24:00"
quiet_respects_opening = true
critical_passes = false
escalate_after_s = 3600
escalate_to = ["mail"]
flapping = "tell"
go_on = true
[alerts]
not_for = ["bib", "pc-1", "printer", "place"]
"""
    assert told(city, ROUTE + more) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '[[alerts.routes]]\nname = "it"\nchannels = ["post"]\n',
            "alerts.routes.0.channels: expected one of: none, found 'post'",
        ),
        (
            ROUTE + 'places = ["bieb"]\n',
            "alerts.routes.0.places: expected one of: ",
        ),
        (ROUTE + 'owners = ["Nobody"]\n', "alerts.routes.0.owners: expected one of: none"),
        (
            ROUTE + 'kinds = ["fridge"]\n',
            "alerts.routes.0.kinds.0: expected one of: access_point, controller, public_pc, switch",
        ),
        (
            CHANNEL + '[[alerts.routes]]\nname = "it"\nchannels = "mail"\n',
            "alerts.routes.0.channels: expected a list, found 'mail'",
        ),
        (
            CHANNEL + '[[alerts.routes]]\nname = "it"\nchannels = []\n',
            "alerts.routes.0.channels: expected a list that is not empty, found an empty one",
        ),
        (
            '[dead_man]\nurl = "https://ping.example.org/token"\n',
            "dead_man.url: expected no secret here: name a variable (…_env) or a private file",
        ),
        (
            CHANNEL + '[channels.x]\nkind = "webhook"\nurl = "https://a.example/"\nurl_env = "B"\n',
            "channels.x: expected url, or url_env or url_file, not both",
        ),
        (
            ROUTE + 'quiet = "from ten to six"\n',
            "alerts.routes.0.quiet: expected opening hours in OpenStreetMap syntax",
        ),
        (
            ROUTE + "escalate_after_s = 60\n",
            "alerts.routes.0: expected escalate_after_s and escalate_to, or neither",
        ),
        (
            ROUTE + '[[alerts.routes]]\nname = "it"\nchannels = ["mail"]\n',
            "alerts: expected each route to have a name of its own",
        ),
        (ROUTE + "repeat_s = 1\n", "alerts.routes.0.repeat_s: expected greater than or equal"),
        ('[[alerts.routes]]\nname = "it"\nchannels = []\n', "alerts.routes.0.channels"),
        ('[alerts]\nnot_for = ["pc-9"]\n', "alerts.not_for: expected one of: "),
    ],
    ids=[
        "an unknown channel",
        "an unknown place",
        "an unknown owner",
        "an unknown kind",
        "one channel and no list",
        "an empty list of channels",
        "the address of the switch itself",
        "two addresses",
        "no hours",
        "an escalation to nobody",
        "two of a name",
        "too often",
        "no channel",
        "an unknown device",
    ],
)
def test_a_wrong_route_is_told_in_one_line(city: CityFiles, text: str, expected: str) -> None:
    found = told(city, text)
    assert any(expected in line for line in found), found
    assert all(line.startswith("netmon.toml:line ") and line.isprintable() for line in found)

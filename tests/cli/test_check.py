"""`netmon check`: exit 0 and a summary, or exit 2 and every problem."""

import json

from geodata.city import City
from tests.cli.asking import Call, process
from tests.config.conftest import SETTINGS, CityFiles, device, site

CANARY = "canary-5up3r-s3cr3t"


def test_a_good_city_is_summed_up(netmon: Call, city: CityFiles) -> None:
    city.sites(site(), site("hall", geometry=None))
    answer = netmon("check", "-c", city.config)
    assert (answer.code, answer.err) == (0, "")
    first, second, third, routes = answer.out.splitlines()
    assert first == f"{city.config}: fine"
    assert second.endswith(" streets, 2 sites (1 to be located)")
    assert third == "1 devices: 1 public_pc"
    assert "nobody is told" in routes


def test_a_good_city_is_an_empty_list_to_machines(netmon: Call, city: CityFiles) -> None:
    answer = netmon("check", "-c", city.config, "--json")
    assert (answer.code, answer.document) == (0, {"problems": []})


def test_every_problem_is_a_line_on_stderr(city: CityFiles) -> None:
    city.devices(device(place_id="atlantis", port="x"), device("pc-2", place_id="atlantis"))
    answer = process("check", "-c", city.config)
    assert answer.code == 2 and answer.out == ""
    assert answer.err.splitlines() == [*map(str, city.raw_problems()), "2 problems"]


def test_one_problem_is_counted_as_one(netmon: Call, city: CityFiles) -> None:
    city.secret("x", mode=0o644)
    assert netmon("check", "-c", city.config).err.endswith("\n1 problem\n")


def test_machines_get_every_problem_in_its_parts(netmon: Call, city: CityFiles) -> None:
    city.devices(device(place_id="atlantis"))
    answer = netmon("check", "-c", city.config, "--json")
    assert answer.code == 2 and answer.err == ""
    assert answer.document == {
        "problems": [
            {
                "file": str(city.folder / "devices.csv"),
                "where": "line 2, pc-1",
                "key": "place_id",
                "expected": "a known site or street",
                "found": "atlantis",
                "warning": False,
            }
        ]
    }


def test_a_secret_is_in_no_output(city: CityFiles) -> None:
    city.settings(
        f"{SETTINGS}community = '{CANARY}'\n[credentials.two]\ncommunity_env = '{CANARY}'\n"
        f"[[credentials.three]]\npassword = '{CANARY}'\n"
    )
    for options in ([], ["--json"]):
        answer = process("check", "-c", city.config, *options, NETMON_SECRET=CANARY)
        assert answer.code == 2
        assert CANARY not in answer.out + answer.err
    city.settings(SETTINGS)
    city.secret(CANARY, mode=0o644)
    city.devices(device(credential=CANARY))
    for options in ([], ["--json"]):
        answer = process("check", "-c", city.config, *options)
        assert answer.code == 2
        assert CANARY not in answer.out + answer.err


def test_hostile_text_reaches_no_terminal(netmon: Call, city: CityFiles) -> None:
    hostile = "\x1b]0;owned\x07\n\x9b31m\u202e\ud800"
    city.sites(site(**{"name": "", hostile: 1, "opening_hours": hostile[:-1]}))
    city.devices(device(place_id=hostile[:-1], kind=hostile[:-1]))
    plain = netmon("check", "-c", city.config)
    assert plain.code == 2
    assert all(line.isprintable() for line in plain.err.splitlines())
    machine = netmon("check", "-c", city.config, "--json")
    assert machine.code == 2
    assert machine.out.isascii()
    assert all(letter.isprintable() or letter == "\n" for letter in machine.out)
    assert len(json.loads(machine.out)["problems"]) == len(plain.err.splitlines()) - 1


def test_nothing_is_written(netmon: Call, city: CityFiles) -> None:
    before = sorted(city.folder.rglob("*"))
    netmon("check", "-c", city.config)
    assert sorted(city.folder.rglob("*")) == before


def _peopled(city: CityFiles) -> None:
    for path in City.bundled().folder.iterdir():
        target = city.folder / "city" / path.name
        if path.is_file() and not target.exists():
            target.symlink_to(path)


def test_a_city_with_people_tells_how_many_and_what_it_did_not_understand(
    netmon: Call, city: CityFiles
) -> None:
    _peopled(city)
    offer = {"service": "computer", "conditions": "no dogs"}
    city.sites(site(offers=[offer]))
    answer = netmon("check", "-c", city.config)
    assert answer.code == 0
    people, uncounted, unread = answer.out.splitlines()[4:]
    assert people.startswith("83,975 people (where they live is synthetic), 7 groups")
    assert uncounted == "groups that nobody counts: staff"  # no workplace is among the sites
    assert unread.endswith("keeps nobody out: no dogs")


def test_people_and_groups_that_are_wrong_are_problems(netmon: Call, city: CityFiles) -> None:
    _peopled(city)
    city.layer("people.toml", "by_age = [-1]\n")
    answer = netmon("check", "-c", city.config, "--json")
    assert answer.code == 2
    keys = {each["key"] for each in answer.document["problems"]}
    assert {"by_age", "source", "shares.areas"} <= keys
    city.layer("groups.toml", "[older]\nshare = 7\n")
    answer = netmon("check", "-c", city.config)
    assert answer.code == 2
    (line, _) = answer.err.splitlines()
    assert "groups.toml" in line
    assert "older.share: expected" in line


def test_a_target_for_nobody_is_told_with_its_line(netmon: Call, city: CityFiles) -> None:
    target = '[[targets]]\nservice = "wifi"\ngroup = "pirates"\nyear = 2026\nshare = 0.9\n'
    city.settings(f"{SETTINGS}\n{target}")
    answer = netmon("check", "-c", city.config)
    assert answer.code == 2
    assert "targets.0.group: expected one of all, " in answer.err
    assert "netmon.toml:line " in answer.err

"""The profiles that come with netmon, read once, and which of them a device is."""

import logging
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import groupby

from pydantic import ValidationError

from collectors.snmp.engine import arcs
from collectors.snmp.profile import Match, Profile

logger = logging.getLogger(__name__)

GENERIC = "generic"
"""The name of the profile of a device that no file knows."""


_MODELS = 1024
"""For how many models profiles are kept: no city has more, but a liar may invent them."""


class ProfileError(ValueError):
    """A profile cannot be used; each line names the file, the key, what was expected and found."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The profile of a device, bases included, and what its sysDescr says of it."""

    profile: Profile
    model: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Library:
    """`base` is every generic profile in one; `known` are those of vendors, bases included."""

    base: Profile
    known: tuple[Profile, ...]
    _placed: dict[tuple[str, str], Profile | None] = field(default_factory=dict, compare=False)

    def choose(self, sys_object_id: str, sys_descr: str, has_rows: Callable[[str], bool]) -> Choice:
        """
        Return the profile of a device.

        The longest sysObjectID prefix wins, then a pattern that matches, then a probe.
        `has_rows` asks the device whether a subtree is there; only the probes of candidates
        are asked, best first. Where two profiles fit alike the device stays generic, and the
        log names both.
        """
        fits = [fit for p in self.known for m in p.match for fit in _fits(p, m, sys_object_id)]
        for _, group in groupby(sorted(fits, key=_rank, reverse=True), key=_rank):
            found = [
                Choice(profile, groups.get("model"), groups.get("version"))
                for fit in group
                if (groups := _accept(fit, sys_descr, has_rows)) is not None
                if (profile := self._for_model(fit.profile, sys_object_id)) is not None
            ]
            names = {choice.profile.name for choice in found}
            if len(names) == 1:
                return found[0]
            if names:
                logger.warning("two profiles fit alike: %s", ", ".join(sorted(names)))
                break
        return Choice(self.base)

    def _for_model(self, profile: Profile, sys_object_id: str) -> Profile | None:
        """Return a profile with `~` resolved, worked out once for all devices of a model."""
        key = profile.name, sys_object_id
        if key not in self._placed:
            if len(self._placed) >= _MODELS:
                self._placed.clear()
            try:
                self._placed[key] = profile.below(sys_object_id)
            except ValueError:  # what the device calls its sysObjectID leads nowhere
                self._placed[key] = None
        return self._placed[key]


@dataclass(frozen=True, slots=True)
class _Fit:
    profile: Profile
    match: Match
    length: int


def _fits(profile: Profile, match: Match, sys_object_id: str) -> Iterable[_Fit]:
    for prefix in match.sys_object_id:
        if f"{sys_object_id}.".startswith(f"{prefix}."):
            yield _Fit(profile, match, len(arcs(prefix)))


def _rank(fit: _Fit) -> tuple[int, bool, bool]:
    return fit.length, fit.match.sys_descr is not None, fit.match.probe_oid is not None


def _accept(
    fit: _Fit, sys_descr: str, has_rows: Callable[[str], bool]
) -> dict[str, str | None] | None:
    """Return what the pattern finds in sysDescr; None where the device is not that profile's."""
    groups: dict[str, str | None] = {}
    if fit.match.sys_descr is not None:
        found = re.search(fit.match.sys_descr, sys_descr)
        if found is None:
            return None
        groups = found.groupdict()
    if fit.match.probe_oid is not None and not has_rows(fit.match.probe_oid):
        return None
    return groups


@cache
def bundled() -> Library:
    """Return the profiles in `collectors/snmp/profiles`; raises `ProfileError`."""
    folder = resources.files("collectors.snmp") / "profiles"
    return load(file for file in folder.iterdir() if file.name.endswith(".toml"))


def load(files: Iterable[Traversable]) -> Library:
    """Read profile files; raises `ProfileError` with every problem of all of them."""
    problems: list[str] = []
    profiles: list[Profile] = []
    for file in sorted(files, key=lambda file: file.name):
        try:
            profiles.append(read(file))
        except ProfileError as error:
            problems.append(str(error))
    problems += _alike(profiles)
    if problems:
        raise ProfileError("\n".join(problems))
    base = Profile.model_construct(name=GENERIC, generic=True)
    for profile in profiles:
        base = base.over(profile) if profile.generic else base
    return Library(base, tuple(p.over(base) for p in profiles if not p.generic))


def read(file: Traversable) -> Profile:
    """Read one profile; its name is that of the file. Raises `ProfileError`."""
    name = file.name.removesuffix(".toml")
    try:
        return Profile.model_validate({**tomllib.loads(file.read_text("utf-8")), "name": name})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileError(f"{file.name}: expected TOML, found {error}") from error
    except ValidationError as error:
        lines = [
            f"{file.name}: {'.'.join(map(str, e['loc'])) or 'profile'}: {e['msg']}, "
            f"found {str(e['input'])[:60]!r}"
            for e in error.errors()
        ]
        raise ProfileError("\n".join(lines)) from error


def _alike(profiles: list[Profile]) -> list[str]:
    seen: dict[tuple[str, str | None, str | None], str] = {}
    problems = []
    for profile in profiles:
        for match in profile.match:
            for prefix in match.sys_object_id:
                key = (prefix, match.sys_descr, match.probe_oid)
                other = seen.setdefault(key, profile.name)
                if other != profile.name:
                    problems.append(
                        f"{profile.name}.toml: match: expected a device of its own, found "
                        f"{prefix} as in {other}.toml"
                    )
    return problems

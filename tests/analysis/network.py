"""
A network that fails and recovers, asked as `netmon run` asks it, on a clock of whole seconds.

The rota, the judge, its own sight and both stores are the real ones; only sockets and the clock
are played.
"""

import heapq
from collections.abc import Callable, Iterable, Sequence
from itertools import count

from collectors.observation import Observation, Outcome
from collectors.registry import all_checks
from netmon.config.settings import Settings
from netmon.domain.model import Device
from netmon.domain.state import Policy
from netmon.scheduler.duties import Duty
from netmon.scheduler.judge import Judge
from netmon.scheduler.rota import Rota
from netmon.scheduler.sight import OwnSight
from netmon.scheduler.witnesses import Witnesses
from tests.analysis.town import Town, at

ICMP = all_checks()["icmp"]
Key = tuple[str, str]
TIMEOUT_S = 1
"""How long a look waits for an answer."""


class Network:
    """
    Plays a town's devices, its line, and the collecting service.

    Parameters
    ----------
    town
        Its stores; it must be inhabited with the same devices, each with its deciding check only.
    late_s
        How many seconds an answer of each device is on its way, beside the time-out.
    """

    def __init__(
        self,
        town: Town,
        devices: Sequence[Device],
        *,
        late_s: Callable[[str], int] = lambda _: 0,
    ) -> None:
        self.town, self.second = town, 0
        self.devices = {each.id: each for each in devices}
        self.dead: set[str] = set()
        self.is_cut = False
        self.is_far_cut = False
        self._late_s = late_s
        self._checks = {each.id: self.settings.deciding(each) for each in devices}
        self._under_way: list[tuple[int, int, Duty | None, Observation]] = []
        self._number = count()
        self._rotas: dict[str, Rota] = {}
        self.restart()

    @property
    def settings(self) -> Settings:
        return self.town.settings

    def restart(self) -> None:
        """End the collecting process and begin another; what was under way is lost."""
        self.town.judge.keep()
        rule = self.settings.sight.rule()
        sight = OwnSight(rule, self.settings.deciding)
        self.judge = self.town.judge = Judge(self.town.record, sight=sight)
        self.judge.know(self.devices.values(), set(self.devices))
        self._witnesses = Witnesses(self.settings.sight.witnesses, ICMP)
        self._under_way.clear()
        self._rotas = {}
        for check in set(self._checks.values()):
            self._rotas[check] = Rota(self.settings.check(check).interval_s)
            keys = [(each, check) for each, its in self._checks.items() if its == check]
            self._rotas[check].replace(keys, self.second)

    def run(self, seconds: int) -> None:
        """Let so many seconds pass."""
        for _ in range(seconds):
            self.second += 1
            self._ask()
            self._hear()
            if self.second % 30 == 0:
                self.judge.keep()
        self.judge.keep()

    def answers(self, device_id: str) -> bool:
        """Tell whether a device is alive and something carries it."""
        parents = self.devices[device_id].parents
        carried = not parents or any(map(self.answers, parents))
        return carried and device_id not in self.dead

    def causes(self) -> set[str]:
        """Return the devices that are dead and would answer if they lived."""
        return {
            each
            for each in self.dead
            if not self.devices[each].parents or any(map(self.answers, self.devices[each].parents))
        }

    def _ask(self) -> None:
        for duty in self._witnesses.due(self.second, is_doubtful=self.judge.is_doubtful):
            is_open = not self.is_cut and not self.is_far_cut
            self._begin((duty.target.id, ICMP.kind), duty, has_answer=is_open)
        for rota in self._rotas.values():
            for key in rota.take_due(self.second):
                self._begin(key, None, has_answer=not self.is_cut and self.answers(key[0]))

    def _begin(self, key: Key, duty: Duty | None, *, has_answer: bool) -> None:
        outcome = Outcome.OK if has_answer else Outcome.TIMEOUT
        seen = Observation(*key, at(self.second), outcome)
        late_s = 0 if duty else self._late_s(key[0])
        ends = self.second + late_s + (0 if has_answer else TIMEOUT_S)
        heapq.heappush(self._under_way, (ends, next(self._number), duty, seen))

    def _hear(self) -> None:
        while self._under_way and self._under_way[0][0] <= self.second:
            *_, duty, seen = heapq.heappop(self._under_way)
            if duty is not None:
                self._witnesses.took_back(duty)
                self._hurry(self.judge.witness(seen))
                continue
            consequence = self.judge.hear(seen, self._policy(seen))
            rota = self._rotas[seen.check]
            rota.put_back(consequence.key, consequence.wait_s, self.second)
            self._hurry(consequence.hurry)

    def _hurry(self, device_ids: Iterable[str]) -> None:
        for each in device_ids:
            check = self._checks[each]
            self._rotas[check].hurry((each, check), self.second + 1)

    def _policy(self, seen: Observation) -> Policy:
        return self.settings.policy(self.devices[seen.target].kind, seen.check)

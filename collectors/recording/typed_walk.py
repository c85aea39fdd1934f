"""
A walk that keeps the types of what it finds, which a recording needs and a poll does not.

gufo-snmp gives every number as a number; pysnmp tells a counter from a gauge. It is dear,
but a device is recorded once.
"""

import asyncio
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from collectors.observation import Outcome
from collectors.recording.snmprec import NUMBERS, OBJECT_ID, ROOTS, Arcs, Variable, forbidden
from collectors.snmp.engine import Patience, SnmpFailure, TooBig
from collectors.snmp.pysnmp_engine import PysnmpEngine, _bindings, _failure, _result, _the_loop

with warnings.catch_warnings():
    # Where pysmi is installed, pysnmp 7.1 asks it for a function by a deprecated name.
    warnings.simplefilter("ignore", DeprecationWarning)
    from pysnmp.entity.rfc3413 import cmdgen

MAX_VARIABLES = 200_000
MAX_REPETITIONS = 20
_EXCEPTIONS = frozenset({128, 129, 130})  # noSuchObject, noSuchInstance, endOfMibView


class TypedWalk:
    """
    One device, walked once.

    `odd` says, one line each, where the agent did not keep the rules and was left.
    """

    def __init__(self, engine: PysnmpEngine, patience: Patience) -> None:
        self._engine, self._patience = engine, patience
        self._repetitions = MAX_REPETITIONS
        self.odd: list[str] = []

    def everything(self, progress: Callable[[int], None]) -> list[Variable]:
        """
        Return all of `ROOTS` but what is forbidden; `progress` hears how many there are so far.

        Raises
        ------
        SnmpFailure
            If the device does not answer, or holds more than `MAX_VARIABLES`.
        """
        found: list[Variable] = []
        for root in ROOTS:
            for variable in self._below(root):
                found.append(variable)
                if len(found) > MAX_VARIABLES:
                    raise SnmpFailure(Outcome.MALFORMED, f"over {MAX_VARIABLES} variables")
                if len(found) % MAX_REPETITIONS == 0:
                    progress(len(found))
        progress(len(found))
        return found

    def _below(self, root: Arcs) -> Iterator[Variable]:
        last = root
        while True:
            page = self._page(last)
            if not page:
                return
            for variable in page:
                if variable.oid[: len(root)] != root or variable.tag in _EXCEPTIONS:
                    return
                if variable.oid <= last:
                    self.odd.append(f"{_dotted(variable.oid)} follows {_dotted(last)}")
                    return
                last = variable.oid
                subtree = forbidden(variable.oid)
                if subtree is not None:
                    # What came along is thrown away unread; the walk goes on behind it.
                    last = (*subtree[:-1], subtree[-1] + 1)
                    break
                yield variable

    def _page(self, after: Arcs) -> list[Variable]:
        """Return the next variables; asks for fewer where they do not fit into a reply."""
        while True:
            try:
                return self._ask(after)
            except TooBig as error:
                if self._repetitions == 1:
                    raise SnmpFailure(
                        Outcome.MALFORMED, f"unreadable reply after {_dotted(after)}: {error}"
                    ) from error
                self._repetitions //= 2

    def _ask(self, after: Arcs) -> list[Variable]:
        bindings = _bindings([_dotted(after)])
        for ends_at in self._patience.attempts():
            question = self._engine._in_turn(  # noqa: SLF001 - the same engine, its types kept
                cmdgen.BulkCommandGenerator(), (0, self._repetitions, bindings), ends_at
            )
            reply = _result(asyncio.run_coroutine_threadsafe(question, _the_loop().loop), ends_at)
            if reply is not None:
                return _variables(reply)
        raise SnmpFailure(Outcome.TIMEOUT, "no answer")


def _variables(reply: tuple[Any, ...]) -> list[Variable]:
    indication, status, _, found = reply
    if indication:
        raise _failure(indication)
    if int(status):
        raise TooBig(f"error-status {int(status)}")
    return [_variable(name, value) for name, value in found]


def _variable(name: Any, value: Any) -> Variable:  # noqa: ANN401 - pyasn1 objects, untyped
    tag = sum(value.tagSet[0])
    if tag in NUMBERS:
        plain: int | bytes | Arcs = int(value)
    elif tag == OBJECT_ID:
        plain = tuple(value)
    else:
        plain = bytes(value.asOctets()) if hasattr(value, "asOctets") else b""
    return Variable(tuple(name), tag, plain)


def _dotted(oid: Arcs) -> str:
    return ".".join(map(str, oid))

"""All that one agent can answer, ascending by name, with values computed when asked."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from netmon.demo import message
from netmon.demo.row import Moment, Oid, Row


class Table:
    """
    The rows of one device as an agent serves them.

    `rows` ascend by `oid` and none repeats. What is constant is encoded the first time it
    is asked, and kept.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._oids = [row.oid for row in rows]
        self._objects = {row.oid[:-1] for row in rows}
        self._names: dict[int, bytes] = {}
        self._constants: dict[int, bytes] = {}

    def exact(self, oid: Oid, moment: Moment) -> bytes:
        """Return the encoded binding of `oid`, or the exception of RFC 3416 §4.2.1 in its place."""
        place = bisect_left(self._oids, oid)
        if place < len(self._oids) and self._oids[place] == oid:
            return self._binding(place, moment)
        is_object = oid[:-1] in self._objects
        absent = message.NO_SUCH_INSTANCE if is_object else message.NO_SUCH_OBJECT
        return message.binding(message.name(oid), absent)

    def following(self, oid: Oid, moment: Moment) -> tuple[Oid | None, bytes]:
        """
        Return the next name after `oid` and its encoded binding.

        Past the end the name is None and the binding says endOfMibView (RFC 3416 §4.2.2).
        """
        place = bisect_right(self._oids, oid)
        if place < len(self._oids):
            return self._oids[place], self._binding(place, moment)
        return None, message.binding(message.name(oid), message.END_OF_MIB_VIEW)

    def _binding(self, place: int, moment: Moment) -> bytes:
        if place in self._constants:
            return self._constants[place]
        row = self._rows[place]
        if place not in self._names:
            self._names[place] = message.name(row.oid)
        encoded = message.binding(self._names[place], message.value(row.syntax, row.at(moment)))
        if not callable(row.value):
            self._constants[place] = encoded
        return encoded

"""How much an agent is asked for at once: less after a failure, more again when all goes well."""

from dataclasses import dataclass

MAX_REPETITIONS = 25
"""Rows in one GETBULK: of what devices count, they fit one Ethernet frame."""
MAX_OBJECTS = 40
"""Objects in one GET: with its names and values it stays within one Ethernet frame."""
GOOD_POLLS = 30
MOST_GOOD_POLLS = 16 * GOOD_POLLS


@dataclass(slots=True)
class Limits:
    """
    What one agent was able to answer.

    After `GOOD_POLLS` polls without a failure twice as much is tried; each time that this
    fails too, the wait before the next trial doubles.
    """

    repetitions: int = MAX_REPETITIONS
    objects: int = MAX_OBJECTS
    _good: int = 0
    _wanted: int = GOOD_POLLS

    def fewer_repetitions(self, at_most: int) -> None:
        """Ask for so many rows from now on, at least one."""
        self.repetitions = max(at_most, 1)
        self._failed()

    def fewer_objects(self, at_most: int) -> None:
        """Ask for so many objects from now on, at least one."""
        self.objects = min(self.objects, max(at_most, 1))
        self._failed()

    def went_well(self) -> None:
        """Count a poll that needed no less than was asked."""
        if self.repetitions == MAX_REPETITIONS and self.objects == MAX_OBJECTS:
            return
        self._good += 1
        if self._good >= self._wanted:
            self.repetitions = min(self.repetitions * 2, MAX_REPETITIONS)
            self.objects = min(self.objects * 2, MAX_OBJECTS)
            self._good, self._wanted = 0, min(self._wanted * 2, MOST_GOOD_POLLS)

    def _failed(self) -> None:
        self._good = 0

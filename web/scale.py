"""Where the axis of a chart begins and ends, in round numbers."""

import math

_ROUND = (1.0, 2.0, 5.0, 10.0)
_LEAST = 1e-9


def ends(low: float, high: float) -> tuple[float, float]:
    """
    Return the two ends of an axis on which `low` and `high` lie; its middle is round, too.

    It begins at zero where nothing is below: half of the height is then half of the number.
    """
    if low >= 0:
        return 0.0, 2 * _round_up((high or 1.0) / 2)
    step = _round_up(max(high - low, -low / 100, _LEAST) / 2)
    bottom = math.floor(low / step) * step
    top = bottom + 2 * step
    return bottom, top if high <= top else bottom + 4 * step


def _round_up(value: float) -> float:
    size = 10.0 ** math.floor(math.log10(value))
    return next((each * size for each in _ROUND if value <= each * size), 10 * size)

"""How often Python looks for what nobody refers to any more."""

import gc


def collect_seldom() -> None:
    """
    Leave what was loaded at the start out of garbage collection, and collect less often.

    Replies and runs make thousands of short-lived objects without cycles; looking for those
    among all profiles and libraries took a tenth of a poll, and a fifth of reading a year.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)

"""What becomes of memory that is used no more."""

import ctypes
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


def give_back() -> None:
    """
    Give memory that is free back to the system, where the C library can (glibc).

    Pages and replies come and go in many threads. What they leave free between what stays is
    kept by the C library, a fifth more of it in a quarter of an hour of heavy work. Takes
    milliseconds.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)

"""What becomes of memory that is used no more."""

import ctypes
import subprocess
import sys

from tests.conftest import require

STORY = """
import re
from pathlib import Path
from netmon.scheduler.garbage import give_back

def resident_mb():
    return int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1000

few = resident_mb()
chunks = [bytes(5000) for _ in range(20_000)]
kept = chunks[::100]
del chunks
many = resident_mb()
give_back()
print(few, many, resident_mb())
"""


def test_what_is_free_between_what_stays_is_given_back() -> None:
    """A hundred megabytes are free, and in each half of one something stays."""
    require("glibc, whose allocator can be trimmed", hasattr(ctypes.CDLL(None), "malloc_trim"))
    done = subprocess.run([sys.executable, "-c", STORY], capture_output=True, text=True, check=True)
    few, many, after = map(float, done.stdout.split())
    assert many - few > 80
    assert after - few < 20

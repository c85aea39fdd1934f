"""`python -m netmon` is `netmon`."""

from netmon.cli import main

main()

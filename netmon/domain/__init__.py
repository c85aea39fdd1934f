"""The judge: pure functions over instants and values; no I/O, no clock, no logging."""

"""One file a check; the registry finds it."""

"""When to look: rounds of checks, spread evenly, bounded, and never late for one another."""

"""The memory: two SQLite files, each with exactly one writing process."""

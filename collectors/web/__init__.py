"""HTTP within a deadline: one small client for every check that reads a page or an interface."""

"""Words for people, in their languages: pure, below everything that speaks."""

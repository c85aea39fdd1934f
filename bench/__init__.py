"""Measurements of what must stay fast; not shipped."""

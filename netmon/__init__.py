"""Judgement and memory of the city's free internet."""

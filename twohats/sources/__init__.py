"""Bring in what others hold: strict, nothing lost."""

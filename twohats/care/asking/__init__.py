"""Asking well: short forms as data, when somebody may be asked at all, and what a bad answer sets in motion."""

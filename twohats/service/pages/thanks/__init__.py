"""Praise passed on: to whom it is about, and a sheet of it for a unit."""

"""Who looked at what, and what was opened in an emergency."""

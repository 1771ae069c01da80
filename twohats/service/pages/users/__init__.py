"""Who may log in, and which roles they hold where."""

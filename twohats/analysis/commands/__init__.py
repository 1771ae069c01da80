"""The verbs of understanding: build, rollback, segments."""

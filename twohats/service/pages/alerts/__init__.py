"""Urgent comments: which wait for a human, what was said, who is on it, how it ended."""

"""What to load next, and which page waits for it."""

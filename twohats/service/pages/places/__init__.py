"""Which zone each place counts as, and the hospital's own word on it."""

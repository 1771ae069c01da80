"""The demo hospital's verb."""

"""twohats: one person, two hats. Bring in what others hold, understand it, help one person, serve each reader."""

__version__ = "0.1.0"

"""Serve each reader what they may see."""

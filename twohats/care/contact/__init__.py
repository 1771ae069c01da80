"""The one gate through which every message to a person goes, and how each hat is best engaged."""

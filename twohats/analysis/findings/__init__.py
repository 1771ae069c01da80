"""What deserves a person's attention."""

"""What people said, in one shape, tied to what it is about."""

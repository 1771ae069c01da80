"""Both hats counted as equals."""

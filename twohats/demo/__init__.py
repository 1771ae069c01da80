"""A made-up hospital whose truth is known."""

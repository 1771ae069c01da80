"""One person's journey: both hats on one page, every moment with its reason."""

"""What our people write down: the only models."""

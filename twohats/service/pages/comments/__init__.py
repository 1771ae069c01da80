"""What people say: comments found by words, hat, touchpoint, tone, unit, period, speaker and service."""

"""Official composites adjusted for who answers and how, unit by unit: sums in each bucket, one model a year."""

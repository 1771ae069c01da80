"""The vocabulary: hats, touchpoints, acts, zones, roles, and the codebook that decides which hat was worn."""

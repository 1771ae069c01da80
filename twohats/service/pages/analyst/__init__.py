"""Every released table, with its grain and codebook, to take away."""

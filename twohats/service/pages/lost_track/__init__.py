"""People we lost track of: each list with its clock, its owner and what came of it."""

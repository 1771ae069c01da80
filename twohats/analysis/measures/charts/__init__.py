"""Charts that tell signal from noise over time (p, u, p', g, i, run)."""

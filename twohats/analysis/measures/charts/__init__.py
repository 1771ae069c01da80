"""Charts that tell signal from noise: over time (XmR, p, u, p', g, i, run) and between units (funnels)."""

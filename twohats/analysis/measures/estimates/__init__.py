"""What may be said, and how surely: of small units, of drivers, of effects, of two hats apart."""

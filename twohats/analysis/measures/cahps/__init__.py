"""Survey scores as the CAHPS Analysis Program makes them: adjusted for case mix, tested, each with its variance."""

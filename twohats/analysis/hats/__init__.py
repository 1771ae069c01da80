"""Which hat was worn, what was wanted, what was given, and why we say so."""

"""Help one person: facts in, decision out."""

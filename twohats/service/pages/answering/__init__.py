"""For people we serve: a short form by link, and by the same link what became of what they said."""

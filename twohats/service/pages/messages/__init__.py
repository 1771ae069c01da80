"""Pages for who writes to people: what waits and why, letters to post and calls to make, and the rules of the gate."""

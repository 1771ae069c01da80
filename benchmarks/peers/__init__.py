"""What others would do in our place: written plainly, without our checks, to be measured beside us."""

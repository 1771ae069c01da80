"""The process measures of both hats: all side by side, and each with its definition, months and units."""

"""Understand: journeys and voices, then hats, then measures, then findings; tables in, tables out."""

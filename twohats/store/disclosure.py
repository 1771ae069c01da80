"""Small counts: the one place that says how a count of people may be told."""

from .margins import FEWEST, hidden_cells

__all__ = ["FEWEST", "band", "hidden_cells", "may_be_told"]


def may_be_told(people: int) -> bool:
    """True for nobody and for 11 or more; 1 to 10 people could be worked out to be somebody."""
    return people == 0 or people >= FEWEST


def band(people: int) -> int | None:
    """The count as it may be told; None stands for "fewer than 11"."""
    return people if may_be_told(people) else None

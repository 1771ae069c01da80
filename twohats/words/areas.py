"""Areas people live in, told so coarsely that the area gives nobody away."""

FEW_PEOPLE = frozenset((
    "036", "059", "063", "102", "203", "205", "369", "556", "692", "790", "821", "823", "830", "831", "878", "879",
    "884", "890", "893"))
"""ZIP areas of three digits in which at most 20,000 people live, by the censuses of 2000 and 2010 (HHS guidance on
de-identification, 2012): 000 stands in their place."""
TOGETHER = "000"
"""In place of all of them."""
DIGITS = 3


def area(zip_code: str) -> str | None:
    """The first three digits of a ZIP code, 000 where few people live; None where it is no ZIP code."""
    first = zip_code.strip()[:DIGITS]
    if not (len(first) == DIGITS and first.isdecimal() and first.isascii()):
        return None
    return TOGETHER if first in FEW_PEOPLE else first

"""What is summed of a form: the numbers that describe who answers it and how, and which of them are not known."""

from dataclasses import dataclass
from itertools import combinations_with_replacement


@dataclass(frozen=True)
class Described:
    """A number that describes a form: the adjuster it belongs to, and the mark that it is not known ('' none)."""

    name: str
    adjuster: str
    unknown: str = ""


DESCRIBED = (
    Described("age", "age", "age_unknown"),
    Described("own_health", "own_health", "own_health_unknown"),
    Described("schooling", "schooling", "schooling_unknown"),
    Described("proxy", "proxy"),
    Described("other_language", "language", "language_unknown"),
    Described("by_phone", "mode", "mode_unknown"),
    Described("on_paper", "mode", "mode_unknown"),
)
"""Age in the steps of CAHPS (1: 18 to 24, ... 7: 75 and more; 0: a child), own health and schooling as their items are
coded; the others are 0 or 1: answered for them, in another language than English, by phone, on paper."""
ONE = "one"
NUMBERS = (ONE, *(column.name for column in DESCRIBED),
           *dict.fromkeys(column.unknown for column in DESCRIBED if column.unknown))
"""What is multiplied with each other: 1, the numbers (0 where not known), and the marks."""
PRODUCTS = tuple(combinations_with_replacement(NUMBERS, 2))
FIRST, SECOND, BOTH = "first_answer", "second_answer", "both_answers"


def product_name(one: str, other: str) -> str:
    """The column that holds the sum of this product."""
    return f"{one}_x_{other}"


SUMS = (
    "forms", "people", *(product_name(*pair) for pair in PRODUCTS if pair != (ONE, ONE)),
    *(product_name(answer, number) for answer in (FIRST, SECOND) for number in NUMBERS), BOTH,
)
"""All sums of a row: forms, distinct people, products of numbers, answers by numbers, the one answer by the other."""

"""How far chance alone may move a share."""

from math import sqrt

Z95 = 1.96


def wilson(part: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share, from 0 to 1, by Wilson: whole also near 0 and 1. `of` is not zero."""
    share, z2 = part / of, Z95 * Z95
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    reach = Z95 * sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return max(middle - reach, 0.0), min(middle + reach, 1.0)

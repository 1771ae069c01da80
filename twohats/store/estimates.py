"""How far chance alone may move a figure: the same interval on a page and in a benchmark.

The form for many shares at once, in survey scores, is held to this one by a test.
"""

from math import sqrt

Z95 = 1.959964
"""How many standard errors each way hold the truth 95 times in 100."""


def wilson(part: int, of: int) -> tuple[float, float]:
    """The 95 % score interval of a share, from 0 to 1: whole also near 0 and 1; of nothing 0 to 1.

    Source: E. B. Wilson, Journal of the American Statistical Association 1927;22:209-212.
    """
    if not of:
        return 0.0, 1.0
    share, z2 = part / of, Z95 * Z95
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    reach = Z95 * sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return max(middle - reach, 0.0), min(middle + reach, 1.0)

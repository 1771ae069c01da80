"""The 95 % intervals that are shown hold the truth: a few seeds of each claim here, 200 and more in the benchmark."""

import pytest

from benchmarks.coverage import Draw, claims, covered

SEEDS, LEAST = 20, 15
"""Of 20 perfect 95 % intervals fewer than 15 hold the truth once in 39,000 times."""


@pytest.mark.parametrize(("name", "n", "draw"), [pytest.param(*claim, id=f"{claim[0]}, n {claim[1]}")
                                                 for claim in claims()])
def test_a_few_seeds_of_every_claim(name: str, n: int, draw: Draw):
    held = covered(draw, SEEDS)
    assert LEAST <= held <= SEEDS, f"{name} of {n}: {held} of {SEEDS}"

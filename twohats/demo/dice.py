"""Chance that is the same on every machine: one stream of numbers per purpose, built on uniform draws only."""

import random
from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

Thing = TypeVar("Thing")


class Dice:
    """A stream of draws. Only Random.random() is used: Python promises that its numbers never change.

    No logarithms or cosines either: their last digit differs between machines.
    """

    __slots__ = ("roll",)

    def __init__(self, seed: int, purpose: str, index: int = 0) -> None:
        digest = sha256(f"{seed}|{purpose}|{index}".encode()).digest()
        self.roll = random.Random(int.from_bytes(digest[:8], "big")).random

    def chance(self, share: float) -> bool:
        """True in that share of draws."""
        return self.roll() < share

    def between(self, least: int, most: int) -> int:
        """A whole number, both ends included, all as likely."""
        return least + int(self.roll() * (most - least + 1))

    def around(self, least: int, most: int) -> int:
        """A whole number, the middle more likely than the ends."""
        return least + int((self.roll() + self.roll()) * 0.5 * (most - least + 1))

    def skewed(self, least: int, most: int) -> int:
        """A whole number, mostly near the least, now and then far away (waits, stays)."""
        roll = self.roll()
        return least + int(roll * roll * roll * (most - least + 1))

    def pick(self, things: Sequence[Thing]) -> Thing:
        """One of the things."""
        return things[int(self.roll() * len(things))]

    def weighted(self, things: Sequence[tuple[float, Thing]]) -> Thing:
        """One of the things; each comes with the running total of the shares up to it, the last being 1."""
        roll = self.roll()
        for reached, thing in things:
            if roll < reached:
                return thing
        return things[-1][1]

"""A made-up public HCAHPS file: some hundred hospitals that do not exist, and the demo's own sites among them."""

from collections.abc import Iterator

from twohats.demo.dice import Dice
from twohats.demo.hospital import Hospital

OTHERS = 400
LEVELS = (79, 80, 65, 62, 86, 52, 72, 61, 71, 70)
"""Best answers in a hundred of a middling hospital, in the order of the file's columns: made up, only near to life."""
STATES = ("IL", "CO", "WI", "IA", "MO", "IN")


def public_lines(hospital: Hospital) -> Iterator[str]:
    """One line per hospital: the year before last year's end, our sites first."""
    year = hospital.plan.as_of.year - 1
    dice = Dice(hospital.plan.seed, "public file")
    ids = [hospital.facilities[site.key] for site in hospital.sites]
    for place, facility in enumerate([*ids, *(f"X9{number:04}" for number in range(OTHERS))]):
        # Small hospitals are better liked, and some give no number at all.
        beds = dice.skewed(20, 700)
        is_quiet = dice.chance(0.06) and place >= len(ids)
        completes = dice.between(0, 60) if is_quiet else dice.between(120, 300) + beds * 2
        liked = dice.around(-11, 11) + (3 if beds < 60 else 0)
        shares = [max(20, min(99, level + liked + dice.around(-7, 7))) for level in LEVELS]
        told = [str(share) for share in shares] if completes >= 25 else [""] * len(LEVELS)
        state = hospital.sites[place].state if place < len(ids) else dice.pick(STATES)
        yield ",".join((facility, state, str(completes), str(dice.between(12, 38)), str(beds), f"1/1/{year}",
                        f"12/31/{year}", *told))

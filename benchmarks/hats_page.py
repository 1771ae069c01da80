"""The page and the picture that benchmarks/hats_against_truth.py writes."""

from collections.abc import Mapping
from typing import Any

LEVEL_NAMES = {
    "full": "everything",
    "no_zones": "no places",
    "no_history": "no status history",
    "period_only": "periods only",
}
GAP = 0.05
"""A gap between groups above this is said aloud."""
FEWEST = 20
"""Of fewer people than these no share is printed: an interval from a handful of people says nothing."""


def page_of(told: Mapping[str, Any], levels: Mapping[str, tuple[int, int]]) -> str:
    """The Markdown page."""
    parts = [_opening(told), _levels(told, levels), _calibration(told), _cuts(told), _outside(told), _noise(told)]
    return "\n".join(parts)


def picture_of(told: Mapping[str, Any]) -> str:
    """The noise curve as SVG: share right, with its interval, over how many times the usual errors."""
    width, height, left, top = 480, 240, 60, 20
    most = max(times for times, _ in told["noise"]) or 1

    def across(times: float) -> float:
        return left + (width - left - 20) * times / most

    def down(share: float) -> float:
        return top + (height - top - 50) * (1 - max(0.5, share)) / 0.5

    line = " ".join(f"{across(times):.1f},{down(one.share):.1f}" for times, one in told["noise"])
    bars = "".join(
        f'<line x1="{across(times):.1f}" x2="{across(times):.1f}" y1="{down(one.low):.1f}" y2="{down(one.high):.1f}"'
        ' stroke="#5b6470" stroke-width="2"/>'
        f'<circle cx="{across(times):.1f}" cy="{down(one.share):.1f}" r="4" fill="#0f6b6b"/>'
        f'<text x="{across(times):.1f}" y="{height - 28}" text-anchor="middle">{times:g} x</text>'
        for times, one in told["noise"]
    )
    grid = "".join(
        f'<line x1="{left}" x2="{width - 20}" y1="{down(share):.1f}" y2="{down(share):.1f}" stroke="#d9dde2"/>'
        f'<text x="{left - 8}" y="{down(share) + 4:.1f}" text-anchor="end">{share:.0%}</text>'
        for share in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
    )
    says = "; ".join(f"{times:g} times the usual errors: {one.share:.1%}" for times, one in told["noise"])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        ' font-family="sans-serif" font-size="12" fill="#22272e">'
        "<title>Share of decided minutes with the right hat as records get worse</title>"
        f"<desc>{says}</desc>{grid}"
        f'<polyline points="{line}" fill="none" stroke="#0f6b6b" stroke-width="2"/>{bars}'
        f'<text x="{width / 2:.0f}" y="{height - 8}" text-anchor="middle">'
        "times the usual errors in the records</text></svg>\n"
    )


def _opening(told: Mapping[str, Any]) -> str:
    return (
        "# How often the hat is right\n\n"
        "Written by `python -m benchmarks.hats_against_truth --write`: a demo hospital of "
        f"{told['people']:,} people (seed {told['seed']}), whose truth is drawn first and whose records are "
        "made from it with stated errors. The analysis never reads the truth, but its rules were written and its "
        "probabilities set while looking at other demo hospitals of the same generator. Shares are of the minutes of "
        "visits whose hat was "
        "decided; intervals are 95 %, over people. A made-up hospital is kinder than a real one: take these as upper "
        "bounds, and label some visits of your own.\n"
    )


def _levels(told: Mapping[str, Any], levels: Mapping[str, tuple[int, int]]) -> str:
    rows = "\n".join(
        f"| {LEVEL_NAMES[level]} | {_share(one['share'])} | {levels[level][0]} % | {one['share'].undecided:.1%} |"
        f" {levels[level][1]} % | {one['calibration'][0]:.3f} | {one['share'].people:,} | {one['share'].minutes:,.0f} |"
        for level, one in told["levels"].items()
    )
    return (
        "## By what the source tells\n\n"
        "| evidence | right | at least | undecided | at most | calibration error | people | minutes |\n"
        f"|---|---|---|---|---|---|---|---|\n{rows}\n\n"
        "Where only periods are known, registration, waiting and care cannot be told apart: a visit is then "
        "one stretch, "
        "not decided or of little confidence, and its page says so.\n"
    )


def _calibration(told: Mapping[str, Any]) -> str:
    return (
        "## Are probability and confidence honest?\n\n"
        "The probability of the patient's hat, with all evidence (a stretch that truly is both counts half):\n\n"
        f"| said from | said on average | was so | minutes |\n|---|---|---|---|\n"
        f"{_bins(told['levels']['full']['calibration'][1])}\n\n"
        "The confidence is a cautious word, not a frequency: with these records it lies under the share right.\n\n"
        f"| confidence from | said on average | right | minutes |\n|---|---|---|---|\n{_bins(told['confidence'])}\n"
    )


def _bins(bins: Any) -> str:
    return "\n".join(
        f"| {edge:.1f} | {said:.2f} | {right:.2f} | {minutes:,.0f} |" for edge, minutes, said, right in bins
    )


def _cuts(told: Mapping[str, Any]) -> str:
    rows = "\n".join(
        f"| {cut} | {value} | {_share(one)} | {_undecided(one)} | {one.people:,} | {one.minutes:,.0f} |"
        for cut, value, one in told["cuts"]
    )
    return (
        "## For whom\n\n| cut | value | right | undecided | people | minutes |\n|---|---|---|---|---|---|\n"
        f"{rows}\n\n{_gaps(told['cuts'])}\n"
    )


def _gaps(cuts: Any) -> str:
    said = []
    for cut in dict.fromkeys(cut for cut, _, _ in cuts):
        shares = [(one.share, value) for name, value, one in cuts if name == cut and one.people >= FEWEST]
        if not shares:
            continue
        (least, worse), (most, better) = min(shares), max(shares)
        if most - least > GAP:
            said.append(f"{cut}: {worse} lies {100 * (most - least):.1f} points under {better}.")
    return " ".join(said) or "No gap between groups is over 5 points."


def _outside(told: Mapping[str, Any]) -> str:
    one = told["outside"]
    return (
        "## Outside visits\n\n"
        f"Of {one['n']:,} calls, messages, bookings, bills, log-ins and other dealings, "
        f"{one['found'] / one['n']:.1%} were "
        "found with their act (calls whose number nobody or two people have find nobody), and "
        f"{one['right'] / max(1, one['found']):.1%} of those have the true hat.\n"
    )


def _noise(told: Mapping[str, Any]) -> str:
    rows = "\n".join(
        f"| {times:g} | {_share(one)} | {one.undecided:.1%} | {one.people:,} |" for times, one in told["noise"]
    )
    return (
        "## As records get worse\n\n![Share right over times the usual errors](how-often-the-hat-is-right.svg)\n\n"
        f"| times the usual errors | right | undecided | people |\n|---|---|---|---|\n{rows}\n"
    )


def _share(one: Any) -> str:
    if one.people < FEWEST:
        return "too few people"
    return f"{one.share:.1%} ({one.low:.1%} to {one.high:.1%})"


def _undecided(one: Any) -> str:
    return "" if one.people < FEWEST else f"{one.undecided:.1%}"

"""Everything that can be asked of the demo hospital: people, day, errors, planted effects."""

from dataclasses import asdict, dataclass, field, fields
from datetime import date

from twohats.words.problems import Problem


def _ask(default: float, says: str) -> float:
    kept: float = field(default=default, metadata={"says": says})
    return kept


@dataclass(frozen=True)
class Plan:
    """The arguments of one demo hospital. The same plan gives the same bytes on any machine."""

    as_of: date = field(metadata={"says": "the hospital's today"})
    people: int = field(default=2000, metadata={"says": "how many people"})
    seed: int = field(default=1, metadata={"says": "which of all possible hospitals"})
    days: int = field(default=440, metadata={"says": "how many days back the records go"})

    # What goes wrong when people write down what happened. The truth does not depend on these.
    late_locations: float = _ask(0.05, "share of location times noted too late")
    late_minutes_least: int = field(default=2, metadata={"says": "least minutes a time is noted too late"})
    late_minutes_most: int = field(default=15, metadata={"says": "most minutes a time is noted too late"})
    missing_participants: float = _ask(0.10, "share of staff who were there and are not noted")
    wrong_roles: float = _ask(0.03, "share of noted staff who are somebody of another role")
    late_statuses: float = _ask(0.05, "share of statuses clicked too late")
    swapped_statuses: float = _ask(0.01, "share of visits with two statuses clicked in the wrong order")
    clinicians_at_desks: float = _ask(0.04, "share of registrations noted with a clinician at the desk")
    missing_ends: float = _ask(0.02, "share of visits in which an end time is missing")
    late_lines: float = _ask(0.01, "share of resources and rows that come only with the later delivery")
    duplicate_lines: float = _ask(0.01, "share of resources and rows that come again with the later delivery")
    earlier_versions: float = _ask(0.10, "share of visits delivered first as they stood in progress")
    merged_patients: float = _ask(0.01, "share of people with a second record that was merged later")
    unmerged_patients: float = _ask(0.005, "share of people merged with a neighbour by mistake, and taken apart again")
    unnoticed_records: float = _ask(0.002, "share of people with a second record that nobody merged")
    wrong_phones: float = _ask(0.02, "share of calls and texts noted with a number nobody has")

    # What the people meet. These change the lives, so the truth depends on them.
    distress_at_desks: float = _ask(0.03, "share of registrations in which somebody is in distress")
    distress_in_bookings: float = _ask(0.01, "share of booking calls with distress or words of danger")
    shared_phones: float = _ask(0.30, "share of families that have one phone for all")
    other_models: float = _ask(0.30, "share of people at sites that keep their records in other ways")

    # The planted effects. Points are on a scale of 0 to 100.
    over_engaged_rate: float = _ask(0.06, "chance that a customer who wants speed is over-engaged")
    hurried_rate: float = _ask(0.08, "chance that a patient who wants time is hurried")
    unhappy_tilt: float = _ask(2.0, "how many times as often unhappy people are served in the wrong hat")
    over_engaged_points: float = _ask(-4.0, "points of satisfaction from having been over-engaged")
    hurried_points: float = _ask(-6.0, "points of satisfaction from having been hurried")
    leaving: float = _ask(0.005, "chance of leaving after a visit when nothing went wrong")
    over_engaged_leaving: float = _ask(0.04, "added chance of leaving after having been over-engaged")
    hurried_leaving: float = _ask(0.03, "added chance of leaving after having been hurried")
    understanding: float = _ask(0.90, "chance that what was taught is said back rightly")
    unhappy_understanding: float = _ask(-0.10, "added chance of that for unhappy people, whoever serves them how")
    over_engaged_understanding: float = _ask(-0.15, "added chance of that after having been over-engaged at the desk")

    def __post_init__(self) -> None:
        shares = [f.name for f in fields(self) if isinstance(f.default, float) and 0 <= f.default < 1]
        for name in shares:
            if not 0 <= getattr(self, name) <= 1:
                raise Problem(
                    f"{name} is a share and must lie between 0 and 1",
                    "demo",
                    f"Give --{name.replace('_', '-')} a number such as 0.05.",
                )
        if self.people < 1 or self.days < 60:
            raise Problem("a hospital needs at least 1 person and 60 days", "demo", "Raise --people or --days.")
        if not 0 < self.late_minutes_least <= self.late_minutes_most:
            raise Problem("late minutes run from the least to the most", "demo", "Check both --late-minutes.")
        if not date(1990, 1, 1) <= self.as_of <= date(2090, 1, 1):
            raise Problem("the hospital's today lies outside 1990 to 2090", "demo", "Give --as-of a nearer day.")

    def as_record(self) -> dict[str, object]:
        """The plan as it is written into demo.json."""
        return {**asdict(self), "as_of": self.as_of.isoformat()}


NO_ERRORS = dict.fromkeys(
    (
        "late_locations",
        "missing_participants",
        "wrong_roles",
        "late_statuses",
        "swapped_statuses",
        "clinicians_at_desks",
        "missing_ends",
        "late_lines",
        "duplicate_lines",
        "earlier_versions",
        "merged_patients",
        "unmerged_patients",
        "unnoticed_records",
        "wrong_phones",
    ),
    0.0,
)
"""Give these to a Plan and the evidence says exactly what happened."""

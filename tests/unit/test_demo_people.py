"""Lives hang together: the dead get no word, planted effects are there to be found, errors are as often as asked."""

from collections import Counter
from datetime import UTC, datetime
from statistics import mean

import pytest

from tests.unit.demo_files import AS_OF, demo, resources, rows
from twohats.demo.comments import ANYWHERE, STAY, compose
from twohats.demo.dice import Dice
from twohats.demo.plan import Plan
from twohats.words.problems import Problem


def within(found: int, of: int, share: float) -> bool:
    """Is a count within five standard errors of what was asked for?"""
    return abs(found - of * share) <= 5 * (of * share * (1 - share)) ** 0.5 + 1


def test_nobody_gets_a_message_after_their_death():
    out = demo(people=1000)
    died = {person["person"]: person["died_at"] for person in rows(out, "truth/lives") if person["died_at"]}
    whose = {tie["id"]: tie["person"] for tie in rows(out, "truth/ties") if tie["feed"] == "contacts"}
    assert len(died) > 3
    late = [
        row["contact_id"]
        for row in rows(out, "csv/contacts")
        if whose[row["contact_id"]] in died and utc(row["started_at"]) >= died[whose[row["contact_id"]]]
    ]
    late += [
        line["id"]
        for line in resources(out, "Communication")
        if utc(line["sent"]) >= died.get(line["subject"]["reference"].split("/")[1], "9999")
    ]
    lived = [row for row in rows(out, "truth/segments") if row["start"] >= died.get(row["person"], "9999")]
    assert (late, lived) == ([], [])


def utc(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_nothing_is_known_after_the_hospitals_today():
    last = max(line["meta"]["lastUpdated"] for line in resources(demo(), "Encounter"))
    assert "2026-11-19" <= last < "2026-11-21"
    ahead = [line for line in resources(demo(), "Appointment") if line["start"] > "2026-11-22"]
    assert {line["status"] for line in ahead} <= {"booked", "cancelled"}
    assert len(ahead) > 20


def test_wrong_hats_are_as_often_as_planted_and_more_often_among_the_unhappy():
    served = [row for row in rows(demo(), "truth/served") if row["eligible"] == "true"]
    for side, acts, rate in (("over_engaged", ("register", "book"), 0.06), ("hurried", ("treat",), 0.08)):
        for unhappy, tilt in (("true", 2), ("false", 1)):
            group = [row["served_wrong"] == side for row in served if row["act"] in acts and row["unhappy"] == unhappy]
            assert len(group) > 300
            assert within(sum(group), len(group), rate * tilt), (side, unhappy, sum(group), len(group))


def test_planted_points_are_in_the_satisfaction():
    def mean_by_side(out, unhappy: str) -> dict[str, float]:
        groups: dict[str, list[float]] = {}
        for row in rows(out, "truth/served"):
            if row["act"] == "treat" and row["unhappy"] == unhappy and row["eligible"] == "true":
                groups.setdefault(row["served_wrong"], []).append(float(row["satisfaction"]))
        return {side: mean(points) for side, points in groups.items()}

    found = mean_by_side(demo(hurried_points=-30.0, hurried_rate=0.3), "false")
    assert -33 < found["hurried"] - found["none"] < -27
    nothing = mean_by_side(demo(hurried_points=0.0, over_engaged_points=0.0, hurried_rate=0.3), "false")
    assert abs(nothing["hurried"] - nothing["none"]) < 3


@pytest.mark.parametrize("side", ["over_engaged", "hurried"])
def test_who_is_mis_served_leaves_more_often(side: str):
    served = rows(demo(people=500, **{f"{side}_leaving": 0.5, f"{side}_rate": 0.2}), "truth/served")
    left = {each: [row["left"] == "true" for row in served if row["served_wrong"] == each] for each in (side, "none")}
    assert mean(left[side]) > 0.3 > 0.1 > mean(left["none"])


def test_both_directions_have_points_of_their_own_and_each_is_in_the_satisfaction():
    out = demo(people=500, over_engaged_points=-20.0, over_engaged_rate=0.3)
    groups: dict[str, list[float]] = {}
    for row in rows(out, "truth/served"):
        if row["act"] == "register" and row["unhappy"] == "false" and row["eligible"] == "true":
            groups.setdefault(row["served_wrong"], []).append(float(row["satisfaction"]))
    assert -23 < mean(groups["over_engaged"]) - mean(groups["none"]) < -17
    planted = {(row["served_wrong"], row["planted_points"]) for row in rows(out, "truth/served")}
    assert planted == {("none", "0"), ("over_engaged", "-20"), ("hurried", "-6")}


def test_mis_served_parts_show_in_the_minutes():
    served = rows(demo(), "truth/served")
    given = Counter(
        (row["act"], row["served_wrong"], int(row["given_minutes"]) > 10) for row in served if row["act"] == "register"
    )
    assert given["register", "over_engaged", False] == 0 < given["register", "over_engaged", True]


def test_errors_are_as_often_as_asked():
    noisy, clean = demo(), demo(missing_participants=0.0, wrong_roles=0.0)

    def participants(out) -> int:
        return sum(
            len(visit.get("participant", []))
            for visit in resources(out, "Encounter")
            if "south" in str(visit["serviceProvider"])
        )

    everybody = participants(clean)
    family = sum(
        "RelatedPerson" in one["individual"]["reference"]
        for visit in resources(clean, "Encounter")
        if "south" in str(visit["serviceProvider"])
        for one in visit.get("participant", [])
    )
    assert within(everybody - participants(noisy), everybody - family, 0.10)
    merged = [line for line in resources(demo(merged_patients=0.2), "Patient") if line["id"].endswith("-old")]
    assert {line["link"][0]["type"] for line in merged if "link" in line} == {"replaced-by"}
    assert within(len({line["id"] for line in merged}), 1000, 0.2 * 0.95)


def test_comments_repeat_in_fewer_than_15_of_100():
    dice, seen = Dice(1, "comments"), Counter()
    for _ in range(10_000):
        language = "es" if dice.chance(0.18) else "en"
        subjects = [(dice.pick(ANYWHERE + STAY), 1 if dice.chance(0.6) else -1) for _ in range(dice.between(1, 3))]
        words, clauses = compose(dice, language, subjects, "family" if dice.chance(0.08) else "patient")
        seen[words] += 1
        for clause in clauses:
            assert clause.text in words
    assert 10_000 - len(seen) < 1500


def test_clauses_of_a_comment_are_found_in_it():
    comments = {row["comment_id"]: row["words"] for row in rows(demo(), "csv/comments")}
    clauses = rows(demo(), "truth/clauses")
    assert {clause["comment_id"] for clause in clauses} == set(comments)
    assert all(clause["text"] in comments[clause["comment_id"]] for clause in clauses)
    assert {clause["hat"] for clause in clauses} == {"patient", "customer", "none"}


def test_feeds_can_be_read_and_tie_to_whom_they_say():
    whose = {(tie["feed"], tie["id"]): tie["person"] for tie in rows(demo(), "truth/ties")}
    people = {line["id"]: line for line in resources(demo(), "Patient")}
    for feed, key in (("contacts", "contact_id"), ("surveys", "answer_id"), ("comments", "comment_id")):
        for row in rows(demo(), f"csv/{feed}"):
            person = people[whose[feed, row[key]]]
            numbers = {one["value"] for one in person["identifier"]}
            assert not row["person_mrn"] or row["person_mrn"] in numbers or int(row["person_mrn"][3:]) >= 900_000_000


def test_lives_are_of_every_kind():
    lives = rows(demo(), "truth/lives")
    languages = Counter(row["language"] for row in lives)
    assert 0.70 < languages["en"] / len(lives) < 0.86
    assert 0.10 < languages["es"] / len(lives) < 0.24
    for column in ("portal", "phone", "shared_phone", "car", "unhappy"):
        assert {row[column] for row in lives} == {"true", "false"}, column
    assert any(int(row["age"]) < 18 for row in lives)


def test_a_plan_says_what_is_wrong_with_it():
    with pytest.raises(Problem, match="late_locations is a share"):
        Plan(as_of=AS_OF, late_locations=1.5)

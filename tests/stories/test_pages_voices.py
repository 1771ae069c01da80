"""What people said, on the leader's overview and in one person's journey: both hats alike, no word too many."""

import csv
import io
import re
from typing import Any

import pytest

from tests.release_fixture import (
    ANA,
    ANAS_VISIT,
    CLAUSES,
    INTERACTIONS,
    UNITS,
    VOICES,
    at,
    clause,
    make_release,
)
from tests.security.conftest import logged_in
from tests.stories.counting import queries_of
from twohats.service import releases
from twohats.service.actions import people
from twohats.service.actions.break_glass import PERSON, break_glass
from twohats.service.actions.hidden_kinds import say_hidden
from twohats.service.pages import ties
from twohats.service.pages.leader import page
from twohats.service.pages.leader.cube import ALL_MONTHS, Cube
from twohats.service.pages.leader.heard import Cell, Clauses, Heard
from twohats.service.policy import WHOLE, Role
from twohats.store.estimates import wilson
from twohats.store.keys import key
from twohats.store.reading import Reader

ANAS = [one for one in INTERACTIONS if one["person"] == ANA]
TREATED = next(one for one in ANAS if one["act"] == "treat" and one.get("visit"))
LABELLED = next(one for one in ANAS if one.get("sensitive"))
TOO_FEW = "Fewer than 11 people: not shown, so that nobody can be recognised."


def text_of(answer) -> str:
    main = re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)).replace("&#x27;", "'")


def heard(unit: str, month: str, hat: str, touchpoint: str, people_: int, clauses: int, praise: int = 0,
          complaints: int = 0) -> dict[str, Any]:
    return {"unit": unit, "month": month, "hat": hat, "touchpoint": touchpoint, "people": people_, "clauses": clauses,
            "praise": praise, "complaints": complaints, "unsure": 3}


# hat, touchpoint, people, clauses, praise, complaints: all that was said in one month of one unit
ONE_MONTH = (
    ("*", "*", 60, 160, 70, 70),
    ("patient", "*", 40, 80, 50, 20), ("customer", "*", 45, 80, 20, 50),
    ("patient", "emotional_support_safety", 30, 36, 28, 5), ("patient", "clinician_communication", 20, 20, 9, 7),
    ("patient", "staff_manner_clinical", 12, 12, 4, 8), ("patient", "general_praise", 12, 12, 9, 0),
    ("customer", "billing_insurance", 33, 38, 9, 25), ("customer", "wait_timeliness", 15, 15, 5, 9),
    ("customer", "check_in", 14, 14, 4, 10), ("customer", "discharge", 13, 13, 2, 6),
)
TOLD = [heard(unit, month, *row) for unit in ("north-ed", "north", "system", "*") for month in ("2026-11", "*")
        for row in ONE_MONTH]


# ---- the leader's overview ---------------------------------------------------------------------------------
@pytest.fixture
def told(tmp_path, settings, db):
    """A function from rows of `heard` to what the overview says of them."""
    def says(rows: list[dict[str, Any]], unit: str = WHOLE, month: str = ALL_MONTHS, **changed: Any) -> dict[str, Any]:
        settings.TWOHATS_HOME = tmp_path / "told"
        make_release(tmp_path / "told", heard=rows, **changed)
        reader = releases.current()
        return page.overview(reader, Cube(reader), unit, month)
    return says


def test_both_hats_are_told_in_the_same_numbers_each_with_its_sentence(told):
    patient, customer = told(TOLD, "north", "2026-11")["sayings"]
    assert (patient["hat"], customer["hat"]) == ("patient", "customer")
    assert [(fact.name, fact.value, fact.unit, fact.says) for fact in patient["facts"]] == [
        ("Clauses", "80", "", "Said by 40 people, November 2026. Neither more nor fewer is better. Of 4 of 100 we are "
                              "not sure that they belong here."),
        ("Praise", "62", "of 100", "Of 80 clauses (52 to 72 of 100), November 2026. Higher is better. Too few whole "
                                   "months to tell a change from chance."),
        ("Complaints and suggestions", "25", "of 100", "Of 80 clauses (17 to 35 of 100), November 2026. Lower is "
                                                       "better. Too few whole months to tell a change from chance.")]
    assert [(fact.name, fact.value) for fact in customer["facts"]] == [
        ("Clauses", "80"), ("Praise", "25"), ("Complaints and suggestions", "62")]
    assert all(fact.meaning for side in (patient, customer) for fact in side["facts"])
    assert (patient["sentence"], customer["sentence"]) == (
        "When people speak of care, praise is in 62 of 100 clauses, a complaint or a suggestion in 25. Most spoken of: "
        "Feeling safe and supported.",
        "When people speak of everything around care, praise is in 25 of 100 clauses, a complaint or a suggestion in "
        "62. Most spoken of: Bills and insurance.")


def test_the_three_touchpoints_most_spoken_of_come_with_their_praise_and_range(told):
    patient, customer = told(TOLD)["sayings"]
    assert [tuple(one.values()) for one in customer["most"]] == [
        ("Bills and insurance", "38", "33", "24", "13 to 39"), ("Waiting", "15", "15", "33", "15 to 58"),
        ("Check-in and front desk", "14", "14", "29", "12 to 55")]
    assert [one["name"] for one in patient["most"]] == [
        "Feeling safe and supported", "Talking with clinicians", "Manner of care staff"]


@pytest.mark.parametrize(("part", "of", "low", "high"), [
    (0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (50, 80, 0.5155, 0.7231)])
def test_a_share_has_wilsons_interval(part, of, low, high):
    assert wilson(part, of) == pytest.approx((low, high), abs=0.0001)


def test_a_share_that_leaves_its_band_has_moved(told):
    months = [f"2026-{month:02}" for month in range(1, 11)]
    praise = dict(zip(months, [20, 21, 19, 20, 22, 20, 19, 21, 20, 45], strict=True))
    rows = [heard("*", month, "patient", "*", 40, 50, n, 5) for month, n in praise.items()]
    totals = [{"unit": "north-ed", "month": month, "hat": "patient", "kind": "segment", "interactions": 100,
               "people": 90, "minutes": 100.0, "timed": 100, "minutes_squared": 100.0, "waits": 0, "wait_minutes": 0.0,
               "wait_minutes_squared": 0.0, "vulnerable": 0, "overruled": 0} for month in months]
    said = told([*rows, heard("*", "*", "patient", "*", 300, 500, sum(praise.values()), 50)], totals=totals)
    assert said["sayings"][0]["facts"][1].says.endswith("Higher than chance explains, most lately in October 2026.")


def shown(told, rows: list[dict[str, Any]], cells: list[tuple[str, ...]], **changed: Any) -> dict[tuple[str, ...], Any]:
    told(rows, **changed)
    reader = releases.current()
    found = Heard(reader, Cube(reader))
    return {cell: (said := found.clauses(Cell(*cell))) and said.clauses for cell in cells}


def test_a_touchpoint_of_few_people_takes_the_next_smallest_with_it(told):
    rows = [heard("*", "*", "patient", "*", 50, 72), heard("*", "*", "patient", "check_in", 7, 9),
            heard("*", "*", "patient", "discharge", 20, 23), heard("*", "*", "patient", "food", 30, 40)]
    assert shown(told, rows, [("*", "*", "patient", point) for point in ("*", "check_in", "discharge", "food")]) == {
        ("*", "*", "patient", "*"): 72, ("*", "*", "patient", "check_in"): None,
        ("*", "*", "patient", "discharge"): None, ("*", "*", "patient", "food"): 40}
    (patient, customer) = told(rows, release="again")["sayings"]
    assert [one["name"] for one in patient["most"]] == ["Food and drink"]
    assert customer["sentence"] == "Nobody said anything in this period."


def test_a_hat_of_few_people_is_not_told_and_cannot_be_worked_out_from_the_other(told):
    rows = [heard("*", "*", hat, "*", n, n + 2, 1, 1) for hat, n in (("*", 60), ("patient", 5), ("customer", 50),
                                                                   ("none", 30))]
    assert shown(told, rows, [("*", "*", hat) for hat in ("patient", "customer", "none")]) == {
        ("*", "*", "patient"): None, ("*", "*", "customer"): 52, ("*", "*", "none"): None}
    (patient, customer) = told(rows, release="again")["sayings"]
    assert patient["sentence"] == TOO_FEW
    assert {(fact.value, fact.instead) for fact in patient["facts"]} == {(None, TOO_FEW)}
    assert customer["facts"][0].value == "52"


def test_few_people_in_one_month_hide_a_second_month(told):
    counts = {"2026-09": 40, "2026-10": 4, "2026-11": 60, "*": 104}
    rows = [heard("*", month, "customer", "*", n, n) for month, n in counts.items()]
    assert shown(told, rows, [("*", month, "customer") for month in counts]) == {
        ("*", "2026-09", "customer"): None, ("*", "2026-10", "customer"): None, ("*", "2026-11", "customer"): 60,
        ("*", "*", "customer"): 104}


def test_clauses_without_a_month_cannot_be_worked_out_from_the_months(told):
    counts = {"2026-09": 40, "2026-11": 60, "*": 103}
    rows = [heard("*", month, "customer", "*", n, n) for month, n in counts.items()]
    assert shown(told, rows, [("*", month, "customer") for month in counts]) == {
        ("*", "2026-09", "customer"): None, ("*", "2026-11", "customer"): 60, ("*", "*", "customer"): 103}


def test_few_people_in_one_unit_hide_a_second_unit(told):
    units = [UNITS[0], *({**UNITS[2], "unit": name, "name": name, "parent": "system"} for name in "abc")]
    counts = {"a": 5, "b": 40, "c": 60, "system": 105, WHOLE: 105}
    rows = [heard(unit, "*", "patient", "*", n, n) for unit, n in counts.items()]
    assert shown(told, rows, [(unit, "*", "patient") for unit in counts], units=units) == {
        ("a", "*", "patient"): None, ("b", "*", "patient"): None, ("c", "*", "patient"): 60,
        ("system", "*", "patient"): 105, (WHOLE, "*", "patient"): 105}


def test_where_11_people_stand_behind_each_cell_all_is_shown(told):
    told(TOLD)
    reader = releases.current()
    found = Heard(reader, Cube(reader))
    assert found.clauses(Cell("north-ed", "2026-11", "patient", "staff_manner_clinical")) == Clauses(12, 12, 4, 8, 3)
    assert found.clauses(Cell("south", "2026-11", "patient")) == Clauses()


@pytest.fixture
def frank(readers, tmp_path, settings):
    settings.TWOHATS_HOME = tmp_path / "frank"
    make_release(tmp_path / "frank", "what-frank-sees", heard=TOLD)
    people.give_role(user=readers["leader"], role=Role.LEADER, unit=WHOLE, by=None)
    return logged_in(readers["leader"])


def test_the_overview_shows_what_people_say_patient_first_and_adds_nothing_up(frank):
    text = text_of(frank.get("/overview/", {"unit": "north", "month": "2026-11"}))
    section = text[text.index("What people say"):text.index("Where do journeys turn")]
    places = [section.index(words) for words in (
        "As patients", "Of 80 clauses (52 to 72 of 100)", "Feeling safe and supported 30 36 78 (62 to 88)",
        "As customers", "Bills and insurance 33 38 24 (13 to 39)")]
    assert places == sorted(places)
    assert "160" not in section


def test_the_whole_organisation_is_told_what_comments_could_be_tied_to(frank):
    sentence = ("Of 100 comments, 70 could be tied to a visit, 0 to a person without a visit, 0 to a unit alone and "
                "30 to nobody (100 comments in all).")
    assert sentence in text_of(frank.get("/overview/"))
    assert sentence not in text_of(frank.get("/overview/", {"unit": "north"}))
    assert "/quality/#tied" in frank.get("/overview/").content.decode()


def test_answers_are_told_like_comments_and_fewer_than_11_are_not(told):
    rows = [{"feed": "surveys", "tied_to": "visit", "tied_by": "encounter", "rows": 150},
            {"feed": "surveys", "tied_to": "person", "tied_by": "mrn", "rows": 40},
            {"feed": "surveys", "tied_to": "unit", "tied_by": "unit", "rows": 9},
            {"feed": "surveys", "tied_to": "nobody", "tied_by": "no_identifier", "rows": 1},
            {"feed": "comments", "tied_to": "visit", "tied_by": "encounter", "rows": 10}]
    told(TOLD, ties=rows)
    assert ties.said(releases.current()) == [
        "Of 100 answers, 75 could be tied to a visit, 20 to a person without a visit, 4 to a unit alone and less "
        "than 1 to nobody (200 answers in all)."]


def test_in_spanish_what_people_say_holds_no_english(frank):
    text = text_of(frank.get("/overview/", headers={"Accept-Language": "es"}))
    section = text[text.index("Lo que dicen las personas"):text.index("Tabla: heard")]
    assert "hay un elogio en 62 de 100 frases, y una queja o sugerencia en 25" in section
    assert re.findall(r"\b(?:clauses?|praise|people|spoken|comments?|better)\b", section) == []


def test_data_quality_says_which_rule_tied_comments_and_answers(readers):
    people.give_role(user=readers["analyst"], role=Role.ANALYST, unit=WHOLE, by=None)
    text = text_of(logged_in(readers["analyst"]).get("/quality/"))
    section = text[text.index("Comments and answers by the rule that tied them"):text.index("Is it known less")]
    assert section.split("Share ", 1)[1].strip() == (
        "comments a visit the number of the visit, which was the same person's 70 100 70.0 % "
        "comments nobody none 20 100 20.0 % "
        "comments two people, so to nobody two people have the phone number 10 100 10.0 %")


# ---- one person's journey ----------------------------------------------------------------------------------
def answer(number: int, item: str, value: str, **more: Any) -> dict[str, Any]:
    return {"voice": key(f"answers/{number}"), "kind": "answer", "source_id": f"answers/{number}", "person": ANA,
            "visit": ANAS_VISIT, "unit": "north-ed", "tied_to": "visit", "tied_by": "encounter",
            "said_at": at("2026-11-22", "08:00"), "survey": "HCAHPS", "item": item, "value": value, "mode": "web",
            "respondent": "self", "view": "self", "hat": "patient", "about_hat": "patient", **more}


KIND = clause(3, 4, 80, "my son says the doctors were kind", "customer", "staff_manner_clinical", 1, speaker="family",
              about_hat="patient")
SAT = {**CLAUSES[2], "interaction": TREATED["interaction"]}


@pytest.fixture
def ana(tmp_path, settings):
    """Writes a release in which Ana said this."""
    def said(release: str = "r", **changed: Any) -> None:
        settings.TWOHATS_HOME = tmp_path / "ana"
        given = {"clauses": [*CLAUSES[:2], SAT, *CLAUSES[3:], KIND], "voices": VOICES} | changed
        make_release(tmp_path / "ana", release, **given)
    said()
    return said


def journey(user, **headers: Any) -> str:
    return text_of(logged_in(user).get(f"/people/{ANA}/", headers=headers or None))


def test_a_comment_stands_where_it_was_said_clause_by_clause_with_hat_tone_and_reason(readers, ana):
    text = journey(readers["navigator"])
    comment = text[text.index("Monday, November 23, 2026"):]
    assert comment.split("Release")[0].strip() == (
        "Monday, November 23, 2026 Said 3 11:30 A comment (the person's own words, on the web) "
        "Nurse Kimani sat with me. Feeling safe and supported · praise because of the words: “nurse”, “kimani” "
        "P patient "
        "But the bill was wrong Bills and insurance · complaint or suggestion because of the words: “but”, “the” "
        "C customer not sure "
        "and I want to end it all urgent · Feeling safe and supported · complaint or suggestion "
        "because of the words: “and”, “i” P patient "
        "my son says the doctors were kind Manner of care staff · praise · the family speaks · tells of care "
        "because of the words: “my”, “son” C customer")


def test_a_clause_about_one_moment_is_told_beside_it(readers, ana):
    text = journey(readers["navigator"])
    treated = text[text.index("08:00–10:00"):text.index("10:00–10:30")]
    assert treated.split("Said about this moment")[1].strip().startswith("Nurse Kimani sat with me.")
    assert text.count("Said about this moment") == 1


def test_both_sides_tell_what_was_said_under_each_hat(readers, ana):
    text = journey(readers["navigator"])
    for hat, said in (("As a patient", "Praise in comments 1 of 2 clauses Complaints and suggestions: 1. "
                                       "Not sure of the hat: 0. More praise is better."),
                      ("As a customer", "Praise in comments 1 of 3 clauses Complaints and suggestions: 2. "
                                        "Not sure of the hat: 1. More praise is better.")):
        assert said in text[text.index(hat):].split("This journey turns")[0], hat
    ana("silent", clauses=[])
    assert journey(readers["navigator"]).count("Nothing was written that belongs here.") == 2


def test_answers_given_together_are_told_together_with_item_value_hat_and_why(readers, ana):
    ana("answers", clauses=[], voices=[
        answer(1, "NURSE_EXPLAIN", "Always"), answer(2, "CLEAN", "3", hat="customer", about_hat="customer"),
        answer(3, "our_own", "it was my neighbour Lee", hat="customer", respondent="family", view="family")])
    text = journey(readers["navigator"])
    told = text[text.rindex("Sunday, November 22, 2026"):text.index("7 05:00")].strip()
    assert told == (
        "Sunday, November 22, 2026 Said 1 03:00 1 answer: HCAHPS (the family speaks, on the web) "
        "question our_own: it was my neighbour Lee · tells of care C customer "
        "Said 2 03:00 2 answers: HCAHPS (the person's own words, on the web) "
        "Clean room: 3 The place, with no clinical act in it. C customer "
        "Nurses: explaining: Always Care in the moment, by a clinician. P patient")
    masked = journey(readers["clinician"])
    assert ("Lee" in masked, "question our_own · tells of care" in masked) == (False, True)


def test_words_are_shown_as_the_role_may_see_them(readers, ana):
    break_glass(kind=PERSON, thing=str(ANA), reason="The family is at the desk now.", by=readers["administrator"])
    read = {name: journey(readers[name]) for name in ("navigator", "clinician", "analyst", "administrator")}
    told = {name: ["Kimani" in text, "kimani" in text, "Nurse […] sat with me." in text, "But the bill" in text,
                   "Feeling safe and supported · praise" in text, "“but”, “the”" in text]
            for name, text in read.items()}
    assert told == {
        "navigator": [True, True, False, True, True, True], "clinician": [False, False, True, True, True, True],
        "analyst": [False, False, True, True, True, True], "administrator": [False, False, False, False, True, False]}
    assert "Your role sees what it is about, not its words." in read["administrator"]


def test_who_may_read_comments_elsewhere_sees_only_labels_here(readers, ana):
    people.take_role(user=readers["clinician"], role=Role.CLINICIAN, unit="north", by=None)
    people.give_role(user=readers["clinician"], role=Role.CLINICIAN, unit="south", by=None)
    people.give_role(user=readers["clinician"], role=Role.NAVIGATOR, unit="south", by=None)
    break_glass(kind=PERSON, thing=str(ANA), reason="She is asking for me on the phone.", by=readers["clinician"])
    text = journey(readers["clinician"])
    assert ("Kimani" in text, "[name]" in text, "Feeling safe and supported · praise" in text) == (False, False, True)


def test_words_that_were_not_masked_are_not_shown_to_who_reads_masked(readers, ana):
    ana("unmasked", clauses=[{**SAT, "masked": None}])
    text = journey(readers["clinician"])
    assert ("Kimani" in text, "kimani" in text, "Feeling safe and supported · praise" in text) == (False, False, True)


def test_without_names_voices_stand_on_days_counted_from_the_first(readers, ana):
    text = journey(readers["analyst"])
    assert "Day 71 Said 3 11:30 A comment" in text
    assert "2026" not in text.replace("Release r", "")


HIDE = "Something was said that you may not see"


@pytest.mark.parametrize("changed", [
    {"voices": [{**VOICES[3], "interaction": LABELLED["interaction"], "visit": None}]},
    {"clauses": [{**SAT, "interaction": LABELLED["interaction"]}], "voices": VOICES[3:]},
    {"voices": VOICES[3:], "interactions": [{**one, "sensitive": "PSY" if one["act"] == "papers" else None}
                                            for one in ANAS]},
])
def test_what_was_said_about_something_labelled_is_hidden_whole(readers, ana, changed):
    ana("hidden", **changed)
    text = journey(readers["navigator"])
    assert "Said 1 11:30 Something was said that you may not see not shown to you" in text
    assert "1 thing that was said is about what you may not see." in text
    for word in ("Kimani", "Feeling safe", "Bills and insurance", "Said about this moment"):
        assert word not in text, word
    assert text.count("Nothing was written that belongs here.") == 2
    assert HIDE not in journey(readers["clinician"])
    break_glass(kind=PERSON, thing=str(ANA), reason="She is on the phone and very worried.", by=readers["navigator"])
    opened = journey(readers["navigator"])
    assert (HIDE in opened, "Nurse Kimani sat with me." in opened) == (False, True)


@pytest.mark.parametrize(("of", "value", "hidden"), [
    ("touchpoint", "billing_insurance", 1), ("touchpoint", "informed_updates", 1), ("unit", "north-ed", 3),
    ("touchpoint", "discharge", 2), ("unit", "south", 0)])
def test_what_the_hospital_hides_hides_what_was_said_of_it(readers, ana, of, value, hidden):
    say_hidden(of=of, value=value, hidden=True, by=readers["administrator"])
    assert journey(readers["navigator"]).count(HIDE) == hidden
    assert journey(readers["clinician"]).count(HIDE) == 0


def test_an_answer_about_a_hidden_touchpoint_is_hidden(readers, ana):
    ana("asked", clauses=[], voices=[answer(1, "CLEAN", "3", visit=None)])
    assert "1 answer: HCAHPS" in journey(readers["navigator"])
    say_hidden(of="touchpoint", value="facilities_environment", hidden=True, by=readers["administrator"])
    text = journey(readers["navigator"])
    assert ("1 answer: HCAHPS" in text, HIDE in text) == (False, True)


def test_what_is_hidden_on_the_page_leaves_in_no_file(readers, ana):
    ana("taken", clauses=[SAT, {**KIND, "interaction": LABELLED["interaction"]}, CLAUSES[0]])

    def rows(name: str, path: str) -> list[dict[str, str]]:
        content = b"".join(logged_in(readers[name]).get(f"/tables/{path}.csv").streaming_content)
        return list(csv.DictReader(io.StringIO(content.decode())))

    def told(name: str, path: str) -> list[tuple[str, bool]]:
        return [(row["hat"], row["said_at"] != "") for row in rows(name, path)]

    assert told("navigator", "clauses/panel") == [("", True), ("", True), ("customer", True)]
    assert told("analyst", "clauses/masked") == [("", True), ("", True), ("customer", True)]
    assert told("clinician", "clauses/panel") == [("patient", True), ("customer", True), ("customer", True)]
    assert [row["words"] for row in rows("navigator", "voices/panel")] == ["", "nobody told me where to go", ""]
    hidden = next(row for row in rows("navigator", "clauses/panel") if not row["hat"])
    assert {name for name, value in hidden.items() if value} == {"clause", "voice", "person", "said_at"}


def test_every_voice_stands_on_one_page_of_a_long_journey(readers, ana):
    many = [{**ANAS[0], "interaction": n + 1, "started_at": at(f"2026-0{1 + n // 28}-{1 + n % 28:02}", "10:00"),
             "ended_at": None} for n in range(95)]
    days = ("2025-12-01", "2026-01-10", "2026-01-16", "2026-02-20", "2026-04-30")
    spoken = [answer(n, "NURSE_EXPLAIN", str(n), said_at=at(day, "12:00"), visit=None) for n, day in enumerate(days)]
    ana("long", interactions=many, voices=[*spoken, answer(9, "NURSE_EXPLAIN", "9", said_at=None, visit=None)],
        clauses=[])
    carla = logged_in(readers["navigator"])
    pages = [carla.get(f"/people/{ANA}/?upto={upto}").content.decode() for upto in ("15", "55", "95")]
    assert [re.findall(r'id="v(\d+)"', told) for told in pages] == [["1", "2"], ["3", "4"], ["5", "6"]]
    assert "Day not known" in pages[2]


def test_the_picture_marks_each_time_something_was_said(readers, ana):
    content = logged_in(readers["navigator"]).get(f"/people/{ANA}/").content.decode()
    wide = content[content.index('class="wide-only"'):content.index('class="middle-only"')]
    assert wide.count("<path ") == 3
    assert "Under the lanes a speech bubble marks each time something was said." in wide
    ana("silent", voices=[], clauses=[])
    silent = logged_in(readers["navigator"]).get(f"/people/{ANA}/").content.decode()
    assert ("<path d=\"M" in silent[silent.index('class="wide-only"'):silent.index('class="middle-only"')],
            "speech bubble" in silent) == (False, False)


def test_a_comment_that_holds_markup_is_shown_as_written(readers, ana):
    ana("markup", clauses=[{**SAT, "words": "<script>alert(1)</script> =1+1", "evidence": '["script"]'}])
    content = logged_in(readers["navigator"]).get(f"/people/{ANA}/").content.decode()
    assert "<script>alert" not in content
    assert "&lt;script&gt;alert(1)&lt;/script&gt; =1+1" in content


def test_in_spanish_the_voices_hold_no_english_of_ours(readers, ana):
    text = journey(readers["navigator"], **{"Accept-Language": "es"})
    comment = text[text.index("Dicho 3 11:30"):].split("Edición")[0]
    assert "Un comentario (palabras de la propia persona, en la web)" in comment
    assert "habla la familia · habla de la atención por las palabras: «my», «son»" in comment
    ours = re.sub("|".join(re.escape(one["words"].strip()) for one in (*CLAUSES, KIND)), "", comment)
    assert re.findall(r"\b(?:praise|complaint|because|comment|patient|customer|sure|family|urgent)\b", ours) == []


def test_neither_records_nor_release_are_asked_more_often_for_three_voices_than_for_one(readers, ana, monkeypatch):
    asked: dict[int, tuple[int, int]] = {}
    reads: list[str] = []
    rows = Reader.rows

    def counted(self: Reader, sql: str, params: Any = ()) -> Any:
        reads.append(sql)
        return rows(self, sql, params)

    monkeypatch.setattr(Reader, "rows", counted)
    for several in (1, 3):
        ana(f"with-{several}", voices=VOICES[4 - several:], clauses=[SAT, KIND, *CLAUSES[:1]][:several])
        carla = logged_in(readers["navigator"])
        records = queries_of(carla, f"/people/{ANA}/")
        reads.clear()
        carla.get(f"/people/{ANA}/")
        asked[several] = (records, len(reads))
    assert asked[1] == asked[3]
    assert asked[1][0] <= 9

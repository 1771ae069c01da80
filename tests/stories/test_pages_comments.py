"""What do people say? Each reader finds what they may see, as they may see it; of few people no word is shown."""

import csv
import io
import re
from urllib.parse import quote

import pytest

from tests.release_fixture import INTERACTIONS, make_release
from tests.security.conftest import logged_in
from tests.stories.counting import queries_of
from tests.stories.said import RELEASE, SMALL_CELL, clause, drawn, release_of_comments, voice
from twohats.service import releases
from twohats.service.actions import hidden_kinds, people
from twohats.service.pages.comments import reads
from twohats.service.pages.comments.asked import Asked
from twohats.service.pages.comments.reads import Search, Sight
from twohats.service.policy import WHOLE, Role, Scope
from twohats.service.records.models import AuditEvent

READS = ("leader", "navigator", "clinician", "analyst", "reviewer")
TOO_FEW = "Fewer than 11 people said this; their words are not shown here."


@pytest.fixture
def comments(home):
    release_of_comments(home)
    return home


@pytest.fixture
def ask(comments, readers):
    """What the page of a reader says, as text."""
    def asked(name: str, query: str = "", language: str = "en") -> str:
        response = logged_in(readers[name]).get(f"/comments/{query}", headers={"accept-language": language})
        assert response.status_code == 200
        return main_of(response)
    return asked


def main_of(response) -> str:
    main = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL).group(0)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)).strip()


def found(text: str) -> list[int]:
    """The visitors whose comment is listed, in order."""
    return [int(number) for number in re.findall(r"listened to visitor (\d+)", text)]


def everywhere(readers, name: str, role: Role):
    people.give_role(user=readers[name], role=role, unit=WHOLE, by=None)
    return logged_in(readers[name])


# ---- what is found ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("query", "visitors"), [
    ("", list(range(13, -1, -1))),
    ("?words=visitor", list(range(13, -1, -1))), ("?words=VISÍTOR+13", [13]), ("?words=visitor+3+bill", [3]),
    ('?words="to visitor 3"', [3]), ('?words="visitor to"', []), ("?words=visi*", list(range(13, -1, -1))),
    ("?words=visi", []), ("?words=alvarez", []),
    ("?hat=customer", [12, 10, 8, 6, 4, 2, 0]), ("?hat=unsure", [13, 11, 9, 7, 5, 3, 1]), ("?hat=none", []),
    ("?hat=customer&words=visitor", []), ("?hat=customer&words=visitor+bill", [12, 10, 8, 6, 4, 2, 0]),
    ("?touchpoint=billing_insurance", list(range(13, -1, -1))), ("?touchpoint=parking", None),
    ("?tone=complaint&speaker=patient", [1, 0]), ("?tone=neither", []),
    ("?speaker=other", []), ("?unit=north-ed", list(range(13, -1, -1))), ("?unit=north-clinic", []),
    ("?unit=north&speaker=patient&tone=complaint&hat=customer", [0]),
    ("?first=2026-11", list(range(13, -1, -1))), ("?last=2026-10", []), ("?first=2026-12", []),
    ("?first=2026-10&last=2026-11", list(range(13, -1, -1))),
    ("?service=Emergency&words=13", [13]), ("?service=Clinic", []), ("?service=Nowhere", []),
    ("?unit=south", None), ("?unit=*", None), ("?hat=teal", None), ("?tone=loud", None), ("?speaker=dog", None),
    ("?first=2026-13", None), ("?unit=nowhere", None), ("?before=x", list(range(13, -1, -1)))])
def test_each_filter_finds_what_it_says(comments, readers, query, visitors):
    response = logged_in(readers["reviewer"]).get(f"/comments/{query}")
    assert response.status_code == (404 if visitors is None else 200)
    if visitors is not None:
        assert found(main_of(response)) == visitors


def test_a_comment_is_shown_clause_by_clause_with_hat_tone_and_touchpoint(ask):
    said = ask("reviewer", "?words=visitor+3")
    assert "Fewer than 11 people said this. Asked: Words: visitor 3" in said
    assert said.endswith(
        "November 2026 · Riverside / North / North emergency · told by the patient Doctor [name] listened to visitor "
        "3. P patient · praise · Treatment and skill · Pass it on =SUM(A1) is what the bill said ? not sure, perhaps "
        "customer · complaint or suggestion · Bills and insurance · also said")


def test_both_hats_have_the_same_form(comments, readers):
    text = logged_in(readers["reviewer"]).get("/comments/?words=visitor+4").content.decode()
    labels = re.findall(r'<span class="labels">(.*?)</span></li>', text, re.DOTALL)
    assert len(labels) == 2
    shapes = [re.sub(r"\s*<svg.*?</svg>\s*", "<mark>", label, flags=re.DOTALL) for label in labels]
    assert shapes[0].startswith('<span class="hat hat-patient"><mark>patient</span>\n · praise · ')
    assert shapes[1].startswith('<span class="hat hat-customer"><mark>customer</span>\n · complaint or suggestion · ')


# ---- who sees what ----------------------------------------------------------------------------------------
def test_a_navigator_reads_own_units_as_written_with_the_day(ask):
    said = ask("navigator", "?words=visitor+3")
    assert "November 4, 2026 · Riverside / North / North emergency" in said
    assert "Doctor Alvarez listened to visitor 3." in said
    assert "Lantern" in ask("navigator", "?words=lantern")


def test_a_reviewer_reads_everything_of_own_units_masked(ask):
    assert [word in ask("reviewer", "?unit=north-clinic") for word in SMALL_CELL] == [True] * 4
    assert "Alvarez" not in ask("reviewer")


@pytest.mark.parametrize("name", ["leader", "clinician", "analyst"])
def test_who_sees_what_is_disclosed_sees_no_word_of_a_small_cell(ask, name):
    """The four comments of the clinic are there, and a reviewer finds them; whatever these readers ask, they do not."""
    asked = ["", "?unit=north-clinic", "?words=doctor", "?unit=north", "?service=Clinic", "?tone=praise",
             *(f"?words={quote(word)}" for word in SMALL_CELL),
             *(f"?words=visitor+OR+{quote(word)}" for word in SMALL_CELL),
             "?words=spoke", "?words=sp*", "?unit=north-clinic&first=2026-11&last=2026-11"]
    said = " ".join(ask(name, query) for query in asked)
    results = re.sub(r"Asked: .*?Search", "", said)
    assert [word for word in SMALL_CELL if word in results] == []
    assert "Alvarez" not in said
    assert found(ask(name)) != []


@pytest.mark.parametrize("name", ["leader", "clinician", "analyst"])
@pytest.mark.parametrize("query", [
    "?words=visitor+3", "?unit=north-clinic", "?words=nothing-like-this", "?speaker=patient&tone=complaint",
    "?hat=none", "?last=2026-10", "?hat=customer&unit=north-ed"])
def test_what_fewer_than_eleven_people_said_is_not_shown(ask, name, query):
    said = ask(name, query)
    assert TOO_FEW in said
    assert "visitor" not in said.replace("visitor 3", "")
    assert "Take a filter away, or choose a longer period or a unit above." in said


def test_a_leader_sees_what_eleven_people_and_more_said_masked_by_month(ask):
    said = ask("leader", "?words=visitor")
    assert "About 20 people said this." in said
    assert sorted(found(said)) == list(range(14))
    assert said.count("November 2026 · Riverside / North / North emergency") == 14
    assert "Names, dates and numbers are masked." in said


def test_nobody_sees_another_unit(readers, ask):
    assert ["Parking" in ask(name) for name in READS] == [False] * len(READS)
    for name in READS:
        assert logged_in(readers[name]).get("/comments/?unit=south").status_code == 404


def test_the_whole_organisation_is_seen_with_a_role_in_all_of_it(comments, readers):
    said = main_of(everywhere(readers, "leader", Role.LEADER).get("/comments/?unit=*"))
    assert "About 20 people said this. Asked: Unit: the whole organisation" in said
    assert (len(found(said)), said.count("Parking took an hour")) == (14, 6)


def test_the_stronger_right_holds_where_it_reaches(comments, readers):
    """A navigator of the north who leads the whole reads the north as written, and the rest as a leader."""
    client = everywhere(readers, "navigator", Role.LEADER)
    assert "Alvarez" in main_of(client.get("/comments/"))
    assert "Parking" not in main_of(client.get("/comments/"))
    whole = main_of(client.get("/comments/?unit=*"))
    assert ("Parking" in whole, "Alvarez" in whole, "Lantern" in whole) == (True, False, False)


def test_what_the_hospital_hides_is_not_found_by_who_has_no_right_to_it(comments, readers, ask):
    admin = readers["administrator"]
    assert len(found(ask("navigator"))) == 14
    hidden_kinds.say_hidden(of="unit", value="north-ed", hidden=True, by=admin)
    assert (found(ask("navigator")), found(ask("reviewer")), found(ask("leader"))) == ([], [], [])
    assert sorted(found(ask("clinician"))) == list(range(14))
    hidden_kinds.say_hidden(of="unit", value="north-ed", hidden=False, by=admin)
    hidden_kinds.say_hidden(of="touchpoint", value="billing_insurance", hidden=True, by=admin)
    assert (found(ask("navigator", "?words=visitor")), len(found(ask("clinician")))) == ([], 14)


def test_a_comment_of_a_labelled_visit_is_found_only_with_that_right(home, readers, ask):
    _, clauses = drawn()
    visit = {"interaction": 5, "visit": clauses[0]["visit"], "sensitive": "ETH"}
    release_of_comments(home, "another", interactions=[*INTERACTIONS, visit])
    assert [0 in found(ask(name)) for name in READS] == [False] * len(READS)
    assert [13 in found(ask(name)) for name in READS] == [True] * len(READS)
    people.give_role(user=readers["navigator"], role=Role.CLINICIAN, unit="north", by=None)
    assert 0 in found(ask("navigator"))


# ---- pages ------------------------------------------------------------------------------------------------
def many(people: int) -> dict:
    voices, clauses = [], []
    for n in range(100, 100 + people):
        said_in = voice(n, "north-ed", f"2026-{9 + n % 3:02}-{n % 28 + 1:02}")
        voices.append(said_in)
        clauses += [clause(n, place, f"Doctor spoke with visitor {n} in part {place}", said_in) for place in (1, 2, 3)]
    return {"voices": voices, "clauses": clauses}


@pytest.mark.parametrize("name", ["reviewer", "leader", "navigator"])
@pytest.mark.parametrize("query", ["?", "?words=doctor"])
def test_paging_loses_nothing_and_doubles_nothing(home, readers, name, query):
    release_of_comments(home, "many", **many(95))
    client, seen, address = logged_in(readers[name]), [], query
    while address:
        text = client.get(f"/comments/{address}").content.decode()
        seen.append([int(n) for n in re.findall(r"visitor (\d+) in part 1", text)])
        after = re.search(r'href="(\?[^"]*before=\d+)" rel="next"', text)
        address = after and after[1].replace("&amp;", "&")
    assert [len(page) for page in seen] == [20, 20, 20, 20, 15]
    assert sorted(n for page in seen for n in page) == list(range(100, 195))


@pytest.mark.parametrize("size", [1, 7, 50])
def test_a_comment_of_many_clauses_stays_whole_however_clauses_are_read(home, db, monkeypatch, size):
    release_of_comments(home, "many", **many(40))
    monkeypatch.setattr(reads, "AT_ONCE", 7)
    search = Search(releases.current(), Sight(Scope(everything=True), False, True, False), Asked(), releases.parents())
    seen, page = [], search.page(size=size)
    seen += page.comments
    while page.before is not None:
        page = search.page(page.before, size)
        seen += page.comments
    assert [len(comment.found) for comment in seen] == [3] * 40
    assert len({comment.clauses[0]["voice"] for comment in seen}) == 40
    assert [comment.said_at for comment in seen] == sorted((comment.said_at for comment in seen), reverse=True)


def test_after_the_last_page_there_is_a_way_back(ask):
    said = ask("reviewer", "?words=visitor&before=1")
    assert "There is nothing older. Back to the newest" in said


@pytest.mark.parametrize("name", READS)
def test_a_page_asks_the_records_as_often_for_one_comment_as_for_many(home, readers, name):
    voices, clauses = drawn()
    client = logged_in(readers[name])
    asked = []
    for release, praise in (("one", 1), ("three", 3), ("many", 14)):
        release_of_comments(home, release, clauses=[one for one in clauses if one["clause_no"] == 2
                                                    or one["voice"] in {said["voice"] for said in voices[:praise]}])
        asked.append(queries_of(client, "/comments/"))
    assert asked == [asked[0]] * 3


# ---- the file ---------------------------------------------------------------------------------------------
def file_of(client, query: str = "") -> tuple[list[list[str]], list[dict[str, str]]]:
    """What a file says first, and its rows."""
    response = client.get(f"/comments/comments.csv{query}")
    assert response.status_code == 200
    lines = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode(), newline="")))
    blank = lines.index([]) if [] in lines else len(lines)
    return lines[:blank], [dict(zip(lines[blank + 1], row, strict=True)) for row in lines[blank + 2:]]


@pytest.mark.parametrize(("name", "names"), [("leader", "masked"), ("clinician", "masked"), ("analyst", "masked"),
                                             ("navigator", "as written")])
@pytest.mark.parametrize("query", ["", "?words=visitor", "?tone=complaint", "?words=visitor+bill&hat=unsure"])
def test_the_file_holds_what_the_screen_shows(ask, comments, readers, name, names, query):
    opening, rows = file_of(logged_in(readers[name]), query)
    screen = ask(name, query)
    assert [line[0] for line in opening] == ["release", "asked", "people", "names"]
    assert (opening[0][1], opening[3][1]) == (RELEASE, names)
    assert opening[2][1] in screen
    words = [row["words"].removeprefix("'") for row in rows]
    assert found(" ".join(words)) == found(screen)
    assert [word for word in words if word not in screen] == []
    assert len(words) == screen.count("· praise ·") + screen.count("· complaint or suggestion ·")
    assert [row["found"] for row in rows].count("no") == screen.count("also said")


def test_a_row_of_the_file(comments, readers):
    opening, rows = file_of(logged_in(readers["navigator"]), "?words=visitor+3&speaker=patient")
    assert opening == [["release", RELEASE], ["asked", "Words: visitor 3; Told by: the patient"],
                       ["people", "Fewer than 11 people said this."], ["names", "as written"]]
    assert rows == [
        {"comment": "1", "clause": "1", "from": "2026-11-04T15:00:00Z", "until": "2026-11-04T15:00:00Z",
         "unit": "Riverside / North / North emergency", "told_by": "patient", "found": "yes", "hat": "patient",
         "sure": "yes", "touchpoint": "treatment_competence", "sentiment": "1",
         "words": "Doctor Alvarez listened to visitor 3."},
        {"comment": "1", "clause": "2", "from": "2026-11-04T15:00:00Z", "until": "2026-11-04T15:00:00Z",
         "unit": "Riverside / North / North emergency", "told_by": "family", "found": "no", "hat": "customer",
         "sure": "no", "touchpoint": "billing_insurance", "sentiment": "-1",
         "words": "'=SUM(A1) is what the bill said"}]


def test_formulas_in_the_question_are_disarmed_too(comments, readers):
    response = logged_in(readers["leader"]).get("/comments/comments.csv?service=%3DSUM(A1)&words=%3DSUM(A1)")
    lines = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode(), newline="")))
    assert [cell for line in lines for cell in line if cell.startswith("=")] == []


def test_the_file_of_a_small_result_says_so_and_holds_no_word(comments, readers):
    for query in ("?unit=north-clinic", "?words=lantern", "?words=visitor+3"):
        opening, rows = file_of(logged_in(readers["leader"]), query)
        assert opening[2] == ["people", TOO_FEW]
        assert rows == []


def test_a_reviewer_takes_no_file(comments, readers):
    client = logged_in(readers["reviewer"])
    assert client.get("/comments/comments.csv").status_code == 403
    assert "Take this result" not in main_of(client.get("/comments/"))
    assert "Take this result as a file (CSV)" in main_of(logged_in(readers["leader"]).get("/comments/"))


def test_a_file_holds_only_what_a_role_that_may_take_it_shows(comments, readers):
    """Reading everything as a reviewer and taking files as an analyst of one unit is not taking everything."""
    people.give_role(user=readers["reviewer"], role=Role.ANALYST, unit="north-ed", by=None)
    _, rows = file_of(logged_in(readers["reviewer"]))
    assert {row["unit"] for row in rows} == {"Riverside / North / North emergency"}
    assert logged_in(readers["reviewer"]).get("/comments/comments.csv?unit=north-clinic").status_code == 404


def test_a_search_and_a_file_leave_a_trace_without_the_words(comments, readers, ask):
    ask("leader", "?words=visitor")
    file_of(logged_in(readers["leader"]), "?words=visitor")
    assert list(AuditEvent.objects.filter(kind="comments").order_by("pk").values_list("verb", "thing")) == [
        ("searched", RELEASE), ("took csv", RELEASE)]


# ---- nothing there, other languages -----------------------------------------------------------------------
@pytest.mark.parametrize("typed", ['"', '""', "*", "a AND", "NEAR(", "words:x", "(", ")", "-", "^", "{", "NOT", "'--",
                                   "\\", "%", "\0", "x" * 5000, "😀", '"a" OR "b', "clause_words:bill"])
def test_operators_in_the_words_are_harmless(comments, readers, typed):
    for name in ("leader", "reviewer"):
        assert logged_in(readers[name]).get("/comments/", {"words": typed}).status_code == 200


def test_a_period_that_ends_before_it_begins_is_said(ask):
    assert "The period ends before it begins: change from or until." in ask("reviewer", "?first=2026-11&last=2026-10")


def test_no_comment_and_no_release_are_said(home, readers, settings, tmp_path):
    make_release(home, "silent", voices=[], clauses=[])
    said = main_of(logged_in(readers["leader"]).get("/comments/"))
    assert "No comment is in this release yet." in said
    settings.TWOHATS_HOME = tmp_path / "empty"
    assert logged_in(readers["leader"]).get("/comments/")["Location"] == "/first-steps/"
    assert logged_in(readers["leader"]).get("/comments/comments.csv").status_code == 404


def test_a_release_from_before_the_search_says_so(comments, readers, monkeypatch):
    monkeypatch.setattr(reads, "is_searchable", lambda reader: False)
    assert "was made before comments could be searched" in main_of(logged_in(readers["leader"]).get("/comments/"))
    assert logged_in(readers["leader"]).get("/comments/comments.csv").status_code == 404


def test_the_page_speaks_spanish(ask):
    said = ask("leader", "?words=visitor&tone=praise", "es")
    for words in ("¿Qué dice la gente?", "Unas 20 personas dijeron esto.", "elogio", "paciente", "noviembre de 2026"):
        assert words in said
    assert "Menos de 11 personas dijeron esto; aquí no se muestran sus palabras." in ask(
        "leader", "?unit=north-clinic", "es")


def test_the_places_of_a_reader_name_it(ask, readers):
    assert ">What people say</a>" in logged_in(readers["leader"]).get("/comments/").content.decode()
    assert ">What people say</a>" not in logged_in(readers["front_desk"]).get("/desk/").content.decode()

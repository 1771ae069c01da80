"""Frank takes pages of tables and pictures away: what they say, as rows, as a workbook, on paper, by the same right."""

import re

import pytest

from tests.release_fixture import RELEASE, make_release
from tests.security.conftest import logged_in
from tests.stories.test_measures_taken_away import MAIN, Workbook, elements, pages_of, rows_of, taken, text_of
from twohats.service.actions import people
from twohats.service.policy import WHOLE, Role
from twohats.service.records.models import AuditEvent
from twohats.store.estimates import share_between

PAGES = {
    "groups": ("/measures/groups/", "by=language&year=2026"), "heard": ("/measures/who-is-heard/", "year=2026"),
    "care": ("/measures/care-received/", "year=2026"), "drivers": ("/measures/drivers/", "year=2026"),
    "wrong_hat": ("/measures/wrong-hat/", "year=2026"),
    "official": ("/measures/official/", "unit=*&period=2026-Q3"), "among": ("/measures/among-hospitals/", ""),
}
KINDS = ("csv", "xlsx", "pdf")
NUMBER = ("row", "column", "value", "low", "high", "people")


def file_of(page: str, kind: str) -> str:
    address, query = PAGES[page]
    return f"{address}told.{kind}?{query}"


EACH = [file_of(page, kind) for page in PAGES for kind in KINDS]


@pytest.fixture
def frank(readers, home):
    people.give_role(user=readers["leader"], role=Role.LEADER, unit=WHOLE, by=None)
    return logged_in(readers["leader"])


def told(client, page: str, *names: str, table: str) -> list[tuple[str, ...]]:
    """These columns of the rows of one table of a page."""
    rows = rows_of(taken(client, file_of(page, "csv")))
    return [tuple(row[name] for name in names) for row in rows if row["table"] == table]


def share(row: str, column: str, part: int, times: int) -> tuple[str, ...]:
    """The row of a share of so many, one each."""
    low, high = share_between(part, times, times)
    return row, column, f"{part / times:.6g}", f"{low:.6g}", f"{high:.6g}", str(times)


def test_groups_of_a_measure_leave_by_the_hat_of_the_measure(frank):
    assert told(frank, "groups", "hat", *NUMBER, table="no_show/language") == [
        ("customer", *share("en", "number", 25, 400)), ("customer", *share("es", "number", 22, 110)),
        ("customer", *share("other", "number", 13, 50))]


def test_who_is_heard_leaves_with_its_people_and_the_reason_where_no_number_is(frank):
    assert told(frank, "heard", *NUMBER, "words", table="language") == [
        (*share("en", "answered", 70, 250), ""), (*share("es", "answered", 17, 110), ""),
        (*share("other", "answered", 13, 40), "")]
    assert told(frank, "heard", *NUMBER, "words", table="age") == [
        (band, "answered", "", "", "", reached, "fewer than 11 people")
        for band, reached in (("40-64", "250"), ("65-79", "150"))]


def test_care_received_leaves_either_side_and_how_they_go_together(frank):
    assert told(frank, "care", "hat", *NUMBER, "words", table="customer")[-1] == (
        "customer", *share("no_show", "number", 60, 560), "share")
    assert told(frank, "care", *NUMBER, table="together")[1::3] == [
        ("asked_too_much/understood", "points", "-12.4", "-20.1", "-4.7", "120"),
        ("half_hours_waited/understood", "points", "0.4", "-2", "2.8", "40")]


def test_drivers_leave_by_hat_and_within_it(frank):
    assert told(frank, "drivers", "hat", *NUMBER, table="cg_cahps_3_1/patient") == [
        ("patient", "COM_LISTEN", "share", "0.2", "0.16", "0.24", ""),
        ("patient", "COM_TIME", "share", "0.05", "0.04", "0.06", "")]
    assert told(frank, "drivers", *NUMBER, "words", table="cg_cahps_3_1/within")[:3] == [
        ("COM_LISTEN", "hat", "", "", "", "", "patient"), ("COM_LISTEN", "of_hat", "0.8", "0.72", "0.88", "", ""),
        ("COM_LISTEN", "correlation", "0.61", "", "", "", "")]


def test_official_composites_leave_under_their_own_names_and_never_more_exactly_than_the_page(frank):
    rows = told(frank, "official", *NUMBER, table="cg_cahps_3_1")
    assert [row for row in rows if row[0] == "STAFF"] == [
        *((*share("STAFF", box, part, 120)[:5], "") for box, part in (("top", 50), ("middle", 40), ("bottom", 30))),
        ("STAFF", "mean", "72", "67", "77", ""), ("STAFF", "forms", "120", "", "", "120"),
        ("STAFF", "trust", "", "", "", "")]
    assert told(frank, "official", *NUMBER[:3], "words", table="cg_cahps_3_1/sub_scores")[3] == (
        "COMMUNICATION", "patient", "80", "4 of its 4 items go into it")


def test_our_place_among_hospitals_leaves_with_that_of_the_others(frank):
    assert told(frank, "among", *NUMBER[:5], table="north")[:4] == [
        ("h_comp_1_a_p", "ours", "0.8", "", ""), ("h_comp_1_a_p", "middle_half", "", "0.61", "0.72"),
        ("h_comp_1_a_p", "middle", "0.66", "", ""), ("h_comp_1_a_p", "place", "90", "", "")]


def test_the_wrong_hat_leaves_with_its_prices_and_without_anybodys_words(frank):
    assert told(frank, "wrong_hat", "hat", *NUMBER, "words", table="prices") == [
        ("patient", "satisfaction", "points", "-6.4", "-8.9", "-3.9", "240", ""),
        ("patient", "satisfaction", "trust", "", "", "", "", "Stable traits of the person are out of it; what changed "
         "in between, such as worse symptoms or a bad day, is not. This is consistent with an effect, not proof of "
         "one."),
        ("patient", "leaving", "points", "2.9", "0.8", "5", "240", ""),
        ("patient", "leaving", "trust", "", "", "", "", "People may differ in other ways. This is consistent with an "
         "effect, not proof of one."),
        ("customer", "satisfaction", "points", "-3.8", "-5.1", "-2.5", "310", ""),
        ("customer", "satisfaction", "trust", "", "", "", "", "Not to be trusted: what was met only at the next one "
         "seems to go together with it as well."),
        ("customer", "leaving", "points", "", "", "", "", "fewer than 50 people tell it"),
        ("customer", "leaving", "trust", "", "", "", "", "fewer than 50 people tell it"),
    ]


def test_a_workbook_has_a_sheet_for_each_table_with_exact_numbers_and_the_people_behind_them(frank):
    books = {page: Workbook(taken(frank, file_of(page, "xlsx"))) for page in PAGES}
    assert {page: book.names[1:] for page, book in books.items()} == {
        "groups": ["Visits missed without notice"],
        "heard": ["All together", "By language", "By age", "By the way they were asked", "By who asked"],
        "care": ["Care, and how it was received", "What was met on the way to it", "How the two go together"],
        "wrong_hat": ["Patients hurried", "When a patient was hurried", "Customers asked too much",
                      "When a customer was asked too m"],
        "drivers": ["Answers as patients", "Answers as customers", "Each item within its hat"],
        "official": ["CG-CAHPS adult 3.1", "CG-CAHPS adult 3.1, by hat"], "among": ["North"]}
    low, high = share_between(22, 110, 110)
    (spanish,) = [row for row in books["groups"].table("Visits missed without notice") if row["Language"] == "Spanish"]
    assert {name: round(value, 9) if isinstance(value, float) else value for name, value in spanish.items()} == {
        "Language": "Spanish", "Number": 0.2, "Number, from": round(low, 9), "Number, to": round(high, 9),
        "Number, people": 110.0}
    (missed,) = [row for row in books["care"].table("What was met on the way to it") if "Number" in row]
    assert (missed["Measure"], missed["In what"]) == ("Visits missed without notice (Lower is better.)", "share")
    for book in books.values():
        first = {row["A"]: row.get("B") for row in book.sheets["Read this first"]}
        assert first["Release"] == RELEASE and "95 times in 100" in first["Range"] and first["What it says"]
        assert not [cell for at in range(1, len(book.names) + 1) for cell in book.sheet(at).iter(f"{MAIN}f")]


def test_paper_says_what_the_page_says_hat_beside_hat(frank):
    first = pages_of(taken(frank, file_of("groups", "pdf")))[0]
    assert first.index("As patients") < first.index("As customers")
    text = text_of(taken(frank, file_of("groups", "pdf")))
    assert "26.0 % for all others: more apart than chance explains." in text and "Spanish 20.0 %" in text
    assert "Care, and how it was received" in text_of(taken(frank, file_of("care", "pdf")))
    drivers = text_of(taken(frank, file_of("drivers", "pdf")))
    assert "Together 25.0 % (20.0 % to 30.0 %): association, not effect." in drivers
    official = text_of(taken(frank, file_of("official", "pdf")))
    assert "41.7 % (33.2 % to 50.6 %)" in official and "there are no stars" in official
    for page in PAGES:
        found = [one["/S"] for one in elements(taken(frank, file_of(page, "pdf")))]
        assert found[:2] == ["/Document", "/H1"] and found.count("/H1") == 1 and "/Table" in found, page
    assert [one["/S"] for one in elements(taken(frank, file_of("among", "pdf")))].count("/Figure") == 1


def test_a_page_offers_its_files_for_what_it_shows(frank):
    for page, (address, query) in PAGES.items():
        shown = frank.get(f"{address}?{query}").content.decode()
        found = re.findall(r'<a href="([^"]*told\.[^"]*)"', shown)
        assert [one.replace("&amp;", "&").replace("%2A", "*") for one in found] == [
            file_of(page, kind) for kind in ("pdf", "xlsx", "csv")], page


def test_a_file_answers_every_reader_as_its_page_does(readers):
    for name in readers:
        client = logged_in(readers[name])
        for address, query in (*PAGES.values(), ("/measures/official/", "unit=north"),
                               ("/measures/official/", "unit=south"), ("/measures/groups/", "by=eyes")):
            status = client.get(f"{address}?{query}").status_code
            assert [client.get(f"{address}told.{kind}?{query}").status_code for kind in KINDS] == [status] * 3, (
                name, address, query)


def test_each_file_that_leaves_is_written_down(frank, readers):
    for address in EACH:
        taken(frank, address)
    things = {"groups": "groups/language/2026", "heard": "heard/2026", "care": "care/2026", "drivers": "drivers/2026",
              "wrong_hat": "wrong-hat/2026", "official": "official/*", "among": "among/*"}
    events = AuditEvent.objects.filter(kind="measures").order_by("pk")
    assert list(events.values_list("verb", "thing", "user_number")) == [
        (f"took {kind}", f"{things[page]}@{RELEASE}", readers["leader"].pk) for page in PAGES for kind in KINDS]


@pytest.mark.parametrize("address", EACH)
def test_the_same_release_gives_the_same_bytes_whatever_the_clock_says(frank, address, monkeypatch):
    first = taken(frank, address)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert taken(frank, address) == first


def test_the_files_speak_the_language_of_the_reader(frank):
    book = Workbook(taken(frank, file_of("groups", "xlsx"), "es"))
    assert book.names == ["Lea esto primero", "Visitas perdidas sin aviso"]
    assert book.table("Visitas perdidas sin aviso")[1]["Idioma"] == "Español"
    assert "¿Reciben todos lo mismo?" in text_of(taken(frank, file_of("groups", "pdf"), "es"))


def test_where_nothing_is_measured_a_page_has_no_file(settings, tmp_path, readers):
    settings.TWOHATS_HOME = tmp_path / "empty"
    make_release(tmp_path / "empty", "empty", measures=[], cuts=[], asked=[], drivers=[], together=[])
    people.give_role(user=readers["leader"], role=Role.LEADER, unit=WHOLE, by=None)
    frank = logged_in(readers["leader"])
    for page in ("groups", "heard", "care", "wrong_hat", "drivers"):
        address, _query = PAGES[page]
        shown = frank.get(address)
        assert shown.status_code == 200 and "told.csv" not in shown.content.decode(), page
        assert frank.get(f"{address}told.csv").status_code == 404, page

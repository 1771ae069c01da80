"""The foundation's pages say what is so, in both languages, with few questions to the records."""

import csv
import io
import re

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.release_fixture import ANA, PLACES, make_release
from tests.security import conftest as drawn
from tests.security.test_who_may_see_what import ASKED
from twohats.service.actions import audit, break_glass, people, places
from twohats.service.policy import WHOLE, Role
from twohats.service.records.models import AuditEvent

home, readers, urgent, logged_in = drawn.home, drawn.readers, drawn.urgent, drawn.logged_in


@pytest.fixture
def everywhere(readers):
    """A client of somebody who holds a role in the whole organisation."""
    def client(role: Role) -> Client:
        people.give_role(user=readers[role.value], role=role, unit=WHOLE, by=None)
        return logged_in(readers[role.value])
    return client


def text_of(response) -> str:
    """What a reader reads: the main part without tags, spaces folded."""
    main = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL).group(0)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)).strip()


def rows_of(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))


# ---- data quality -----------------------------------------------------------------------------------------
def test_data_quality_says_what_a_release_rests_on(everywhere):
    said = text_of(everywhere(Role.ANALYST).get("/quality/"))
    for sentence in (
            "10 lines were read, and 1 of them set aside with a reason. Every line is accounted for.",
            "The last file came in at November 23, 2026, 09:01 UTC.", "Patient.ndjson: one line of 10",
            "all months 51 650 7.8 %",
            "October 2026 44 300 14.7 %", "only start and end 100 650 15.4 %", "comments a visit 70 100 70.0 %",
            "two people, so to nobody 10 100 10.0 %",
            "We cannot tell the hat equally well for everybody: by language, it is not known in 12 of 100 dealings for "
            "Spanish speakers, but in 4 of 100 for English speakers.", "language Spanish",
            "The person was being registered: an errand, even inside an emergency visit. C customer 12 300 4.0 %",
            "$.pet Patient.ndjson a column that is not declared 4"):
        assert sentence in said


def test_what_intake_says_of_a_line_the_pages_say_too():
    from twohats.service.pages.quality import reasons as told
    from twohats.sources.reasons import REASONS

    assert {code: str(says) for code, says in told.SAYS.items()} == {
        code: reason.says for code, reason in REASONS.items()}


def test_the_lines_set_aside_say_why_in_the_readers_language(readers):
    client = logged_in(readers["analyst"])
    assert "the line is not one whole JSON value: 1" in text_of(client.get(f"/quality/landing/{drawn.LANDING}"))
    spanish = text_of(client.get(f"/quality/landing/{drawn.LANDING}", headers={"accept-language": "es"}))
    assert "la línea no es un valor JSON entero: 1" in spanish


def test_data_quality_of_a_part_tells_no_sums(readers):
    said = text_of(logged_in(readers["analyst"]).get("/quality/"))
    assert "is told for the whole organisation" in said
    assert "7.8 %" not in said


def test_data_quality_of_an_empty_home_says_what_to_do(readers, settings, tmp_path):
    settings.TWOHATS_HOME = tmp_path / "empty"
    assert "No file was taken in yet. What to load next" in text_of(logged_in(readers["analyst"]).get("/quality/"))


def test_an_override_that_lost_its_moment_is_told(everywhere, readers):
    from twohats.service.actions import hats
    from twohats.words.hats import Hat

    hats.overrule_hat(interaction=5, hat=Hat.MIXED, reason="she said so", release="r0", by=readers["navigator"])
    assert "For one overruled moment late data moved" in text_of(everywhere(Role.ANALYST).get("/quality/"))


# ---- the analyst's shelf ----------------------------------------------------------------------------------
def test_the_shelf_counts_the_rows_of_the_readers_units(readers, everywhere):
    said = text_of(logged_in(readers["navigator"]).get("/tables/"))
    assert "people one row per person, merged records resolved own units, with names 2 CSV Parquet" in said
    assert "people one row per person, merged records resolved without names 3" in text_of(
        everywhere(Role.ANALYST).get("/tables/"))


def test_the_tables_of_one_extract_fit_each_other_and_no_other(everywhere):
    client = everywhere(Role.ANALYST)

    def whose(table: str) -> set[str]:
        return {row["person"] for row in rows_of(client.get(f"/tables/{table}/masked.csv"))}

    first = whose("people")
    assert whose("interactions") == whose("people") == first
    client.post("/tables/new-extract")
    assert whose("people") & first == set()


def test_small_counts_are_empty_and_cannot_be_subtracted(everywhere):
    rows = rows_of(everywhere(Role.LEADER).get("/tables/totals/totals.csv"))
    hidden = {(row["unit"], row["month"], row["hat"]) for row in rows if not row["people"]}
    assert ("south", "2026-10", "unknown") in hidden
    assert len([row for row in rows if (row["unit"], row["month"]) == ("south", "2026-10") and not row["people"]]) >= 2
    assert {row["interactions"] for row in rows if not row["people"]} == {""}
    assert [row for row in rows if row["people"] and int(row["people"]) < 11] == []


def test_a_table_without_units_is_the_whole_organisations(readers, everywhere):
    assert rows_of(logged_in(readers["leader"]).get("/tables/follows/totals.csv")) == []
    assert len(rows_of(everywhere(Role.LEADER).get("/tables/follows/totals.csv"))) == 1


def test_comments_leave_only_with_who_may_read_them(readers):
    def words(name: str) -> list[str | None]:
        return [row.get("words") for row in rows_of(logged_in(readers[name]).get("/tables/voices/panel.csv"))]

    assert words("navigator") == [
        "", "nobody told me where to go", "Nurse Kimani sat with me. But the bill was wrong and I want to end it all"]
    assert words("clinician") == [None, None, None]


def test_the_codebook_says_how_each_column_is_treated(readers):
    said = text_of(logged_in(readers["analyst"]).get("/tables/people/"))
    assert "birth_date text Date of birth as given. birth: year only, 90+ above 89" in said
    assert "gender text Administrative gender. as it is" in said
    spanish = text_of(logged_in(readers["analyst"]).get("/tables/people/", headers={"accept-language": "es"}))
    assert "gender text Género administrativo. tal cual" in spanish


def test_what_was_taken_is_written_down(readers):
    rows_of(logged_in(readers["analyst"]).get("/tables/people/masked.csv"))
    assert list(AuditEvent.objects.filter(kind="table").values_list("verb", "thing")) == [
        ("took masked csv", "people@2026-11-23-drawn")]


# ---- places -----------------------------------------------------------------------------------------------
def test_a_corrected_place_is_shown_so_at_once(readers):
    client = logged_in(readers["analyst"])
    assert "P7 North emergency not known not known" in text_of(client.get("/places/"))
    client.post("/places/one/?place=Location/p7", {"zone": "treatment"})
    said = text_of(client.get("/places/"))
    assert "P7 North emergency treatment from the next release on said by the hospital" in said
    assert "One correction is kept and counts from the next release on." in said


def test_places_are_found_by_name_and_by_kind_and_turned_over_page_by_page(readers, home):
    many = [{"place": f"Location/b{number:02}", "name": f"Bed {number}", "zone": "ward", "zone_from": "name",
             "unit": "north-ed", "segments": 100 - number} for number in range(60)]
    make_release(home, "many-places", places=[*PLACES, *many])
    client = logged_in(readers["analyst"])

    def listed(query: str = "") -> list[str]:
        return re.findall(r'<th scope="row">([^<]+?) ?<', client.get(f"/places/{query}").content.decode())

    assert (len(listed()), listed()[:2], listed("?page=2")) == (
        50, ["P7", "Bed 0"], [*(f"Bed {number}" for number in range(49, 60)), "Front desk"])
    assert (listed("?name=BED+5&zone=ward"), listed("?zone=unknown")) == (
        ["Bed 5", *(f"Bed {number}" for number in range(50, 60))], ["P7"])
    assert "No place fits what you asked for." in text_of(client.get("/places/?name=moon"))


def test_a_zone_that_is_none_is_refused_and_the_page_stays(readers):
    response = logged_in(readers["analyst"]).post("/places/one/?place=Location/p7", {"zone": "the moon"})
    assert response.status_code == 400
    assert places.zones_in_force() == {}


# ---- audit, break-glass -----------------------------------------------------------------------------------
def test_the_audit_names_who_did_what(readers):
    audit.record(by=readers["navigator"], verb="looked at", kind="person", thing=ANA)
    client = logged_in(readers["administrator"])
    assert f"Navigator navigator looked at person {ANA}" in text_of(client.get(f"/audit/?kind=person&thing={ANA}"))
    assert "No event fits what you asked for." in text_of(client.get("/audit/?user=nobody"))


def test_the_audit_says_roles_and_extracts_in_the_readers_language(readers):
    audit.record(by=None, verb="gave front_desk", kind="user", thing=7)
    audit.record(by=readers["front_desk"], verb="took masked csv", kind="table", thing="people@r1")
    client = logged_in(readers["administrator"])
    assert "was given the role: front desk user 7" in text_of(client.get("/audit/?kind=user"))
    assert "front desk took it away as CSV, without names table people@r1" in text_of(client.get("/audit/?kind=table"))
    assert "recepción se la llevó en CSV, sin nombres tabla people@r1" in text_of(
        client.get("/audit/?kind=table", headers={"accept-language": "es"}))


def test_an_administrator_sees_a_person_only_with_a_reason_that_another_reviews(readers):
    another = people.add_user(username="another", display_name="Another", password=drawn.SENTENCE, by=None)
    people.give_role(user=another, role=Role.ADMINISTRATOR, unit="north", by=None)
    client, reviewer = logged_in(readers["administrator"]), logged_in(another)
    asked = client.post("/people/", {"id": "Patient/ana"})["Location"]
    assert asked == f"/audit/open/person/{ANA}"
    assert client.post(asked, {"reason": "because"}).status_code == 400
    assert "Hace falta un motivo de entre 15 y 500 caracteres." in text_of(
        client.post(asked, {"reason": "porque sí"}, headers={"accept-language": "es"}))
    assert client.get(f"/people/{ANA}/").status_code == 404
    assert client.post(asked, {"reason": "the family stands at the desk"})["Location"] == f"/people/{ANA}/"
    assert "Alvarez" in client.get(f"/people/{ANA}/").content.decode()
    assert "Somebody else reviews your own." in text_of(client.get("/audit/openings/"))
    glass = break_glass.BreakGlass.objects.get()
    assert "the family stands at the desk" in text_of(reviewer.get("/audit/openings/"))
    reviewer.post(f"/audit/openings/{glass.pk}", {"verdict": "not_justified"})
    assert "not justified, said Another" in text_of(client.get("/audit/openings/"))
    assert client.get(f"/people/{ANA}/").status_code == 404


def test_a_navigator_opens_a_labelled_segment(readers):
    client = logged_in(readers["navigator"])
    closed = text_of(client.get(f"/people/{ANA}/"))
    assert "Something is here that you may not see" in closed
    client.post(f"/audit/open/person/{ANA}", {"reason": "she collapsed in the hall"})
    assert "Something is here that you may not see" not in text_of(client.get(f"/people/{ANA}/"))


def test_what_the_hospital_hides_is_hidden_at_once_on_pages_and_in_files(readers):
    administrator, carla = logged_in(readers["administrator"]), logged_in(readers["navigator"])

    def kinds() -> list[str]:
        return [row["touchpoint"] for row in rows_of(carla.get("/tables/interactions/panel.csv"))
                if row["sensitive"] != "hidden"]

    assert (kinds().count("portal_results"), hidden_on_the_page(carla)) == (1, 1)
    assert administrator.post("/hidden-kinds/", {"kind": "touchpoint:portal_results", "hidden": "1"}).status_code == 302
    assert (kinds().count("portal_results"), hidden_on_the_page(carla)) == (0, 2)
    assert hidden_on_the_page(logged_in(readers["clinician"])) == 0
    assert "Show" in text_of(administrator.get("/hidden-kinds/"))
    administrator.post("/hidden-kinds/", {"kind": "touchpoint:portal_results", "hidden": "0"})
    assert (kinds().count("portal_results"), hidden_on_the_page(carla)) == (1, 1)
    administrator.post("/hidden-kinds/", {"kind": "touchpoint:the moon", "hidden": "1"})
    assert list(AuditEvent.objects.filter(kind="hidden").order_by("pk").values_list("verb", "thing")) == [
        ("hid", "touchpoint portal_results"), ("showed", "touchpoint portal_results")]


def hidden_on_the_page(client: Client) -> int:
    page = client.get(f"/people/{ANA}/").content.decode()
    return len(re.findall(r"Something is here that you may not see", re.search(r"<main.*</main>", page, re.DOTALL)[0]))


# ---- users ------------------------------------------------------------------------------------------------
def test_an_administrator_lets_somebody_in_gives_takes_and_shuts_out(readers):
    from twohats.service.records.models import User

    client = logged_in(readers["administrator"])
    said = {"username": "omar", "display_name": "Omar H", "password": drawn.SENTENCE, "role": "leader", "unit": "north"}
    assert client.post("/users/", said | {"password": "short"}).status_code == 400
    assert client.post("/users/", said).status_code == 302
    assert client.post("/users/", said).status_code == 400
    new = User.objects.get(username="omar")
    client.post(f"/users/{new.pk}/role", {"role": "analyst", "unit": "north-ed"})
    client.post(f"/users/{new.pk}/role", {"role": "leader", "unit": "north", "take": "1"})
    assert "Omar H omar analyst, Riverside / North / North emergency" in text_of(client.get("/users/"))
    client.post(f"/users/{new.pk}/out")
    assert "is shut out" in text_of(client.get("/users/"))
    assert list(AuditEvent.objects.filter(kind="user", thing=str(new.pk)).order_by("pk").values_list("verb")) == [
        ("let in",), ("gave leader",), ("gave analyst",), ("took leader",), ("shut out",)]


def test_nobody_changes_their_own_roles(readers):
    mine = readers["administrator"].pk
    client = logged_in(readers["administrator"])
    assert client.post(f"/users/{mine}/role", {"role": "clinician", "unit": "north"}).status_code == 404
    assert client.post(f"/users/{mine}/out").status_code == 404


def test_who_holds_a_role_elsewhere_is_not_administered_here(readers):
    people.give_role(user=readers["navigator"], role=Role.NAVIGATOR, unit="south", by=None)
    client = logged_in(readers["administrator"])
    assert "Navigator" not in text_of(client.get("/users/")).split("Let somebody in")[0].split("Take it back")[-1]
    assert client.post(f"/users/{readers['navigator'].pk}/out").status_code == 404


# ---- first steps, account, words --------------------------------------------------------------------------
def test_an_empty_home_leads_to_the_first_steps(readers, settings, tmp_path):
    settings.TWOHATS_HOME = tmp_path / "empty"
    client = logged_in(readers["administrator"])
    assert client.get("/")["Location"] == "/first-steps/"
    said = text_of(client.get("/first-steps/"))
    assert "This home is empty" in said
    assert "The tree of units and their time zones Next." in said


def test_what_was_loaded_is_marked(readers):
    assert "(FHIR, Bulk Data) There." in text_of(logged_in(readers["administrator"]).get("/first-steps/"))


def test_everybody_may_know_what_their_role_opens(readers):
    assert "As front desk in Riverside / North" in text_of(logged_in(readers["front_desk"]).get("/account"))
    assert "You hold no role, so you see nothing of anybody." in text_of(logged_in(readers["gus"]).get("/account"))


@pytest.mark.parametrize(("path", "heading"), [
    ("/quality/", "¿En qué se apoyan estas páginas?"), ("/tables/", "¿Qué tablas puedo llevarme?"),
    ("/places/", "¿Qué clase de lugar es cada uno?"), ("/account", "¿Qué puedo ver?"),
    ("/first-steps/", "¿Qué conviene cargar ahora?"), ("/nowhere", "Aquí no hay nada para usted")])
def test_the_pages_speak_spanish_to_who_asks_for_it(readers, path, heading):
    client = logged_in(readers["analyst"])
    assert heading in text_of(client.get(path, headers={"accept-language": "es-MX,es;q=0.9"}))


def test_the_language_chosen_stays(readers):
    client = logged_in(readers["analyst"])
    assert client.post("/language", {"language": "es", "next": "/account"})["Location"] == "/account"
    assert "¿Qué puedo ver?" in text_of(client.get("/account"))


def test_every_page_has_one_heading_and_every_table_its_caption(readers, urgent):
    wrong = {}
    for name in ("administrator", "analyst", "navigator", "leader", "front_desk", "gus"):
        for route, asked in ASKED.items():
            if asked.post is not None:
                continue
            response = logged_in(readers[name]).get(asked.path())
            if response.streaming or "html" not in response.get("Content-Type", "") or response.status_code == 302:
                continue
            page = response.content.decode()
            fields = set(re.findall(r'<(?:input|select|textarea)(?![^>]*type="hidden")[^>]*\bid="([^"]+)"', page))
            labels = set(re.findall(r'<label[^>]*for="([^"]+)"', page))
            if (page.count("<h1") != 1 or page.count("<table") != page.count("<caption")
                    or not fields <= labels or "<title> ·" in page):
                wrong[route, name] = (page.count("<h1"), fields - labels)
    assert wrong == {}


# ---- how often the records are asked ----------------------------------------------------------------------
def asked_for(client: Client, path: str) -> int:
    from django.db import connection

    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_lists_ask_as_often_for_three_as_for_one(readers):
    client = logged_in(readers["administrator"])
    counts: dict[str, list[int]] = {"/audit/?kind=person": [], "/audit/openings/": [], "/places/": [], "/users/": []}
    for number in range(3):
        audit.record(by=readers["navigator"], verb="looked at", kind="person", thing=number)
        break_glass.break_glass(kind="person", thing=str(number), reason="drawn for this test", by=readers["navigator"])
        places.correct_zone(place=f"Location/{number}", zone="waiting", by=readers["analyst"])
        more = people.add_user(username=f"more{number}", display_name="More", password=drawn.SENTENCE, by=None)
        people.give_role(user=more, role=Role.LEADER, unit="north", by=None)
        for path, told in counts.items():
            told.append(asked_for(client, path))
    assert {path: told[0] == told[2] for path, told in counts.items()} == dict.fromkeys(counts, True)


def test_a_release_published_meanwhile_is_read_at_the_next_request(readers, home):
    client = logged_in(readers["navigator"])
    assert "2026-11-23-drawn" in client.get("/tables/").content.decode()
    make_release(home, "2026-11-24-drawn")
    assert "2026-11-24-drawn" in client.get("/tables/").content.decode()

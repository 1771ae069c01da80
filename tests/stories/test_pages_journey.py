"""Carla, the navigator, sees Ana's whole journey; others see as much as their role may, and never more."""

import re

import pytest

from tests.release_fixture import ANA, BEN, INTERACTIONS, OMAR, make_release
from tests.security.conftest import logged_in
from tests.stories.counting import queries_of
from twohats.service.actions.break_glass import PERSON, break_glass
from twohats.service.records.models import AuditEvent, HatOverride

ANAS = [one for one in INTERACTIONS if one["person"] == ANA]
LABELLED = next(one for one in ANAS if one.get("sensitive"))


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def carla(readers):
    return logged_in(readers["navigator"])


def test_ana_is_told_whole_in_the_order_lived_with_both_sides_on_one_page(carla):
    text = text_of(carla.get(f"/people/{ANA}/"))
    assert "What did Ana Alvarez experience with us?" in text
    assert "7 moments: 1 as a patient, 4 as a customer, 1 both at once, 1 not shown to you." in text
    assert "The journey turned 2 times from one hat to the other." in text
    both_sides = [text.index(words) for words in ("As a patient", "35 minutes", "As a customer", "50 minutes")]
    assert both_sides == sorted(both_sides)
    told = ["Booking a visit", "Registration", "Waiting for care", "Examination or treatment", "Discharge papers",
            "Looking up a result", "Something is here that you may not see"]
    places = [text.index(words, text.index("The same as a list")) for words in told]
    assert places == sorted(places)


def test_every_segment_opens_its_reason(carla):
    answer = carla.get(f"/people/{ANA}/").content.decode()
    assert answer.count("<details>") == len(ANAS) - 1
    for words in ("Why: the person was being registered", "We are sure.", "Places, times, people and events were",
                  "Time. Taken from the reason, the urgency and how it was booked.", "35 minutes with clinicians."):
        assert words in answer, words


def test_each_number_of_either_side_opens_how_it_is_counted(carla):
    answer = carla.get(f"/people/{ANA}/").content.decode()
    sides = [part.split("</section>")[0] for part in re.split('<(?:section|div) class="side', answer)[1:]]
    assert [(side.count('class="fact"'), side.count('class="meaning')) for side in sides] == [(5, 5), (5, 5)]


def test_a_labelled_segment_hides_everything_but_its_time(carla):
    answer = carla.get(f"/people/{ANA}/")
    text = text_of(answer)
    line = text[text.rindex("Something is here that you may not see") - 15:].split("Monday, November 23, 2026")[0]
    assert line.strip() == "7 05:00–05:25 Something is here that you may not see (25 minutes) not shown to you"
    assert str(LABELLED["interaction"]) not in answer.content.decode()
    assert f"/audit/open/person/{ANA}" in answer.content.decode()


def test_a_clinician_sees_what_is_labelled(readers):
    text = text_of(logged_in(readers["clinician"]).get(f"/people/{ANA}/"))
    assert "Something is here that you may not see" not in text
    assert "2 as a patient" in text


def test_breaking_the_glass_opens_it_for_who_broke_it(readers, carla):
    break_glass(kind=PERSON, thing=str(ANA), reason="She is on the phone and very worried.", by=readers["navigator"])
    assert "Something is here that you may not see" not in text_of(carla.get(f"/people/{ANA}/"))


def test_an_analyst_sees_neither_name_nor_date_nor_when_in_the_year(readers):
    answer = logged_in(readers["analyst"]).get(f"/people/{ANA}/").content.decode()
    body = answer[answer.index("<main"):answer.index("</main>")]
    assert "Day 1" in body
    for personal in ("Ana", "Alvarez", "September", "November", "Sep 14", "Nov 20", "65-79", "interpreter"):
        assert personal not in body, personal
    assert "2026" not in re.sub(r"Release 2026-11-23-drawn", "", body)


def test_whoever_lies_outside_the_readers_units_is_not_there(carla):
    assert carla.get(f"/people/{OMAR}/").status_code == 404
    assert carla.get("/people/12345/").status_code == 404


def test_where_the_source_told_only_periods_the_page_says_so(readers, tmp_path, settings):
    settings.TWOHATS_HOME = tmp_path / "bare"
    bare = [{**one, "evidence": "period_only"} if one["kind"] == "segment" else one for one in ANAS]
    make_release(tmp_path / "bare", interactions=bare)
    text = text_of(logged_in(readers["navigator"]).get(f"/people/{ANA}/"))
    assert "Of these visits the source told only when they began and ended." in text


def test_looking_leaves_a_trace_and_no_name(carla):
    carla.get(f"/people/{ANA}/")
    seen = AuditEvent.objects.filter(verb="looked at", kind="journey")
    assert [(one.thing, one.roles) for one in seen] == [(str(ANA), "navigator")]


def test_one_press_overrules_a_hat_at_once(carla, readers):
    wait = next(one for one in ANAS if one["act"] == "wait")
    answer = carla.post(f"/people/{ANA}/hat", {"interaction": wait["interaction"], "hat": "patient", "number": "3"})
    assert answer.headers["Location"] == f"/people/{ANA}/#m3"
    made = HatOverride.objects.get()
    assert (made.interaction, made.hat, made.by) == (wait["interaction"], "patient", readers["navigator"])
    text = text_of(carla.get(f"/people/{ANA}/"))
    assert "2 as a patient" in text
    assert "Why: a colleague said so" in text


@pytest.mark.parametrize("sent", [
    {"interaction": str(INTERACTIONS[8]["interaction"]), "hat": "patient"},  # Omar's
    {"interaction": str(LABELLED["interaction"]), "hat": "customer"},  # may not be seen
    {"interaction": str(ANAS[1]["interaction"]), "hat": "unknown"},
    {"interaction": "1; DROP", "hat": "patient"}, {},
])
def test_what_may_not_be_seen_cannot_be_overruled(carla, sent):
    assert carla.post(f"/people/{ANA}/hat", sent).status_code == 404
    assert HatOverride.objects.count() == 0


@pytest.mark.parametrize("typed", ["ana", "Patient/ana", "  ana ", "Patient/ana-old", "MRN-1", "MRN-2"])
def test_a_person_is_found_by_the_exact_id_sent_in_the_body(carla, typed):
    answer = carla.post("/people/", {"id": typed})
    assert answer.headers["Location"] == f"/people/{ANA}/"


@pytest.mark.parametrize("typed", ["an", "Ana", "Alvarez", "omar", "%", "Patient/omar", "MRN", "MRN-3"])
def test_nobody_is_found_by_half_an_id_a_name_or_in_other_units(carla, typed):
    answer = carla.post("/people/", {"id": typed})
    assert "Nobody of your units has exactly this number." in text_of(answer)
    assert f'value="{typed}"' in answer.content.decode()


def test_who_sees_no_names_cannot_search(readers):
    nora = logged_in(readers["analyst"])
    answer = nora.post("/people/", {"id": "ana"})
    assert (answer.status_code, "Nobody of your units" in text_of(answer)) == (200, False)
    assert 'name="id"' not in answer.content.decode()


def test_a_long_journey_is_turned_over_page_by_page(readers, tmp_path, settings):
    settings.TWOHATS_HOME = tmp_path / "long"
    many = [{**ANAS[0], "interaction": n + 1, "source_order": n} for n in range(95)]
    make_release(tmp_path / "long", interactions=[*many, *ANAS[1:2]])
    carla = logged_in(readers["navigator"])
    last, first = carla.get(f"/people/{ANA}/").content.decode(), carla.get(f"/people/{ANA}/?upto=16").content.decode()
    assert (last.count('class="moment"'), first.count('class="moment"')) == (40, 16)
    assert 'href="?upto=56#list"' in last
    assert 'href="?upto=56#list"' in first
    assert carla.get(f"/people/{ANA}/?upto=x").status_code == 200


def test_the_page_asks_the_records_as_often_for_one_moment_as_for_three(readers, tmp_path, settings):
    asked = {}
    for several in (1, 3):
        settings.TWOHATS_HOME = tmp_path / str(several)
        make_release(tmp_path / str(several), interactions=ANAS[1:1 + several])
        asked[several] = queries_of(logged_in(readers["navigator"]), f"/people/{ANA}/")
    assert asked[1] == asked[3] <= 8


def test_ben_has_one_moment_and_no_turn(carla):
    text = text_of(carla.get(f"/people/{BEN}/"))
    assert "1 moment: 0 as a patient, 1 as a customer. The journey turned 0 times" in text
    assert "This journey does not turn from one hat to the other" in text

"""Carla asks Ana how it was; Ana answers by her link, tap by tap or in her own words; nobody else learns a thing."""

import dataclasses
import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from tests.release_fixture import ANA, BEN, CLAUSES, INTERACTIONS, OMAR, PERSONAL_WORDS, VOICES
from tests.security.conftest import TOKEN, home, logged_in, readers
from tests.stories.asking_drawn import (
    CALL,
    NOTICE,
    OMARS_CALL,
    OPEN_CALL,
    STAY,
    VISITED,
    asked,
    call,
    draw,
    held,
    lately,
    of_matter,
    token_of,
    visit,
)
from twohats.care.asking import worth
from twohats.care.contact import letters
from twohats.service.actions import alerts, answering, asking, cases, contact, links, sending
from twohats.service.records.asking import SupplementalItem, SurveyAnswer, SurveyRequest
from twohats.service.records.contact import Link, PersonMessage
from twohats.service.records.models import AuditEvent, UrgentAlert
from twohats.store.keys import key
from twohats.words.problems import Problem
from twohats.words.touchpoints import survey_items

__all__ = ["home", "readers"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(home, readers, settings):
    """Everybody, a release of lately, and a number at which a human answers."""
    settings.CONFIGURATION = dataclasses.replace(settings.CONFIGURATION, phone="555-0100")
    draw(home)
    return readers


def page(token, number=None):
    return f"/say/{token}/" if number is None else f"/say/{token}/{number}/"


def words_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# ---- asked -----------------------------------------------------------------------------------------------------
def test_carla_asks_and_the_message_goes_through_the_gate(cast):
    carla = logged_in(cast["navigator"])
    seen = words_of(carla.get(f"/asking/to/{ANA}/"))
    assert "A visit" in seen
    put = carla.post(f"/asking/to/{ANA}/ask/", {"form": "your_care", "matter": VISITED, "channel": "email",
                                                "solved": "1"})
    request, message = SurveyRequest.objects.get(), PersonMessage.objects.get()
    assert put["Location"] == f"/messages/{message.pk}/"
    assert (message.kind, message.letter, message.about, message.state) == (
        "survey", "survey_care", str(request.pk), "waiting")
    assert (request.person, request.form, request.encounter, request.unit, request.language, request.message) == (
        ANA, "your_care", "e20", "north-clinic", "es", message)
    assert (request.answer_by - request.made_at).days == worth.shipped().answers_days


def test_a_stop_at_the_gate_is_told_and_counts_as_not_asked(cast):
    contact.choose(person=ANA, of="class", value="survey", yes=False, said_on="link")
    request, _token = asked(by=cast["navigator"])
    assert request.message.state == "refused"
    assert asking.where_they_stand(ANA, timezone.now()).requests == ()


def test_the_link_leaves_with_the_message_and_the_records_cannot_give_it_back(cast):
    request, _ = asked(by=cast["navigator"])
    _subject, text = sending._words([request.message], timezone.now())
    token = re.search(r"/say/([\w-]+)/", text)[1]
    link = Link.objects.get(digest=links.digest_of(token))
    assert (links.SIGNS * 8 >= 128, link.purpose, link.about) == (True, "survey", str(request.pk))
    assert (link.expires_at - link.made_at).days == 180
    assert token not in repr(list(Link.objects.values()))
    assert "Responda STOP" in sending._filled(request.message, _short(request.message), timezone.now())


def _short(message):
    return letters.letters()[message.letter].short


@pytest.mark.parametrize(("person", "matter", "solved", "reason"), [
    (ANA, VISITED, True, ""),
    (ANA, VISITED, False, "unsolved"),
    (ANA, of_matter(CALL), True, ""),
    (ANA, of_matter(OPEN_CALL), True, "unsolved"),
    (ANA, of_matter(NOTICE), True, "not_worth_it"),
    (OMAR, of_matter(OMARS_CALL), True, ""),
])
def test_the_release_has_a_word_in_whether_a_matter_is_solved(cast, person, matter, solved, reason):
    now = timezone.now()
    one = next(found for found in asking.candidates(person, now) if found.key == matter)
    form = answering.forms()["one_tap"]
    assert asking.why_not(form, one, asking.where_they_stand(person, now), now, solved=solved) == reason


def test_a_visit_in_which_no_clinician_came_is_not_solved(home, cast):
    draw(home, "unseen", visits=[visit(seen_by_clinician=False)])
    with pytest.raises(Problem) as refused:
        asked()
    assert refused.value.where == "unsolved"


def test_what_carries_a_label_is_never_asked_about(home, cast):
    hidden = INTERACTIONS[6] | {"visit": int(VISITED.removeprefix("visit-"))}
    draw(home, "labelled", interactions=[hidden])
    assert [one.key for one in asking.candidates(ANA, timezone.now())] == []


def test_one_question_over_all_programmes_in_thirty_days(home, cast):
    asked(by=cast["navigator"])
    with pytest.raises(Problem) as refused:
        asked(form="one_tap", matter=of_matter(CALL), by=cast["navigator"])
    assert refused.value.where == "lately"
    draw(home, "asked by others", interactions=[
        call(OMARS_CALL, OMAR, unit="south"),
        call("c-30", OMAR, 12, act="ask_opinion", role="automated")])
    with pytest.raises(Problem) as refused:
        asked(form="one_tap", matter=of_matter(OMARS_CALL), person=OMAR, by=cast["navigator"])
    assert refused.value.where == "lately", "another programme asked him, as the release tells"


def test_nobody_is_asked_while_a_case_of_theirs_is_open(cast):
    request, _ = asked(by=cast["navigator"])
    answering.keep(request=request, question="satisfaction", value="0", language="es", now=timezone.now())
    assert asking.where_they_stand(ANA, timezone.now()).open_case is True
    cases.end(case=request.case, outcome="solved", note="", said="Done.", by=request.case.owner, now=timezone.now())
    assert asking.where_they_stand(ANA, timezone.now()).open_case is False


@pytest.mark.parametrize(("stay", "reason"), [
    ({"days": 5, "ended_at": lately(2)}, "hcahps"),
    ({"days": 5, "ended_at": None}, "hcahps"),
    ({"days": 95, "ended_at": lately(92)}, ""),
    ({"days": 2, "ended_at": lately(2) + timedelta(hours=2)}, ""),
    ({"days": 5, "ended_at": lately(2), "class_code": "EMER"}, ""),
    ({"days": 5, "ended_at": lately(2), "person": BEN}, ""),
])
def test_a_stay_over_a_night_keeps_away_what_is_like_hcahps(home, cast, stay, reason):
    draw(home, "stay", visits=[visit(), visit(STAY, encounters='["e21"]', **{"class_code": "IMP"} | stay)])
    now = timezone.now()
    one = next(found for found in asking.candidates(ANA, now) if found.key == VISITED)
    stands = asking.where_they_stand(ANA, now)
    assert [asking.why_not(form, one, stands, now, solved=True) for form in answering.forms().values()] == [
        reason, reason, ""]


def test_an_answered_hcahps_survey_opens_the_window(home, cast):
    told = VOICES[0] | {"visit": STAY, "survey": "HCAHPS", "item": "CLEAN"}
    draw(home, "answered", visits=[visit(), visit(STAY, days=5, ended_at=lately(2), class_code="IMP")], voices=[told])
    assert asked(by=cast["navigator"])[0].message.state == "waiting"


def test_the_thirteenth_item_on_the_official_survey_is_refused_by_the_page_and_by_the_database(cast):
    alex = logged_in(cast["administrator"])
    items = [(one.survey, one.key) for one in asking_items()]
    for survey, item in items[:12]:
        assert alex.post("/asking/supplemental/", {"item": f"{survey}|{item}"}).status_code == 302
    assert "12 of 12 places are taken" in words_of(alex.get("/asking/supplemental/"))
    refused = alex.post("/asking/supplemental/", {"item": "|".join(items[12])})
    assert (refused.status_code, "may carry 12 items of ours, and no more" in words_of(refused)) == (400, True)
    for place in (13, 1):
        with pytest.raises(IntegrityError), transaction.atomic():
            SupplementalItem.objects.create(place=place, survey="x", item="y", by=cast["administrator"],
                                            made_at=timezone.now())
    alex.post(f"/asking/supplemental/{SupplementalItem.objects.get(place=3).pk}/drop/")
    assert alex.post("/asking/supplemental/", {"item": "|".join(items[12])}).status_code == 302
    assert SupplementalItem.objects.get(dropped_at=None, item=items[12][1]).place == 3


def asking_items():
    return [one for one in survey_items() if one.survey != "HCAHPS"]


# ---- answered ----------------------------------------------------------------------------------------------------
def test_ana_answers_a_customers_form_in_two_taps_each_kept_at_once(cast, client):
    request, token = asked(form="getting_care", matter=of_matter(CALL), by=cast["navigator"])
    first = client.get(page(token))
    assert "¿Cuánto esfuerzo le costó resolverlo?" in words_of(first)
    assert "1 de 2" in words_of(first)
    assert client.post(page(token, 1), {"answer": "2"})["Location"] == page(token, 2)
    assert held(request) == {"effort": "2"}, "kept, whatever comes next"
    assert client.post(page(token, 2), {"answer": "75"})["Location"] == page(token, 3)
    assert held(request) == {"effort": "2", "satisfaction": "75"}
    last = words_of(client.get(page(token, 3)))
    assert "Gracias, eso es todo lo que preguntamos." in last
    assert client.post(page(token, 3), {"skip": "1"})["Location"] == page(token)
    assert "Gracias. Lo que respondió queda guardado" in words_of(client.get(page(token)))


def test_a_bad_tap_brings_one_more_and_no_other(cast, client):
    _request, token = asked(form="getting_care", matter=of_matter(CALL), by=cast["navigator"])
    client.post(page(token, 1), {"answer": "7"})
    client.post(page(token, 2), {"answer": "25"})
    assert "¿Quiere que alguien le responda sobre esto?" in words_of(client.get(page(token, 3)))
    assert "3 de 3" in words_of(client.get(page(token, 3)))


def test_ana_tells_of_her_care_one_thing_a_page_and_going_back_loses_nothing(cast, client):
    request, token = asked(by=cast["navigator"])
    assert "¿Quién es usted?" in words_of(client.get(page(token)))
    client.post(page(token, 1), {"who": "proxy"})
    client.post(page(token, 2), {"answer": "right"})
    client.post(page(token, 3), {"skip": "1"})
    client.post(page(token, 4), {"words": "Me escucharon.", "quote": "staff"})
    assert 'value="right" aria-pressed="true"' in client.get(page(token, 2)).content.decode()
    again = client.get(page(token, 4))
    assert ("Lo que escribió queda guardado" in words_of(again), "Me escucharon" in words_of(again)) == (True, False)
    client.post(page(token, 4), {"words": "", "quote": "staff"})
    assert held(request)["words"] == "Me escucharon.", "an empty box takes nothing back"
    assert "¿En conjunto" not in words_of(client.get(page(token)))
    assert client.post(page(token, 5), {"answer": "no"})["Location"] == page(token)
    request.refresh_from_db()
    assert (request.respondent, request.finished_at is not None, held(request)) == (
        "proxy", True, {"enough_time": "right", "words": "Me escucharon.", "call_back": "no"})
    assert SurveyAnswer.objects.get(question="words").quote == "staff"


def test_a_form_left_half_filled_goes_on_where_it_was_left(cast, client):
    request, token = asked(by=cast["navigator"])
    client.post(page(token, 1), {"who": "self"})
    client.post(page(token, 2), {"answer": "less"})
    later = Client().get(page(token))
    assert "En conjunto, ¿cómo fue?" in words_of(later)
    assert held(request) == {"enough_time": "less"}


def test_an_answer_given_again_replaces_the_former_and_a_double_press_adds_nothing(cast, client):
    request, token = asked(by=cast["navigator"])
    for value in ("less", "less", "right"):
        client.post(page(token, 2), {"answer": value})
    assert [(one.value, one.holds) for one in request.answers.order_by("pk")] == [("less", False), ("right", True)]
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyAnswer.objects.create(request=request, question="enough_time", value="more", mode="web", language="en",
                                    made_at=timezone.now())


def test_words_taken_back_are_kept_no_longer(cast, client):
    request, token = asked(by=cast["navigator"])
    client.post(page(token, 4), {"words": "Prefiero no decirlo", "quote": "staff"})
    client.post(page(token, 4), {"take_back": "1"})
    assert held(request) == {}


@pytest.mark.parametrize(("number", "typed"), [
    (2, {"answer": "very much"}), (2, {}), (1, {"who": "somebody"}), (4, {"words": "well", "quote": "everybody"})])
def test_an_answer_that_nobody_offered_is_told_kindly_and_keeps_nothing(cast, client, number, typed):
    request, token = asked(by=cast["navigator"])
    response = client.post(page(token, number), typed)
    assert (response.status_code, held(request)) == (400, {})
    assert "Elija una de las respuestas" in words_of(response)


def test_too_many_words_are_given_back_to_be_shortened(cast, client):
    request, token = asked(by=cast["navigator"])
    response = client.post(page(token, 4), {"words": "a" * 4001})
    assert (response.status_code, held(request)) == (400, {})
    assert "a" * 4001 in response.content.decode()
    assert "autofocus" in response.content.decode()


def test_a_link_that_answers_too_often_is_asked_for_a_pause_and_another_is_not(cast, client):
    request, token = asked(by=cast["navigator"])
    other, others = asked(form="one_tap", matter=of_matter(OMARS_CALL), person=OMAR, by=cast["navigator"])
    for at in range(30):
        client.post(page(token, 2), {"answer": ("less", "right")[at % 2]})
    response = client.post(page(token, 2), {"answer": "more"})
    assert (response.status_code, held(request)) == (429, {"enough_time": "right"})
    assert "espere diez minutos" in words_of(response)
    client.post(page(others, 1), {"answer": "1"})
    assert held(other) == {"effort": "1"}


# ---- what opens nothing, and what names nobody -----------------------------------------------------------------------
def test_guessed_replayed_expired_and_strange_tokens_get_one_page_that_tells_nothing(cast, client):
    request, token = asked(by=cast["navigator"])
    sent, used = asked(form="one_tap", matter=of_matter(OMARS_CALL), person=OMAR, by=cast["navigator"])
    answering.finish(request=sent, now=timezone.now())
    old = token_of(request, timezone.now() - timedelta(days=181))
    for_else = links.make(purpose="choices", person=ANA, about="", language="en", now=timezone.now())
    responses = [*(client.get(page(one)) for one in ("guessed", token[:-1], token + "x", old, for_else, TOKEN)),
                 client.get(page(used, 1)), client.post(page(used, 1), {"answer": "1"}), client.get(page(token, 9)),
                 client.post(page("guessed", 1), {"answer": "1"}), client.post("/say/guessed/again/"),
                 client.post(f"/say/{token}/again/")]
    assert {one.status_code for one in responses} == {404}
    english = [words_of(one) for one in responses[:6]]
    assert len(set(english)) == 1
    assert "Nothing you did was wrong" in english[0]
    assert held(sent) == {}


def test_a_link_whose_time_is_past_takes_no_answer(cast, client):
    request, token = asked(by=cast["navigator"])
    SurveyRequest.objects.filter(pk=request.pk).update(made_at=lately(30), answer_by=lately(9))
    assert [client.get(page(token)).status_code, client.post(page(token, 2), {"answer": "less"}).status_code] == [
        404, 404]
    assert held(request) == {}


def test_no_page_address_or_title_names_anybody_or_what_it_is_about(cast, client):
    request, token = asked(by=cast["navigator"])
    pages = [client.get(page(token)), *(client.get(page(token, number)) for number in range(1, 6))]
    answering.finish(request=request, now=timezone.now())
    pages.append(client.get(page(token)))
    text = " ".join(one.content.decode() for one in pages)
    assert [word for word in (*PERSONAL_WORDS, "Riverside", "North", "clinic", str(ANA), str(request.pk) + "/")
            if len(word) > 4 and word in text] == []
    assert {re.search("<title>(.*?)</title>", one.content.decode())[1] for one in pages} == {
        "Una pregunta nuestra · twohats", "Qué pasó con ello · twohats"}
    assert not re.search(r"sombrero|paciente|cliente", text)


def test_the_form_speaks_the_persons_language_until_they_choose_another(cast, client):
    _request, token = asked(by=cast["navigator"])
    assert 'lang="es"' in client.get(page(token)).content.decode()
    client.post("/language", {"language": "en", "next": page(token)})
    assert "Who are you?" in words_of(client.get(page(token)))


# ---- words ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("form", "matter", "number"), [("your_care", VISITED, 4), ("one_tap", of_matter(CALL), 2)])
def test_above_every_box_stands_that_it_is_not_read_at_once_and_whom_to_call(cast, client, form, matter, number):
    _request, token = asked(form=form, matter=matter, by=cast["navigator"])
    client.post("/language", {"language": "en", "next": page(token)})
    body = client.get(page(token, number)).content.decode()
    above = " ".join(re.sub(r"<[^>]+>", " ", body[:body.index("<textarea")]).split())
    for said in ("What you write here is not read at once.", "on working days, within 2 days",
                 "In an emergency call 911. In despair call or text 988", "555-0100",
                 "Monday to Friday, 8 a.m. to 5 p.m."):
        assert said in above
    assert "May we show your words, without your name?" in body
    assert re.findall(r'name="quote" value="(\w+)"', body) == ["staff", "leaders", "nobody"]
    assert "checked" not in body, "nobody says yes for somebody else"


def test_urgent_words_call_a_human_at_once_and_the_page_says_whom_to_call_now(cast, client):
    request, token = asked(by=cast["navigator"])
    alerts.open_alerts(timezone.now())
    before = UrgentAlert.objects.count()
    client.post(page(token, 4), {"words": "Ya no quiero vivir"})
    alert = UrgentAlert.objects.order_by("pk").last()
    assert UrgentAlert.objects.count() == before + 1
    assert (alert.clock, alert.unit, (alert.due_at - alert.found_at).total_seconds()) == ("now", "north-clinic", 900)
    assert "988" in words_of(client.get(page(token, 5)))
    assert "No espere por nosotros" in words_of(client.get(page(token, 5)))
    shown = words_of(logged_in(cast["navigator"]).get(f"/alerts/{alert.pk}/"))
    assert ("Ya no quiero vivir" in shown, "Ana Alvarez" in shown) == (True, True)
    assert request.case.why == "urgent"
    assert alerts.open_alerts(timezone.now()) == 0


def test_the_release_that_brings_the_words_opens_no_second_alert(home, cast, client):
    request, token = asked(by=cast["navigator"])
    client.post(page(token, 4), {"words": "Ya no quiero vivir", "quote": "staff"})
    voice = key(f"comments|ours-{request.pk}-words")
    assert UrgentAlert.objects.filter(voice=voice).count() == 1
    draw(home, "brought", clauses=[CLAUSES[4] | {"voice": voice, "clause": 7}])
    assert alerts.open_alerts(timezone.now()) == 0


def test_other_urgent_words_in_place_of_the_former_are_looked_at_too(cast, client):
    request, token = asked(by=cast["navigator"])
    client.post(page(token, 4), {"words": "tengo dolor en el pecho"})
    client.post(page(token, 4), {"words": "Ya no quiero vivir"})
    client.post(page(token, 4), {"words": "Ya no quiero vivir"})
    assert UrgentAlert.objects.filter(unit="north-clinic").count() == 2
    assert request.answers.filter(question="words").count() == 2


# ---- from paper and by phone ---------------------------------------------------------------------------------------
def test_carla_writes_down_what_stands_on_paper_by_the_same_rules(cast):
    carla = logged_in(cast["navigator"])
    began = carla.post(f"/asking/to/{ANA}/ask/", {"form": "getting_care", "matter": of_matter(OPEN_CALL),
                                                  "channel": "paper"})
    request = SurveyRequest.objects.get()
    assert began["Location"] == f"/asking/{request.pk}/write-down/"
    assert "in an emergency call 911" in words_of(carla.get(began["Location"]))
    told = {"mode": "mail", "respondent": "family", "effort": "7", "satisfaction": "", "call_back": "yes",
            "words": "nobody called me back", "quote": ""}
    assert carla.post(began["Location"], told)["Location"] == "/asking/"
    request.refresh_from_db()
    assert (held(request), request.respondent, request.message, request.finished_at is not None) == (
        {"effort": "7", "call_back": "yes", "words": "nobody called me back"}, "family", None, True)
    assert {(one.mode, one.by) for one in request.answers.all()} == {("mail", cast["navigator"])}
    assert (request.case.why, request.case.owner) == ("bad_answer", cast["navigator"])
    assert "takes no more answers" in words_of(carla.get(began["Location"]))
    assert AuditEvent.objects.filter(verb="wrote down an answer", thing=str(request.pk)).count() == 3


def test_a_call_to_ask_is_a_message_like_any_other_and_its_words_are_ready(cast):
    request, _ = asked(form="one_tap", matter=of_matter(OMARS_CALL), person=OMAR, by=cast["navigator"], channel="call")
    PersonMessage.objects.filter(pk=request.message.pk).update(state="handed", unit="north-clinic")
    shown = logged_in(cast["navigator"]).get(f"/messages/{request.message.pk}/")
    assert "was it easy to get this done?" in words_of(shown)
    assert f"/asking/{request.pk}/write-down/" in shown.content.decode()


def test_a_letter_carries_the_link_on_paper(cast):
    request, _ = asked(by=cast["navigator"], channel="letter")
    PersonMessage.objects.filter(pk=request.message.pk).update(state="handed")
    shown = words_of(logged_in(cast["navigator"]).get(f"/messages/{request.message.pk}/"))
    token = re.search(r"/say/([\w-]+)/", shown)[1]
    assert answering.asked_by(token, timezone.now()) == request


def test_a_request_that_needs_a_link_is_not_written_by_hand(cast):
    carla = logged_in(cast["navigator"])
    assert "survey_care" not in carla.get(f"/messages/to/{ANA}/").content.decode()
    assert carla.post(f"/messages/to/{ANA}/write/", {"letter": "survey_care", "channel": "letter"}).status_code == 400

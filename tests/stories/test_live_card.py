"""Eve at the desk sees at once what happens now: the hat, what is missing, what not to ask; and is obeyed at once."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.release_fixture import ANA, BEN, DESK, INTERACTIONS, OMAR, RELEASE, make_release
from tests.security.conftest import logged_in, urgent
from tests.stories.counting import queries_of
from tests.stories.test_pages_front_desk import lines_of, plain
from tests.unit.live_events import body, minutes_ago, send, token
from twohats.care.contact.strategies import engage
from twohats.service.actions import alerts
from twohats.service.actions.contact import strategies_in_force
from twohats.service.actions.worn import Worn, worn_last
from twohats.service.middleware import sessions
from twohats.service.records.live import LiveEvent
from twohats.service.records.models import AuditEvent, HatOverride, Mail, Outbox, UrgentAlert
from twohats.words.desk import QuestionKind, questions
from twohats.words.hats import Hat

__all__ = ["urgent"]
EVERY_QUESTION = list(questions())
MONEY = [one.text for one in questions().values() if one.kind is QuestionKind.MONEY]


@pytest.fixture
def secret(readers):
    return token()


@pytest.fixture
def eve(readers):
    return logged_in(readers["front_desk"])


def card(client, person: int = BEN) -> dict[str, str]:
    return lines_of(client.get(f"/desk/{person}/"))


def says(client, person: int = BEN) -> str:
    return plain(re.search(r"<q>(.*?)</q>", client.get(f"/desk/{person}/").content.decode())[1])


# ---- the hat, at once -------------------------------------------------------------------------------------------
def test_the_card_shows_a_live_event_with_the_next_look_and_a_reason_that_is_not_clinical(eve, secret):
    before = card(eve)
    send(body(distress=True, acuity=2, severe=True), secret)
    after = card(eve)
    assert before["customer"] == "Here for something practical: quick and kind."
    assert after["both at once"] == "May be very worried: take time, offer a quiet place and a nurse."
    assert says(eve) == "This can be a worrying time. Tell me at once if anything changes."


def test_who_waits_may_be_worried(eve, secret):
    send(body(act="wait", zone="waiting", role=None), secret)
    assert card(eve)["customer"] == "May be worried: take time."


def test_words_of_danger_offer_a_nurse_on_the_card_and_on_the_list(eve, secret):
    send(body(act="book", red_flag=True), secret)
    assert "offer a nurse now" in card(eve)["both at once"]
    assert says(eve) == "I would like a nurse to see you now. Please stay here with me."
    assert re.search(r"Ben</strong> <span class=\"now\">offer a nurse now", eve.get("/desk/").content.decode())


def test_the_newest_by_its_instant_is_shown_whichever_came_last(eve, secret):
    send(body(id="new", act="wait", zone="waiting", role=None, began=minutes_ago(1)), secret)
    send(body(id="old", began=minutes_ago(20)), secret)
    assert card(eve)["customer"] == "May be worried: take time."


def test_what_a_newer_release_tells_goes_before_an_older_event(readers, secret, settings, tmp_path):
    settings.TWOHATS_HOME = tmp_path / "newer"
    newer = [row | ({"started_at": timezone.now()} if row["interaction"] == DESK[0]["interaction"] else {})
             for row in INTERACTIONS]
    make_release(tmp_path / "newer", interactions=newer)
    send(body(distress=True), secret)
    assert "customer" in card(logged_in(readers["front_desk"]))


def test_an_event_of_yesterday_is_not_live_any_more(eve, secret):
    send(body(distress=True, began=timezone.now() - timedelta(hours=13)), secret)
    assert card(eve)["customer"] == "Here for something practical: quick and kind."


def test_who_came_without_an_appointment_is_on_the_list_and_has_a_card(eve, secret):
    assert eve.get(f"/desk/{ANA}/").status_code == 404
    send(body(person={"system": "patient", "value": "ana"}, unit="north-clinic"), secret)
    assert "Ana" in eve.get("/desk/").content.decode()
    told = card(eve, ANA)
    assert (told["Language"], told["Interpreter"], told["Needs"], told["Came along"]) == (
        "Spanish", "Needed", "Uses a wheelchair", "Nobody known")


def test_the_list_asks_the_records_as_often_for_many_live_events_as_for_none(eve, secret):
    before = queries_of(eve, "/desk/")
    for number, name in enumerate(("ben", "ana", "ben", "ana")):
        send(body(id=str(number), person={"system": "patient", "value": name}), secret)
    assert queries_of(eve, "/desk/") == before


def test_an_event_of_another_unit_opens_no_card_and_changes_none(eve, secret):
    send(body(id="1", person={"system": "patient", "value": "omar"}, unit="south"), secret)
    send(body(id="2", unit="south", distress=True), secret)
    assert eve.get(f"/desk/{OMAR}/").status_code == 404
    assert card(eve)["customer"] == "Here for something practical: quick and kind."
    assert "Omar" not in eve.get("/desk/").content.decode()


# ---- what is missing, what not to ask again ---------------------------------------------------------------------
def test_what_was_answered_need_not_be_asked_again_but_identifiers_and_safety_always_may(eve, secret):
    send(body(answered=EVERY_QUESTION), secret)
    told = card(eve)["Do not ask again"]
    assert told == ("insurance, payment, balance, language, whether an interpreter is wanted, who came along, address, "
                    "phone number, e-mail address, emergency contact, employer, why they came, referral, "
                    "arrival forms, pharmacy they use, how to reach them, how they get home")
    never = [one.text.en for one in questions().values() if one.kind in (QuestionKind.IDENTITY, QuestionKind.SAFETY)]
    assert [word for word in never if word in told] == []
    assert len(never) == 7


def test_what_is_missing_stands_on_the_card_until_a_later_event_tells_that_it_was_answered(eve, secret):
    send(body(id="1", missing=["phone", "address", "allergies"], began=minutes_ago(9)), secret)
    assert card(eve)["Missing"] == "address, phone number"
    send(body(id="2", answered=["phone"], began=minutes_ago(5)), secret)
    assert (card(eve)["Missing"], card(eve)["Do not ask again"]) == ("address", "phone number")
    send(body(id="3", answered=["address"], missing=["phone"], began=minutes_ago(1)), secret)
    assert (card(eve)["Missing"], card(eve)["Do not ask again"]) == ("phone number", "address")


# ---- no word of money in an emergency department before the screening exam --------------------------------------
def words_of_money(client, person: int) -> list[str]:
    texts = [client.get(path).content.decode() for path in (f"/desk/{person}/", f"/desk/{person}/now", "/desk/",
                                                            f"/desk/{person}/log")]
    words = [*(text.en for text in MONEY), "bill", "Insurance", "Financial"]
    return sorted({word for word in words if any(re.search(rf"\b{word}\b", text) for text in texts)})


ED = {"person": {"system": "patient", "value": "ana"}, "unit": "north-ed", "resource": "Encounter/e1",
      "missing": ["insurance", "payment", "balance", "phone"]}


@pytest.mark.parametrize("told", [
    {}, {"screening_recorded": False}, {"act": "insurance"}, {"act": "bill"}, {"answered": ["insurance"]}])
def test_in_an_emergency_department_no_word_of_money_before_the_screening_exam_is_recorded(eve, secret, told):
    send(body(**{**ED, **told}), secret)
    assert words_of_money(eve, ANA) == []
    assert card(eve, ANA)["Missing"] == "phone number"


def test_once_the_screening_exam_is_recorded_it_may_be_asked(eve, secret):
    send(body(**ED, id="1", began=minutes_ago(9)), secret)
    send(body(**ED, id="2", began=minutes_ago(5), screening_recorded=True), secret)
    assert card(eve, ANA)["Missing"] == "insurance, payment, balance, phone number"
    send(body(**ED, id="3", began=minutes_ago(1)), secret)
    assert card(eve, ANA)["Missing"] == "insurance, payment, balance, phone number"


def test_the_exam_of_one_visit_does_not_count_for_the_next(eve, secret):
    send(body(**ED, id="1", began=minutes_ago(90), screening_recorded=True), secret)
    send(body(**{**ED, "resource": "Encounter/e2"}, id="2", began=minutes_ago(1)), secret)
    assert words_of_money(eve, ANA) == []


def test_an_exam_taken_back_is_not_recorded(eve, secret):
    send(body(**ED, id="1", began=minutes_ago(9), screening_recorded=True), secret)
    send(body(**ED, id="2", began=minutes_ago(1), screening_recorded=False), secret)
    assert words_of_money(eve, ANA) == []


@pytest.mark.parametrize("told", [{"class_code": "EMER"}, {"class_code": "EMER", "unit": None}])
def test_an_emergency_visit_counts_wherever_its_desk_is(eve, secret, told):
    send(body(missing=["insurance", "phone"], **told), secret)
    assert card(eve)["Missing"] == "phone number"


def test_in_a_clinic_it_may_be_asked(eve, secret):
    send(body(missing=["insurance", "phone"]), secret)
    assert card(eve)["Missing"] == "insurance, phone number"
    assert words_of_money(eve, BEN) != []


# ---- one press overrules, and is obeyed at once ------------------------------------------------------------------
def test_one_press_overrules_a_live_hat_and_card_and_gate_obey_at_once(readers, eve, secret):
    send(body(), secret)
    (event,) = LiveEvent.objects.all()
    assert worn_last(BEN, timezone.now()) == Worn(Hat.CUSTOMER, Hat.CUSTOMER, False)
    eve.post(f"/desk/{BEN}/hat", {"hat": "patient", "interaction": event.interaction})
    made = HatOverride.objects.get()
    assert (made.interaction, made.hat, made.release) == (event.interaction, "patient", RELEASE)
    assert card(eve)["patient"] == "Here for care: give time. said at the desk"
    worn = worn_last(BEN, timezone.now())
    assert worn == Worn(Hat.PATIENT, Hat.PATIENT, False)
    way = engage(worn.hat, about_hat=worn.about_hat, reachable=["sms", "call"], strategies=strategies_in_force())
    assert Hat.PATIENT in way.strategy.hats
    page = logged_in(readers["navigator"]).get(f"/messages/to/{BEN}/").content.decode()
    assert way.strategy.text.read_in("en") in page


def test_the_gate_obeys_an_override_of_a_moment_of_the_release_too(eve):
    before = worn_last(BEN, timezone.now())
    eve.post(f"/desk/{BEN}/hat", {"hat": "mixed"})
    assert (before.hat, worn_last(BEN, timezone.now()).hat) == (Hat.CUSTOMER, Hat.MIXED)


def test_a_press_holds_for_the_moment_that_the_card_showed_though_a_newer_one_came_meanwhile(eve, secret):
    send(body(id="1", began=minutes_ago(5)), secret)
    shown = LiveEvent.objects.get().interaction
    send(body(id="2", act="wait", zone="waiting", role=None, began=minutes_ago(1)), secret)
    eve.post(f"/desk/{BEN}/hat", {"hat": "patient", "interaction": shown})
    assert HatOverride.objects.get().interaction == shown
    assert "customer" in card(eve)


def test_a_moment_of_somebody_else_is_not_overruled_from_this_card(eve):
    anas = INTERACTIONS[3]["interaction"]
    assert eve.post(f"/desk/{BEN}/hat", {"hat": "patient", "interaction": anas}).status_code == 404
    assert HatOverride.objects.count() == 0


# ---- a nurse, now ------------------------------------------------------------------------------------------------
def test_nurse_now_needs_no_hat_and_waits_where_urgent_alerts_do(readers, eve, settings, tmp_path):
    settings.TWOHATS_HOME = tmp_path / "soon"
    make_release(tmp_path / "soon", desk=[{**DESK[0], "arrived_at": None, "interaction": None, "hat": None,
                                           "about_hat": None, "rule": None}])
    eve.post(f"/desk/{BEN}/nurse")
    eve.post(f"/desk/{BEN}/nurse")
    (call,) = UrgentAlert.objects.all()
    assert (call.person, call.unit, call.asked_by, call.due_at - call.found_at) == (
        BEN, "north-clinic", readers["front_desk"], timedelta(minutes=3))
    assert "Nobody is on it yet" in eve.get(f"/desk/{BEN}/").content.decode()
    diaz = logged_in(readers["clinician"])
    assert "A nurse is asked for at a desk" in diaz.get("/alerts/").content.decode()
    assert "Ben" in diaz.get(f"/alerts/{call.pk}/").content.decode()
    diaz.post(f"/alerts/{call.pk}/on-it")
    assert "Clinician is on it" in eve.get(f"/desk/{BEN}/").content.decode()
    diaz.post(f"/alerts/{call.pk}/end", {"outcome": "reached"})
    assert "A nurse is asked for" not in eve.get(f"/desk/{BEN}/").content.decode()


def test_a_nurse_is_asked_for_somebody_whom_no_list_holds(readers, eve):
    assert eve.post("/desk/nurse", {"unit": "south"}).status_code == 404
    assert eve.post("/desk/nurse", {"unit": "north-ed"}).status_code == 302
    (call,) = UrgentAlert.objects.all()
    assert (call.person, call.unit) == (None, "north-ed")
    told = plain(logged_in(readers["clinician"]).get(f"/alerts/{call.pk}/").content.decode())
    assert "Somebody at the desk whose name is not known yet." in told


def test_clinicians_answer_calls_and_read_no_urgent_comment_and_reviewers_the_other_way_round(readers, eve, urgent):
    eve.post(f"/desk/{BEN}/nurse")
    call = UrgentAlert.objects.get(asked_by__isnull=False)
    diaz, rita = (logged_in(readers[name]) for name in ("clinician", "reviewer"))
    assert (diaz.get(f"/alerts/{urgent.pk}/").status_code, diaz.get(f"/alerts/{call.pk}/").status_code) == (404, 200)
    assert (rita.post(f"/alerts/{call.pk}/on-it").status_code, diaz.post(f"/alerts/{call.pk}/on-it").status_code) == (
        404, 302)
    assert "Ben" not in rita.get(f"/alerts/{call.pk}/").content.decode()


def test_a_mail_tells_of_a_call_and_names_nobody(readers, urgent, eve):
    from twohats.service.actions import letters

    eve.post(f"/desk/{BEN}/nurse")
    sent = Mail.objects.filter(kind="nurse")
    assert [(mail.address, mail.about) for mail in sent] == [
        ("navigator@hospital.example", str(UrgentAlert.objects.get(asked_by__isnull=False).pk))]
    text = letters.letter_of(sent[0], timezone.now()).text
    assert ("A front desk asks for a nurse." in text, "Ben" in text) == (True, False)


def test_a_call_nobody_took_on_in_three_minutes_is_passed_up(readers, eve):
    eve.post(f"/desk/{BEN}/nurse")
    assert alerts.escalate_overdue(timezone.now()) == 0
    assert alerts.escalate_overdue(timezone.now() + timedelta(minutes=3, seconds=1)) == 1


# ---- log what happened ----------------------------------------------------------------------------------------------
def fields_of(answer) -> dict[str, object]:
    form = answer.context["form"]
    return {name: form[name].value() for name in form.fields}


def test_what_happened_is_filled_in_from_the_feed_and_kept_by_one_press(eve, readers, secret):
    send(body(distress=True, speaker="family", answered=["phone"], resource="Encounter/e7"), secret)
    filled = fields_of(eve.get(f"/desk/{BEN}/log"))
    assert {name: filled[name] for name in ("act", "speaker", "distress", "red_flag", "answered")} == {
        "act": "register", "speaker": "family", "distress": True, "red_flag": False, "answered": ["phone"]}
    said = {"event_id": filled["event_id"], "act": "register", "speaker": "self", "answered": ["phone", "address"]}
    for _twice in range(2):
        assert eve.post(f"/desk/{BEN}/log", said).headers["Location"] == f"/desk/{BEN}/"
    sent, logged = LiveEvent.objects.order_by("pk")
    assert (logged.by, logged.interaction, logged.hat) == (readers["front_desk"], sent.interaction, "customer")
    assert card(eve)["customer"] == "Here for something practical: quick and kind."
    assert card(eve)["Do not ask again"] == "address, phone number"
    assert [line["act"] for line in Outbox.objects.filter(file="logged").values_list("line", flat=True)] == ["register"]
    assert list(AuditEvent.objects.filter(verb="logged what happened").values_list("thing", flat=True)) == [str(BEN)]


def test_without_a_feed_the_form_begins_empty_and_another_act_is_a_moment_of_its_own(eve):
    filled = fields_of(eve.get(f"/desk/{BEN}/log"))
    assert (filled["act"], filled["speaker"], filled["answered"]) == ("", "self", [])
    eve.post(f"/desk/{BEN}/log", {"event_id": filled["event_id"], "act": "wait", "speaker": "self"})
    assert LiveEvent.objects.get().resource == f"desk/{filled['event_id']}"
    assert card(eve)["customer"] == "May be worried: take time."


def test_a_form_without_an_act_is_asked_again_with_what_was_chosen(eve):
    answer = eve.post(f"/desk/{BEN}/log", {"event_id": "1", "act": "treat", "speaker": "family", "distress": "on"})
    assert (answer.status_code, LiveEvent.objects.count()) == (400, 0)
    assert (fields_of(answer)["speaker"], fields_of(answer)["distress"]) == ("family", True)


# ---- the card keeps itself up to date ----------------------------------------------------------------------------
def test_the_part_that_changes_is_sent_only_when_it_has_changed(eve, secret):
    seen = re.search(r'data-seen="([^"]+)"', eve.get(f"/desk/{BEN}/").content.decode())[1]
    assert eve.get(f"/desk/{BEN}/now?seen={seen}").status_code == 204
    send(body(distress=True), secret)
    answer = eve.get(f"/desk/{BEN}/now?seen={seen}")
    assert answer.status_code == 200
    assert "May be very worried" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert eve.get(f"/desk/{OMAR}/now").status_code == 404


def test_a_page_that_asks_by_itself_does_not_keep_a_session_alive(eve):
    session = eve.session
    session[sessions.LAST_SEEN] = (timezone.now() - timedelta(minutes=10)).isoformat()
    session.save()
    eve.get(f"/desk/{BEN}/now")
    assert eve.session[sessions.LAST_SEEN] == session[sessions.LAST_SEEN]
    eve.get(f"/desk/{BEN}/")
    assert eve.session[sessions.LAST_SEEN] > session[sessions.LAST_SEEN]


def test_no_clinical_word_of_an_event_is_on_the_card(eve, secret):
    send(body(act="explain_result", abnormal=True, acuity=1, severe=True, event="clinical", role="clinical",
              zone="imaging"), secret)
    text = eve.get(f"/desk/{BEN}/").content.decode()
    assert [word for word in ("result", "abnormal", "acuity", "imaging", "pain", "Encounter") if word in text] == []

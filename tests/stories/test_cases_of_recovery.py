"""Something went wrong for Ana: a case opens, somebody has it, she is told what was done and may say that it is not
solved; what nobody ends counts as a failure. A rule proposes a grievance, Carla decides, the letter has its parts.
"""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from tests.release_fixture import ANA, OMAR
from tests.security.conftest import home, logged_in, readers
from tests.stories.asking_drawn import OMARS_CALL, VISITED, asked, of_matter
from tests.stories.counting import queries_of
from tests.stories.test_asking_by_link import cast, page, words_of
from twohats.service.actions import answering, cases, contact, people
from twohats.service.pages.cases import reads
from twohats.service.policy import WHOLE, Role, Scope
from twohats.service.records.cases import CaseStep, GrievanceAnswer, RecoveryCase
from twohats.service.records.contact import PersonMessage
from twohats.service.records.models import AuditEvent
from twohats.words.problems import Problem

__all__ = ["cast", "home", "readers"]
pytestmark = pytest.mark.django_db
SAID = "Hemos corregido la factura."


def bad(cast, form="your_care", matter=VISITED, **more):
    """A request with a bad answer, its link, and its case."""
    request, token = asked(form=form, matter=matter, by=cast["navigator"], **more)
    answering.keep(request=request, question="effort" if form != "your_care" else "satisfaction",
                   value="7" if form != "your_care" else "0", language="es", now=timezone.now())
    return request, token, RecoveryCase.objects.get(request=request)


def steps(case):
    return list(case.steps.order_by("made_at", "pk").values_list("did", flat=True))


def ended(case, by, outcome="solved", now=None):
    return cases.end(case=case, outcome=outcome, note="", said=SAID, by=by, now=now or timezone.now())


# ---- opened, owned, ended, told ------------------------------------------------------------------------------------
def test_a_bad_answer_opens_one_case_with_an_owner_a_clock_and_a_script(cast):
    request, _token, case = bad(cast)
    answering.keep(request=request, question="enough_time", value="less", language="es", now=timezone.now())
    assert RecoveryCase.objects.count() == 1
    assert (case.why, case.script, case.owner, case.unit) == (
        "bad_answer", "patient", cast["navigator"], "north-clinic")
    assert (case.first_word_by - case.opened_at, case.end_by - case.opened_at) == (
        timedelta(hours=24), timedelta(days=7))
    shown = words_of(logged_in(cast["navigator"]).get(f"/cases/{case.pk}/"))
    for said in ("Very bad", "Ana Alvarez", "Call, take your time.", "somebody should have spoken with them"):
        assert said in shown


def test_a_good_answer_opens_none(cast):
    request, _token = asked(by=cast["navigator"])
    answering.keep(request=request, question="satisfaction", value="75", language="es", now=timezone.now())
    assert not RecoveryCase.objects.exists()


def test_a_wish_for_an_answer_opens_one_by_itself(cast):
    request, _token = asked(by=cast["navigator"])
    answering.keep(request=request, question="call_back", value="yes", language="es", now=timezone.now())
    assert request.case.why == "wish"


def test_urgent_words_make_a_case_urgent_and_its_clock_an_hour(cast):
    request, _token, case = bad(cast)
    now = timezone.now()
    answering.keep(request=request, question="words", words="Ya no quiero vivir", language="es", now=now)
    case.refresh_from_db()
    assert (case.why, case.script, case.first_word_by) == ("urgent", "urgent", now + timedelta(hours=1))


def test_a_case_goes_to_whoever_has_the_fewest_and_to_nobody_where_nobody_may(cast):
    first = bad(cast)[2]
    other = people.add_user(username="dos", display_name="Dos", password="a sentence nobody knows", by=None)
    people.give_role(user=other, role=Role.NAVIGATOR, unit=WHOLE, by=None)
    assert (first.owner, cases.owner_for("south")) == (cast["navigator"], other)
    assert cases.owner_for("north-clinic") == cast["reviewer"], "she has none yet"
    people.shut_out(user=other, by=cast["administrator"])
    assert cases.owner_for("south") is None


def test_what_has_no_owner_stands_first_and_says_so(cast):
    bad(cast)
    case = bad(cast, form="one_tap", matter=of_matter(OMARS_CALL), person=OMAR)[2]
    people.give_role(user=cast["navigator"], role=Role.NAVIGATOR, unit=WHOLE, by=None)
    RecoveryCase.objects.filter(pk=case.pk).update(owner=None)
    client = logged_in(cast["navigator"])
    shown = words_of(client.get("/cases/"))
    assert shown.index("Nobody has it.") < shown.index("Navigator", shown.index("Whom do we owe"))
    client.post(f"/cases/{case.pk}/take/")
    case.refresh_from_db()
    assert (case.owner, steps(case)[-1]) == (cast["navigator"], "taken")


def test_ana_is_told_what_was_done_by_a_message_and_by_the_same_link(cast, client):
    request, token, case = bad(cast)
    answering.finish(request=request, now=timezone.now())
    shown = words_of(client.get(page(token)))
    assert "Alguien de nuestro equipo lo tiene y se pondrá en contacto antes del" in shown
    carla = logged_in(cast["navigator"])
    carla.post(f"/cases/{case.pk}/spoke/", {"reached": "yes", "note": "the invoice of October"})
    assert "habló con usted y trabaja en ello" in words_of(client.get(page(token)))
    typed = {"outcome": "solved", "said": SAID, "end_note": "done"}
    assert carla.post(f"/cases/{case.pk}/end/", typed)["Location"] == "/cases/"
    shown = words_of(client.get(page(token)))
    assert ("Lo hemos corregido" in shown, SAID in shown, "invoice" in shown, "Navigator" in shown) == (
        True, True, False, False)
    told = PersonMessage.objects.get(kind="recovery")
    assert (told.person, told.channel, told.letter, told.about) == (ANA, "email", "recovery_done", f"{request.pk} 0")
    assert steps(case) == ["opened", "spoke", "ended", "told"]


def test_a_message_that_the_gate_refuses_tells_nobody_and_the_steps_say_so(cast):
    _request, _token, case = bad(cast)
    contact.choose(person=ANA, of="class", value="recovery", yes=False, said_on="link")
    ended(case, cast["navigator"])
    assert steps(case) == ["opened", "ended"]


def test_ana_says_by_one_press_that_it_is_not_solved(cast, client):
    request, token, case = bad(cast)
    answering.finish(request=request, now=timezone.now())
    ended(case, cast["navigator"])
    assert "No está resuelto" in words_of(client.get(page(token)))
    assert client.post(f"/say/{token}/again/")["Location"] == page(token)
    case.refresh_from_db()
    assert (case.outcome, case.closed_at, case.reopened, steps(case)[-1]) == ("", None, 1, "reopened")
    assert client.post(f"/say/{token}/again/").status_code == 302
    case.refresh_from_db()
    assert case.reopened == 1, "a second press opens nothing more"
    ended(case, cast["navigator"], "not_solved")
    assert PersonMessage.objects.filter(kind="recovery").count() == 2
    for _ in range(2):
        cases.open_again(case=case, now=timezone.now())
        ended(RecoveryCase.objects.get(pk=case.pk), cast["navigator"])
    assert "Se reabrió varias veces. Por favor, llámenos." in words_of(client.post(f"/say/{token}/again/"))


def test_only_who_has_the_case_ends_it_and_never_without_a_word_to_the_person(cast):
    _request, _token, case = bad(cast)
    with pytest.raises(Problem, match="Somebody else has this case"):
        ended(case, cast["reviewer"])
    carla = logged_in(cast["navigator"])
    for typed, wrong in (({"outcome": "solved", "said": ""}, "Say to the person what was done."),
                         ({"outcome": "auto_closed", "said": SAID}, "Say how it ended.")):
        response = carla.post(f"/cases/{case.pk}/end/", typed)
        assert (response.status_code, wrong in words_of(response)) == (400, True)
    with pytest.raises(IntegrityError), transaction.atomic():
        RecoveryCase.objects.filter(pk=case.pk).update(outcome="solved")


def test_what_nobody_ended_closes_by_itself_as_a_failure_and_ana_is_told_that_it_is_ours(cast, client):
    request, token, case = bad(cast)
    answering.finish(request=request, now=timezone.now())
    assert cases.auto_close(case.closes_at - timedelta(seconds=1)) == 0
    assert (cases.auto_close(case.closes_at), cases.auto_close(case.closes_at)) == (1, 0)
    case.refresh_from_db()
    assert (case.outcome, steps(case)) == ("auto_closed", ["opened", "auto_closed", "told"])
    assert cases.failures(Q(), Scope(everything=True)) == (1, 1)
    assert cases.failures(Q(), Scope(frozenset({"south"}))) == (0, 0)
    shown = words_of(client.get(page(token)))
    assert ("Es un fallo nuestro" in shown, "No está resuelto" in shown) == (True, True)


@pytest.mark.parametrize(("good", "failed", "says"), [
    (5, 5, "too few cases ended, or too few of one kind"),
    (20, 10, "too few cases ended, or too few of one kind"),
    (30, 0, "0 of 100 cases that ended in the last 90 days failed (0 to 11; n = 30)"),
    (33, 11, "25 of 100 cases that ended in the last 90 days failed (15 to 39; n = 44)"),
])
def test_the_share_of_failures_has_its_range_and_small_numbers_are_not_told(monkeypatch, good, failed, says):
    monkeypatch.setattr(reads.actions, "failures", lambda _ended, _scope: (good + failed, failed))
    assert says in reads.how_they_ended(Scope(everything=True), timezone.now())


def test_what_was_done_in_a_case_only_grows(cast):
    bad(cast)
    for change in (lambda: CaseStep.objects.update(note="else"), lambda: CaseStep.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_who_sees_that_cases_wait_sees_no_word_of_them(cast):
    request, _token, case = bad(cast)
    answering.keep(request=request, question="words", words="Me dejaron esperando", language="es", now=timezone.now())
    frank = logged_in(cast["leader"])
    shown = words_of(frank.get("/cases/")) + words_of(frank.get(f"/cases/{case.pk}/"))
    assert [word for word in ("Me dejaron", "Alvarez", "Very bad") if word in shown] == []
    assert "One case is open." in shown


# ---- grievances ---------------------------------------------------------------------------------------------------
@pytest.fixture
def grievance(cast):
    """Ana wrote of her care and asks for an answer; nobody has decided yet."""
    request, token, case = bad(cast)
    now = timezone.now()
    answering.keep(request=request, question="words", words="La enfermera me maltrató.", language="es", now=now)
    answering.keep(request=request, question="call_back", value="yes", language="es", now=now)
    answering.finish(request=request, now=now)
    case.refresh_from_db()
    return case, token


PARTS = {"contact_person": "Rosa Vega, 555-0100", "steps_taken": "Hablamos con el equipo.",
         "results": "Le pedimos disculpas.", "completed_on": "2026-01-05"}


def test_a_rule_proposes_and_a_person_decides_and_the_clock_runs_from_what_was_said(cast, grievance):
    case, _token = grievance
    assert (case.grounds, case.grievance, steps(case)) == (
        ["abuse_or_neglect", "asks_for_an_answer"], None, ["opened", "proposed", "proposed"])
    carla = logged_in(cast["navigator"])
    assert "Tells of abuse, neglect or harm." in words_of(carla.get(f"/cases/{case.pk}/"))
    assert carla.get(f"/cases/{case.pk}/letter/").status_code == 404, "nobody has decided"
    carla.post(f"/cases/{case.pk}/grievance/", {"is": "grievance"})
    case.refresh_from_db()
    assert (case.grievance, case.decided_by, case.answer_by - case.received_at) == (
        True, cast["navigator"], timedelta(days=7))
    assert case.received_at == case.steps.order_by("made_at", "pk").first().made_at


def test_a_person_may_decide_that_it_is_none_and_decide_again(cast, grievance):
    case, _token = grievance
    carla = logged_in(cast["navigator"])
    for said, wanted in (("none", False), ("grievance", True), ("none", False)):
        carla.post(f"/cases/{case.pk}/grievance/", {"is": said})
        case.refresh_from_db()
        assert (case.grievance, case.answer_by is not None) == (wanted, wanted)


def test_the_letter_is_refused_without_any_of_its_parts_and_holds_all_of_them_in_the_persons_language(cast, grievance):
    case, _token = grievance
    carla = logged_in(cast["navigator"])
    carla.post(f"/cases/{case.pk}/grievance/", {"is": "grievance"})
    for part in PARTS:
        response = carla.post(f"/cases/{case.pk}/letter/", PARTS | {part: ""})
        assert (response.status_code, GrievanceAnswer.objects.exists()) == (400, False)
    late = carla.post(f"/cases/{case.pk}/letter/", PARTS | {"completed_on": "2999-01-01"})
    assert "This day is still to come." in words_of(late)
    assert carla.post(f"/cases/{case.pk}/letter/", PARTS).status_code == 302
    letter = words_of(carla.get(f"/cases/{case.pk}/letter/"))
    for said in ("Rosa Vega, 555-0100", "Hablamos con el equipo.", "Le pedimos disculpas.", "5 de enero de 2026",
                 "Ana Alvarez", "Nuestra respuesta a su queja"):
        assert said in letter
    assert GrievanceAnswer.objects.get().completed_on == date(2026, 1, 5)
    with pytest.raises(Problem, match="answered in writing already"):
        cases.decide_grievance(case=case, yes=False, by=cast["navigator"], now=timezone.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        GrievanceAnswer.objects.update(results="else")


def test_who_may_not_see_names_prints_a_letter_with_room_for_one(cast, grievance):
    case, _token = grievance
    rita = logged_in(cast["reviewer"])
    rita.post(f"/cases/{case.pk}/grievance/", {"is": "grievance"})
    rita.post(f"/cases/{case.pk}/letter/", PARTS)
    letter = rita.get(f"/cases/{case.pk}/letter/").content.decode()
    assert ("Alvarez" in letter, "to-fill" in letter) == (False, True)


def test_the_register_tells_what_is_proposed_due_late_and_answered(cast, grievance):
    case, _token = grievance
    carla = logged_in(cast["navigator"])
    told = [words_of(carla.get("/cases/grievances/"))]
    carla.post(f"/cases/{case.pk}/grievance/", {"is": "grievance"})
    told.append(words_of(carla.get("/cases/grievances/")))
    RecoveryCase.objects.filter(pk=case.pk).update(received_at=timezone.now() - timedelta(days=8),
                                                   answer_by=timezone.now() - timedelta(days=1))
    told.append(words_of(carla.get("/cases/grievances/")))
    carla.post(f"/cases/{case.pk}/letter/", PARTS)
    told.append(words_of(carla.get("/cases/grievances/")))
    says = ("nobody has decided", "the written answer is due", "the written answer is late", "answered in writing")
    assert [[one for one in says if one in page_] for page_ in told] == [[one] for one in says]
    assert AuditEvent.objects.filter(kind="case", verb="answered in writing").count() == 1


@pytest.mark.parametrize("address", ["/cases/", "/cases/grievances/", "/asking/"])
def test_a_list_asks_as_often_for_two_as_for_one(cast, address):
    people.give_role(user=cast["navigator"], role=Role.NAVIGATOR, unit=WHOLE, by=None)
    client = logged_in(cast["navigator"])
    bad(cast)
    one = queries_of(client, address)
    bad(cast, form="one_tap", matter=of_matter(OMARS_CALL), person=OMAR)
    RecoveryCase.objects.update(grounds=["says_complaint"])
    assert queries_of(client, address) == one

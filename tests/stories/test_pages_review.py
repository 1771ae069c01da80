"""Rita reads what people said: which clause is next, one key a label, a second reader, and what the numbers say."""

import csv
import io
import json
import re
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from tests.release_fixture import CLAUSES, DRIFT, INTERACTIONS, RELEASE, clause, make_release
from tests.security.conftest import SENTENCE, logged_in
from tests.stories.counting import queries_of
from twohats.service.actions import hidden_kinds, people, readings
from twohats.service.actions.readings import Label, Queue, Told
from twohats.service.pages.review import queues, strokes
from twohats.service.pages.review.reads import evidence_of
from twohats.service.policy import WHOLE, Role
from twohats.service.records.models import AuditEvent, ClauseReading
from twohats.words.touchpoints import comment_touchpoints

BILL = {"about_hat": "customer", "touchpoint": "billing_insurance", "sentiment": "-1", "speaker": "patient"}
UNSURE = CLAUSES[3]


@pytest.fixture
def rita(readers):
    return logged_in(readers["reviewer"])


@pytest.fixture
def ruben(readers):
    """A second reviewer in the north."""
    user = people.add_user(username="ruben", display_name="Rubén", password=SENTENCE, by=None)
    people.give_role(user=user, role=Role.REVIEWER, unit="north", by=None)
    return user


def many(n: int, **more) -> list[dict]:
    """Clauses of the north, the n-th less sure than the one before, all of one comment."""
    return [{**clause(3, at + 1, at * 10, f"words of {at}. ", "customer", "billing_insurance", -1), "certain": False,
             "p_customer": 0.6 - at / 100, "p_patient": 0.2, "p_none": 0.2, **more} for at in range(n)]


@pytest.fixture
def released(settings, tmp_path):
    """Makes a home with other clauses than those drawn."""
    def made(clauses: list[dict], name: str = "other", **tables) -> list[int]:
        settings.TWOHATS_HOME = tmp_path / name
        make_release(tmp_path / name, f"{RELEASE}-{name}", clauses=clauses, **tables)
        return [one["clause"] for one in clauses]
    return made


def next_in(client, queue: str, query: str = "") -> int | None:
    """The clause to which a queue leads; None when it is finished."""
    answer = client.get(f"/readings/{queue}/{query}")
    return int(re.search(r"/(\d+)/", answer["Location"]).group(1)) if answer.status_code == 302 else None


def say(client, queue: str, key: int, **more):
    return client.post(f"/readings/{queue}/{key}/", BILL | more)


def read(by, key: int, hat: str = "customer", **more):
    told = Told(key, 1, "comments/3", 0, "north-ed", RELEASE, "customer", "billing_insurance", -1, 0.9)
    return readings.read_clause(told=told, label=Label(hat, "billing_insurance", -1, "patient"), by=by,
                                **{"queue": Queue.UNSURE, **more})


def text_of(answer) -> str:
    """What a reader reads: the main part without tags, spaces folded."""
    main = re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL).group(0)
    return re.sub(r"\s+", " ", re.sub(r"<svg.*?</svg>|<[^>]+>", " ", main, flags=re.DOTALL)).strip()


# ---- the queues -------------------------------------------------------------------------------------------------
def test_the_least_sure_clause_comes_first_and_the_queue_ends(rita, released):
    keys = released(many(3))
    order = []
    while (key := next_in(rita, "unsure")) is not None:
        order.append(key)
        assert say(rita, "unsure", key)["Location"] == "/readings/unsure/"
    assert order == keys[::-1]
    assert "You have read all of this queue." in text_of(rita.get("/readings/unsure/"))


def test_what_the_model_is_sure_of_and_what_was_corrected_does_not_wait(rita, released):
    sure, corrected, unsure = many(3)
    keys = released([sure | {"certain": True}, corrected | {"corrected": True}, unsure])
    assert next_in(rita, "unsure") == keys[2]
    say(rita, "unsure", keys[2])
    assert next_in(rita, "unsure") is None


def test_what_two_readers_differ_on_comes_before_what_one_and_the_model_do(rita, readers, ruben, released):
    keys = released(many(4))
    read(readers["leader"], keys[0], "patient")           # one against the model
    read(readers["leader"], keys[1])                      # one who agrees with it
    read(readers["leader"], keys[2], "patient")           # two who differ
    read(ruben, keys[2])
    read(readers["reviewer"], keys[3], "patient")         # Rita herself: not hers to read again
    order = []
    while (key := next_in(rita, "disagreed")) is not None:
        order.append(key)
        assert say(rita, "disagreed", key).status_code == 302
    assert order == [keys[2], keys[0]]
    assert [(one.order, one.settled_by) for one in ClauseReading.objects.filter(by=readers["reviewer"]).order_by("pk")
            ] == [(1, ""), (3, "third"), (2, "")]


def test_the_random_sample_is_the_same_for_a_reader_in_a_release_and_another_for_another(rita, ruben, released):
    def drawn(client, n: int) -> list[int]:
        found = []
        for _ in range(n):
            found.append(next_in(client, "random"))
            assert next_in(client, "random") == found[-1]
            say(client, "random", found[-1])
        return found

    keys = released(many(12, certain=True))
    hers = drawn(rita, 12)
    ClauseReading.objects.all().delete()
    assert drawn(rita, 12) == hers
    ClauseReading.objects.all().delete()
    assert drawn(logged_in(ruben), 12) != hers
    assert sorted(hers) == sorted(keys)
    ClauseReading.objects.all().delete()
    assert sorted(released(many(12, certain=True), "later")) == sorted(keys)
    assert drawn(rita, 12) != hers


def test_every_clause_has_about_the_same_chance_to_be_drawn_first(readers, released):
    """Twenty clauses, 400 readers: 20 times each as the mean; a chi-square of 19 degrees stays under 43.8 (0.1 %)."""
    from twohats.service import releases
    from twohats.service.pages.review.reads import Filters, Sight
    from twohats.service.policy import Scope
    from twohats.service.records.models import User

    keys = released(many(20, certain=True))
    firsts = [queues.next_of("random", queues.Asked(
        releases.current(), User(pk=1000 + n), Sight(Scope(everything=True)), Filters())).clause for n in range(400)]
    counts = [firsts.count(key) for key in keys]
    assert sum((count - 20) ** 2 / 20 for count in counts) < 43.8


def test_what_the_sample_comes_to_and_somebody_read_already_counts_as_drawn(rita, readers, released):
    released(many(8))
    while (key := next_in(rita, "unsure")) is not None and ClauseReading.objects.count() < 4:
        say(rita, "unsure", key)
    assert not ClauseReading.objects.filter(sampled=True).exists()
    while (key := next_in(rita, "random")) is not None:
        last = key
        say(rita, "random", key)
    told = readings.sampled_readings()
    passed = [made for made in told if made.queue == "unsure"]
    assert len([made for made in told if made.queue == "random"]) == 4
    assert last in {made.clause for made in told}
    seed = queues._seed(f"{RELEASE}-other", str(readers["reviewer"].pk))
    place = {one["clause"]: ((one["clause"] & queues.PRIME) * seed[0] + seed[1]) % queues.PRIME for one in many(8)}
    assert {made.clause for made in passed} == {
        made.clause for made in ClauseReading.objects.filter(queue="unsure") if place[made.clause] < place[last]}


def test_a_filtered_sample_is_none_and_neither_is_a_clause_picked_by_hand(rita, released):
    keys = released(many(6, certain=True))
    key = next_in(rita, "random", "?hat=customer")
    rita.post(f"/readings/random/{key}/?hat=customer", BILL)
    assert ClauseReading.objects.get().sampled is False
    by_hand = next(one for one in keys if one not in (key, next_in(rita, "random")))
    say(rita, "random", by_hand)
    assert ClauseReading.objects.get(clause=by_hand).sampled is False


def test_every_fifth_clause_drawn_goes_to_a_second_reader_by_chance(rita, readers, ruben, released):
    keys = released(many(30, certain=True))
    while (key := next_in(rita, "random")) is not None:
        say(rita, "random", key)
    chosen = sorted(key for key in keys if queues.for_a_second_reader(key))
    assert 0 < len(chosen) < 15
    second = logged_in(ruben)
    for key in chosen:
        assert next_in(second, "random") == key
        say(second, "random", key)
    assert list(ClauseReading.objects.filter(by=ruben).order_by("clause").values_list(
        "clause", "order", "queue", "sampled")) == [(key, 2, "second", True) for key in chosen]


@pytest.mark.parametrize(("query", "expected"), [
    ("?service=Pharmacy", 0), ("?hat=patient", 1), ("?month=2026-10", 2), ("?service=Emergency&month=2026-11", 3),
    ("?service=Nowhere&month=1999-01&hat=teal", 3)])
def test_filters_let_through_what_they_say(rita, released, query, expected):
    from tests.release_fixture import at

    one, two, three, four = many(4)
    keys = released([one | {"service": "Pharmacy"}, two | {"hat": "patient"},
                     three | {"said_at": at("2026-10-31", "23:30")}, four])
    assert next_in(rita, "unsure", query) == keys[expected]


def test_a_month_begins_by_the_clock_of_the_hospital(rita, released):
    from tests.release_fixture import at

    (key,) = released([many(1)[0] | {"said_at": at("2026-11-01", "02:00")}])  # still October in New York
    assert [next_in(rita, "unsure", f"?month={month}") for month in ("2026-10", "2026-11")] == [key, key]
    assert "October 2026" in text_of(rita.get(f"/readings/unsure/{key}/"))


def test_the_queues_say_what_waits(rita, readers, released):
    keys = released(many(3))
    read(readers["leader"], keys[0], "patient")
    said = text_of(rita.get("/readings/"))
    assert "2 clauses wait for you. Most disagreed" in said
    assert "you do not see what was said. One clause waits for you." in said


def test_other_units_and_what_is_hidden_are_not_offered(rita, readers, released):
    labelled = INTERACTIONS[6]["interaction"]
    elsewhere, about_labelled, in_hidden_unit, touching = many(4)
    released([elsewhere | {"unit": "south"}, about_labelled | {"interaction": labelled},
              in_hidden_unit | {"unit": "north-clinic"}, touching | {"touchpoint": "food"}])
    hidden_kinds.say_hidden(of="unit", value="north-clinic", hidden=True, by=readers["administrator"])
    hidden_kinds.say_hidden(of="touchpoint", value="food", hidden=True, by=readers["administrator"])
    assert [next_in(rita, queue) for queue in ("unsure", "random")] == [None, None]
    assert "There are no comments in your units yet." in text_of(rita.get("/readings/"))
    assert [rita.get(f"/readings/unsure/{key}/").status_code for key in
            [one["clause"] for one in (elsewhere, about_labelled, in_hidden_unit, touching)]] == [404] * 4


def test_no_release_and_no_comments_each_say_what_to_do(rita, readers, settings, tmp_path, released):
    released([])
    for address in ("/readings/", "/readings/unsure/", "/readings/random/"):
        assert "Once comments have been loaded and a release is built" in text_of(rita.get(address))
    settings.TWOHATS_HOME = tmp_path / "nothing"
    for address in ("/readings/", "/readings/unsure/", "/readings/differences/", "/readings/drift/"):
        assert rita.get(address)["Location"] == "/first-steps/"
    assert rita.get("/readings/unsure/5/").status_code == 404


# ---- one clause -------------------------------------------------------------------------------------------------
def test_the_screen_shows_the_clause_its_comment_masked_and_what_the_model_says(rita):
    said = text_of(rita.get(f"/readings/unsure/{UNSURE['clause']}/"))
    assert said.startswith(
        "What do these words say? But the bill was wrong Emergency · November 2026 · asked: anything_else "
        "Nurse […] sat with me. But the bill was wrong and I want to end it all What the model says Hat customer "
        "not sure Of 100: customer 45, patient 30, no hat can be told 25 Touchpoint Bills and insurance (80 of 100) "
        "or else: Praise without object, The whole, or something else Tone complaint or suggestion Speaker the patient "
        "themselves Words that decided but, the Your labels Which hat does it speak of?")
    assert "Kimani" not in said


def test_a_masked_name_is_no_evidence():
    assert evidence_of({**CLAUSES[2], "evidence": json.dumps(["kimani", "sat"])}) == ["sat"]
    assert [evidence_of({**CLAUSES[2], "evidence": broken}) for broken in (None, "", "[", "[1]")] == [[], [], [], []]


def test_every_label_has_one_key_and_it_is_the_access_key_of_its_field(rita):
    body = rita.get(f"/readings/unsure/{UNSURE['clause']}/").content.decode()
    fields = re.findall(r'<input type="radio" id="[^"]+" name="(\w+)" value="([^"]+)" accesskey="(.)"', body)
    assert [field for field in fields if field[0] != "touchpoint"] == [
        ("about_hat", "patient", "p"), ("about_hat", "customer", "c"), ("about_hat", "none", "n"),
        ("sentiment", "1", "+"), ("sentiment", "0", "0"), ("sentiment", "-1", "-"),
        ("speaker", "patient", "s"), ("speaker", "family", "f"), ("speaker", "other", "o")]
    points = [field for field in fields if field[0] == "touchpoint"]
    assert [value for _name, value, _key in points] == [point.key for point in comment_touchpoints()]
    assert len(points) == 28
    keys = [key for _name, _value, key in fields]
    assert len(set(keys)) == len(keys) == 37
    assert re.findall(r'data-stroke="(\S+)"', body) == [strokes.MODEL_KEY]
    assert body.count("<kbd>") == len(keys) + 2
    assert body.count("data-model") == 4


def test_all_as_the_model_says_is_one_press(rita):
    assert rita.post(f"/readings/unsure/{UNSURE['clause']}/", {"as_model": "1"}).status_code == 302
    made = ClauseReading.objects.get()
    assert (made.hat, made.touchpoint, made.sentiment, made.speaker, made.model_p) == (
        "customer", "billing_insurance", -1, "patient", 0.45)


def test_in_the_random_sample_the_model_is_silent(rita):
    key = next_in(rita, "random")
    answer = rita.get(f"/readings/random/{key}/")
    assert "the model's labels are not shown" in text_of(answer).replace("&#x27;", "'")
    assert [word for word in ("data-model", "as_model", "Of 100:", "Words that decided") if
            word in answer.content.decode()] == []
    assert rita.post(f"/readings/random/{key}/", {"as_model": "1"}).status_code == 400


def test_a_second_reader_sees_nothing_of_the_first_nor_of_what_a_release_took_over(rita, readers, released):
    (key,) = released([many(1)[0] | {"corrected": True, "hat": "patient", "about_hat": "patient", "certain": True,
                                     "touchpoint": "medication_pain"}])
    read(readers["leader"], key, "patient", note="seen twice")
    answer = rita.get(f"/readings/disagreed/{key}/")
    assert [word for word in ("data-model", " checked", "seen twice", "What the model says") if
            word in answer.content.decode()] == []


@pytest.mark.parametrize(("left_out", "question"), [
    ("about_hat", "Which hat"), ("touchpoint", "What is it about"), ("sentiment", "Which tone"),
    ("speaker", "Who tells it")])
def test_a_missing_label_is_asked_for_and_what_was_chosen_stays(rita, left_out, question):
    key = UNSURE["clause"]
    answer = rita.post(f"/readings/unsure/{key}/", {name: value for name, value in BILL.items() if name != left_out})
    body = answer.content.decode()
    assert (answer.status_code, ClauseReading.objects.count(), body.count(" checked")) == (400, 0, 3)
    assert re.search(r"One label is missing", body)
    asked = re.search(rf'<fieldset aria-describedby="[^"]*trouble"><legend>{question}.*?</fieldset>', body, re.DOTALL)
    assert " autofocus" in asked.group(0)
    assert body.count(" autofocus") == 1


def test_back_leads_to_what_one_read_before_with_what_one_said(rita, released):
    released(many(3))
    first = next_in(rita, "unsure")
    say(rita, "unsure", first, note="hm")
    second = rita.get("/readings/unsure/", follow=True).content.decode()
    assert f'href="/readings/unsure/{first}/" data-stroke="Backspace"' in second
    back = rita.get(f"/readings/unsure/{first}/").content.decode()
    assert re.findall(r'value="([^"]+)" accesskey="." checked', back) == [
        "customer", "billing_insurance", "-1", "patient"]
    assert 'value="hm"' in back
    assert "Backspace" not in back
    assert say(rita, "unsure", first, about_hat="patient", note="hm").status_code == 302
    assert list(ClauseReading.objects.order_by("pk").values_list("about_hat", "holds")) == [
        ("customer", False), ("patient", True)]


def test_what_is_finished_says_so_in_place_of_the_form(rita, readers, ruben):
    for by in (readers["leader"], ruben):
        read(by, UNSURE["clause"])
    answer = rita.get(f"/readings/unsure/{UNSURE['clause']}/")
    assert "read by two people who agree, or was settled" in text_of(answer)
    assert "data-strokes" not in answer.content.decode()
    assert say(rita, "unsure", UNSURE["clause"]).status_code == 400


def test_each_clause_opened_leaves_a_trace_and_each_one_outside_too(rita, readers):
    rita.get(f"/readings/unsure/{UNSURE['clause']}/")
    rita.get(f"/readings/unsure/{CLAUSES[1]['clause']}/")
    assert list(AuditEvent.objects.filter(kind="clause").order_by("pk").values_list("user_number", "verb", "thing")
                ) == [(readers["reviewer"].pk, "looked at", str(UNSURE["clause"])),
                      (readers["reviewer"].pk, "refused", str(CLAUSES[1]["clause"]))]


def test_a_clause_of_elsewhere_is_answered_like_one_that_is_not_there(rita):
    outside, nowhere = (rita.get(f"/readings/unsure/{key}/") for key in (CLAUSES[1]["clause"], 12345))
    assert (outside.status_code, nowhere.status_code) == (404, 404)
    assert rita.get(f"/readings/unsure/{2**70}/").status_code == 404


def test_the_screen_in_spanish(rita):
    said = text_of(rita.get(f"/readings/unsure/{UNSURE['clause']}/", headers={"accept-language": "es"}))
    assert said.startswith(
        "¿Qué dicen estas palabras? But the bill was wrong Emergency · noviembre de 2026 · pregunta: anything_else")
    assert "¿De qué sombrero habla?" in said
    assert "3 Trato del personal de atención" in said
    assert "Todo como dice el modelo" in said


def test_the_screens_ask_the_records_as_often_for_one_as_for_three(readers, released):
    asked = {}
    for several in (1, 3):
        keys = released(many(several), f"several-{several}")
        for key in keys:
            read(readers["leader"], key, "patient")
            read(readers["analyst"], key)
        rita = logged_in(readers["reviewer"])
        asked[several] = [queries_of(rita, address) for address in (
            "/readings/", "/readings/differences/", "/readings/agreement/", "/readings/drift/",
            f"/readings/disagreed/{keys[0]}/", f"/readings/differences/{keys[0]}/")]
        ClauseReading.objects.all().delete()
    assert asked[1] == asked[3]
    assert max(asked[1]) <= 10


# ---- where readers differ ---------------------------------------------------------------------------------------
def test_both_labels_stand_side_by_side_and_one_of_them_is_taken(rita, readers, ruben, home):
    key = UNSURE["clause"]
    read(readers["leader"], key, "patient", note="she speaks of her nurse")
    read(ruben, key)
    assert "Settle clause 1 Emergency November 2026 Hat it speaks of" in text_of(rita.get("/readings/differences/"))
    said = text_of(rita.get(f"/readings/differences/{key}/"))
    assert ("They differ in 1 label of 4. You are a third reader: what you say settles it. Both labels side by side "
            "Label First reader Second reader Hat it speaks of patient customer Touchpoint Bills and insurance Bills "
            "and insurance Tone complaint or suggestion complaint or suggestion Speaker the patient themselves the "
            "patient themselves she speaks of her nurse Hat it speaks of patient customer Settle it so") in said
    assert [name for name in ("Leader", "Rubén", "leader") if name in said] == []
    assert rita.post(f"/readings/differences/{key}/", {"as_reader": "second"})["Location"] == "/readings/differences/"
    assert readings.standing(key).in_force.hat == "customer"
    assert "No two readers differ" in text_of(rita.get("/readings/differences/"))


def test_labels_can_be_taken_from_either_reader_one_by_one(rita, readers, ruben):
    key = UNSURE["clause"]
    read(readers["leader"], key, "patient")
    readings.read_clause(told=Told(key, 1, "comments/3", 0, "north-ed", RELEASE), by=ruben, queue=Queue.UNSURE,
                         label=Label("customer", "discharge", 0, "family"))
    assert rita.post(f"/readings/differences/{key}/", {"about_hat": "patient"}).status_code == 200
    rita.post(f"/readings/differences/{key}/", {
        "about_hat": "patient", "touchpoint": "discharge", "sentiment": "-1", "speaker": "family"})
    made = readings.standing(key).in_force
    assert (made.order, made.hat, made.about_hat, made.touchpoint, made.sentiment, made.speaker) == (
        3, "customer", "patient", "discharge", -1, "family")


# ---- how well all agree -----------------------------------------------------------------------------------------
def agreeing(readers, ruben, pairs: list[tuple[str, str]], **how) -> None:
    for key, (first, second) in enumerate(pairs, 1):
        read(readers["reviewer"], key, first, **how)
        read(ruben, key, second, **({"queue": Queue.SECOND, "sampled": True} if how else {}))


def test_kappa_is_told_of_pairs_that_chance_chose_and_of_all(readers, ruben):
    pairs = [*[("patient", "patient")] * 20, *[("patient", "customer")] * 5, *[("customer", "patient")] * 10,
             *[("customer", "customer")] * 15]
    agreeing(readers, ruben, pairs, queue=Queue.RANDOM, sampled=True)
    said = text_of(logged_in(readers["leader"]).get("/readings/agreement/"))
    assert ("Of 50 clauses that chance gave to two readers, they saw the same hat in 35: a kappa of 0.40.") in said
    assert ("Clauses that chance gave to both readers Label Clauses The same Kappa 95 % range Hat 50 70.0\xa0% 0.40 "
            "0.15 to 0.65 Touchpoint 50 100.0\xa0% one label only none Tone 50").replace("\xa0", " ") in said
    assert ("Hat: first reader down, second reader across First reader patient customer no hat can be told patient 20 "
            "5 0 customer 10 15 0 no hat can be told 0 0 0") in said
    # The model said customer of every one; the first reader did of 25 of 50.
    assert "Hat 50 50.0 % 36.6 % to 63.4 %" in said


def test_under_eleven_clauses_nothing_is_told(readers, ruben):
    agreeing(readers, ruben, [("patient", "patient")] * 10)
    said = text_of(logged_in(readers["leader"]).get("/readings/agreement/"))
    assert "10 clauses were read by two people so far, and too few of them were drawn by chance" in said
    assert ("All clauses that two people read Label Clauses The same Kappa 95 % range "
            "Hat 10 too few too few too few") in said
    assert "first reader down" not in said
    assert "0 clauses of the random sample were read so far." in said


def test_readers_of_another_unit_are_not_counted(readers, ruben):
    for key in range(1, 13):
        for by in (readers["reviewer"], ruben):
            readings.read_clause(told=Told(key, 1, "comments/2", 0, "south", RELEASE), by=by, queue=Queue.UNSURE,
                                 label=Label("customer", "discharge", 0, "patient"))
    assert "0 clauses were read by two people" in text_of(logged_in(readers["leader"]).get("/readings/agreement/"))


# ---- drift ------------------------------------------------------------------------------------------------------
@pytest.fixture
def nora(readers):
    people.give_role(user=readers["analyst"], role=Role.ANALYST, unit=WHOLE, by=None)
    return logged_in(readers["analyst"])


def test_drift_says_whether_the_last_month_differs(nora, released):
    said = text_of(nora.get("/readings/drift/"))
    assert "Nothing in November 2026 differs from the months before by more than chance explains." in said
    assert ("Month People Clauses Not sure How sure, on average Praise Complaints Overturned by readers Read "
            "November 2026 40 70 30.0 % 67.9 % 45.7 % 42.9 % too few read 10 "
            "October 2026 40 70 10.0 % 85.7 % 45.7 % 42.9 % too few read 10") in said
    released(CLAUSES, "moved", drift=[DRIFT[0], {**DRIFT[1], "unsure": 35}])
    for service in ("", "?service=Emergency"):
        assert ("In November 2026 the model was not sure of 50.0 % of the clauses, in the months before of 10.0 %."
                in text_of(nora.get(f"/readings/drift/{service}")))
    assert nora.get("/readings/drift/?service=Nowhere").status_code == 404


def test_drift_of_few_people_is_not_shown(nora, released):
    released(CLAUSES, "few", drift=[*DRIFT, {**DRIFT[0], "service": "Night", "people": 4, "clauses": 9, "praise": 3}])
    said = text_of(nora.get("/readings/drift/?service=Night"))
    assert "October 2026 not shown not shown not shown" in said
    assert "There is too little to compare the last month with the months before." in said
    assert "October 2026 not shown" in text_of(nora.get("/readings/drift/?service=Emergency"))  # else 9 = 79 - 70


def test_drift_is_told_for_the_whole_organisation_only(readers):
    said = text_of(logged_in(readers["analyst"]).get("/readings/drift/"))
    assert "This is told for the whole organisation" in said
    assert "30.0 %" not in said


def test_who_sees_no_words_is_led_to_the_numbers(readers):
    assert logged_in(readers["leader"]).get("/readings/")["Location"] == "/readings/agreement/"


# ---- corrections as a file -----------------------------------------------------------------------------------------
def rows_of(answer) -> list[list[str]]:
    """The file as a spreadsheet reads it."""
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))


HEAD = ["comment", "clause_no", "label", "from_model", "to_reader", "when", "second_reader", "agreed", "in_force",
        "words"]


@pytest.fixture
def minute(monkeypatch):
    """Each reading a minute after the one before, from a fixed time on."""
    times = (datetime(2026, 11, 23, 18, 5 + number, tzinfo=UTC) for number in range(50))
    monkeypatch.setattr(readings, "timezone", SimpleNamespace(now=lambda: next(times)))


def test_corrections_leave_as_a_file_with_what_model_and_both_readers_said(rita, readers, ruben, released, minute):
    keys = released(many(5))
    read(readers["reviewer"], keys[0], "patient")              # overturned, one reader
    read(readers["reviewer"], keys[1])                         # as the model says
    for by, hat in ((readers["reviewer"], "patient"), (ruben, "patient")):
        read(by, keys[2], hat)                                 # overturned, two agree
    for by, hat in ((readers["reviewer"], "customer"), (ruben, "none")):
        read(by, keys[3], hat)                                 # the second differs from model and first
    told = Told(keys[3], 1, "comments/3", 0, "north-ed", RELEASE)
    readings.settle(told=told, label=Label("none", "none_other", 0, "patient"), by=readers["reviewer"])
    read(ruben, keys[4], "patient")                            # one colleague's: Rita may be its second reader
    answer = rita.get("/readings/corrections.csv")
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "text/csv; charset=utf-8", f'attachment; filename="corrections-{RELEASE}-other.csv"')
    assert rows_of(answer) == [
        ["release", f"{RELEASE}-other"], ["corrected_clauses", "3"], ["kept_back_for_a_second_reader", "1"], [], HEAD,
        ["comments/3", "1", "hat", "customer", "patient", "2026-11-23T18:05:00Z", "", "", "patient", "words of 0."],
        ["comments/3", "3", "hat", "customer", "patient", "2026-11-23T18:07:00Z", "patient", "yes", "patient",
         "words of 2."],
        ["comments/3", "4", "hat", "customer", "customer", "2026-11-23T18:09:00Z", "none", "no", "none", "words of 3."],
        ["comments/3", "4", "touchpoint", "billing_insurance", "billing_insurance", "2026-11-23T18:09:00Z",
         "billing_insurance", "yes", "none_other", "words of 3."],
        ["comments/3", "4", "sentiment", "-1", "-1", "2026-11-23T18:09:00Z", "-1", "yes", "0", "words of 3."]]
    assert list(AuditEvent.objects.filter(kind="corrections").values_list("user_number", "verb", "thing")) == [
        (readers["reviewer"].pk, "took csv", f"{RELEASE}-other")]
    assert rows_of(logged_in(ruben).get("/readings/corrections.csv"))[1:3] == [
        ["corrected_clauses", "3"], ["kept_back_for_a_second_reader", "1"]]


def test_the_last_word_of_a_reader_counts_and_what_is_taken_back_is_no_correction(rita, readers, released, minute):
    keys = released(many(2))
    for key, hats in zip(keys, (("patient", "none"), ("patient", "customer")), strict=True):
        for hat in hats:
            read(readers["reviewer"], key, hat)
    assert rows_of(rita.get("/readings/corrections.csv"))[5:] == [
        ["comments/3", "1", "hat", "customer", "none", "2026-11-23T18:06:00Z", "", "", "none", "words of 0."]]


def test_corrections_hold_masked_words_unless_the_reader_may_see_them(rita, readers, released, minute):
    (key,) = released([{**many(1)[0], "words": "Ana Alvarez paid. ", "masked": "[name] paid. "}])
    read(readers["reviewer"], key, "patient")
    assert [row[-1] for row in rows_of(rita.get("/readings/corrections.csv"))[5:]] == ["[name] paid."]
    people.give_role(user=readers["reviewer"], role=Role.NAVIGATOR, unit="south", by=None)
    assert [row[-1] for row in rows_of(rita.get("/readings/corrections.csv"))[5:]] == ["[name] paid."]
    people.give_role(user=readers["reviewer"], role=Role.NAVIGATOR, unit="north", by=None)
    assert [row[-1] for row in rows_of(rita.get("/readings/corrections.csv"))[5:]] == ["Ana Alvarez paid."]


def test_corrections_of_other_units_hidden_things_and_former_releases_do_not_leave(rita, readers, released, minute):
    here, elsewhere, gone, hidden = many(4)
    keys = released([here, elsewhere | {"unit": "south"}, hidden | {"touchpoint": "food"}])
    assert gone["clause"] not in keys
    read(readers["reviewer"], keys[0], "patient")
    for key in (keys[1], gone["clause"], keys[2]):
        read(readers["reviewer"], key, "none")
    assert [row[1] for row in rows_of(rita.get("/readings/corrections.csv"))[5:]] == ["1", "4"]
    hidden_kinds.say_hidden(of="touchpoint", value="food", hidden=True, by=readers["administrator"])
    found = rows_of(rita.get("/readings/corrections.csv"))
    assert [found[1], [row[:2] for row in found[5:]]] == [["corrected_clauses", "1"], [["comments/3", "1"]]]


def test_no_spreadsheet_runs_what_people_wrote(rita, readers, released, minute):
    said = ['=HYPERLINK("http://x","y")', "+1 555", "@SUM(A1)", "-2+3", "\t=1", "＝1", 'fine, "really"\nthanks']
    keys = released([{**one, "words": words, "masked": words} for one, words in zip(many(7), said, strict=True)])
    for key in keys:
        read(readers["reviewer"], key, "patient")
    assert [row[-1] for row in rows_of(rita.get("/readings/corrections.csv"))[5:]] == [
        '\'=HYPERLINK("http://x","y")', "'+1 555", "'@SUM(A1)", "'-2+3", "'=1", "'＝1", 'fine, "really"\nthanks']


def test_without_corrections_or_without_a_release_there_is_a_short_file_or_none(rita, settings, tmp_path):
    assert rows_of(rita.get("/readings/corrections.csv")) == [
        ["release", RELEASE], ["corrected_clauses", "0"], ["kept_back_for_a_second_reader", "0"], [], HEAD]
    settings.TWOHATS_HOME = tmp_path / "empty"
    assert rita.get("/readings/corrections.csv").status_code == 404


def test_only_who_may_take_corrections_sees_the_way_to_them(rita, readers, released, minute):
    keys = released(many(3))
    assert 'href="/readings/corrections.csv"' in rita.get("/readings/").content.decode()
    one = queries_of(rita, "/readings/corrections.csv")
    for key in keys:
        read(readers["reviewer"], key, "patient")
    assert queries_of(rita, "/readings/corrections.csv") == one

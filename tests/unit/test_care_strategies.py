"""The two hats are engaged in opposite ways; the person's own word and what reaches them beat the hat; and a month is
played through the gate before new rules go live."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from twohats.care.contact import rules, strategies
from twohats.care.contact.gate import Decision, Verdict, decide
from twohats.care.contact.messages import Address, Message, Sent, Silence, Standing
from twohats.care.contact.simulating import Played, Wanted, play
from twohats.care.contact.strategies import BadStrategies, Engagement, engage, way_of
from twohats.words.hats import Hat

SHIPPED = strategies.shipped()
BY_KEY = {each.key: each for each in SHIPPED.rules}
ALL_WAYS = ("sms", "email", "call", "portal", "letter")


def engaged(hat, reachable=ALL_WAYS, **facts):
    return engage(hat, reachable=reachable, strategies=SHIPPED, **facts)


@pytest.mark.parametrize(("hat", "facts", "expected"), [
    (Hat.PATIENT, {}, ("patient", "call", "strategy")),
    (Hat.CUSTOMER, {}, ("customer", "sms", "strategy")),
    (Hat.PATIENT, {"worst_day": True}, ("patient_worst_day", "call", "strategy")),
    (Hat.UNKNOWN, {}, ("both", "call", "strategy")),
    (Hat.NONE, {}, ("customer", "sms", "strategy")),
    (Hat.CUSTOMER, {"preferred": "letter"}, ("customer", "letter", "preference")),
    (Hat.CUSTOMER, {"preferred": "letter", "reachable": ("sms",)}, ("customer", "sms", "strategy")),
    (Hat.PATIENT, {"worst_day": True, "reachable": ("sms",)}, ("patient_worst_day", "sms", "only_way")),
    (Hat.PATIENT, {"reachable": ()}, ("patient", None, "only_way")),
    (Hat.CUSTOMER, {"relative": True, "about_hat": Hat.PATIENT}, ("patient", "call", "strategy")),
    (Hat.CUSTOMER, {"relative": True, "about_hat": Hat.CUSTOMER}, ("customer", "sms", "strategy")),
])
def test_who_is_engaged_how(hat, facts, expected):
    key, channel, because = expected
    assert engaged(hat, **facts) == Engagement(BY_KEY[key], channel, because)


def test_the_two_hats_are_opposites():
    patient, customer = BY_KEY["patient"], BY_KEY["customer"]
    assert (patient.by, patient.automated, patient.link, patient.room) == ("same_clinician", False, False, "time")
    assert (customer.by, customer.automated, customer.link, customer.room) == ("system", True, True, "quick")
    assert customer.touches == 1
    assert not BY_KEY["patient_worst_day"].automated


def test_strategies_that_leave_a_hat_out_are_refused():
    row = {"key": "k", "hat": ["patient"], "by": "person", "channels": ["call"], "automated": False, "touches": 1,
           "link": False, "room": "time", "en": "a", "es": "b"}
    row |= {"asks_again": True, "name_en": "K", "name_es": "K"}
    with pytest.raises(BadStrategies, match="No rule holds for the customer's hat on any day: add the hat to one"):
        strategies.read({"version": "v", "own_way": [], "strategy": [row]})


def with_row(key, **changed):
    book = strategies.shipped_book()
    (row,) = [row for row in book["strategy"] if row["key"] == key]
    row |= changed
    return book


def without(key, field):
    book = with_row(key)
    for row in book["strategy"]:
        if row["key"] == key:
            del row[field]
    return book


@pytest.mark.parametrize(("book", "rule", "field", "said"), [
    (with_row("customer", channels=[]), "customer", "channels",
     "No way is left in “Customer's hat”: choose at least one."),
    (with_row("customer", channels=["fax"]), "customer", "channels",
     "“fax” in “Customer's hat” is nothing we know. Try email, sms, letter, portal, call, automated_call."),
    (with_row("customer", channels=["sms", "emial"]), "customer", "channels",
     "“emial” in “Customer's hat” is nothing we know. Try email."),
    (with_row("customer", channels=["sms", "sms"]), "customer", "channels",
     "“Customer's hat” names the way “text message” twice: leave it once."),
    (with_row("patient", channels=["sms", "email"]), "patient", "channels",
     "“Patient's hat” wants nothing automated, but each of its ways is a machine's: add a call, a letter or the "
     "portal."),
    (with_row("patient", by="system"), "patient", "by",
     "“Patient's hat” is done by the system and yet wants nothing automated: choose one of the two."),
    (with_row("patient", by="robot"), "patient", "by",
     "“robot” in “Patient's hat” is nothing we know. Try same_clinician, person, system."),
    (with_row("patient", touches=0), "patient", "touches",
     "“Patient's hat” may touch 0 times about one thing: say a whole number from 1 to 5."),
    (with_row("patient", touches="many"), "patient", "touches",
     "“Patient's hat” may touch many times about one thing: say a whole number from 1 to 5."),
    (with_row("patient", automated="perhaps"), "patient", "automated",
     "“perhaps” in “Patient's hat” is nothing we know. Try true, false."),
    (with_row("patient", hat=["patient", "mixed"]), "both", "hat",
     "“Patient's hat” and “Both hats, or not known” both hold for both hats at once on any day: leave the hat in one "
     "of them."),
    (with_row("both", hat=["mixed"]), "", "",
     "No rule holds for an unknown hat on any day: add the hat to one that does."),
    (with_row("customer", worst_day=False), "", "",
     "No rule holds for the customer's hat on hard days: add the hat to one that does."),
    (with_row("patient", en=""), "patient", "en",
     "“Patient's hat” needs a sentence for our people, in both languages, of at most 300 signs."),
    (with_row("patient", chanels=["call"]), "patient", "",
     "“Patient's hat” says “chanels”, which no rule knows. Try channels."),
    (without("patient", "room"), "patient", "room", "“Patient's hat” does not say “room”."),
    (strategies.shipped_book() | {"version": " "}, "", "version",
     "The strategies have no version: name one, so that each line of the ledger can say which decided."),
    (strategies.shipped_book() | {"own_way": ["surveys"]}, "", "own_way",
     "“surveys” is no class of message. Try survey."),
    (strategies.shipped_book() | {"strategies": []}, "", "", "Strategies have no part “strategies”. Try strategy."),
    (strategies.shipped_book() | {"strategy": []}, "", "", "There is no rule at all."),
])
def test_what_cannot_hold_is_told_where_it_is_and_with_what_to_try(book, rule, field, said):
    with pytest.raises(BadStrategies) as refused:
        strategies.read(book)
    first = refused.value.faults[0]
    assert (first.rule, first.field, first.read_in("en")) == (rule, field, said)
    assert first.read_in("es") not in ("", said)


HARD = {"worn": Hat.PATIENT, "worst_day": True}


@pytest.mark.parametrize(("wanted", "kind", "hat", "facts", "expected"), [
    ("email", "outreach", Hat.PATIENT, {}, ("patient", "call", "strategy", False)),
    ("letter", "outreach", Hat.PATIENT, {}, ("patient", "letter", "as_wanted", False)),
    ("email", "outreach", Hat.PATIENT, {"preferred": "email"}, ("patient", "email", "as_wanted", False)),
    ("email", "outreach", Hat.PATIENT, {"reachable": ("email",)}, ("patient", "email", "as_wanted", False)),
    ("email", "survey", Hat.PATIENT, {}, ("patient", "email", "as_wanted", False)),
    ("automated_call", "reminder", Hat.CUSTOMER, {}, ("customer", "sms", "strategy", False)),
    ("sms", "reminder", Hat.CUSTOMER, {}, ("customer", "sms", "as_wanted", False)),
    ("sms", "reminder", Hat.CUSTOMER, {"preferred": "letter"}, ("customer", "sms", "as_wanted", False)),
    ("sms", "reminder", Hat.CUSTOMER, {"reachable": ("letter",)}, ("customer", "letter", "strategy", False)),
    ("sms", "reminder", Hat.CUSTOMER, {"reachable": ()}, ("customer", "sms", "as_wanted", False)),
    ("sms", "reminder", Hat.CUSTOMER, HARD, ("patient_worst_day", "call", "strategy", False)),
    ("sms", "reminder", Hat.CUSTOMER, HARD | {"preferred": "sms"}, ("patient_worst_day", "call", "strategy", False)),
    ("sms", "survey", Hat.CUSTOMER, HARD, ("patient_worst_day", "call", "strategy", False)),
    ("sms", "reminder", Hat.CUSTOMER, HARD | {"reachable": ("sms",)}, ("patient_worst_day", "sms", "as_wanted", True)),
    ("sms", "reminder", Hat.CUSTOMER, {"worn": Hat.CUSTOMER, "worst_day": True},
     ("customer", "sms", "as_wanted", False)),
])
def test_which_way_a_message_goes(wanted, kind, hat, facts, expected):
    way = way_of(wanted, kind, hat, **({"worn": hat, "reachable": ALL_WAYS, "strategies": SHIPPED} | facts))
    assert (way.version, way.strategy.key, way.channel, way.because, way.waits) == ("2026-11", *expected)


def test_what_would_touch_somebody_once_too_often_is_refused_and_a_hard_day_is_waited_out():
    noon = datetime(2026, 3, 3, 12, tzinfo=ZoneInfo("America/New_York"))
    stand = Standing({"email": Address(True)}, "America/New_York")
    message = Message("k", "outreach", "email", noon, about="please_call case-1")
    way = way_of("email", "outreach", Hat.CUSTOMER, worn=Hat.CUSTOMER, reachable=("email",), strategies=SHIPPED)
    before = Sent("sms", noon - timedelta(days=3), "please_call case-1")

    def said(sent, way):
        return decide(message, stand, sent, noon, rules=rules.shipped(), site_zone="America/New_York", way=way)

    assert said([before], way) == Decision(Verdict.REFUSE, "touched")
    assert said([Sent("sms", before.sent_at, "please_call case-2")], way) == Decision(Verdict.SEND)
    hard = way_of("email", "outreach", Hat.PATIENT, worn=Hat.PATIENT, worst_day=True, reachable=("email",),
                  strategies=SHIPPED)
    assert said([], hard) == Decision(Verdict.HOLD, "hard_day", noon + timedelta(days=1))


def test_a_month_is_played_through_the_gate_and_every_message_ends_once():
    noon = datetime(2026, 3, 3, 12, tzinfo=ZoneInfo("America/New_York"))
    night, morning = noon + timedelta(hours=10), datetime(2026, 3, 4, 9, tzinfo=noon.tzinfo)

    def text(key, kind, at):
        return Message(key, kind, "sms", at)

    ana, ben = 1, 2
    reminder, survey, news = text("r", "reminder", noon), text("s", "survey", noon), text("n", "referral_news", night)
    to_ben = text("b", "survey", noon)
    standings = {
        ana: Standing({"sms": Address(True)}, "America/New_York"),
        ben: Standing({"sms": Address(True)}, "America/New_York", silence=Silence.DEATH),
    }
    wanted = [Wanted(ana, news), Wanted(ana, survey), Wanted(ben, to_ben), Wanted(ana, reminder)]
    assert play(wanted, standings.__getitem__, rules=rules.shipped(), site_zone="America/New_York") == [
        Played(ana, reminder, Verdict.SEND, "", noon),
        Played(ana, survey, Verdict.SEND, "carried", noon, with_key="r"),
        Played(ben, to_ben, Verdict.REFUSE, "silence", noon),
        Played(ana, news, Verdict.SEND, "", morning, held_for=("quiet_hours",)),
    ]

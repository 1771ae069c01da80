"""The two hats are engaged in opposite ways; the person's own word and what reaches them beat the hat; and a month is
played through the gate before new rules go live."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from twohats.care.contact import rules, strategies
from twohats.care.contact.gate import Verdict
from twohats.care.contact.messages import Address, Message, Silence, Standing
from twohats.care.contact.simulating import Played, Wanted, play
from twohats.care.contact.strategies import Engagement, engage
from twohats.words.hats import Hat

SHIPPED = strategies.shipped()
BY_KEY = {each.key: each for each in SHIPPED}
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
    with pytest.raises(ValueError, match="No strategy for the hat 'customer'"):
        strategies.read({"strategy": [row]})


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

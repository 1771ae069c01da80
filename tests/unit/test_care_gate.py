"""The gate: what never goes, what waits and until when, what goes together; and no order of asking helps past it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twohats.care.contact.gate import Bundle, Decision, Verdict, bundles, decide, expires
from twohats.care.contact.messages import Address, Message, Sent, Silence, Standing
from twohats.care.contact.rules import BadRules, read, shipped

RULES = shipped()
NEW_YORK = ZoneInfo("America/New_York")
NOON = datetime(2026, 3, 3, 12, tzinfo=NEW_YORK)
EVERYWHERE = {channel: Address(verified=True) for channel in RULES.channels}
ANA = Standing(addresses=EVERYWHERE, time_zone="America/New_York", yes=frozenset({"invitation"}))


def a_message(kind="survey", channel="sms", made_at=NOON, **facts):
    return Message(key=f"{kind} by {channel}", kind=kind, channel=channel, made_at=made_at, **facts)


def asked(message=None, standing=ANA, sent=(), now=NOON, rules=RULES):
    return decide(message or a_message(), standing, sent, now, rules=rules, site_zone="America/Los_Angeles")


def test_a_message_at_noon_to_who_may_be_reached_goes():
    assert asked() == Decision(Verdict.SEND)


@pytest.mark.parametrize("silence", list(Silence))
@pytest.mark.parametrize("kind", list(RULES.classes))
@pytest.mark.parametrize("channel", list(RULES.channels))
def test_a_death_a_hospice_note_and_the_familys_word_end_every_message(silence, kind, channel):
    assert asked(a_message(kind, channel), replace(ANA, silence=silence)) == Decision(Verdict.REFUSE, "silence")


@pytest.mark.parametrize("channel", list(RULES.channels))
def test_stop_ends_a_class_on_every_channel_and_no_other_class(channel):
    stopped = replace(ANA, stopped=frozenset({"survey"}))
    assert asked(a_message("survey", channel), stopped) == Decision(Verdict.REFUSE, "stopped")
    assert asked(a_message("reminder", channel), stopped) == Decision(Verdict.SEND)


@pytest.mark.parametrize(("message", "standing", "reason"), [
    (a_message("invitation"), replace(ANA, yes=frozenset()), "no_consent"),
    (a_message(), replace(ANA, not_this_way=frozenset({"sms"})), "other_way"),
    (a_message(), replace(ANA, addresses={"email": Address(True)}), "no_address"),
    (a_message(), replace(ANA, addresses={"sms": Address(True, works=False)}), "no_address"),
    (a_message(sensitive=True), replace(ANA, addresses={"sms": Address(True, shared_by=2)}), "not_private"),
    (a_message(sensitive=True), replace(ANA, addresses={"sms": Address(False)}), "not_private"),
    (a_message(expires_at=NOON), ANA, "expired"),
    (a_message(made_at=NOON - timedelta(hours=168)), ANA, "expired"),
])
def test_what_never_goes_says_why(message, standing, reason):
    assert asked(message, standing) == Decision(Verdict.REFUSE, reason)


def test_the_portal_may_say_what_is_sensitive():
    assert asked(a_message("referral_news", "portal", sensitive=True)) == Decision(Verdict.SEND)


def test_a_phone_of_four_people_is_told_to_ours():
    shared = replace(ANA, addresses={"sms": Address(verified=True, shared_by=4)})
    assert asked(standing=shared) == Decision(Verdict.SEND, warnings=("shared",))


@pytest.mark.parametrize(("hour", "until"), [
    (datetime(2026, 3, 3, 22, tzinfo=NEW_YORK), datetime(2026, 3, 4, 9, tzinfo=NEW_YORK)),
    (datetime(2026, 3, 3, 5, tzinfo=NEW_YORK), datetime(2026, 3, 3, 9, tzinfo=NEW_YORK)),
    (datetime(2026, 3, 7, 20, tzinfo=NEW_YORK), datetime(2026, 3, 8, 9, tzinfo=NEW_YORK)),  # the clocks go forward
])
def test_at_night_where_the_person_lives_a_text_waits_for_the_morning_and_a_letter_does_not(hour, until):
    made = hour - timedelta(minutes=1)
    assert asked(a_message(made_at=made), now=hour) == Decision(Verdict.HOLD, "quiet_hours", until)
    assert asked(a_message(channel="letter", made_at=made), now=hour) == Decision(Verdict.SEND)


def test_where_nobody_knows_where_the_person_lives_the_sites_own_night_holds_and_is_told():
    unknown = replace(ANA, time_zone=None)
    early = datetime(2026, 3, 3, 11, tzinfo=NEW_YORK)  # eight in the morning in Los Angeles
    assert asked(a_message(made_at=early), unknown, now=early) == Decision(Verdict.HOLD, "quiet_hours", NOON)
    assert asked(standing=unknown) == Decision(Verdict.SEND, warnings=("no_time_zone",))
    assert asked(standing=replace(ANA, time_zone="Mars/Olympus")) == Decision(Verdict.SEND, warnings=("no_time_zone",))


def test_the_second_text_of_a_day_waits_for_the_next_morning_and_a_reminder_does_not():
    went = [Sent("sms", NOON - timedelta(hours=2))]
    morning = datetime(2026, 3, 4, 9, tzinfo=NEW_YORK)
    assert asked(sent=went) == Decision(Verdict.HOLD, "one_a_day", morning)
    assert asked(a_message("reminder"), sent=went) == Decision(Verdict.SEND)
    assert asked(a_message(channel="email"), sent=went) == Decision(Verdict.SEND)


def test_a_spent_budget_warns_or_holds_as_the_hospital_chose():
    went = [Sent("sms", NOON - timedelta(days=days)) for days in range(10, 110, 10)]
    assert asked(sent=went[1:]) == Decision(Verdict.SEND)
    assert asked(sent=went) == Decision(Verdict.SEND, warnings=("budget",))
    stricter = replace(RULES, on_spent_budget="hold")
    kept = a_message(expires_at=NOON + timedelta(days=400))
    free = NOON - timedelta(days=100) + timedelta(days=365)
    assert asked(kept, sent=went, rules=stricter) == Decision(Verdict.HOLD, "budget", free)
    assert asked(a_message(), sent=went, rules=stricter) == Decision(
        Verdict.HOLD, "budget", expires(a_message(), RULES)), "held no longer than it is worth sending"
    nothing = replace(stricter, budget={"sms": 0})
    assert asked(rules=nothing) == Decision(Verdict.HOLD, "budget", expires(a_message(), RULES))


def test_messages_of_one_day_go_as_one_the_weightiest_first_and_calls_stay_alone():
    survey, news, call = a_message("survey"), a_message("referral_news"), a_message("outreach", "call")
    assert bundles([survey, call, news], RULES) == [Bundle(news, (survey,)), Bundle(call)]


def test_an_instant_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        asked(now=datetime(2026, 3, 3, 12))


STANDINGS = st.builds(
    Standing,
    addresses=st.dictionaries(st.sampled_from(sorted(RULES.channels)),
                              st.builds(Address, st.booleans(), st.integers(1, 4), st.booleans())),
    time_zone=st.sampled_from([None, "America/New_York", "America/Los_Angeles", "Asia/Kathmandu", "Pacific/Apia"]),
    silence=st.sampled_from([None, None, None, *Silence]),
    stopped=st.frozensets(st.sampled_from(sorted(RULES.classes)), max_size=2),
    yes=st.frozensets(st.sampled_from(sorted(RULES.classes))),
    not_this_way=st.frozensets(st.sampled_from(sorted(RULES.channels)), max_size=2),
)
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC))
SENT = st.lists(st.builds(Sent, st.sampled_from(sorted(RULES.channels)), INSTANTS), max_size=12)
MESSAGES = st.builds(Message, st.just("k"), st.sampled_from(sorted(RULES.classes)),
                     st.sampled_from(sorted(RULES.channels)), INSTANTS, st.booleans(), st.none() | INSTANTS)


@given(MESSAGES, STANDINGS, SENT, INSTANTS, st.sampled_from(["warn", "hold"]))
def test_whoever_asks_again_when_told_to_ends_with_a_send_or_a_refusal_and_what_is_sent_breaks_no_rule(
        message, standing, sent, now, on_spent_budget):
    rules = replace(RULES, on_spent_budget=on_spent_budget)
    answers = []
    while True:
        decision = decide(message, standing, sent, now, rules=rules, site_zone="America/New_York")
        answers.append(decision)
        if decision.verdict is not Verdict.HOLD:
            break
        assert now < decision.until <= expires(message, rules)
        now = decision.until
    assert len(answers) < 20
    if answers[-1].verdict is Verdict.SEND:
        address = standing.addresses[message.channel]
        local = now.astimezone(ZoneInfo(standing.time_zone or "America/New_York"))
        channel, kind = rules.channels[message.channel], rules.classes[message.kind]
        assert standing.silence is None
        assert message.kind not in standing.stopped
        assert message.channel not in standing.not_this_way
        assert message.kind in standing.yes or not kind.needs_yes
        assert address.works
        assert not message.sensitive or channel.private or (address.verified and address.shared_by == 1)
        assert not channel.disturbs or 9 <= local.hour < 20
        assert now < expires(message, rules)
        assert ("shared" in answers[-1].warnings) == (address.shared_by > 1)


@given(MESSAGES, STANDINGS, SENT, INSTANTS, st.randoms())
def test_the_order_of_what_went_before_changes_nothing(message, standing, sent, now, dice):
    mixed = sent.copy()
    dice.shuffle(mixed)
    assert asked(message, standing, sent, now) == asked(message, standing, mixed, now)


@pytest.mark.parametrize(("change", "told"), [
    ({"version": ""}, "no version"),
    ({"quiet_from": 25}, "quiet_from is 25"),
    ({"quiet_from": 9, "quiet_to": 9}, "leave no hour"),
    ({"on_spent_budget": "shout"}, "say warn or hold"),
    ({"budget": {"pigeon": 3}}, "'pigeon', which is no channel"),
    ({"budget": {"sms": -1}}, "budget of sms is -1"),
    ({"budget_days": 0}, "budget_days is 0"),
])
def test_rules_that_cannot_hold_say_what_to_try(change, told):
    book = {
        "version": "1", "quiet_from": 20, "quiet_to": 9, "budget_days": 365, "on_spent_budget": "warn", "budget": {},
        "class": [], "reason": [],
        "channel": [{"key": "sms", "disturbs": True, "private": False, "merges": True, "en": "text", "es": "texto"}]}
    with pytest.raises(BadRules, match=told):
        read(book | change)


def test_every_reason_the_gate_gives_has_its_words_in_both_languages():
    assert all(text.en and text.es for text in RULES.reasons.values())
    given_by_the_gate = {"silence", "stopped", "no_consent", "other_way", "no_address", "not_private", "expired",
                         "quiet_hours", "one_a_day", "budget", "shared", "no_time_zone", "carried", "hard_day",
                         "touched"}
    assert set(RULES.reasons) == given_by_the_gate

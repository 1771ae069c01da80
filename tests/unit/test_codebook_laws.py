"""Laws of the codebook: what must hold for every situation and every rule."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twohats.words.acts import acts
from twohats.words.codebook import MOST_DOUBT, decide, front_desk_words, likelihood, raised_stakes, rule_of, rules
from twohats.words.cues import Channel, Event, Evidence, Role, Speaker, Zone
from twohats.words.hats import Hat
from twohats.words.rules import codebook, codebook_of
from twohats.words.situation import Situation


def one_of(values):
    return st.none() | st.sampled_from([str(value) for value in values])


LAWFUL = settings(max_examples=200, deadline=None, derandomize=True)
MAYBE = st.none() | st.booleans()
SITUATIONS = st.builds(
    Situation,
    act=one_of(act.key for act in acts()), event=one_of(Event), role=one_of(Role), zone=one_of(Zone),
    status=one_of(["planned", "arrived", "triaged", "in-progress", "onleave", "finished"]),
    channel=one_of(Channel), class_code=one_of(["EMER", "AMB", "IMP", "VR"]), speaker=one_of(Speaker),
    clinical_talk=MAYBE, acuity=st.none() | st.integers(1, 5), severe=MAYBE, distress=MAYBE, red_flag=MAYBE,
    abnormal=MAYBE, money=MAYBE, unserved=MAYBE, evidence=one_of(Evidence), stakes=st.integers(0, 1000),
)
BANDS = {
    Hat.CUSTOMER: range(500),
    Hat.PATIENT: range(501, 1001),
    Hat.MIXED: range(300, 801),
    Hat.UNKNOWN: range(300, 701),
    Hat.NONE: range(1),
}


@given(SITUATIONS, st.integers(0, 1000))
@LAWFUL
def test_stakes_raise_the_probability_of_the_patients_hat_and_never_lower_it(situation, more):
    low, high = sorted((situation.stakes, more))
    assert decide(replace(situation, stakes=low)).p <= decide(replace(situation, stakes=high)).p


@given(SITUATIONS)
@LAWFUL
def test_the_probability_stays_within_the_band_of_the_hat(situation):
    decision = decide(situation)
    assert decision.p in BANDS[decision.hat]


@pytest.mark.parametrize("rule", [rule for rule in rules() if rule.stakes_weight], ids=lambda rule: rule.key)
def test_no_stakes_and_no_doubt_carry_a_rule_across_to_another_hat(rule):
    reached = {likelihood(rule, stakes, minus) for stakes in (0, 500, 1000) for minus in (0, 300, MOST_DOUBT)}
    assert reached - set(BANDS[rule.hat]) == set()


@given(SITUATIONS)
@LAWFUL
def test_doubt_never_makes_us_surer(situation):
    decision = decide(situation)
    sure = rule_of(decision.rule).confidence
    assert (decision.confidence == sure) if not decision.doubts else (decision.confidence < sure)


@given(SITUATIONS)
@LAWFUL
def test_a_third_persons_view_leaves_the_hat_of_what_it_is_about_alone(situation):
    theirs = decide(replace(situation, speaker="family"))
    own = decide(replace(situation, speaker="self", act=situation.act))
    assert theirs.about_hat == own.about_hat
    assert theirs.hat is (Hat.NONE if own.about_hat is Hat.NONE else Hat.CUSTOMER)


@given(SITUATIONS)
@LAWFUL
def test_red_flag_words_go_to_a_human_at_once_whatever_the_hat(situation):
    assert decide(replace(situation, red_flag=True)).urgent


@given(SITUATIONS)
@LAWFUL
def test_both_and_not_known_are_never_a_wrong_hat(situation):
    decision = decide(situation)
    if decision.hat in (Hat.MIXED, Hat.UNKNOWN, Hat.NONE):
        assert decision.may_be_a_wrong_hat is False


@given(SITUATIONS)
@LAWFUL
def test_the_front_desk_is_told_in_both_languages_and_never_anything_clinical(situation):
    words = front_desk_words(decide(situation))
    assert words.en and words.es
    clinical = ("diagnos", "result", "medic", "drug", "clinic", "balance", "bill", "triage", "acuity", "labour", "pain")
    assert [word for word in clinical if word in words.en.lower()] == []


def test_where_nobody_is_served_there_is_nothing_to_doubt_and_nothing_at_stake():
    assert [doubt.key for doubt in codebook().doubts if Hat.NONE in doubt.hats] == []
    weightless = [rule.key for rule in rules() if not rule.stakes_weight and rule.part != "second_view"]
    assert weightless == [rule.key for rule in rules() if rule.hat is Hat.NONE] == ["away"]


def test_every_act_has_a_rule_of_its_own():
    undecided = [act.key for act in acts() if decide(Situation(act=act.key)).rule == "not_told"]
    assert undecided == []


def test_no_rule_is_told_twice_and_every_boundary_is_one_we_wrote_down():
    book = codebook()
    keys = [rule.key for rule in book.every_rule]
    written = {boundary.key for boundary in book.boundaries}
    assert len(keys) == len(set(keys))
    assert {rule.boundary for rule in book.every_rule} - {""} - written == set()


def test_every_boundary_is_kept_by_a_rule_or_says_where_else():
    book = codebook()
    kept = {rule.boundary for rule in book.every_rule}
    assert [b.key for b in book.boundaries if (b.key in kept) == bool(b.kept_by)] == []


def test_conditions_speak_of_words_we_know():
    known = {
        "act": {act.key for act in acts()}, "event": set(Event), "role": set(Role), "zone": set(Zone),
        "channel": set(Channel), "speaker": set(Speaker), "evidence": set(Evidence),
    }
    book = codebook()
    conditions = [
        condition
        for ruled in (*book.every_rule, *book.doubts, *book.stakes)
        for conditions in ruled.when
        for condition in conditions
    ]
    unknown = {
        (condition.field, value)
        for condition in conditions
        for value in (*condition.values, *condition.none_of)
        if condition.field in known and value not in known[condition.field]
    }
    assert unknown == set()
    assert {c.field for c in conditions if c.field == "stakes" and c.at_most is not None} == set()


def test_the_last_rule_fits_everything_and_only_the_last():
    empty = [rule.key for rule in codebook().rules if rule.when == ((),)]
    assert empty == ["not_told"] == [codebook().rules[-1].key]


def test_what_is_known_raises_the_stakes_and_never_lowers_them():
    assert raised_stakes(Situation(stakes=900, distress=True)) == 900
    assert raised_stakes(Situation(stakes=100, distress=True)) == 700
    assert raised_stakes(Situation(stakes=100, acuity=1)) == 950
    assert raised_stakes(Situation(stakes=100, acuity=2)) == 850
    assert raised_stakes(Situation(stakes=100)) == 100


def test_a_codebook_that_asks_for_a_field_no_situation_has_is_refused():
    book = {
        "groups": {}, "doubt": [], "stakes": [], "boundary": [], "front_desk": {}, "third_person": [],
        "second_view": [],
        "rule": [
            {"key": "by_score", "when": {"satisfaction": ["low"]}, "hat": "customer", "reason_en": "", "reason_es": ""}
        ],
    }
    with pytest.raises(ValueError, match="satisfaction"):
        codebook_of(book)

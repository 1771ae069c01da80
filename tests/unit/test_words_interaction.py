"""An interaction carries its hat with a reason in words, and knows how long it took."""

from datetime import UTC, datetime

import pytest

from twohats.words.codebook import decide, front_desk_words
from twohats.words.cues import View
from twohats.words.hats import Hat
from twohats.words.interaction import VisitSegment, reason_of
from twohats.words.situation import Situation


def segment(ended_at: datetime | None) -> VisitSegment:
    situation = Situation(act="treat", role="clinical", zone="front_desk")
    decision = decide(situation)
    return VisitSegment(
        interaction=1, person=2, resource="Encounter/7", started_at=datetime(2026, 5, 4, 9, 0, tzinfo=UTC),
        ended_at=ended_at, touchpoint="treatment_competence", act="treat", hat=decision.hat,
        p_patient=decision.p / 1000, confidence=decision.confidence / 1000, reason=reason_of(decision), visit=3,
        encounter="7", zone="front_desk",
    )


def test_a_segment_lasts_from_start_to_end_and_has_no_minutes_while_it_is_open():
    assert segment(datetime(2026, 5, 4, 9, 20, tzinfo=UTC)).minutes == 20.0
    assert segment(None).minutes is None


def test_the_reason_says_what_speaks_against_it_in_the_readers_language():
    reason = segment(None).reason
    assert reason.read_in("en") == (
        "A clinician was with the person; but a clinician at a desk may be doing an errand."
    )
    assert reason.read_in("es-MX") == (
        "Un profesional clínico estaba con la persona;"
        " pero un profesional clínico en un mostrador puede estar haciendo una gestión."
    )


def test_an_interaction_cannot_be_changed():
    with pytest.raises(AttributeError):
        segment(None).hat = Hat.CUSTOMER  # type: ignore[misc]
    assert segment(None).view is View.SELF


@pytest.mark.parametrize(
    ("situation", "english"),
    [
        (Situation(act="register", role="clerical"), "Here for something practical: quick and kind."),
        (Situation(act="wait", zone="waiting"), "May be worried: take time."),
        (Situation(act="treat", event="clinical"), "Here for care: give time."),
        (Situation(act="treat", event="clinical", speaker="family"), "Here for care: give time."),
        (
            Situation(act="book", distress=True),
            "May be very worried: offer a nurse now, then book in one go.",
        ),
    ],
)
def test_the_front_desk_is_told_what_to_do_by_what_it_is_about(situation, english):
    assert front_desk_words(decide(situation)).read_in("en") == english

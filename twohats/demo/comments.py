"""Comments, clause by clause with their truth: what was lived comes out as people write it, untidily."""

from itertools import pairwise
from types import ModuleType

from twohats.demo import fragments_en, fragments_es
from twohats.demo.chart import Chart
from twohats.demo.dice import Dice
from twohats.demo.visits import Part, Visit

PATIENT_SIDE = frozenset(
    (
        "treatment_competence",
        "clinician_communication",
        "staff_manner_clinical",
        "medication_pain",
        "emotional_support_safety",
        "information_education",
        "continuity_followup",
        "staffing_responsiveness",
    )
)
NO_HAT = frozenset(("general_praise", "general_dissatisfaction", "none_other"))
_LANGUAGES: dict[str, ModuleType] = {"en": fragments_en, "es": fragments_es}
ANYWHERE = (
    "staff_manner_clinical",
    "treatment_competence",
    "clinician_communication",
    "scheduling_access",
    "wait_timeliness",
    "staff_manner_nonclinical",
    "phone_digital_access",
    "transport_parking_location",
    "facilities_environment",
    "billing_insurance",
    "prescription_supply_access",
    "portal_results",
    "check_in",
    "general_praise",
    "general_dissatisfaction",
    "referral_coordination",
    "informed_updates",
    "continuity_followup",
    "medication_pain",
)
STAY = (
    "food",
    "staffing_responsiveness",
    "discharge",
    "facilities_environment",
    "family_carer_involvement",
    "information_education",
    "emotional_support_safety",
    "medication_pain",
    "treatment_competence",
)
_QUESTIONS = {
    "en": ("What went well?", "What could we do better?", "Anything else?"),
    "es": ("¿Qué salió bien?", "¿Qué podemos mejorar?", "¿Algo más?"),
}
_SHOWN_TO = ((0.45, "staff"), (0.6, "leaders"), (0.75, "nobody"), (1.0, ""))
"""To whom words may be shown without the name; one in four was not asked."""
_PLAIN = str.maketrans("áéíóúñÁÉÍÓÚÑ", "aeiounAEIOUN")


class Clause:
    """One thing said, and the truth about it."""

    __slots__ = ("hat", "sentiment", "speaker", "text", "touchpoint", "urgent")

    def __init__(self, text: str, touchpoint: str, sentiment: int, speaker: str, urgent: bool) -> None:
        self.text, self.touchpoint, self.sentiment, self.speaker, self.urgent = (
            text,
            touchpoint,
            sentiment,
            speaker,
            urgent,
        )
        # What relatives report is a customer's view, whatever it is about.
        self.hat = (
            "none"
            if touchpoint in NO_HAT
            else "customer"
            if speaker != "patient" or touchpoint not in PATIENT_SIDE
            else "patient"
        )


def comment_on(
    chart: Chart,
    visit: Visit,
    parts: list[Part],
    points: float,
    response: str,
    who: tuple[str, str, str, str],
    respondent: str,
    written: int,
) -> None:
    """Writes one comment about a visit, with its clauses into the truth."""
    life, dice = chart.life, chart.life.dice
    language = life.language if life.language in _LANGUAGES else "en"
    subjects = _subjects(dice, visit, parts, points)
    speaker = "family" if respondent in ("family", "proxy") else "patient"
    words, clauses = compose(dice, language, subjects, speaker)
    key = chart.new_id("n")
    tied = "" if life.slips.chance(0.12) else visit.id
    chart.row(
        "csv/comments",
        key,
        response,
        *who,
        _QUESTIONS[language][0 if points > 70 else dice.between(1, 2)],
        words,
        language,
        "self" if speaker == "patient" else "family",
        chart.t_text(written),
        tied,
        visit.unit.id,
        visit.unit.name,
        life.consent.weighted(_SHOWN_TO),
    )
    chart.tie("comments", key)
    for number, clause in enumerate(clauses, 1):
        chart.row(
            "truth/clauses",
            key,
            str(number),
            clause.text,
            clause.hat,
            clause.touchpoint,
            str(clause.sentiment),
            clause.speaker,
            "true" if clause.urgent else "false",
        )


def compose(dice: Dice, language: str, subjects: list[tuple[str, int]], speaker: str) -> tuple[str, list[Clause]]:
    """A comment of those subjects (touchpoint, sentiment) in that language: its words, and its clauses in order."""
    words_of = _LANGUAGES[language]
    if dice.chance(0.04):
        text = dice.pick(words_of.NOTHING)
        return text, [Clause(text, "none_other", 0, speaker, False)]
    clauses = [_clause(dice, words_of, touchpoint, sentiment, speaker) for touchpoint, sentiment in subjects]
    if dice.chance(0.025):
        touchpoint, fragment = dice.pick(words_of.URGENT)
        clauses.append(Clause(_fill(dice, words_of, fragment), touchpoint, -1, speaker, True))
    _tidy_as_people_do(dice, words_of, language, clauses, speaker)
    text = clauses[0].text
    for before, clause in pairwise(clauses):
        joins = words_of.JOINS_SAME if before.sentiment == clause.sentiment else words_of.JOINS_TURN
        text += dice.pick(joins) + clause.text
    return text + dice.pick(words_of.ENDS), clauses


def _subjects(dice: Dice, visit: Visit, parts: list[Part], points: float) -> list[tuple[str, int]]:
    """What they write about: what hurt or pleased most, and something else beside it."""
    waited = sum(part.end - part.start for part in parts if part.act == "wait" and part.end is not None)
    wrongs = {part.wrong for part in parts}
    subjects: list[tuple[str, int]] = []
    if "hurried" in wrongs and dice.chance(0.7):
        subjects.append(("clinician_communication", -1))
    if "over_engaged" in wrongs and dice.chance(0.6):
        subjects.append(("check_in", -1))
    if waited > 50 and dice.chance(0.6):
        subjects.append(("wait_timeliness", -1))
    content = 0.1 + min(0.85, max(0.0, (points - 45) / 40))
    usual = STAY if visit.class_code == "IMP" and dice.chance(0.7) else ANYWHERE
    for _ in range(dice.weighted(((0.3, 0), (0.75, 1), (0.93, 2), (1.0, 3))) + (not subjects)):
        subjects.append((dice.pick(usual), 1 if dice.chance(content) else -1))
    return subjects


def _clause(dice: Dice, words_of: ModuleType, touchpoint: str, sentiment: int, speaker: str) -> Clause:
    if touchpoint == "general_praise" and sentiment < 0:
        touchpoint = "general_dissatisfaction"
    if touchpoint == "general_dissatisfaction" and sentiment > 0:
        touchpoint = "general_praise"
    fragments = (words_of.GOOD if sentiment > 0 else words_of.BAD).get(touchpoint)
    if fragments is None:
        touchpoint = "treatment_competence"
        fragments = (words_of.GOOD if sentiment > 0 else words_of.BAD)[touchpoint]
    return Clause(_fill(dice, words_of, dice.pick(fragments)), touchpoint, sentiment, speaker, False)


def _fill(dice: Dice, words_of: ModuleType, fragment: str) -> str:
    """The fragment with its braces filled."""
    pieces = fragment.split("{")
    text = pieces[0]
    for piece in pieces[1:]:
        slot, rest = piece.split("}", 1)
        text += dice.pick(words_of.SLOTS[slot]) + rest
    return text.replace(" de el ", " del ").replace(" a el ", " al ")


def _tidy_as_people_do(dice: Dice, words_of: ModuleType, language: str, clauses: list[Clause], speaker: str) -> None:
    """A beginning, a relative's lead, then capitals or none, accents or none, short forms, slips of the finger."""
    lead = (
        _fill(dice, words_of, dice.pick(words_of.FAMILY_LEADS)) if speaker != "patient" else dice.pick(words_of.STARTS)
    )
    clauses[0].text = lead + clauses[0].text
    shouting, plain, lower = dice.chance(0.02), language == "es" and dice.chance(0.6), dice.chance(0.3)
    shorts, typos = dice.chance(0.15), dice.chance(0.22)
    for number, clause in enumerate(clauses):
        text = clause.text
        if shorts:
            for long, short in words_of.SHORTENED:
                text = text.replace(long, short, 1)
        if typos:
            text = _mistype(dice, text)
        if plain:
            text = text.translate(_PLAIN)
        if number == 0 and not lower:
            text = text[:1].upper() + text[1:]
        clause.text = text.upper() if shouting else text


def _mistype(dice: Dice, text: str) -> str:
    """One slip: two letters swapped, one lost, one doubled."""
    place = dice.between(1, max(1, len(text) - 3))
    kind = dice.between(0, 2)
    if kind == 0:
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :] if place + 1 < len(text) else text
    return text[:place] + text[place + 1 :] if kind == 1 else text[:place] + text[place] + text[place:]

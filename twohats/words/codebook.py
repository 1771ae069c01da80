"""The one evaluator of the codebook: a situation in, the hat worn out, with its reason.

Whole numbers only (thousandths, rounded down), so that the build's SQL gives the very same answers.
Satisfaction is never looked at. Who may overrule an answer, and what comes of it, is out of scope here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from .cues import THIRD_PERSONS, VIEW_OF_SPEAKER, Speaker, View
from .hats import Hat
from .languages import Text
from .rules import Codebook, Rule, codebook, fits
from .situation import Situation

MOST_DOUBT = 600
"""Doubts together take away no more than this: some evidence is still evidence."""
EVEN = 500


@dataclass(frozen=True)
class Decision:
    """Which hat was worn, how sure we are, and the key of the rule that says why. Numbers are thousandths."""

    hat: Hat
    p: int
    """How likely the patient's hat is worn."""
    confidence: int
    """How sure we are of the hat."""
    rule: str
    vulnerable: bool
    """May be worried: take time."""
    view: View
    about_hat: Hat
    """The hat of what it is about. Engagement follows it. The hat itself, but for third persons."""
    second_hat: Hat | None
    """The hat of a second view in the same stretch."""
    second_rule: str | None
    urgent: bool = False
    """Offer a nurse now; a human looks at it at once."""
    stakes: int = 0
    """The stakes after what the codebook knows to raise them."""
    about_rule: str = ""
    """The rule that told what it is about. The rule itself, but for third persons."""
    doubts: tuple[str, ...] = ()
    """Keys of the doubts that lowered the confidence."""

    @property
    def may_be_a_wrong_hat(self) -> bool:
        """False where no treatment can be called a wrong hat: mixed, unknown, nobody served, safety."""
        return self.hat in (Hat.PATIENT, Hat.CUSTOMER) and not rule_of(self.rule).never_wrong_hat


def rules() -> tuple[Rule, ...]:
    """Every rule, third person's rule and second view, in their order numbers."""
    return codebook().every_rule


@cache
def rule_of(key: str) -> Rule:
    """The rule of that key, or what is said after the rules; KeyError when there is none."""
    for rule in codebook().every_reason:
        if rule.key == key:
            return rule
    raise KeyError(key)


def decide(situation: Situation, book: Codebook | None = None) -> Decision:
    """The hat worn in this situation, by the codebook as shipped or another one."""
    book = book or codebook()
    seen = replace(situation, stakes=raised_stakes(situation, book))
    rule = _first(book.rules, seen)
    doubts = [doubt for doubt in book.doubts if rule.hat in doubt.hats and fits(doubt.when, seen)]
    minus = min(MOST_DOUBT, sum(doubt.minus for doubt in doubts))
    told = _third_persons_rule(book, rule, seen)
    decider, taken_away = (told, 0) if told else (rule, minus)
    second = None if told else _second_view(book, rule, seen)
    return Decision(
        hat=decider.hat,
        p=likelihood(decider, seen.stakes, taken_away),
        confidence=decider.confidence * (1000 - taken_away) // 1000,
        rule=decider.key,
        vulnerable=rule.hat is not Hat.NONE and bool(rule.vulnerable or seen.distress or seen.red_flag),
        view=_view(decider, seen),
        about_hat=rule.hat,
        second_hat=second.hat if second else None,
        second_rule=second.key if second else None,
        urgent=rule.urgent or bool(seen.red_flag),
        stakes=seen.stakes,
        about_rule=rule.key,
        doubts=() if told else tuple(doubt.key for doubt in doubts),
    )


def raised_stakes(situation: Situation, book: Codebook | None = None) -> int:
    """The stakes, 0 to 1000, after what the codebook knows to raise them."""
    raises = (book or codebook()).stakes
    at_least = (raised.at_least for raised in raises if fits(raised.when, situation))
    return min(1000, max(0, situation.stakes or 0, *at_least))


def likelihood(rule: Rule, stakes: int, minus: int) -> int:
    """How likely the patient's hat is: the rule's p, raised by the stakes, moved towards even by doubt."""
    raised = rule.p + (1000 - rule.p) * rule.stakes_weight * stakes // 1_000_000
    return (raised * (1000 - minus) + EVEN * minus) // 1000


def voice_of(about: Hat, respondent: Speaker) -> tuple[Hat, View]:
    """The hat and the view of an answer by that respondent, about what wears the hat `about`.

    Family and other third persons see it as customers; a proxy or a representative answers in the patient's place.
    """
    speaking = Situation(speaker=respondent, clinical_talk=about in (Hat.PATIENT, Hat.MIXED))
    third_persons = codebook().third_person if about is not Hat.NONE and respondent in THIRD_PERSONS else ()
    told = next((rule for rule in third_persons if fits(rule.when, speaking)), None)
    return (told.hat if told else about), VIEW_OF_SPEAKER[respondent]


def front_desk_words(decision: Decision) -> Text:
    """What a front desk is told: kind, short, and never clinical. Taken from what it is about."""
    book = codebook()
    own = rule_of(decision.about_rule or decision.rule).reason_front_desk
    if own:
        return own
    return book.front_desk["vulnerable" if decision.vulnerable else decision.about_hat.value]


def _first(rules: Iterable[Rule], situation: Situation) -> Rule:
    return next(rule for rule in rules if fits(rule.when, situation))


def _third_persons_rule(book: Codebook, rule: Rule, situation: Situation) -> Rule | None:
    if rule.hat is Hat.NONE:  # where nobody is being served, nobody's view of it is told
        return None
    return next((told for told in book.third_person if fits(told.when, situation)), None)


def _second_view(book: Codebook, rule: Rule, situation: Situation) -> Rule | None:
    views = (view for view in book.second_views if rule.hat in view.hats and fits(view.when, situation))
    return next(views, None)


def _view(rule: Rule, situation: Situation) -> View:
    if rule.view:
        return rule.view
    return VIEW_OF_SPEAKER[Speaker(situation.speaker)] if situation.speaker else View.SELF

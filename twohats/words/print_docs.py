"""Prints what the words say into docs/facts: how a hat is decided, and the touchpoints.

`python -m twohats.words.print_docs` writes the pages; a test holds them to the data they are printed from.
"""

import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .acts import acts
from .codebook import Decision, decide, rule_of
from .hand_offs import hand_offs
from .hats import Hat
from .leaving import leaving
from .measures import Measure, MeasureKind, measures
from .payers import payers
from .perspectives import field_meanings, outcomes, perspectives
from .rules import Boundary, Condition, Rule, When, codebook
from .said_so import said_so
from .situation import Situation
from .touchpoints import survey_items, touchpoints
from .wrong_hat import wrong_hat

REPOSITORY = Path(__file__).resolve().parents[2]
CASES = REPOSITORY / "tests" / "spec" / "hats.toml"
FACTS = REPOSITORY / "docs" / "facts"
PRINTED = "Printed by `python -m twohats.words.print_docs`; change the data it is printed from, not this page."


def pages() -> dict[Path, str]:
    """Each page and its text."""
    cases = tomllib.loads(CASES.read_text("utf-8"))
    return {
        FACTS / "how-a-hat-is-decided.md": "\n".join(_hats(cases)) + "\n",
        FACTS / "touchpoints.md": "\n".join(_touchpoints()) + "\n",
        FACTS / "measures.md": "\n".join(_measures()) + "\n",
        FACTS / "when-the-wrong-hat-was-served.md": "\n".join(_wrong_hat()) + "\n",
        FACTS / "people-we-lost-track-of.md": "\n".join(_hand_offs()) + "\n",
    }


def main() -> None:
    """Writes the pages and names them."""
    for path, text in pages().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        sys.stdout.write(f"{path.relative_to(REPOSITORY)}\n")


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> list[str]:
    """A Markdown table."""
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(str(cell).replace("|", "/") for cell in line) + " |" for line in lines]


def in_words(when: When) -> str:
    """Conditions as a reader of the page would say them."""
    said = ["; ".join(_condition(condition) for condition in conditions) for conditions in when]
    return " **or** ".join(said) or "always"


def _condition(condition: Condition) -> str:
    name = condition.field.replace("_", " ")
    if condition.truth is not None:
        return name if condition.truth else f"not {name}"
    if condition.at_most is not None or condition.at_least is not None:
        bound = f"at most {condition.at_most}" if condition.at_least is None else f"at least {condition.at_least}"
        return f"{name} {bound}"
    if condition.group:
        return f"{name} {'not ' if condition.none_of else ''}in *{condition.group}*"
    if condition.none_of:
        return f"{name} not {' or '.join(condition.none_of)}"
    values = [*condition.values, *(["not known"] if condition.or_absent else [])]
    return f"{name} {' or '.join(values)}"


def _hats(cases: dict[str, Any]) -> list[str]:
    return [
        "# How a hat is decided",
        "",
        PRINTED,
        "",
        *_INTRODUCTION,
        "",
        "## The boundary rules, with their drawn cases",
        "The cases of one table share all that is not shown and differ only in what the rule is about.",
        *(line for boundary in codebook().boundaries for line in _boundary(boundary, cases)),
        *_everyday(cases["set"]),
        "",
        "## Whole visits",
        *(line for visit in cases["visit"] for line in _visit(visit)),
        "",
        "## What raises the stakes",
        *table(["when", "stakes at least"], [(in_words(r.when), _share(r.at_least)) for r in codebook().stakes]),
        "",
        "## The decision table, in order",
        "p is the probability of the patient's hat before the stakes; confidence is how sure we are of the hat.",
        "",
        *_rules(codebook().rules),
        "",
        "### Third persons",
        "The rules above tell what it is about (`about_hat`); these tell the hat of the third person's view.",
        "",
        *_rules(codebook().third_person),
        "",
        "### Second views",
        *table(
            ["rule", "beside", "when", "hat", "why"],
            [(r.key, " or ".join(r.hats), in_words(r.when), r.hat, r.reason.en) for r in codebook().second_views],
        ),
        "",
        "### After the rules: where the wish contradicts the hat",
        "What the person said before the visit, of the care in it, is their own word: who asked to be quick and done",
        "yet is cared for, or asked for time yet is dealt with, has both hats on. A wish that was only read from the",
        "stakes, the reason or the booking rests on what the hat rests on, and contradicts nothing: a blood-pressure",
        "check is the patient's and wants less time. Third persons' views and visits that nobody served stay as they",
        "are.",
        "",
        *table(
            ["rule", "hat", "p", "sure at most", "why"],
            [(r.key, r.hat, _share(r.p), _share(r.confidence), r.reason.en) for r in codebook().after],
        ),
        "",
        "### Doubts: where evidence contradicts itself",
        *table(
            ["doubt", "of hat", "when", "takes away", "in words"],
            [(d.key, " or ".join(d.hats), in_words(d.when), _share(d.minus), d.reason.en) for d in codebook().doubts],
        ),
        "",
        "### Groups used above",
        *table(["group", "values"], [(name, ", ".join(values)) for name, values in codebook().groups.items()]),
        "",
        "## The hat worn, what was wanted, what was given",
        "Each looks at its own input fields and at no others. What was given never colours what was wanted, and "
        f"{', '.join(outcomes())} are inputs of none.",
        "",
        *table(["", "what it is", "input fields"], [(p.key, p.text.en, ", ".join(p.fields)) for p in perspectives()]),
        "",
        *table(["field", "meaning"], [(key, text.en) for key, text in field_meanings().items()]),
    ]


_INTRODUCTION = (
    "The hat belongs to the interaction, never to the person. PATIENT is medical care in the moment, by or with a",
    "clinician; CUSTOMER is every other dealing; MIXED is both at once; UNKNOWN is said where the evidence does not",
    "tell; NONE is time away, and words without an object. MIXED and UNKNOWN are honest answers and never a wrong hat.",
    "",
    "1. What is known raises the **stakes**; the greatest holds.",
    "2. The **rules** are tried from the top; the first that fits decides hat, probability and confidence. What the",
    "   source names (a booking, a bill, papers) is the act and decides first; then a clinical event in progress, the",
    "   role of the other person, the place, the status of the visit.",
    "3. The stakes raise the probability: `p + (1 - p) x weight x stakes`. They never lower it and never carry it over",
    "   to another hat.",
    "4. **Doubts** lower the confidence and move the probability towards even: `p x (1 - d) + 0.5 x d`, with d the sum",
    "   of the doubts, at most 0.6.",
    "5. A **third person's** view is told beside what it is about, and a stretch may hold a **second view**.",
    "",
    "The same table is compiled to SQL for the build and evaluated for a live event; a test holds the two together.",
)


def _boundary(boundary: Boundary, cases: dict[str, Any]) -> list[str]:
    sets = [line for drawn in cases["set"] if drawn["boundary"] == boundary.key for line in _set(drawn)]
    voices = [line for drawn in cases["voice"] if drawn["boundary"] == boundary.key for line in _voice(drawn)]
    kept = [f"Kept by {boundary.kept_by}."] if boundary.kept_by else []
    return ["", f"### {boundary.text.en}", *kept, *sets, *voices]


def _voice(drawn: dict[str, Any]) -> list[str]:
    cells = [
        (
            case["says"], case["is"].get("hat", "").upper(), case["is"].get("about", "").upper(), case["is"]["view"],
            "urgent" if case["is"].get("urgent") else "",
            f"moved from {case['is']['moved_from']}" if "moved_from" in case["is"] else "",
        )
        for case in drawn["case"]
    ]
    head = ["what was said", "hat", "about", "view", "urgent", "by the organisation's map"]
    return ["", f"**{drawn['title']}** ({_fields(drawn['given'])})", "", *table(head, cells)]


def _everyday(sets: list[dict[str, Any]]) -> list[str]:
    own = [line for drawn in sets if not drawn["boundary"] for line in _set(drawn)]
    return ["", "### Dealings that need no boundary rule", *own]


def _set(drawn: dict[str, Any]) -> list[str]:
    shared = _fields(drawn["given"])
    cells = [
        (case["says"], _fields(case["with"]), *_answer(decide(Situation(**drawn["given"], **case["with"]))))
        for case in drawn["case"]
    ]
    head = ["case", ", ".join(drawn["differs"]), "hat", "p", "sure", "also", "rule"]
    return ["", f"**{drawn['title']}**" + (f" ({shared})" if shared else ""), "", *table(head, cells)]


def _visit(visit: dict[str, Any]) -> list[str]:
    cells = [(step["says"], *_answer(decide(Situation(**step["given"])))) for step in visit["step"]]
    return ["", f"**{visit['title']}**", "", *table(["step", "hat", "p", "sure", "also", "rule"], cells)]


def _answer(decision: Decision) -> tuple[str, ...]:
    also = [
        "vulnerable" if decision.vulnerable else "",
        "urgent" if decision.urgent else "",
        "never a burden" if rule_of(decision.about_rule).never_burden else "",
        f"view: {decision.view}" if decision.view != "self" else "",
        f"about: {decision.about_hat}" if decision.about_hat != decision.hat else "",
        f"second view: {decision.second_hat}" if decision.second_hat else "",
    ]
    hat = decision.hat.upper()
    return hat, _share(decision.p), _share(decision.confidence), ", ".join(filter(None, also)), decision.rule


def _fields(fields: dict[str, Any]) -> str:
    return ", ".join(f"{name} {_said(value)}" for name, value in fields.items()) or "not known"


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _rules(rules: Iterable[Rule]) -> list[str]:
    head = ["", "rule", "when", "hat", "p", "sure", "weight of stakes", "marks", "why"]
    return table(head, [_row(rule) for rule in rules])


def _row(rule: Rule) -> tuple[object, ...]:
    marks = [name.replace("_", " ") for name in _MARKS if getattr(rule, name)]
    numbers = (_share(rule.p), _share(rule.confidence), _share(rule.stakes_weight))
    return (rule.order, rule.key, in_words(rule.when), rule.hat, *numbers, ", ".join(marks), rule.reason.en)


_MARKS = ("vulnerable", "urgent", "never_wrong_hat", "never_burden")


def _share(thousandths: int) -> str:
    return f"{thousandths / 1000:.2f}"


def _measures() -> list[str]:
    lines = [
        "# The measures of both hats", "", PRINTED, "",
        "Never added up to one score. A share's and a mean's interval counts people, not things, as one person's are"
        " alike. Times",
        "and amounts are medians read from counts in sixteenths of an octave (within 4.4 % of the exact one): what is"
        " still open",
        "counts with the time it has lasted (Kaplan-Meier), what ended another way first competes (Aalen-Johansen)."
        " The whole",
        "organisation is told by month, quarter and year, a site by quarter and year, a department or unit by year;"
        " what people",
        "answered at a site by year. What only few answer (relatives, ratings of the whole, time felt) is told of no"
        " unit smaller than",
        "a site. Under 11 people on either side of a share nothing is told, nor what would give it away; under 30"
        " nothing is",
        "compared, under 100 it is read with caution. Behind days to the third open appointment stand clinicians, not"
        " people we serve:",
        "they are counted once and hidden by the same numbers ([why, and what is assumed of slots]"
        "(../reasons/decisions/2026-11-open-slots-by-calendar.md)).", "",
    ]
    for hat, title in ((Hat.PATIENT, "The patient's hat"), (Hat.CUSTOMER, "The customer's hat"),
                       (Hat.MIXED, "The whole: both hats at once")):
        rows = [_measure_row(one) for one in measures() if one.hat is hat]
        lines += [f"## {title}", *table(("measure", "told as", "counted", "out of", "left out", "better", "known after",
                                         "source"), rows), ""]
    return lines + _groups()


def _groups() -> list[str]:
    """By which groups of people measures are told."""
    return [
        "## Group by group",
        "The whole organisation's numbers of a year are told by language (of the person), age (at the release's",
        "day), area (where the person lives: the first three digits of the ZIP code, 000 where at most 20,000",
        "people live) and payer (whose coverage was in force when it happened). Groups of fewer than 50 people, or",
        "of 1 to 10 on one side of a share, are told with all others until none of that is small",
        "([why](../reasons/decisions/2026-11-groups-told-together.md)).",
        "",
        *table(("payer", "English", "Spanish", "codes of Coverage.type"),
               ((one.kind, one.name.en, one.name.es, ", ".join(one.codes)) for one in payers())),
    ]


def _wrong_hat() -> list[str]:
    book = wrong_hat()
    rows = [
        (one.key, "a patient hurried" if one.hat is Hat.PATIENT else "a customer over-engaged",
         one.text.en, one.text.es,
         f"`{one.field}` " + (f"from {one.at_least}" if one.at_least is not None else f"under {one.under}"),
         ", ".join(one.acts) or "any")
        for one in book.criteria
    ]
    return [
        "# When the wrong hat was served", "", PRINTED, "",
        f"Version {book.version}. What was given is held to a number that stands here, never to other contacts: a",
        "house that serves everybody alike badly is not ordinary. The patient's hat is judged where at least",
        f"{_share(book.time_from)} of time was wanted, the customer's where at most {_share(book.time_to)}; mixed and",
        f"unknown hats never are; with fewer than {book.indicators} things known of what was given the answer is open,",
        "counted and shown. What was wanted and what was given have no field in common; satisfaction is in neither.",
        "Time on hold, transfers and unfinished business are poor service, told by measures of their own, and no wrong",
        "hat. A flag is a reason to look, not a verdict on anybody: how often it is right, and how often not, stands",
        "in [the figures](figures.md).", "",
        *table(("criterion", "who", "English", "español", "field", "acts"), rows), "", *_said_so(), *_leaving(),
    ]


def _said_so() -> list[str]:
    book = said_so()
    hats = {Hat.PATIENT: "a patient hurried", Hat.CUSTOMER: "a customer over-engaged"}
    return [
        "## What people say themselves", "",
        f"Held beside the signs of the same visits and calls, never a part of them (version {book.version}): answers,",
        "and words in a clause that does not praise. Who answered otherwise, or wrote about that side and said no",
        "such thing, says not; who said nothing of a side is not counted. The page of the wrong hat tells kappa,",
        "sensitivity and specificity of the signs against it, where 11 people or more, or nobody, stand behind each",
        "of the four counts.", "",
        *table(("answer", "who", "says so", "says not"), [
            (f"`{one.survey}` {one.item}", hats[one.hat], ", ".join(one.yes), ", ".join(one.no))
            for one in book.answers]), "",
        *table(("words", "who", "English", "español"), [
            (one.key, hats[one.hat], one.text.en, one.text.es) for one in book.sayings]), "",
    ]


def _leaving() -> list[str]:
    book = leaving()
    return [
        "## When somebody has left", "",
        "What the wrong hat went together with is told in points of satisfaction, and in people who left. Nobody tells",
        f"us that they go elsewhere; these signs do (version {book.version}). A sign belongs to the last visit or call",
        f"before it, within {book.days} days, and counts only where no visit and no booking ever followed it. Of what",
        f"is less than {book.days + book.quiet_days} days old it is not known; of who died by then it is not asked.",
        "",
        *table(("sign", "English", "español"), [(one.key, one.text.en, one.text.es) for one in book.signs]),
    ]


def _hand_offs() -> list[str]:
    book = hand_offs()
    rows = [
        (f"{kind.name.en} (`{kind.key}`)", kind.name.es, kind.hat, kind.starts.en, kind.closes.en, f"{kind.days} days",
         kind.owner, kind.source.en, kind.waits_for.en if kind.waits_for else "")
        for kind in book.kinds.values()
    ]
    words = [(word.key, word.text.en, word.text.es, "yes" if word.ends else "no", "yes" if word.good else "no")
             for word in book.words.values()]
    return [
        "# People we lost track of", "", PRINTED, "",
        f"Version {book.version}. A hand-off is met when what closes it comes. Until its clock has run out it is open,",
        "never lost; the clock is read at the end of the records, not on a wall. Nothing happens to anybody after",
        "their death: what was not met by then has ended, and neither they nor anybody for whom silence was asked",
        f"stands on a list. A hand-off whose clock ran out more than {book.days_listed} days ago is counted in the",
        "release (table `hand_offs`) and on no list. A call over a phone that several people share is tied to nobody,",
        "so it closes nothing; the list says so.", "",
        *table(("list", "español", "hat", "what starts it", "what closes it", "clock", "owner", "source", "waits for"),
               rows), "",
        "## What somebody may say of one",
        "The latest word holds, at once. What ends without being good counts as a failure of ours.", "",
        *table(("word", "English", "español", "ends it", "good"), words),
    ]


def _measure_row(one: Measure) -> tuple[str, ...]:
    told = {MeasureKind.SHARE: "share", MeasureKind.MEAN: f"mean, {one.shown_in}".removesuffix(", "),
            MeasureKind.POINTS: "mean, points",
            MeasureKind.TIME: f"median, {one.shown_in}",
            MeasureKind.AMOUNT: f"median, {one.shown_in}"}[one.kind]
    known = f"{one.follow_up_days} days" if one.follow_up_days else "at once"
    return (f"{one.name.en} (`{one.key}`)", told, one.numerator.en, one.denominator.en, one.exclusions.en, one.better,
            known, one.source.en)


def _touchpoints() -> list[str]:
    return [
        "# Touchpoints",
        "",
        PRINTED,
        "",
        "One catalogue for events, survey items and comments. The usual hat is what a touchpoint mostly is; the",
        "[codebook](how-a-hat-is-decided.md) decides each single case. Stakes are a prior, from 0 to 1.",
        "",
        *table(
            ["touchpoint", "English", "Spanish", "usual hat", "stakes", "definition", "definición"],
            [
                (t.key, t.name.en, t.name.es, t.usual_hat, _share(t.stakes), t.definition.en, t.definition.es)
                for t in touchpoints()
            ],
        ),
        "",
        "## What speaks for each",
        "FHIR elements that are kept but not yet read make no interaction of that touchpoint; they may be read for",
        "something else, such as who took part, who was in distress or who pays (Coverage).",
        "",
        *table(
            [
                "touchpoint", "FHIR elements read into the journey", "kept, not yet read",
                "contact topics, for example", "survey items", "comment themes",
            ],
            [
                (
                    t.key, "; ".join(element for element in t.fhir if element not in t.not_read), "; ".join(t.not_read),
                    ", ".join(t.contact_topics),
                    ", ".join(f"{item.survey}:{item.key}" for item in t.survey_items), ", ".join(t.comment_themes),
                )
                for t in touchpoints()
            ],
        ),
        "",
        "## Survey items",
        "Labels are ours and short. Official composites stay untouched; an organisation can override the map.",
        "",
        *table(
            ["survey", "item", "asks about", "hat", "why", "English", "Spanish"],
            [(i.survey, i.key, i.touchpoint, i.hat, i.reason.en, i.label.en, i.label.es) for i in survey_items()],
        ),
        "",
        "## Acts: what is being done",
        *table(
            ["act", "touchpoint", "an event of it tells", "English", "Spanish"],
            [(a.key, a.touchpoint, a.event or "", a.text.en, a.text.es) for a in acts()],
        ),
    ]


if __name__ == "__main__":
    main()

"""The codebook compiled to SQL for DuckDB: the same table, the same whole numbers, the same answers.

`decisions("situations")` is the whole step. Its parts can be used alone: `rule_case`, `third_person_case` and
`second_view_case` give the order number of the rule that fits, `rules_arrow` the table to look it up in.
"""

from collections.abc import Iterable
from dataclasses import fields

import pyarrow as pa

from twohats.words.codebook import EVEN, MOST_DOUBT
from twohats.words.cues import VIEW_OF_SPEAKER
from twohats.words.hats import Hat
from twohats.words.rules import Condition, Rule, When, codebook
from twohats.words.situation import Situation

SITUATION_COLUMNS = tuple(field.name for field in fields(Situation))
"""The columns that the compiled codebook reads."""

DECISION_COLUMNS = (
    "hat", "p", "confidence", "rule", "vulnerable", "urgent", "view", "about_hat", "about_rule", "second_hat",
    "second_rule", "raised_stakes", "never_wrong_hat", "never_burden",
)
"""The columns that `decisions` adds; p, confidence and raised_stakes are thousandths."""


def decisions(relation: str) -> str:
    """A SELECT of all columns of `relation` (which has SITUATION_COLUMNS) and DECISION_COLUMNS.

    `relation` is a table's name or a SELECT in brackets. One row out for each row in, in no promised order.
    """
    return f"""
with book as (
    {_book()}
),
staked as (
    select situation.*, {stakes_case("situation")} as raised_stakes from {relation} as situation
),
ruled as (
    select situation.*,
        {rule_case("situation", "situation.raised_stakes")} as about_order
    from staked as situation
),
told as (
    select situation.*,
        about.hat as about_hat, about.key as about_rule, about.never_burden,
        about.hat <> '{Hat.NONE}' and (
            about.vulnerable or coalesce(situation.distress, false) or coalesce(situation.red_flag, false)
        ) as vulnerable,
        about.urgent or coalesce(situation.red_flag, false) as urgent,
        {doubt_sum("situation", "about.hat")} as minus,
        case when about.hat <> '{Hat.NONE}' then
        {third_person_case("situation", "situation.raised_stakes")} end as third_order,
        {second_view_case("situation", "about.hat", "situation.raised_stakes")} as second_order
    from ruled as situation join book as about on about.place = situation.about_order
),
weighed as (
    select told.*, coalesce(third_order, about_order) as decider_order,
        if(third_order is null, minus, 0) as taken_away
    from told
)
select weighed.* exclude (
        minus, third_order, second_order, about_order, decider_order, taken_away,
        about_hat, about_rule, vulnerable, urgent, raised_stakes, never_burden
    ),
    decider.hat as hat,
    {_likelihood("decider", "raised_stakes", "taken_away")} as p,
    decider.confidence * (1000 - taken_away) // 1000 as confidence,
    decider.key as rule,
    weighed.vulnerable,
    weighed.urgent,
    coalesce(decider.view, {_view_case("weighed")}) as view,
    about_hat,
    about_rule,
    case when third_order is null then second.hat end as second_hat,
    case when third_order is null then second.key end as second_rule,
    raised_stakes,
    decider.never_wrong_hat,
    weighed.never_burden
from weighed
join book as decider on decider.place = weighed.decider_order
left join book as second on second.place = weighed.second_order
"""


def decision_columns(alias: str) -> str:
    """DECISION_COLUMNS as a select list, for a relation made by `decisions` under that alias."""
    return ", ".join(f"{alias}.{name}" for name in DECISION_COLUMNS)


def rule_case(alias: str, stakes: str | None = None) -> str:
    """A CASE over columns named as the fields of Situation: the order number of the first rule that fits.

    `stakes` is the expression for the raised stakes; left out, it is computed inside.
    """
    return _case(codebook().rules, alias, stakes or stakes_case(alias))


def third_person_case(alias: str, stakes: str | None = None) -> str:
    """A CASE: the order number of the third person's rule that fits; NULL when nobody else's view is told."""
    return _case(codebook().third_person, alias, stakes or stakes_case(alias))


def second_view_case(alias: str, hat: str, stakes: str | None = None) -> str:
    """A CASE: the order number of the second view beside the first `hat`; NULL when there is one view."""
    return _case(codebook().second_views, alias, stakes or stakes_case(alias), hat)


def stakes_case(alias: str) -> str:
    """The stakes after what the codebook knows to raise them, 0 to 1000."""
    own = f"coalesce({alias}.stakes, 0)"
    raises = "".join(
        f", case when {_fits(raised.when, alias, own)} then {raised.at_least} else 0 end"
        for raised in codebook().stakes
    )
    return f"least(1000, greatest(0, {own}{raises}))"


def doubt_sum(alias: str, hat: str) -> str:
    """How many thousandths of the confidence contradicting evidence takes away."""
    parts = " + ".join(
        f"case when {hat} in ({_texts(doubt.hats)}) and {_fits(doubt.when, alias, f'{alias}.stakes')}"
        f" then {doubt.minus} else 0 end"
        for doubt in codebook().doubts
    )
    return f"least({MOST_DOUBT}, {parts})"


def rules_arrow() -> pa.Table:
    """Every rule, third person's rule and second view: the table to which an order number leads."""
    rules = codebook().every_rule
    return pa.table(
        {
            "place": pa.array([rule.order for rule in rules], pa.int32()),
            "part": [rule.part for rule in rules],
            "key": [rule.key for rule in rules],
            "boundary": [rule.boundary for rule in rules],
            "hat": [rule.hat.value for rule in rules],
            "p": pa.array([rule.p for rule in rules], pa.int32()),
            "confidence": pa.array([rule.confidence for rule in rules], pa.int32()),
            "stakes_weight": pa.array([rule.stakes_weight for rule in rules], pa.int32()),
            "vulnerable": [rule.vulnerable for rule in rules],
            "urgent": [rule.urgent for rule in rules],
            "never_wrong_hat": [rule.never_wrong_hat for rule in rules],
            "never_burden": [rule.never_burden for rule in rules],
            "view": pa.array([rule.view.value if rule.view else None for rule in rules], pa.string()),
            "reason_en": [rule.reason.en for rule in rules],
            "reason_es": [rule.reason.es for rule in rules],
        }
    )


def _case(rules: tuple[Rule, ...], alias: str, stakes: str, hat: str | None = None) -> str:
    arms = "\n        ".join(
        f"when {_beside(rule, hat)}{_fits(rule.when, alias, stakes)} then {rule.order}" for rule in rules
    )
    return f"case\n        {arms}\n    end"


def _beside(rule: Rule, hat: str | None) -> str:
    return f"{hat} in ({_texts(rule.hats)}) and " if hat else ""


def _fits(when: When, alias: str, stakes: str) -> str:
    alternatives = (
        " and ".join(_condition(condition, alias, stakes) for condition in conditions) or "true"
        for conditions in when
    )
    return "(" + " or ".join(f"({alternative})" for alternative in alternatives) + ")"


def _condition(condition: Condition, alias: str, stakes: str) -> str:
    column = stakes if condition.field == "stakes" else f"{alias}.{condition.field}"
    if condition.truth is not None:
        return f"coalesce({column}, false)" if condition.truth else f"not coalesce({column}, false)"
    if condition.none_of:
        return f"({column} is null or {column} not in ({_texts(condition.none_of)}))"
    if condition.at_most is not None:
        return f"{column} <= {condition.at_most}"
    if condition.at_least is not None:
        return f"{column} >= {condition.at_least}"
    if not condition.values:
        return f"{column} is null"
    among = f"{column} in ({_texts(condition.values)})"
    return f"({column} is null or {among})" if condition.or_absent else among


def _likelihood(rule: str, stakes: str, minus: str) -> str:
    raised = f"({rule}.p + (1000 - {rule}.p) * {rule}.stakes_weight::bigint * {stakes} // 1000000)"
    return f"({raised} * (1000 - {minus}) + {EVEN} * {minus}) // 1000"


def _view_case(alias: str) -> str:
    arms = " ".join(f"when '{speaker}' then '{view}'" for speaker, view in VIEW_OF_SPEAKER.items())
    return f"case {alias}.speaker {arms} else 'self' end"


def _book() -> str:
    rows = ",\n    ".join(_row(rule) for rule in codebook().every_rule)
    return (
        f"select * from (values\n    {rows}\n    ) as book(place, key, hat, p, confidence, stakes_weight, vulnerable,"
        " urgent, never_wrong_hat, never_burden, view)"
    )


def _row(rule: Rule) -> str:
    flags = (rule.vulnerable, rule.urgent, rule.never_wrong_hat, rule.never_burden)
    told = ", ".join(str(flag).lower() for flag in flags)
    view = f"'{rule.view}'" if rule.view else "cast(null as varchar)"
    return (
        f"({rule.order}, '{rule.key}', '{rule.hat}', {rule.p}, {rule.confidence}, {rule.stakes_weight},"
        f" {told}, {view})"
    )


def _texts(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)

"""The words of danger and distress compiled to SQL for DuckDB: the same list, the same steps as for one text."""

from twohats.care.urgent_words import PLAIN_STEPS, patterns

SPOKEN = """
    select 'Communication/' || id as resource, words from communications where words is not null
    union all
    select 'contacts/' || contact_id, words from contacts where words is not null
    union all
    select distinct on (id) 'Appointment/' || id, concat_ws(' ', comment, description, reason_text) from appointments
    where coalesce(comment, description, reason_text) is not null and is_current"""
"""One row per text that people wrote or that was written down of what they said, but for comments: those are read
clause by clause."""


def urgent_words() -> str:
    """One row per message, contact or booking note that holds words of danger or of distress."""
    return f"-- one row per text that holds words of danger or of distress\n{heard_in(SPOKEN)}"


def heard_in(texts: str) -> str:
    """A SELECT of resource, red_flag and distress over a SELECT of resource and words; calm texts are left out."""
    made = patterns()
    return f"""
with plain as materialized (
    select resource, {plain_of("words")} as words from ({texts})
),
-- What was said of the few that hold such words at all, without what was denied.
said as materialized (
    select resource, {_without("words", made.innocent, made.denied)} as words from plain
    where regexp_matches(words, {_text(made.danger)}) or regexp_matches(words, {_text(made.distress)})
)
select * from (
    select resource, regexp_matches(words, {_text(made.danger)}) as red_flag,
        regexp_matches(words, {_text(made.distress)}) as distress
    from said
) where red_flag or distress"""


def plain_of(column: str) -> str:
    """The expression that makes a text plain, as care.urgent_words.plain does."""
    made = f"strip_accents(lower({column}))"
    for pattern, by in PLAIN_STEPS:
        made = f"regexp_replace({made}, {_text(pattern)}, {_text(by)}, 'g')"
    return made


def _without(column: str, *patterns: str) -> str:
    for pattern in patterns:
        column = f"regexp_replace({column}, {_text(pattern)}, ' ', 'g')"
    return column


def _text(literal: str) -> str:
    return "'" + literal.replace("'", "''") + "'"

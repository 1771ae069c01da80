"""What is asked for in texts without a topic, compiled to SQL for DuckDB from the seeds of `asked`."""

from twohats.words.seeds import seeds

WITHOUT_TOPIC = """
    select 'Communication/' || id as resource, words from communications
    where words is not null and (starts_with(sender, 'Patient/') or starts_with(sender, 'RelatedPerson/'))
        and topic is null and category_text is null
    union all
    select 'contacts/' || contact_id, words from contacts
    where words is not null and topic is null and coalesce(direction, 'in') = 'in'"""
"""One row per text of a person's, or note of what they said, that no topic explains."""


def asked() -> str:
    """One row per text without a topic that tells what is asked for, with the act."""
    return f"-- one row per text without a topic that tells what is asked for\n{asked_in(WITHOUT_TOPIC)}"


def asked_in(texts: str) -> str:
    """A SELECT of resource and act over a SELECT of resource and words; texts that do not tell are left out."""
    arms = "\n        ".join(
        f"when regexp_matches(words, {_text(seed.pattern)})"
        + (f" and not regexp_matches(words, {_text(seed.unless)})" if seed.unless else "")
        + f" then '{seed.means}'"
        for seed in seeds("asked")
    )
    return f"""
select resource, act from (
    select resource, case
        {arms}
    end as act
    from (
        -- as words.seeds.asked_of reads them
        select resource, trim(regexp_replace(regexp_replace(strip_accents(lower(replace(words, '_', ' '))),
            '[’'']', '', 'g'), '\\s+', ' ', 'g')) as words
        from ({texts})
    )
) where act is not null"""


def _text(literal: str) -> str:
    return "'" + literal.replace("'", "''") + "'"

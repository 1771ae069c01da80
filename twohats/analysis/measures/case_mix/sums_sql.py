"""The sums for case mix as SQL for DuckDB: which surveys are adjusted, and by which items, stands in the words."""

from collections.abc import Iterable

from twohats.words.instruments import Instrument, instruments

from .columns import BOTH, FIRST, NUMBERS, ONE, PRODUCTS, SECOND, product_name

COMPARED = ("system", "site", "department")
"""The kinds of units that official composites are told of."""
HIGHEST = {"own_health": 5, "schooling": 6}
"""The codes of these items begin at 1."""


def adjusted_instruments() -> tuple[Instrument, ...]:
    """Those whose means are adjusted."""
    return tuple(one for one in instruments() if one.adjusters)


def case_mix_sums() -> str:
    """A SELECT over `form_answers`, `voices`, `surveys`, `people`, `units`, `above` and `site_zones`."""
    asked = adjusted_instruments()
    items = sorted({(one.survey, item) for one in asked for item in one.adjuster_items.values()})
    return f"""-- one row per instrument, official composite, kind of unit, unit, year and two items: sums of products
-- Both may be the same item. '' for both: the forms with any answer to the composite; '' for the composite too: every
-- form of the survey. Relatives who answer for themselves are not in it, nor forms of no known unit.
with answered as (
    select instrument, person, form, composite, item, answer
    from form_answers
    where not is_family and composite is not null and answer is not null and instrument in ({_listed(
        one.key for one in asked)})
),
forms as (
    select instrument, person, form, min(unit) as unit, max(said_at) as said_at,
        min(nullif(mode, '')) as mode, min(nullif(language, '')) as language,
        bool_or(view = 'representative') as is_proxy
    from form_answers
    where not is_family and instrument in ({_listed(one.key for one in asked)})
    group by instrument, person, form
),
about_them as (
    select voices.person, coalesce(nullif(surveys.response_id, ''), surveys.answer_id) as form,
        {_of_item("own_health", asked)},
        {_of_item("schooling", asked)}
    from voices join surveys on voices.voice = key('surveys|' || surveys.id)
    where voices.kind = 'answer' and (voices.survey, voices.item) in ({", ".join(
        f"('{survey}', '{item}')" for survey, item in items)})
    group by voices.person, form
),
told as (
    select forms.*, own_health, schooling,
        date_sub('year', try_cast(rpad(birth_date, 10, '-01-01') as date), said_at::date) as years,
        strftime(timezone(coalesce(site_zones.time_zone, 'UTC'), said_at), '%Y') as year
    from forms left join about_them using (person, form) left join people using (person)
        left join site_zones using (unit)
),
described as (
    select instrument, person, form, units.kind, units.unit, year,
        1 as one,
        if(years >= 18, least(7, (years + 5) // 10 - 1), 0) as age,
        coalesce(own_health, 0) as own_health,
        coalesce(schooling, 0) as schooling,
        is_proxy::int as proxy,
        coalesce((split_part(told.language, '-', 1) <> 'en')::int, 0) as other_language,
        coalesce((mode in ('phone', 'call', 'ivr', 'voice'))::int, 0) as by_phone,
        coalesce((mode in ('mail', 'paper', 'letter', 'post'))::int, 0) as on_paper,
        (years is null)::int as age_unknown,
        (own_health is null)::int as own_health_unknown,
        (schooling is null)::int as schooling_unknown,
        (told.language is null)::int as language_unknown,
        (mode is null)::int as mode_unknown
    from told join above using (unit) join units on units.unit = above.above_it
    where units.kind in ({_listed(COMPARED)})
),
pairs as (
    select instrument, person, form, '' as composite, '' as first, '' as second,
        0 as {FIRST}, 0 as {SECOND}
    from forms
    union all
    select distinct instrument, person, form, composite, '', '', 0, 0 from answered
    union all
    select instrument, person, form, composite, one.item, other.item, one.answer, other.answer
    from answered as one join answered as other using (instrument, person, form, composite)
    where one.item <= other.item
)
select instrument, composite, kind, unit, year, first, second,
    count(*) as forms,
    count(distinct person) as people,
    {_summed()}
from pairs join described using (instrument, person, form)
group by instrument, composite, kind, unit, year, first, second
"""


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _of_item(adjuster: str, asked: Iterable[Instrument]) -> str:
    """The code that the form's own item gave to an adjuster, where it is one of its codes."""
    items = sorted({(one.survey, one.adjuster_items[adjuster]) for one in asked if adjuster in one.adjuster_items})
    codes = _listed(str(code) for code in range(1, HIGHEST[adjuster] + 1))
    of_items = ", ".join(f"('{survey}', '{item}')" for survey, item in items)
    value = r"regexp_replace(trim(voices.value), '\.0+$', '')"
    return (f"max(try_cast({value} as int)) filter ((voices.survey, voices.item) in ({of_items})"
            f" and {value} in ({codes})) as {adjuster}")


def _summed() -> str:
    products = [(product_name(*pair), f"{pair[0]} * {pair[1]}") for pair in PRODUCTS if pair != (ONE, ONE)]
    crossed = [(product_name(answer, number), f"{answer} * {number}")
               for answer in (FIRST, SECOND) for number in NUMBERS]
    both = [(BOTH, f"{FIRST} * {SECOND}")]
    return ",\n    ".join(f"sum({term})::bigint as {name}" for name, term in (*products, *crossed, *both))

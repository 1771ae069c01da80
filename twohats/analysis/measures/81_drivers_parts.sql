-- one row per instrument, year, lot of people and two items: sums of products of points over complete forms
-- A form is complete on which the rating of the whole and every driver are answered. The item '' is 1 on each form:
-- with it come the number of forms and the sums of points. A lot is a 128th of all people, told by the key's highest
-- bits, so that lots mean nothing about people and each lies in one bucket where there are so many.
with complete as (
    select form_answers.person, form_answers.form, form_answers.instrument, form_answers.item, form_answers.points,
        driver_items.hat, form_answers.unit, form_answers.said_at
    from form_answers join driver_items using (instrument, item)
    where not is_family and points is not null
    qualify count(*) over (partition by form_answers.person, form, form_answers.instrument) = driver_items.items
),
forms as (
    select person, form, instrument, person >> 56 as lot,
        strftime(timezone(coalesce(any_value(site_zones.time_zone), 'UTC'), max(said_at)), '%Y') as year
    from complete left join site_zones using (unit)
    group by person, form, instrument
),
held as (
    select person, form, instrument, item, points, hat from complete
    union all
    select person, form, instrument, '', 1, '' from forms
)
select forms.instrument, forms.year, forms.lot, one.item as first, other.item as second, other.hat,
    count(*) as answers,
    count(distinct forms.person) as people,
    sum(one.points * other.points)::bigint as product
from forms
join held as one using (person, form, instrument)
join held as other on other.person = forms.person and other.form = forms.form and other.instrument = forms.instrument
    and other.item >= one.item
group by forms.instrument, forms.year, forms.lot, one.item, other.item, other.hat

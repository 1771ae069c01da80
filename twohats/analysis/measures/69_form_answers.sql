-- one row per filled-in form and item: the answer that counts, who gave it and how, with its points and box
-- Of two answers to one item on one form the later counts. Who is not known has no row: their answers lie apart from
-- each other.
select voices.person, voices.visit, voices.interaction, voices.unit, voices.said_at, voices.item, voices.about_hat, voices.moved_from, voices.view,
    voices.view = 'family' as is_family,
    lower(trim(voices.mode)) as mode, lower(trim(voices.language)) as language,
    coalesce(nullif(surveys.response_id, ''), surveys.answer_id) as form,
    answer_codes.* exclude (item)
from voices
join surveys on voices.voice = key('surveys|' || surveys.id)
join answer_codes on answer_codes.survey = voices.survey and answer_codes.item = voices.item
    and answer_codes.code = regexp_replace(lower(trim(voices.value)), '\.0+$', '')
    and strftime(voices.said_at, '%Y-%m-%d') between answer_codes.first_day and answer_codes.last_day
where voices.kind = 'answer' and voices.person is not null and voices.view in ('self', 'representative', 'family')
qualify row_number() over (
    partition by voices.person, form, instrument, voices.item order by voices.said_at desc, voices.voice) = 1

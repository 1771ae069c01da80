-- one row per message, contact or booking note that holds words of danger or of distress
-- The patterns lean to finding too much: a human looks, and nothing is refused for it. English and Spanish.
with words_said as (
    select 'Communication/' || id as resource, lower(words) as words from communications where words is not null
    union all
    select 'contacts/' || contact_id, lower(words) from contacts where words is not null
    union all
    select distinct on (id) 'Appointment/' || id, lower(concat_ws(' ', comment, description, reason_text)) from appointments
    where coalesce(comment, description, reason_text) is not null and is_current
),
marked as (
    select
        resource,
        regexp_matches(words, 'chest (pain|feels|is) ?(tight|pressure|pain)?|(hardly|can.?t|cannot|trouble|struggling to) breath|short of breath'
            || '|lot of blood|bleeding (a lot|heavily)|won.?t stop bleeding|(face|arm|side).{0,20}(numb|droop)|suicid|kill (myself|himself|herself)'
            || '|(not|don.?t) want to live|overdos|took too many|hurt(ing)? (myself|me|my child)|unconscious|passed out|seizure'
            || '|aprieta el pecho|dolor (de|en el) pecho|no puedo respirar|sangrando mucho|quiero vivir|suicid|matarme|me desmay'
        ) and not regexp_matches(words, '(no|without|denies) (chest pain|trouble breathing)') as red_flag,
        regexp_matches(words, '\bcry(ing)?\b|\bwe(ep|pt)|\bin tears\b|\bscared\b|terrified|panick|desperate|so worried|very worried|frightened'
            || '|\bllorando\b|asustad|desesperad|muy preocupad|miedo') as distress
    from words_said
)
select resource, red_flag, distress from marked where red_flag or distress

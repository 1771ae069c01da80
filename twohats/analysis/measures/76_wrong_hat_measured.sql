-- one row per contact and measure of the wrong hat: whether it was missed, of those judged, and whether it was left open
select if(hat = 'patient', 'wrong_hat_patient', 'wrong_hat_customer') as measure, interaction::varchar as thing, person, unit,
    happened_at, flagged as part, null::bigint as amount, null::varchar as ended
from wrong_hat where flagged is not null
union all
select if(hat = 'patient', 'wrong_hat_patient_open', 'wrong_hat_customer_open'), interaction::varchar, person, unit,
    happened_at, flagged is null, null, null
from wrong_hat

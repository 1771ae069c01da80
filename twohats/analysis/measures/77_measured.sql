-- one row per thing measured: when and where, whether it came about (shares), how much (means, times), how it ended, and who paid then
with each as (
    select * from bookings_measured
    union all by name select * from forms_measured
    union all by name select * from opinions_measured
    union all by name select * from calls_measured
    union all by name select * from visits_measured
    union all by name select * from continuity_measured
    union all by name select * from answers_measured
    union all by name select * from time_felt_measured
    union all by name select * from burden_measured
    union all by name select * from wrong_hat_measured
    union all by name select * from received_measured
)
select each.*, coalesce(payers.payer, 'unknown') as payer
from each
asof left join payers on payers.person = each.person and each.happened_at >= payers.since

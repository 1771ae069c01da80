-- one row per interaction whose kind is hidden, with the label that hides it
with labelled as (
    select interaction, unnest(from_json(security, '[{"code":"VARCHAR"}]')).code as label from situations
    where security is not null
)
select interaction,
    coalesce(
        min(label) filter (label in ('ETH', 'ETHUD', 'SUD', 'OPIOIDUD', 'PSY', 'MH', 'PSYTHPN', 'HIV', 'SDV', 'SEX', 'SICKLE', 'STD',
            'SPI', 'GDIS', 'DIA', 'BH', 'VIO', 'IPV', 'ABUSE', 'PREGNANT', 'REPRODUCTIVE', 'DVD', 'CHILD')),
        min(label)
    ) as sensitive
from labelled
where label not in ('N', 'L', 'U', 'M', 'HTEST')
group by interaction

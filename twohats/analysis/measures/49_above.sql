-- one row per unit and unit above it, itself included: where what happened in a unit counts too
with recursive above as (
    select unit, unit as above_it from units
    union
    select above.unit, coalesce(units.merged_into, units.parent)
    from above join units on units.unit = above.above_it
    where coalesce(units.merged_into, units.parent) is not null
)
select unit, above_it from above

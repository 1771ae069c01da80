-- one row per dealing outside a visit: scheduling, portal, messages, calls, money, medicines, loose ends and errands
-- What a death made impossible, a visit or a medicine picked up, was missed by nobody.
with every_dealing as (
    select * from scheduling
    union all by name select * from portal
    union all by name select * from messages
    union all by name select * from calls
    union all by name select * from money
    union all by name select * from medicines
    union all by name select * from loose_ends
    union all by name select * from errands
)
select every_dealing.* from every_dealing
left join people on people.person = every_dealing.person
where not coalesce(every_dealing.act in ('miss', 'not_picked_up')
    and every_dealing.started_at + if(every_dealing.act = 'miss', interval 0 day, interval 14 day) > people.deceased_at, false)

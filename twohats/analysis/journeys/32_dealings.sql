-- one row per dealing outside a visit: scheduling, portal, messages, calls, money, medicines and loose ends
select * from scheduling
union all by name select * from portal
union all by name select * from messages
union all by name select * from calls
union all by name select * from money
union all by name select * from medicines
union all by name select * from loose_ends

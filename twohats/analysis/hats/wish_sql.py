"""What was wanted, as SQL for DuckDB: the same numbers and patterns as `twohats.words.perspectives.wish`."""

from collections.abc import Iterable

from twohats.words.perspectives import Move, booking_moves, reason_moves, wish_numbers


def wishes() -> str:
    """A SELECT over `decided`, `own_words` and `bookings`: one row per interaction, with what was wanted.

    A word said before a visit is about the care in it; it says nothing about the desk or the bill.
    """
    numbers = wish_numbers()
    return f"""-- one row per interaction, with what was wanted: time, speed, or not known
with known as (
    select
        decided.interaction,
        case when decided.usual_hat <> 'customer' then own_words.own_word end as own_word,
        least(1000, greatest(0, decided.raised_stakes
            + {_moved("decided.reason_text", reason_moves())}
            + {_moved("bookings.booking", booking_moves())})) as by_rule
    from decided
    left join own_words on own_words.visit = decided.visit
    left join bookings on bookings.visit = decided.visit
)
select
    interaction,
    case
        when own_word = 'time' then 'time'
        when own_word = 'quick' then 'speed'
        when by_rule >= {numbers.time_from} then 'time'
        when by_rule <= {numbers.speed_to} then 'speed'
    end as wanted,
    if(own_word is null, 'rule', 'own_word') as wanted_from,
    case own_word
        when 'time' then {numbers.own_word_time} when 'quick' then {numbers.own_word_quick} else by_rule
    end as time_wanted
from known
"""


def _moved(column: str, moves: Iterable[Move]) -> str:
    words = f"lower(coalesce({column}, ''))"
    parts = " + ".join(f"if(regexp_matches({words}, '{_quoted(move.pattern)}'), {move.moves}, 0)" for move in moves)
    return f"({parts or '0'})"


def _quoted(pattern: str) -> str:
    return pattern.replace("'", "''")

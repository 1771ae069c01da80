"""The stages of a bucket, in order: from landed rows to interactions with hats, voices and partial sums.

Each SQL file is one SELECT over the tables made before it; its first line is its grain. A Python stage takes the
tables it names as Arrow and gives an Arrow table.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import duckdb
import pyarrow as pa

from twohats.analysis.hats.codebook_sql import decisions
from twohats.analysis.hats.wish_sql import wishes
from twohats.analysis.journeys.asked_sql import asked
from twohats.analysis.journeys.urgent_words_sql import urgent_words
from twohats.analysis.measures.case_mix.sums_sql import case_mix_sums
from twohats.analysis.voices.read_comments import read_clauses
from twohats.store.engine import arrow, keep

IN_ORDER: tuple[str, ...] = (
    "journeys/10_people.sql",
    "journeys/11_statuses.sql",
    "journeys/12_stays.sql",
    "journeys/13_attendances.sql",
    "journeys/13_class_changes.sql",
    "journeys/14_visit_encounters.sql",
    "journeys/15_visit_frames.sql",
    "journeys/16_readings.sql",
    "journeys/17_visit_events.sql",
    "journeys/18_marks.sql",
    "journeys/19_pieces.sql",
    "journeys/20_piece_facts.sql",
    "journeys/21_landmarks.sql",
    "journeys/22_piece_acts.sql",
    "journeys/23_segments.sql",
    "journeys/24_urgent_words",
    "journeys/24_asked",
    "journeys/25_scheduling.sql",
    "journeys/26_portal.sql",
    "journeys/27_messages.sql",
    "journeys/28_calls.sql",
    "journeys/29_money.sql",
    "journeys/30_home_medicines.sql",
    "journeys/30_medicines.sql",
    "journeys/31_results.sql",
    "journeys/31_loose_ends.sql",
    "journeys/31_errands.sql",
    "journeys/32_dealings.sql",
    "journeys/33_visits.sql",
    "journeys/34_addresses.sql",
    "journeys/35_stops.sql",
    "journeys/36_payers.sql",
    "hats/50_situations.sql",
    "hats/51_decided",
    "hats/52_own_words.sql",
    "hats/53_bookings.sql",
    "hats/54_wishes",
    "hats/55_given.sql",
    "hats/56_sensitivities.sql",
    "hats/57_interactions.sql",
    "voices/40_voices.sql",
    "voices/41_texts.sql",
    "voices/42_read_clauses",
    "voices/43_clauses.sql",
    "measures/50_totals_parts.sql",
    "measures/51_follows_parts.sql",
    "measures/52_turns_parts.sql",
    "measures/53_variants_parts.sql",
    "measures/54_ties_parts.sql",
    "measures/55_coverage_parts.sql",
    "measures/56_rules_used_parts.sql",
    "measures/57_agreement_parts.sql",
    "measures/58_heard_parts.sql",
    "measures/59_drift_parts.sql",
    "measures/60_reach_parts.sql",
    "measures/61_desk.sql",
    "measures/69_form_answers.sql",
    "measures/70_forms_measured.sql",
    "measures/70_opinions_measured.sql",
    "measures/71_bookings_measured.sql",
    "measures/72_calls_measured.sql",
    "measures/73_visits_measured.sql",
    "measures/74_continuity_measured.sql",
    "measures/75_answers_measured.sql",
    "measures/75_time_felt_measured.sql",
    "measures/76_burden_measured.sql",
    "measures/76_wrong_hat.sql",
    "measures/76_wrong_hat_measured.sql",
    "measures/76_received.sql",
    "measures/76_received_measured.sql",
    "measures/76_leavers.sql",
    "measures/76_served.sql",
    "measures/77_measured.sql",
    "measures/78_measures_parts.sql",
    "measures/79_spreads_parts.sql",
    "measures/80_asked_parts.sql",
    "measures/81_composites_parts.sql",
    "measures/81_case_mix_parts",
    "measures/82_answered_how_parts.sql",
    "measures/82_said_so_parts.sql",
    "measures/81_drivers_parts.sql",
    "findings/83_discharged.sql",
    "findings/83_result_to_follow.sql",
    "findings/83_told_to_book.sql",
    "findings/83_medicine_to_fetch.sql",
    "findings/83_result_to_open.sql",
    "findings/83_called_three_times.sql",
    "findings/84_hand_offs.sql",
    "measures/82_measured_in_cuts.sql",
    "measures/83_cuts_parts.sql",
    "measures/84_cut_spreads_parts.sql",
)
"""Room/file.sql, in the order they run. Without .sql: compiled from the words data (COMPILED), or Python (PYTHON)."""

COMPILED: dict[str, Callable[[], str]] = {
    "journeys/24_urgent_words": urgent_words,
    "journeys/24_asked": asked,
    "hats/51_decided": lambda: decisions("situations"),
    "hats/54_wishes": wishes,
    "measures/81_case_mix_parts": case_mix_sums,
}
"""The stages whose SELECT is made from data in `words` or `care`."""


@dataclass(frozen=True)
class Stage:
    """One step: the table it makes, and how."""

    table: str
    sql: str | None = None
    python: Callable[..., pa.Table] | None = None
    takes: tuple[str, ...] = ()
    """For Python stages: the tables handed to it, in order."""


PYTHON: dict[str, Stage] = {
    "voices/42_read_clauses": Stage("read_clauses", python=read_clauses, takes=("texts", "staff_names")),
}
"""The stages where SQL is the wrong tool: text."""


@cache
def stages() -> tuple[Stage, ...]:
    """All stages, in order."""
    return tuple(PYTHON.get(path) or _compiled(path) or sql_stage(path) for path in IN_ORDER)


BEFORE_SUMS = ("form_answers", "measured_in_cuts")
"""Tables between those of a release and the partial sums: made from a release's own rows as well."""


def stages_of_sums(sums: Container[str]) -> list[Stage]:
    """The stages that make these partial sums from the tables of a release, in order."""
    return [stage for stage in stages() if stage.table in sums or stage.table in BEFORE_SUMS]


def _compiled(path: str) -> Stage | None:
    return Stage(table_of(path), sql=COMPILED[path]()) if path in COMPILED else None


def sql_stage(path: str) -> Stage:
    """The stage of a SQL file such as 'journeys/10_people.sql': it makes the table `people`."""
    sql = files("twohats.analysis").joinpath(path).read_text("utf-8")
    return Stage(table_of(path), sql=sql)


def run_stage(connection: duckdb.DuckDBPyConnection, stage: Stage) -> None:
    """Makes the stage's table."""
    if stage.sql is not None:
        connection.execute(f'CREATE OR REPLACE TEMP TABLE "{stage.table}" AS {stage.sql}')
    elif stage.python is not None:
        keep(connection, stage.table, stage.python(*(arrow(connection, f"FROM {name}") for name in stage.takes)))


def table_of(path: str) -> str:
    """The table a stage's file makes: its name without room and number."""
    name = path.rsplit("/", 1)[-1].removesuffix(".sql")
    number, _, rest = name.partition("_")
    return rest if number.isdigit() else name

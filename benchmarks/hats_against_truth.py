"""How often the hat is right: the analysis against the demo hospital's own truth, at four levels of evidence.

    python -m benchmarks.hats_against_truth [--people N] [--seed S] [--noise] [--write]

The truth is read here and nowhere else. Shares are of minutes of visits that were decided (hat not unknown), with
n and a 95 % interval over people. --noise draws the curve as the records get worse; --write puts all of it into
docs/facts/how-often-the-hat-is-right.md.
"""

import argparse
import csv
import json
import math
import tempfile
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from benchmarks.hats_page import page_of, picture_of
from twohats.analysis.build import build_lines
from twohats.demo.plan import NO_ERRORS, Plan
from twohats.demo.writing import write_demo

LEVELS = {"full": (95, 5), "no_zones": (90, 10), "no_history": (90, 10), "period_only": (75, 40)}
"""Level of evidence → at least so many percent of decided minutes right, at most so many undecided."""
CUTS = ("language", "age_band", "portal", "class_code")
NOISE = (0, 1, 2, 4, 6)
"""Times the usual errors in the records."""
PAGE = Path(__file__).resolve().parent.parent / "docs" / "facts" / "how-often-the-hat-is-right.md"


@dataclass(frozen=True)
class Share:
    """A share of minutes with its interval, over so many people and minutes."""

    share: float
    low: float
    high: float
    people: int
    minutes: float
    undecided: float


def hospital(folder: Path, people: int, seed: int, times: float = 1) -> Path:
    """A demo hospital with so many times the usual errors in its records."""
    plan = Plan(as_of=date(2026, 11, 20), people=people, seed=seed)
    errors = {name: min(0.9, getattr(plan, name) * times) for name in NO_ERRORS}
    write_demo(replace(plan, **errors), folder, 1)
    return folder


def built(folder: Path, evidence: str) -> dict[str, pa.Table]:
    """The released tables, built from the hospital's files (never from truth/)."""
    lines = [line for path in sorted(folder.glob("**/fhir/*.ndjson")) for line in path.read_bytes().splitlines()]
    feeds: dict[str, list[dict[str, str]]] = {}
    for path in sorted(folder.glob("**/csv/*.csv")):
        with path.open(encoding="utf-8", newline="") as rows:
            feeds.setdefault(path.stem, []).extend(csv.DictReader(rows))
    return build_lines(lines, feeds, evidence)


def compared(folder: Path, tables: dict[str, pa.Table]) -> duckdb.DuckDBPyConnection:
    """A connection with table `lived`: one row per minutes of a visit in which both truth and answer stand still."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    for name in ("interactions", "visits", "people"):
        connection.register(name, tables[name])
    for name in ("segments", "interactions"):
        connection.execute(
            f"CREATE TABLE true_{name} AS SELECT *, start::TIMESTAMPTZ AS began,"
            f' try_cast("end" AS TIMESTAMPTZ) AS finished'
            f" FROM read_csv('{folder}/truth/{name}.csv', all_varchar = true)"
        )
    connection.execute("""
        CREATE TABLE lived AS
        WITH known AS (SELECT max(greatest(began, finished)) AS until FROM true_segments)
        SELECT truth.person, truth.hat AS truly, answer.hat, answer.confidence, answer.p_patient, answer.rule,
            truth.language, truth.age_band, truth.portal, visits.class_code,
            date_diff('second', greatest(truth.began, answer.started_at),
                least(coalesce(truth.finished, known.until), coalesce(answer.ended_at, known.until))) / 60 AS minutes
        FROM true_segments AS truth
        CROSS JOIN known
        JOIN people ON people.patient_id = truth.person
        JOIN interactions AS answer ON answer.person = people.person AND answer.kind = 'segment'
            AND answer.started_at < coalesce(truth.finished, known.until)
            AND coalesce(answer.ended_at, known.until) > truth.began
        JOIN visits ON visits.visit = answer.visit
    """)
    return connection


def right_share(connection: duckdb.DuckDBPyConnection, only: str = "true") -> Share:
    """The share of decided minutes whose hat is the true one; a ratio over people, who are independent."""
    people = connection.execute(f"""
        SELECT sum(minutes) FILTER (hat <> 'unknown'), sum(minutes) FILTER (hat = truly), sum(minutes)
        FROM lived WHERE {only} GROUP BY person ORDER BY person
    """).fetchall()
    decided = sum(one[0] or 0 for one in people)
    right = sum(one[1] or 0 for one in people)
    everything = sum(one[2] or 0 for one in people)
    if not decided:
        return Share(math.nan, math.nan, math.nan, len(people), everything, 1.0)
    share = right / decided
    spread = sum(((one[1] or 0) - share * (one[0] or 0)) ** 2 for one in people)
    wide = 1.96 * math.sqrt(spread * len(people) / max(1, len(people) - 1)) / decided
    return Share(
        share, max(0.0, share - wide), min(1.0, share + wide), len(people), everything, 1 - decided / everything
    )


Bins = list[tuple[float, float, float, float]]
"""Lower edge, minutes, what was said on average, what was so."""


def calibration(connection: duckdb.DuckDBPyConnection) -> tuple[float, Bins]:
    """The expected calibration error of the probability of the patient's hat, and its ten bins.

    A stretch that truly is both counts half; time away has no hat and is left out.
    """
    bins = connection.execute("""
        WITH weighed AS (
            SELECT p_patient, minutes,
                CASE truly WHEN 'patient' THEN 1.0 WHEN 'mixed' THEN 0.5 ELSE 0.0 END AS truth
            FROM lived WHERE hat NOT IN ('unknown', 'none') AND truly <> 'none' AND minutes > 0
        )
        SELECT least(9, floor(p_patient * 10)) / 10 AS edge, sum(minutes),
            sum(p_patient * minutes) / sum(minutes), sum(truth * minutes) / sum(minutes)
        FROM weighed GROUP BY 1 ORDER BY 1
    """).fetchall()
    total = sum(one[1] for one in bins)
    return sum(one[1] * abs(one[2] - one[3]) for one in bins) / total, bins


def by_confidence(connection: duckdb.DuckDBPyConnection) -> Bins:
    """Minutes by confidence, and how many of them were right."""
    return connection.execute("""
        SELECT least(9, floor(confidence * 10)) / 10 AS edge, sum(minutes),
            sum(confidence * minutes) / sum(minutes), coalesce(sum(minutes) FILTER (hat = truly), 0) / sum(minutes)
        FROM lived WHERE hat <> 'unknown' AND minutes > 0 GROUP BY 1 ORDER BY 1
    """).fetchall()


def outside_visits(connection: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """Dealings outside visits: how many there truly were, how many we found, and how many have the true hat."""
    row = connection.execute("""
        WITH answers AS (
            SELECT truth.resource, truth.act, truth.hat AS truly, answer.hat
            FROM true_interactions AS truth
            LEFT JOIN interactions AS answer
                ON answer.kind = 'contact' AND answer.resource = truth.resource AND answer.act = truth.act
            QUALIFY row_number() OVER (PARTITION BY truth.resource, truth.act, truth.began
                ORDER BY abs(epoch(answer.started_at) - epoch(truth.began))) = 1
        )
        SELECT count(*), count(hat), count(*) FILTER (hat = truly), count(*) FILTER (hat = 'unknown') FROM answers
    """).fetchone()
    return dict(zip(("n", "found", "right", "unknown"), row or (0, 0, 0, 0), strict=True))


def by_cut(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, Share]]:
    """The share for every value of every cut."""
    rows = []
    for cut in CUTS:
        values = connection.execute(f"SELECT DISTINCT {cut} FROM lived WHERE {cut} IS NOT NULL ORDER BY 1").fetchall()
        rows += [(cut, value, right_share(connection, f"{cut} = '{value}'")) for (value,) in values]
    return rows


def measured(people: int, seed: int, with_noise: bool) -> dict[str, Any]:
    """Everything that the page tells."""
    told: dict[str, Any] = {"people": people, "seed": seed, "levels": {}, "noise": []}
    with tempfile.TemporaryDirectory() as scratch:
        folder = hospital(Path(scratch) / "usual", people, seed)
        for level in LEVELS:
            connection = compared(folder, built(folder, level))
            told["levels"][level] = {"share": right_share(connection), "calibration": calibration(connection)}
            if level == "full":
                told["confidence"] = by_confidence(connection)
                told["cuts"], told["outside"] = by_cut(connection), outside_visits(connection)
            print(
                level, told["levels"][level]["share"], f"ECE {told['levels'][level]['calibration'][0]:.3f}", flush=True
            )
        for times in NOISE if with_noise else ():
            noisy = hospital(Path(scratch) / f"noise-{times}", max(100, people // 3), seed, times)
            told["noise"].append((times, right_share(compared(noisy, built(noisy, "full")))))
            print(f"{times} x the usual errors", told["noise"][-1][1], flush=True)
    return told


def main() -> None:
    """Prints the figures; with --write also the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=600)
    parser.add_argument("--seed", type=int, default=20261120)
    parser.add_argument("--noise", action="store_true")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    told = measured(args.people, args.seed, args.noise or args.write)
    if args.write:
        PAGE.write_text(page_of(told, LEVELS), encoding="utf-8")
        PAGE.with_suffix(".svg").write_text(picture_of(told), encoding="utf-8")
    print(json.dumps({"outside_visits": told["outside"]}))


if __name__ == "__main__":
    main()

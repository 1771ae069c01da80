"""Writes a whole demo hospital: the standing lines, then person after person, in one or several processes."""

import json
import multiprocessing
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from twohats.demo.hospital import Hospital
from twohats.demo.openings import opening_lines
from twohats.demo.paper import FILES, LATER, Paper
from twohats.demo.plan import Plan
from twohats.demo.standing import standing_lines
from twohats.demo.story import tell

CHUNK = 100
"""People written at a time: all that is ever held in memory."""
_PLANTED = (
    "over_engaged_rate",
    "hurried_rate",
    "unhappy_tilt",
    "over_engaged_points",
    "hurried_points",
    "leaving",
    "over_engaged_leaving",
    "hurried_leaving",
    "understanding",
    "unhappy_understanding",
    "over_engaged_understanding",
)

Written = list[tuple[str, bytes]]
_hospital: Hospital | None = None


def write_demo(plan: Plan, out: Path, workers: int = 1) -> dict[str, object]:
    """Writes the demo hospital of that plan into `out`. Gives counts of lines by file."""
    out.mkdir(parents=True, exist_ok=True)
    counts: dict[str, int] = {}
    with Paper(out) as paper:
        for written in _everything(plan, workers):
            paper.write(written)
            for name, lines in written:
                counts[name] = counts.get(name, 0) + lines.count(b"\n")
    for delivery in (out, out / LATER):
        told = {"made_by": "twohats demo", **plan.as_record()}
        (delivery / "demo.json").write_text(json.dumps(told, indent=1) + "\n")
    planted = {name: getattr(plan, name) for name in _PLANTED}
    (out / "truth" / "planted.json").write_text(json.dumps(planted, indent=1) + "\n")
    return {"out": str(out), "people": plan.people, "lines": dict(sorted(counts.items()))}


def _everything(plan: Plan, workers: int) -> Iterator[Written]:
    hospital = Hospital(plan)
    for name, rows in chain(standing_lines(hospital), opening_lines(hospital)):
        yield _as_bytes({name: rows})
    chunks = [(first, min(first + CHUNK, plan.people)) for first in range(0, plan.people, CHUNK)]
    yield from _told(plan, chunks, workers)


def _told(plan: Plan, chunks: Iterable[tuple[int, int]], workers: int) -> Iterator[Written]:
    """Chunk after chunk in order, whoever wrote it: the bytes do not depend on the number of workers."""
    if workers <= 1:
        _begin(plan)
        yield from map(_tell_chunk, chunks)
        return
    context = multiprocessing.get_context("spawn")
    with context.Pool(workers, initializer=_begin, initargs=(plan,)) as pool:
        yield from pool.imap(_tell_chunk, chunks)


def _begin(plan: Plan) -> None:
    global _hospital
    _hospital = Hospital(plan)


def _tell_chunk(chunk: tuple[int, int]) -> Written:
    assert _hospital is not None  # noqa: S101 - set by _begin in every process
    lines: dict[str, list[str]] = {name: [] for name in FILES}
    for index in range(*chunk):
        tell(_hospital, index, lines)
    return _as_bytes(lines)


def _as_bytes(lines: dict[str, list[str]]) -> Written:
    return [(name, ("\n".join(rows) + "\n").encode()) for name, rows in lines.items() if rows]

"""Takes blocks of NDJSON to rows aside: in this process, or dealt to several.

Every worker writes Parquet files of its own into the landing; nothing of them can be seen before the one rename. Which
worker took a block shows nowhere: order is told by each row's arrival.
"""

import multiprocessing
import queue
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from twohats.store.home import Home
from twohats.store.landings_aside import BY_NAME, Aside

from .collecting import without_collector
from .fhir.alike import Forms
from .fhir.judge import Judged, Refusal, judge
from .fhir.rows import Taking
from .fhir.rows import rows_of as fhir_rows
from .lines import Block
from .reasons import sentence

FLUSH = 16 * 1024 * 1024
"""Bytes of lines held before they are written as one row group."""
Rows = tuple[str, pa.Table, list[Refusal]]


@dataclass
class Tally:
    """What a file held, added up as it is read."""

    read: int = 0
    blank: int = 0
    refused: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    drift: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, judged: Judged) -> None:
        """Adds what a run of lines held; what it refused is added by `write_refused`."""
        self.read += judged.read
        self.blank += judged.blank
        self._add_drift(judged.drift)

    def add_tally(self, other: "Tally") -> None:
        """Adds what another worker counted."""
        self.read += other.read
        self.blank += other.blank
        self.refused += other.refused
        self.reasons.update(other.reasons)
        self._add_drift(other.drift)

    def _add_drift(self, drift: dict[tuple[str, str], int]) -> None:
        for key, line in drift.items():
            self.drift[key] = min(line, self.drift.get(key, line))


def fhir_rows_of(judged: Judged, taking: Taking) -> list[Rows]:
    """The rows to land and the lines refused for their values, table by table."""
    return [(name, *fhir_rows(BY_NAME[name], rows, taking)) for name, rows in judged.rows.items() if len(rows)]


def write(aside: Aside, judged: Judged, rows: list[Rows], tally: Tally) -> None:
    """Puts what a run of lines held into the landing."""
    refused = list(judged.refused)
    for table, landed, forbidden in rows:
        aside.add(table, landed)
        refused += forbidden
    tally.add(judged)
    write_refused(aside, tally, [one.__dict__ for one in refused])


def write_refused(aside: Aside, tally: Tally, refused: list[dict[str, Any]]) -> None:
    """Puts refused lines into the landing's quarantine."""
    aside.add_refused([
        {
            "table": one["table"], "line": one["line"], "offset_bytes": one["offset_bytes"],
            "reason_code": one["code"], "field": one["field"],
            "reason": sentence(one["code"], one["field"]), "raw": one["raw"],
        }
        for one in refused
    ])
    tally.refused += len(refused)
    tally.reasons.update(one["code"] for one in refused)


def take_blocks(blocks: Iterable[Block], aside: Aside, taking: Taking) -> Tally:
    """Judges every line of the blocks and writes what becomes of it."""
    tally, judged, held, forms = Tally(), Judged(), 0, Forms()
    for block in blocks:
        held += len(block.text)
        for run in forms.take(block, judged):
            judge(run, judged)
            if judged.is_long:
                write(aside, judged, fhir_rows_of(judged, taking), tally)
                judged, held = Judged(), 0
        if held > FLUSH:
            write(aside, judged, fhir_rows_of(judged, taking), tally)
            judged, held = Judged(), 0
    write(aside, judged, fhir_rows_of(judged, taking), tally)
    return tally


def take_blocks_by(
    workers: int, blocks: Iterable[Block], aside: Aside, taking: Taking, told: Callable[[int], None],
    plain: Path | None = None,
) -> Tally:
    """The same by several processes, this one among them: it takes what the others have no time for.

    Where the blocks lie plain in a file, the others read them there. One that fails or dies ends all, with its error;
    `told` hears line numbers.
    """
    context = multiprocessing.get_context("spawn")
    inbox: Any = context.Queue(2 * (workers - 1))
    outbox: Any = context.Queue()
    share = (inbox, outbox, plain, aside.home.path, aside.name)
    crew = [
        context.Process(target=_work, args=(*share, str(number), taking), daemon=True)
        for number in range(1, workers)
    ]
    for one in crew:
        one.start()
    try:
        tally = take_blocks(_left_over(blocks, inbox, plain, crew, outbox, told), aside, taking)
        for _ in crew:
            _tell_the_end(inbox, crew, outbox)
        for _ in crew:
            tally.add_tally(_heard(outbox, crew))
        return tally
    finally:
        for one in crew:
            one.terminate()
            one.join()
        inbox.cancel_join_thread()


def _left_over(
    blocks: Iterable[Block], inbox: Any, plain: Path | None, crew: list[Any], outbox: Any, told: Callable[[int], None]
) -> Iterator[Block]:
    """Hands blocks to the others, and yields those for which there was no room."""
    for block in blocks:
        _all_well(crew, outbox)
        told(block.number)
        try:
            inbox.put_nowait((block.number, block.offset, len(block.text)) if plain else block)
        except queue.Full:
            yield block


def _tell_the_end(inbox: Any, crew: list[Any], outbox: Any) -> None:
    """Puts the sign that no more will come."""
    while True:
        _all_well(crew, outbox)
        try:
            inbox.put(None, timeout=1)
            return
        except queue.Full:
            continue


def _heard(outbox: Any, crew: list[Any]) -> Tally:
    while True:
        try:
            said = outbox.get(timeout=1)
        except queue.Empty:
            _all_well(crew, outbox)
            continue
        if isinstance(said, BaseException):
            raise said
        tally: Tally = said
        return tally


def _all_well(crew: list[Any], outbox: Any) -> None:
    """Raises where a worker has failed, with what it said where it could still say it."""
    if any(one.exitcode not in (None, 0) for one in crew):
        try:
            said = outbox.get(timeout=1)
        except queue.Empty:
            said = None
        raise said if isinstance(said, BaseException) else ChildProcessError(
            "a process of this intake was ended from outside; nothing was landed. Run the same command again."
        )


def _handed_over(inbox: Any, plain: Path | None) -> Iterator[Block]:
    with plain.open("rb") if plain else nullcontext() as file:
        for handed in iter(inbox.get, None):
            if file is None:
                yield handed
                continue
            number, offset, length = handed
            file.seek(offset)
            text = file.read(length)
            if len(text) < length:
                raise OSError(f"the file was cut off at byte {offset + len(text)} while it was read")
            yield Block(number, offset, text)


def _work(
    inbox: Any, outbox: Any, plain: Path | None, home: Path, name: str, writer: str, taking: Taking
) -> None:
    aside = Aside(Home(home), name, writer)
    try:
        with without_collector():
            tally = take_blocks(_handed_over(inbox, plain), aside, taking)
        aside.close_all()
        outbox.put(tally)
    except BaseException as failed:
        outbox.put(failed)
        raise

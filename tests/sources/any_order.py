"""Law 1 of intake: whatever the order, split and repetition of some lines, they leave the same current state.

A story is all that is ever told of one person: versions, deletions and revivals, conflicts, versions without number or
instant. Many stories are shuffled into the files of one home; what each leaves there is compared with what `foretold`
says from the lines alone. Only where the promises name arrival does it look at the order: of two contents of one
version the first stays, and of versions that nothing else tells apart the last is current.
A deletion without an instant is dated by what is known when it arrives; it has a test of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import orjson

from tests.sources.drawing import NOW, deletion, patient
from twohats.sources.commands.intake import take_in
from twohats.store.home import Home
from twohats.store.landings import landings, versions_sql

STORIES_A_HOME = 50
FIRST_DAY = datetime(2026, 2, 1, 8, tzinfo=UTC)
WRITTEN_IN = (UTC, timezone(timedelta(hours=-5)), timezone(timedelta(hours=9, minutes=30)))
COLUMNS = "id, version_id, updated_at, deleted, raw, is_current"


@dataclass(frozen=True)
class Told:
    """One line of a story. `turned`: the same content, its keys in another order."""

    person: str
    version: str | None = None
    day: int | None = None
    zone: timezone = UTC
    content: int = 0
    deleted: bool = False
    turned: bool = False

    @property
    def at(self) -> datetime | None:
        return None if self.day is None else FIRST_DAY + timedelta(days=self.day)

    @property
    def line(self) -> bytes:
        written = self.at.astimezone(self.zone).isoformat() if self.at else None
        if self.deleted:
            return deletion(self.person, written)
        line = patient(self.person, self.version, written, active=True, multipleBirthInteger=self.content)
        return orjson.dumps(dict(reversed(orjson.loads(line).items()))) if self.turned else line


Row = tuple[str, str | None, datetime | None, bool, int | None, bool]
"""person, version, instant, deleted, content, whether it is current"""


def story(chance: Random, person: str) -> list[Told]:
    """What is told of a person: each line at least once, some again, in no order."""
    versions = chance.sample(range(1, 15), chance.randint(1, 4))
    told = [
        Told(person, str(number), chance.choice([None, *range(6)]), chance.choice(WRITTEN_IN), content)
        for content, number in enumerate(versions)
    ]
    if chance.random() < 0.4:
        told.append(replace(chance.choice(told), content=90))
    told += [Told(person, day=day, deleted=True) for day in chance.sample(range(6), chance.choice([0, 0, 1, 2]))]
    told += [Told(person, day=chance.choice([None, 3]), content=80 + n) for n in range(chance.choice([0, 0, 1, 2]))]
    again = [replace(one, turned=one.version is not None and chance.random() < 0.5)
             for one in chance.choices(told, k=chance.randint(0, 4))]
    return chance.sample([*told, *again], len(told) + len(again))


def foretold(arrived: list[Told]) -> list[Row]:
    """The rows that a story leaves, from its lines in the order of their arrival."""
    kept: dict[object, Told] = {}
    for one in arrived:
        kept.setdefault(("version", one.version) if one.version else (one.day, one.content, one.deleted), one)
    ordered = list(kept.values())
    current = max(ordered, key=lambda one: (one.at or datetime.min.replace(tzinfo=UTC), one.deleted,
                                            int(one.version or 0), ordered.index(one)))
    return sorted((row_of(one, one is current) for one in ordered), key=repr)


def row_of(one: Told, current: bool) -> Row:
    return one.person, one.version, one.at, one.deleted, None if one.deleted else one.content, current


def conflicts_in(arrived: list[Told]) -> int:
    """How many lines tell another content for a version than the one that came first."""
    first: dict[str, int] = {}
    return sum(first.setdefault(one.version, one.content) != one.content for one in arrived if one.version)


def files_of(chance: Random, stories: list[list[Told]]) -> list[list[Told]]:
    """All lines of all stories in one order, cut into files anywhere."""
    order = [one for told in stories for one in told]
    chance.shuffle(order)
    cuts = sorted(chance.sample(range(1, len(order)), chance.randint(0, 4)))
    return [order[start:end] for start, end in zip([0, *cuts], [*cuts, len(order)], strict=True)]


def differing(chance: Random, folder: Path, examples: int = STORIES_A_HOME) -> Iterator[str]:
    """Delivers that many stories to a new home and names those that did not leave what is foretold."""
    files = files_of(chance, [story(chance, f"p{number}") for number in range(examples)])
    home = Home(folder / "home")
    reports = list(_delivered(chance, home, folder, files))
    arrived = [one for file in files for one in file]
    of_person: dict[str, list[Told]] = {}
    for one in arrived:
        of_person.setdefault(one.person, []).append(one)
    left = _left_in(home)
    for person, told in of_person.items():
        if left.pop(person, []) != (expected := foretold(told)):
            yield f"{[one.line for one in told]} did not leave {expected}"
    yield from (f"{person} was never told of" for person in left)
    counted = sum(report["read"] for report in reports), sum(report["quarantined"] for report in reports)
    if counted != (len(arrived), sum(map(conflicts_in, of_person.values()))):
        yield f"{len(arrived)} lines were delivered, (read, quarantined) are {counted}"
    if any({"version_conflict"} < set(landing.report["reasons"]) for landing in landings(home)):
        yield "a line was quarantined for something else than a conflict"


def _delivered(chance: Random, home: Home, folder: Path, files: list[list[Told]]) -> Iterator[dict[str, Any]]:
    """Takes the files in, one or several at a time, some of them a second time under another name."""
    source = folder / "in"
    source.mkdir()
    waiting = []
    for number, told in enumerate(files):
        path = source / f"{number}.ndjson"
        path.write_bytes(b"".join(one.line + b"\n" for one in told))
        waiting.append(path)
        if chance.random() < 0.2:
            again = source / f"{number}-again.ndjson"
            again.write_bytes(path.read_bytes())
            waiting.append(again)
        if chance.random() < 0.7 or number == len(files) - 1:
            yield take_in(home, waiting, now=NOW)
            waiting = []


def _left_in(home: Home) -> dict[str, list[Row]]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        rows = connection.sql(f"SELECT {COLUMNS} FROM ({versions_sql(home, 'patients')})").to_arrow_table().to_pylist()
    left: dict[str, list[Row]] = {}
    for row in rows:
        content = None if row["deleted"] else orjson.loads(row["raw"])["multipleBirthInteger"]
        left.setdefault(row["id"], []).append(
            (row["id"], row["version_id"], row["updated_at"], row["deleted"], content, row["is_current"])
        )
    return {person: sorted(found, key=repr) for person, found in left.items()}

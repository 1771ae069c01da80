"""Small demo hospitals for tests, each written once a run."""

import atexit
import csv
import tempfile
from collections.abc import Iterator
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from twohats.demo.paper import LATER
from twohats.demo.plan import Plan
from twohats.demo.writing import write_demo

AS_OF = date(2026, 11, 20)
_folder = tempfile.TemporaryDirectory(prefix="twohats-demo-")
atexit.register(_folder.cleanup)


@cache
def demo(people: int = 1000, seed: int = 1, **asked: float) -> Path:
    """The folder of a demo hospital as of 20 November 2026."""
    name = "-".join(f"{key}{value}" for key, value in {"p": people, "s": seed, **asked}.items())
    out = Path(_folder.name) / sha256(name.encode()).hexdigest()
    write_demo(Plan(as_of=AS_OF, people=people, seed=seed, **asked), out)
    return out


def resources(out: Path, kind: str) -> Iterator[dict[str, Any]]:
    """Every line of a FHIR type, of the first delivery and then of the later one."""
    for path in deliveries(out, f"fhir/{kind}.ndjson"):
        with path.open("rb") as lines:
            yield from map(orjson.loads, lines)


def rows(out: Path, feed: str) -> list[dict[str, str]]:
    """Every row of csv/... (of both deliveries, each once) or of truth/...."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for path in deliveries(out, f"{feed}.csv"):
        with path.open(newline="", encoding="utf-8") as lines:
            for number, row in enumerate(csv.DictReader(lines)):
                found[(str(number), path.name) if feed.startswith("truth") else tuple(row.values())] = row
    return list(found.values())


def deliveries(out: Path, name: str) -> list[Path]:
    """The file of that name in the first delivery, and in the later one where it is there."""
    return [path for path in (out / name, out / LATER / name) if path.is_file()]

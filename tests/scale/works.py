"""The works whose memory is measured; each runs in a process of its own and tells what it did as JSON."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tests.scale.measuring import peak
from tests.unit.release_files import built
from twohats.demo.plan import Plan
from twohats.demo.writing import write_demo
from twohats.sources.commands.intake import take_in
from twohats.store import buckets, engine
from twohats.store.home import Home

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PARTS = ("read", "accepted", "superseded", "unchanged", "quarantined", "blank")


def intake(home: str, file: str) -> dict[str, Any]:
    result = take_in(Home(home), [Path(file)], now=NOW)
    return {"counts": [result[part] for part in PARTS], "reasons": result["files"][0]["reasons"]}


def build(home: str, people_a_bucket: str, memory: str) -> dict[str, Any]:
    """With smaller buckets and less memory for the engine than in earnest."""
    buckets.PEOPLE_A_BUCKET = int(people_a_bucket)
    engine.connect.__defaults__ = (1, memory, None)
    manifest = built(Home(home)).manifest
    return {"buckets": manifest["buckets"], "hashes": manifest["hashes"]}


def demo(folder: str, people: str) -> dict[str, Any]:
    write_demo(Plan(as_of=date(2026, 2, 28), people=int(people)), Path(folder))
    return {}


WORKS: dict[str, Callable[..., dict[str, Any]]] = {"intake": intake, "build": build, "demo": demo}

if __name__ == "__main__":
    print(json.dumps(WORKS[sys.argv[1]](*sys.argv[2:]) | {"peak": peak()}))  # noqa: T201

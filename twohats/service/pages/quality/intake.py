"""What intake wrote down about each file: its report, and the lines it set aside."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from twohats.service.pages.quality import reasons
from twohats.store.home import Home
from twohats.store.landings import Landing, landings, settled_rows

COUNTS = ("read", "accepted", "superseded", "unchanged", "quarantined", "blank")
MOST_LINES = 200
PLACE_AND_REASON = ["table", "line", "offset_bytes", "reason_code", "field"]


@dataclass(frozen=True)
class Report:
    """The report of one file. `balanced`: every line read is accounted for."""

    landing: str
    name: str
    kind: str
    counts: dict[str, int]
    drift: tuple[dict[str, Any], ...]
    reasons: dict[str, int]
    tables: frozenset[str]
    settled: int
    ended: datetime | None

    @property
    def holds(self) -> Any:
        """What the file holds, in the reader's words."""
        return reasons.holds(self.kind)

    @property
    def balanced(self) -> bool:
        """read = accepted + superseded + unchanged + quarantined + blank."""
        return self.counts["read"] == sum(self.counts[name] for name in COUNTS[1:])


def reports(home: Home) -> list[Report]:
    """The report of every file taken in, the newest first. Read again only when a landing has come."""
    return list(_reports(home, home.landings.stat().st_mtime_ns)) if home.landings.is_dir() else []


@lru_cache(maxsize=2)
def _reports(home: Home, changed_at: int) -> tuple[Report, ...]:
    known = landings(home)
    return tuple(_report(one, known) for one in reversed(known))


def one(home: Home, landing: str) -> Report | None:
    """The report of one landing; None when there is none."""
    return next((told for told in reports(home) if told.landing == landing), None)


def _report(landing: Landing, known: list[Landing]) -> Report:
    said = landing.report
    return Report(
        landing=landing.name, name=Path(str(said.get("file", ""))).name or landing.name, kind=str(said["kind"]),
        counts={name: int(said.get(name, 0)) for name in COUNTS}, drift=tuple(said.get("drift", ())),
        reasons=dict(said.get("reasons", {})), tables=frozenset(said.get("tables", ())),
        settled=len(settled_rows(landing, known)), ended=_instant(said.get("ended")))


def _instant(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def lines_set_aside(home: Home, landing: str, with_content: bool) -> list[dict[str, Any]]:
    """The first 200 lines set aside: where, why, and what they hold only `with_content`."""
    lines: list[dict[str, Any]] = []
    columns = [*PLACE_AND_REASON, *(["raw"] if with_content else [])]
    for path in next((one.files("quarantine") for one in landings(home) if one.name == landing), []):
        for batch in pq.ParquetFile(path).iter_batches(batch_size=MOST_LINES, columns=columns):
            lines += batch.to_pylist()
            if len(lines) >= MOST_LINES:
                break
    return [_line(line) for line in lines[:MOST_LINES]]


def _line(line: dict[str, Any]) -> dict[str, Any]:
    content = line.get("raw") or b""
    text = content.decode("utf-8", "backslashreplace") if isinstance(content, bytes) else content
    return {"table": line["table"], "line": line["line"], "offset": line["offset_bytes"], "field": line["field"],
            "says": reasons.says(line["reason_code"]), "content": text[:4000]}

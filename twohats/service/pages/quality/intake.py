"""What intake wrote down about each file: its report, and the lines it set aside."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from twohats.store.home import Home

COUNTS = ("read", "accepted", "superseded", "unchanged", "quarantined", "blank")
MOST_LINES = 200


@dataclass(frozen=True)
class Report:
    """The report of one file. `balanced`: every line read is accounted for."""

    landing: str
    name: str
    kind: str
    counts: dict[str, int]
    drift: tuple[dict[str, Any], ...]
    reasons: dict[str, int]
    ended: datetime | None

    @property
    def balanced(self) -> bool:
        """read = accepted + superseded + unchanged + quarantined + blank."""
        return self.counts["read"] == sum(self.counts[name] for name in COUNTS[1:])


def reports(home: Home) -> list[Report]:
    """The report of every file taken in, the newest first."""
    found = [report(path) for path in home.landings.glob("*/report.json")]
    return sorted(found, key=lambda told: (told.ended.timestamp() if told.ended else 0, told.name, told.landing),
                  reverse=True)


def report(path: Path) -> Report:
    """One report as intake wrote it."""
    said = json.loads(path.read_text())
    return Report(
        landing=path.parent.name, name=Path(str(said.get("name", ""))).name, kind=str(said.get("kind", "")),
        counts={name: int(said.get(name, 0)) for name in COUNTS},
        drift=tuple(one for one in said.get("drift", ()) if isinstance(one, dict)),
        reasons={str(reason): int(count) for reason, count in (said.get("reasons") or {}).items()},
        ended=_instant(said.get("ended") or said.get("ended_at")))


def _instant(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def one(home: Home, landing: str) -> Report | None:
    """The report of one landing; None when there is none."""
    path = home.landings / landing / "report.json"
    return report(path) if landing.isalnum() and path.exists() else None


def lines_set_aside(home: Home, landing: str, with_content: bool) -> list[dict[str, Any]]:
    """The first 200 lines set aside: where, why, and what they hold only `with_content`."""
    path = home.landings / landing / "quarantine.parquet"
    if not path.exists():
        return []
    file = pq.ParquetFile(path)
    wanted = [name for name in ("table", "type", "line", "offset_bytes", "reason_code", "reason")
              if name in file.schema_arrow.names]
    raw = next((name for name in ("raw", "content", "text") if name in file.schema_arrow.names), None)
    if with_content and raw:
        wanted.append(raw)
    lines: list[dict[str, Any]] = []
    for batch in file.iter_batches(batch_size=MOST_LINES, columns=wanted):
        lines += batch.to_pylist()
        if len(lines) >= MOST_LINES:
            break
    return [_line(line, raw if with_content else None) for line in lines[:MOST_LINES]]


def _line(line: dict[str, Any], raw: str | None) -> dict[str, Any]:
    content = line.get(raw) if raw else None
    if isinstance(content, bytes):
        content = content.decode("utf-8", "backslashreplace")
    return {"table": line.get("table") or line.get("type") or "", "line": line.get("line"),
            "offset": line.get("offset_bytes"), "code": line.get("reason_code") or "",
            "reason": line.get("reason") or "", "content": (content or "")[:4000]}

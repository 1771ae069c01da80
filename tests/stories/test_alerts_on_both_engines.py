"""Several workers at once, on SQLite and on PostgreSQL: each alert opened once, passed up once, each mail sent once."""

import json
import os
import socket
import subprocess
import sys
from contextlib import nullcontext

import pytest

from tests.conftest import REPOSITORY
from tests.security.postgresql import cluster
from tests.stories.alerts_at_work import MANY


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_workers_at_once_open_pass_up_and_send_each_once(engine, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    mail = {"TWOHATS_MAIL_HOST": "127.0.0.1", "TWOHATS_MAIL_PORT": str(port), "TWOHATS_MAIL_SECURITY": "none",
            "TWOHATS_MAIL_FROM": "twohats@hospital.example"}
    with cluster() if engine == "postgresql" else nullcontext("") as address:
        done = subprocess.run([sys.executable, "-m", "tests.stories.alerts_at_work", str(tmp_path), str(port)],
                              cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=120,
                              env={**os.environ, **mail, "TWOHATS_DATABASE_URL": address})
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout) == {
        "engine": engine, "opened": MANY + 1, "alerts": MANY + 1, "again": 0, "taken on by one": True,
        "escalated": MANY, "while down": 0, "sent": 3, "waiting": 0, "fault": None,
        "left": [["carla@hospital.example", "An urgent comment waits"],
                 ["carla@hospital.example", "Urgent comments wait"],
                 ["frank@hospital.example", "Urgent comments wait"]],
        "events": {"escalated": MANY, "opened": MANY + 1, "took on": 1}}

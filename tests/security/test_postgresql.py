"""The same records on PostgreSQL: tables made, audit insert-only, many writers at once, tampering named."""

import json
import os
import subprocess
import sys

from tests.conftest import REPOSITORY
from tests.security.postgresql import cluster


def test_records_and_audit_hold_on_postgresql(tmp_path):
    with cluster() as address:
        done = subprocess.run([sys.executable, "-m", "tests.security.on_postgresql", str(tmp_path)], cwd=REPOSITORY,
                              capture_output=True, text=True, check=False, timeout=120,
                              env={**os.environ, "TWOHATS_DATABASE_URL": address})
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout) == {
        "engine": "postgresql", "steps": ["records.0001_the_records", "records.0002_insert_only",
                                          "records.0003_hidden_kinds", "records.0004_alerts_and_mail",
                                          "records.0005_praise", "records.0006_clause_readings",
                                          "records.0007_messages_to_people", "records.0008_alerts_that_end_late",
                                          "records.0009_marks_on_measures", "records.0010_live_events",
                                          "records.0011_asking", "records.0012_served_looked_at",
                                          "records.0013_hand_offs", "records.0014_strategies_and_reports"],
        "again": [],
        "read": {"orders": [1, 2, 3], "lines": ["patient", "customer"], "second_by_the_first": True, "mixed": True},
        "line": 2**62 + 1, "waiting": 0, "refused": [True, True, True, True], "events": 106, "sealed": 106,
        "fault": None, "named": True}

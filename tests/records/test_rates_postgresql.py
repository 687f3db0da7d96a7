"""The statement behind the rates is one for both databases: the recount is repeated on a real PostgreSQL, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import PostgreSQL

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.servers
def test_the_report_equals_a_recount_on_postgresql(postgresql: PostgreSQL) -> None:
    asked = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/records/test_rates_recount.py"]
    done = subprocess.run(
        asked, cwd=ROOT, env=os.environ | postgresql.environment, capture_output=True, text=True, timeout=150, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert "12 passed" in done.stdout

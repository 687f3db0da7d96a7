"""What every database keeps: the tests of the catalogue, which run on SQLite by themselves, all of them again on a real PostgreSQL."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import PostgreSQL

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.servers
@pytest.mark.timeout(600)
def test_the_catalogue_holds_on_postgresql(postgresql: PostgreSQL, tmp_path: Path) -> None:
    # an own folder: pytest tidies the common one while this run is in it
    asked = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--basetemp={tmp_path / 'own'}", "tests/records"]
    asked += ["--ignore=tests/records/test_acts_random.py"]  # minutes of acts at random, about rows and not about the database
    environment = os.environ | postgresql.database("contract").environment
    done = subprocess.run(asked, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed[1]) > 250

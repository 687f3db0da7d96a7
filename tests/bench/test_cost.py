"""What the bench says a command costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench.cost import measured

BUSY = "import time; end = time.process_time() + 0.4\nwhile time.process_time() < end: pass"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BUSY!r}], check=True)"
LARGE = "import time; held = bytearray(b'x' * 80_000_000); time.sleep(0.5)"


def test_processor_time_of_grandchildren_counts(tmp_path: Path) -> None:
    cost = measured([sys.executable, "-c", PARENT], tmp_path)
    assert 0.4 <= cost.cpu < 3
    assert cost.seconds >= 0.4


def test_waiting_costs_no_processor_time(tmp_path: Path) -> None:
    cost = measured(["sleep", "0.5"], tmp_path)
    assert cost.cpu < 0.1
    assert cost.seconds >= 0.5


def test_memory_is_that_of_the_highest_moment(tmp_path: Path) -> None:
    assert 80_000_000 < measured([sys.executable, "-c", LARGE], tmp_path).memory < 200_000_000


def test_a_command_that_fails_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        measured(["false"], tmp_path)

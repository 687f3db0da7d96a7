"""What a command costs, taken from outside: wall time, processor time and memory of it and all its descendants.

Processor time is user and system time of every process of the command that ended and was waited for (getrusage(2),
RUSAGE_CHILDREN), so no other child may end meanwhile. Memory is the highest sum of proportional set sizes, so that shared pages
count once.
"""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_SAMPLING = 0.1  # seconds between two looks at the memory


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one command."""

    seconds: float  # wall
    cpu: float  # seconds of processor time, user and system, all processes
    memory: int  # bytes at the highest


def measured(command: Sequence[str], work: Path) -> Cost:
    """Run a command in a folder, where its output goes into log.txt. CalledProcessError when it fails."""
    highest = 0
    done = threading.Event()
    before, started = _cpu_of_children(), time.perf_counter()
    with (work / "log.txt").open("wb") as log:
        child = subprocess.Popen(command, cwd=work, stdout=log, stderr=log, env={**os.environ, "OMP_THREAD_LIMIT": "1"})

        def watch() -> None:
            nonlocal highest
            while not done.wait(_SAMPLING):
                highest = max(highest, sum(map(_memory, _family(child.pid))))

        watcher = threading.Thread(target=watch)
        watcher.start()
        status = child.wait()
    seconds = time.perf_counter() - started
    done.set()
    watcher.join()
    if status:
        raise subprocess.CalledProcessError(status, command, (work / "log.txt").read_bytes())
    return Cost(seconds, _cpu_of_children() - before, highest)


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _family(process: int) -> list[int]:
    """A process and all that descend from it."""
    family = [process]
    for one in family:
        for children in Path("/proc", str(one), "task").glob("*/children"):
            family += map(int, _content(children).split())
    return family


def _memory(process: int) -> int:
    """Proportional set size in bytes; 0 when the process is gone."""
    for line in _content(Path("/proc", str(process), "smaps_rollup")).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _content(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii")
    except OSError:  # the process has ended
        return ""

"""The way of a scan, timed from outside: `python -m bench.way [--drops N] [--pages N]`.

How long from a dropped file to its note and its first search hit, with a settling time of 2 s; and how much memory a worker and how
much temporary space the archive takes for one large colour scan. Real processes, driven through the `sohoa` command.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from samples import files, presets, registers
from samples.cast import assemble
from samples.dossiers import Dossier
from samples.papers import paper
from samples.scanner import scan

SOHOA = Path(sys.executable).with_name("sohoa")
SETTLE_SECONDS = 2.0


@dataclass
class Peak:
    """The most that was seen, in bytes."""

    worker: int = 0
    reader: int = 0  # the bounded child that parses the file
    scratch: int = 0


def environment(home: Path, **settings: str) -> dict[str, str]:
    quick = {"SOHOA_WATCH__SETTLE_SECONDS": str(SETTLE_SECONDS), "SOHOA_HOME": str(home), "SOHOA_LOG__LEVEL": "error"}
    return {**os.environ, **quick, **settings}


def sohoa(home: Path, *arguments: str) -> str:
    done = subprocess.run([str(SOHOA), *arguments], env=environment(home), capture_output=True, text=True, check=True)
    return done.stdout


def archive(home: Path, dossiers: tuple[Dossier, ...]) -> None:
    """An archive with its registers loaded."""
    registers.write(home / "registers", dossiers)
    names = {"--offices": "offices.csv", "--procedures": "procedures.json", "--dossiers": "dossiers.csv"}
    sohoa(home, "load", *(part for option, name in names.items() for part in (option, str(home / "registers" / name))))


@contextmanager
def running(home: Path, **settings: str) -> Iterator[int]:
    """`sohoa run`, until the block ends; gives its process id."""
    process = subprocess.Popen([str(SOHOA), "run"], env=environment(home, **settings), stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def latency(dossiers: tuple[Dossier, ...], home: Path) -> tuple[list[float], list[float]]:
    """Seconds from the file being complete to its note, and to its first search hit; a drop of each dossier, one after the other."""
    archive(home, dossiers)
    noted, found = [], []
    with running(home):
        time.sleep(8)  # workers up, engines loaded by nobody yet
        for number, dossier in enumerate(dossiers):
            page = scan(paper(dossier, "TP1")[0].image, presets.WORN, number)
            office = dossier.number.split("-")[0]
            folder = home / "inbox" / office
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{dossier.number}__TP1.pdf").write_bytes(files.pdf([page]))
            begun = time.monotonic()
            note = folder / "_ket-qua" / f"{dossier.number}__TP1.pdf.txt"
            while not (note.is_file() and "đã gắn vào" in note.read_text(encoding="utf-8")):
                time.sleep(0.02)
                assert time.monotonic() - begun < 60, "no note within a minute"
            noted.append(time.monotonic() - begun)
            assert dossier.number in sohoa(home, "search", dossier.number), "not searchable when noted"
            found.append(time.monotonic() - begun)
    return noted, found


def memory(dossier: Dossier, pages: int, home: Path) -> tuple[Peak, float, int]:
    """Peaks while one worker reads a colour scan at 300 dpi; seconds; bytes of the scan."""
    archive(home, (dossier,))
    drawn = [one for component in ("TP1", "TP2", "KQ") for one in paper(dossier, component)]
    scans = [scan(drawn[n % len(drawn)].image, presets.GOOD, n) for n in range(min(pages, 24))]
    office = dossier.number.split("-")[0]
    folder = home / "inbox" / office
    folder.mkdir(parents=True)
    large = folder / f"{dossier.number}.pdf"
    large.write_bytes(files.pdf([scans[n % len(scans)] for n in range(pages)]))
    size, peak, begun = large.stat().st_size, Peak(), time.monotonic()
    command = [str(SOHOA), "run", "--once"]
    process = subprocess.Popen(command, env=environment(home, SOHOA_QUEUE__PROCESSES="1"), stdout=subprocess.DEVNULL)
    while process.poll() is None:
        _look(process.pid, home, peak)
        time.sleep(0.2)
    assert process.returncode == 0
    return peak, time.monotonic() - begun, size


def _look(pid: int, home: Path, peak: Peak) -> None:
    for child in _children(pid):
        peak.worker = max(peak.worker, _high_water(child))
        for grandchild in _children(child):
            peak.reader = max(peak.reader, _high_water(grandchild))
    peak.scratch = max(peak.scratch, sum(_own_bytes(path) for part in ("work", "store/work") for path in (home / part).rglob("*")))


def _own_bytes(path: Path) -> int:
    """Bytes that would be free again if the file went: a second name of the original takes none."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return 0
    return status.st_size if status.st_nlink == 1 and path.is_file() else 0


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]
    except OSError:
        return []


def _high_water(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drops", type=int, default=6)
    parser.add_argument("--pages", type=int, default=200)
    asked = parser.parse_args()
    dossiers = assemble(np.random.default_rng(1), date(2025, 11, 3)).vinh_loc[: asked.drops]
    homes = [Path(tempfile.mkdtemp(prefix="sohoa-bench-")) for _ in range(2)]
    try:
        noted, found = latency(dossiers, homes[0])
        print(f"\n## From drop to note ({len(noted)} single-page scans, settling time {SETTLE_SECONDS:.0f} s)\n")
        print("| | median s | max s | limit s |\n|---|---|---|---|")
        print(f"| note says attached | {statistics.median(noted):.1f} | {max(noted):.1f} | 8 |")
        print(f"| found by `sohoa search` (its own start included) | {statistics.median(found):.1f} | {max(found):.1f} | |")
        peak, seconds, size = memory(dossiers[0], asked.pages, homes[1])
        print(
            f"\n## One worker on a {asked.pages}-page colour PDF at 300 dpi ({size / 1e6:.0f} MB, {seconds / asked.pages:.2f} s a page)\n"
        )
        print("| | peak MB | limit MB |\n|---|---|---|")
        print(f"| worker | {peak.worker / 1e6:.0f} | 500 |")
        print(f"| its child that parses the file | {peak.reader / 1e6:.0f} | |")
        print(f"| temporary space (work folder, readings on the way) | {peak.scratch / 1e6:.0f} | 200 |")
    finally:
        for home in homes:
            shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()

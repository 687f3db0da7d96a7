"""The readers that are compared, each a command line: this product, OCRmyPDF 17 and Tesseract by itself.

OCRmyPDF is installed, pinned by `requirements.txt`, into an environment of its own. What a run costs is taken from outside:
wall time, and the highest sum of the memory of all its processes (proportional set size, so that shared pages count once).
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / ".tools" / "bench-venv"
_SAMPLING = 0.1  # seconds between two looks at the memory


@dataclass(frozen=True, slots=True)
class Input:
    """The same pages as each reader wants them."""

    pdf: Path
    images: tuple[Path, ...]  # one a page, for what reads no PDF; empty where there are none
    layered: bool = False  # some pages carry the text layer of an earlier reading, which has to be made anew


@dataclass(frozen=True, slots=True)
class Run:
    """What one reader made of one input, and what it cost."""

    texts: list[str]  # one a page
    seconds: float  # wall
    memory: int  # bytes at the highest
    size: int  # bytes of the PDF it wrote, 0 where it writes none


@dataclass(frozen=True, slots=True)
class Reader:
    """A program under measurement."""

    name: str
    run: Callable[[Input, Path], Run]


def readers(jobs: int) -> list[Reader]:
    """The product first."""
    product, peer = str(Path(sys.executable).with_name("sohoa")), str(PEERS / "bin" / "ocrmypdf")

    def run_product(given: Input, work: Path) -> Run:
        return _searchable([product, "ocr", str(given.pdf), "out.pdf", "--sidecar", "out.txt", "--jobs", str(jobs)], work)

    def run_peer(given: Input, work: Path) -> Run:
        flags = ["-l", "vie", "--deskew", "--rotate-pages", "--jobs", str(jobs), "--sidecar", "out.txt"]
        flags += ["--force-ocr"] if given.layered else []
        return _searchable([peer, *flags, str(given.pdf), "out.pdf"], work)

    return [
        Reader("Sohoa", run_product),
        Reader(f"OCRmyPDF {_peer_version()}", run_peer),
        Reader("Tesseract CLI, one core", run_tesseract),
    ]


def run_tesseract(given: Input, work: Path) -> Run:
    """Tesseract on the page images, one after the other."""
    (work / "pages.txt").write_text("\n".join(map(str, given.images)), encoding="utf-8")
    seconds, memory = measured(["tesseract", "pages.txt", "out", "-l", "vie"], work)
    return Run(_pages(work / "out.txt"), seconds, memory, 0)


def install_peers() -> None:
    """Make the environment of the peers where it is missing. CalledProcessError when that fails."""
    if not (PEERS / "bin" / "ocrmypdf").exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
        requirements = str(ROOT / "bench" / "requirements.txt")
        subprocess.run([str(PEERS / "bin" / "python"), "-m", "pip", "install", "--quiet", "-r", requirements], check=True)


def measured(command: Sequence[str], work: Path) -> tuple[float, int]:
    """Run a command in a folder; wall seconds and the highest memory of it and its descendants. CalledProcessError when it fails."""
    highest = 0
    done = threading.Event()
    started = time.perf_counter()
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
    return seconds, highest


def _searchable(command: Sequence[str], work: Path) -> Run:
    seconds, memory = measured(command, work)
    return Run(_pages(work / "out.txt"), seconds, memory, (work / "out.pdf").stat().st_size)


def _pages(text: Path) -> list[str]:
    return text.read_text(encoding="utf-8").split("\f")


def _peer_version() -> str:
    found = subprocess.run([str(PEERS / "bin" / "ocrmypdf"), "--version"], capture_output=True, text=True, check=True)
    return found.stdout.strip()


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

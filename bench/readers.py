"""The readers that are compared, each a command line: this product, OCRmyPDF 17 and Tesseract by itself.

OCRmyPDF is installed, pinned by `requirements.txt`, into an environment of its own.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from bench.cost import Cost, measured

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / ".tools" / "bench-venv"


@dataclass(frozen=True, slots=True)
class Input:
    """The same pages as each reader wants them."""

    pdf: Path
    images: tuple[Path, ...]  # one a page, for what reads no PDF
    layered: bool = False  # some pages carry the text layer of an earlier reading, which has to be made anew


@dataclass(frozen=True, slots=True)
class Run:
    """What one reader made of one input, and what it cost."""

    texts: list[str]  # one a page
    cost: Cost
    size: int  # bytes of the PDF it wrote, 0 where it writes none


class Role(Enum):
    """Whose figures they are."""

    OURS = "ours"
    PEER = "peer"
    ENGINE = "engine"  # the recogniser alone


@dataclass(frozen=True, slots=True)
class Reader:
    """A program under measurement."""

    role: Role
    name: str
    run: Callable[[Input, Path], Run]


def readers(jobs: int) -> tuple[Reader, ...]:
    """The product first; `jobs`: processes that each may use."""
    product, peer = str(Path(sys.executable).with_name("sohoa")), str(PEERS / "bin" / "ocrmypdf")

    def run_product(given: Input, work: Path) -> Run:
        return _searchable([product, "ocr", str(given.pdf), "out.pdf", "--sidecar", "out.txt", "--jobs", str(jobs)], work)

    def run_peer(given: Input, work: Path) -> Run:
        flags = ["-l", "vie", "--deskew", "--rotate-pages", "--jobs", str(jobs), "--sidecar", "out.txt"]
        flags += ["--force-ocr"] if given.layered else []
        return _searchable([peer, *flags, str(given.pdf), "out.pdf"], work)

    return (
        Reader(Role.OURS, "Sohoa", run_product),
        Reader(Role.PEER, f"OCRmyPDF {_peer_version()}", run_peer),
        Reader(Role.ENGINE, "Tesseract CLI, one core", run_tesseract),
    )


def run_tesseract(given: Input, work: Path) -> Run:
    """Tesseract on the page images, one after the other."""
    (work / "pages.txt").write_text("\n".join(map(str, given.images)), encoding="utf-8")
    cost = measured(["tesseract", "pages.txt", "out", "-l", "vie"], work)
    return Run(_pages(work), cost, 0)


def install_peers() -> None:
    """Make the environment of the peers where it is missing. CalledProcessError when that fails."""
    if not (PEERS / "bin" / "ocrmypdf").exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
        requirements = str(ROOT / "bench" / "requirements.txt")
        subprocess.run([str(PEERS / "bin" / "python"), "-m", "pip", "install", "--quiet", "-r", requirements], check=True)


def _searchable(command: list[str], work: Path) -> Run:
    cost = measured(command, work)
    return Run(_pages(work), cost, (work / "out.pdf").stat().st_size)


def _pages(work: Path) -> list[str]:
    return (work / "out.txt").read_text(encoding="utf-8").split("\f")


def _peer_version() -> str:
    found = subprocess.run([str(PEERS / "bin" / "ocrmypdf"), "--version"], capture_output=True, text=True, check=True)
    return found.stdout.strip()

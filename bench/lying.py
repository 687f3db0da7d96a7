"""How well slant and quarter turn are found: generated pages in every preset and turn, and real scans where they are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import cv2

from bench import stages
from bench.corpus import Known, known_pages
from bench.sets import dense, form, sparse
from pipeline.model import SourcePage
from samples import presets
from samples.drawing import DrawnPage
from samples.scanner import scan

DRAWN = {"dense": dense, "forms": form, "receipts": sparse}
TURNS = (0, 90, 180, 270)


@dataclass(frozen=True, slots=True)
class Laid:
    """A generated page on the glass."""

    kind: str  # of `DRAWN`
    preset: presets.Preset
    seed: int
    turn: int
    angle: float | None = None  # degrees; None: as the scanner draws it

    def __str__(self) -> str:
        return f"{self.kind}-{self.preset.name}-{self.seed}-turn{self.turn}" + ("" if self.angle is None else "-straight")


@dataclass(frozen=True, slots=True)
class Found:
    """A page, how it lies and how it was taken to lie. Angles in degrees, counter-clockwise positive, once it stands upright."""

    name: str
    group: str
    turn: int
    found_turn: int
    angle: float | None  # None is not known
    found_angle: float  # 0 where it was left as it is
    tolerance: float  # degrees, how well `angle` is known
    cpu: float  # seconds it took to find out

    @property
    def error(self) -> float:
        """Degrees off; only where the angle is known and the turn was right."""
        assert self.angle is not None
        return abs(self.found_angle - self.angle)


def laid_pages(seeds: int) -> list[Laid]:
    """Every kind, preset and turn, `seeds` times; pages that share a drawing stand together."""
    return [Laid(kind, preset, seed, turn) for kind in DRAWN for seed in range(seeds) for preset in presets.ALL for turn in TURNS]


def straight_pages(seeds: int) -> list[Laid]:
    """Every kind and preset, not slanted at all."""
    return [Laid(kind, preset, seed, 0, 0.0) for kind in DRAWN for seed in range(seeds) for preset in presets.ALL]


def real_pages() -> list[Known]:
    """Real scans of which slant or turn is known."""
    pages = known_pages("skew", "orient", "vi_docs", "dossier")
    return [page for page in pages if (page.slant is not None or page.turn is not None) and not page.blank]


@lru_cache(maxsize=3)
def _drawn(kind: str, seed: int) -> DrawnPage:
    return DRAWN[kind](seed)


def source_of(page: Laid) -> tuple[SourcePage, float]:
    """The scan, and its true angle. Every second page has a printed back that shines through."""
    behind = _drawn(page.kind, 1000 + page.seed).image if page.seed % 2 else None
    made = scan(
        _drawn(page.kind, page.seed).image, page.preset, page.seed * 4 + page.turn // 90, turn=page.turn, angle=page.angle, behind=behind
    )
    return SourcePage(1, made.pixels, float(made.dpi), bitonal=False), made.angle


def find(page: Laid, save: Path | None = None) -> Found:
    """How a generated page is taken to lie; where that is wrong, its picture goes into the folder `save`."""
    source, angle = source_of(page)
    group = f"{page.kind}, {page.preset.name}"
    return _kept(source, _found(source, str(page), group, page.turn, angle, 0.1), save)


def find_real(page: Known, save: Path | None = None) -> Found:
    """The same of a real scan."""
    source = page.scanned()
    return _kept(source, _found(source, f"{page.file} {page.page}", "real", page.turn or 0, page.slant, page.tolerance), save)


def _found(source: SourcePage, name: str, group: str, turn: int, angle: float | None, tolerance: float) -> Found:
    stood = stages.stood(source)
    return Found(name, group, turn, stood.rotation, angle, stood.angle or 0.0, tolerance, stood.cpu)


def _kept(source: SourcePage, found: Found, save: Path | None) -> Found:
    wrong = found.turn != found.found_turn or (found.angle is not None and found.error > max(0.2, found.tolerance))
    if wrong and save is not None:
        label = f"{found.name.replace('/', '_')}-as-{found.found_turn}-by-{found.found_angle:.2f}-is-{found.angle}.png"
        cv2.imwrite(str(save / label), source.pixels)
    return found


def page_seconds() -> Iterator[tuple[float, float]]:
    """Processor seconds of the whole way of a page, and of making it upright, for one dense page and one form a preset."""
    for preset in presets.ALL:
        for kind in ("dense", "forms"):
            source, _ = source_of(Laid(kind, preset, 0, 0))
            yield stages.cpu_of(partial(stages.read, source)), stages.stood(source).cpu

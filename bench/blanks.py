"""Empty backs that have to be taken for blank, and sheets with next to nothing on them that must not be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from bench import stages
from bench.corpus import Known, known_pages
from bench.sets import dense, form
from pipeline.model import Pixels, SourcePage
from samples import marks, presets
from samples.drawing import A4_HEIGHT, A4_WIDTH, DrawnPage, Sheet, Type, px
from samples.scanner import scan

_PENCIL = (125, 125, 130)
_TINTS = ((250, 225, 225), (225, 240, 228), (252, 244, 205), (228, 234, 248))
_CERTIFICATE = 5  # the number of `form` that is one: seal, tinted ground
_NOTES = ("đã nhận đủ", "trả ngày 12/3", "thiếu bản sao", "gọi lại cho dân", "xem tờ sau")


def shine_through(_: np.random.Generator) -> Sheet:
    return Sheet()


def punch_holes(random: np.random.Generator) -> Sheet:
    """Two or four holes of 6 mm, 80 mm apart (ISO 838), at one of the long edges; the lid behind them is dark."""
    sheet = Sheet()
    x = 12.0 if random.random() < 0.5 else A4_WIDTH - 12
    middle, grey = A4_HEIGHT / 2 + random.uniform(-4, 4), int(random.integers(30, 150))
    for y in (-120, -40, 40, 120)[:: 1 if random.random() < 0.3 else 3]:
        spot = middle + (y if abs(y) < 100 else y / 3)
        sheet.pen.ellipse((px(x - 3), px(spot - 3), px(x + 3), px(spot + 3)), fill=(grey,) * 3)
    return sheet


def dirt(random: np.random.Generator) -> Sheet:
    """Forty specks of up to 1 mm."""
    sheet = Sheet()
    for x, y, size in random.uniform((0, 0, 0.1), (A4_WIDTH, A4_HEIGHT, 1.0), (40, 3)).tolist():
        sheet.pen.ellipse((px(x), px(y), px(x + size), px(y + size)), fill=(90, 85, 80))
    return sheet


def tinted(random: np.random.Generator) -> Sheet:
    return Sheet(_TINTS[int(random.integers(len(_TINTS)))])


def only_seal(random: np.random.Generator) -> Sheet:
    sheet = Sheet()
    sheet.overlay(marks.seal("Ủy ban nhân dân xã An Phước", random), float(random.uniform(20, 150)), float(random.uniform(20, 240)))
    return sheet


def only_signature(random: np.random.Generator) -> Sheet:
    sheet = Sheet()
    sheet.overlay(marks.signature(random), float(random.uniform(20, 140)), float(random.uniform(20, 250)))
    return sheet


def only_page_number(random: np.random.Generator) -> Sheet:
    """Centred in the top margin (Decree 30/2020, annex I), or at the foot."""
    sheet = Sheet()
    sheet.write(A4_WIDTH / 2, 14 if random.random() < 0.5 else A4_HEIGHT - 12, str(random.integers(2, 20)), Type(13), "middle")
    return sheet


def only_pencil(random: np.random.Generator) -> Sheet:
    sheet = Sheet()
    x, y = float(random.uniform(20, 150)), float(random.uniform(25, 270))
    sheet.write(x, y, str(random.choice(_NOTES)), Type(float(random.uniform(13, 18)), italic=True, colour=_PENCIL))
    return sheet


EMPTY: tuple[Callable[[np.random.Generator], Sheet], ...] = (shine_through, punch_holes, dirt, tinted)
CONTENT: tuple[Callable[[np.random.Generator], Sheet], ...] = (only_seal, only_signature, only_page_number, only_pencil)


@dataclass(frozen=True, slots=True)
class Side:
    """A sheet to be judged."""

    draw: Callable[[np.random.Generator], Sheet]  # of `EMPTY` or `CONTENT`
    preset: presets.Preset
    seed: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A sheet, what it is, and what it was taken for."""

    name: str
    group: str
    blank: bool
    found_blank: bool


def sides(seeds: int) -> list[Side]:
    """Every drawing and preset, `seeds` times."""
    return [Side(draw, preset, seed) for seed in range(seeds) for draw in (*EMPTY, *CONTENT) for preset in presets.ALL]


def real_sides() -> list[Known]:
    """Real scans that are known to be blank or not."""
    return [page for page in known_pages("blank", "vi_docs", "dossier", "orient", "skew") if page.blank is not None]


@lru_cache(maxsize=4)
def _other_side(seed: int) -> DrawnPage:
    return form(_CERTIFICATE + 6 * seed) if seed % 3 == 2 else dense(2000 + seed)


def _behind(side: Side) -> Pixels | None:
    """Backs have a printed front; every second sheet of content lies on nothing."""
    if side.draw in EMPTY or side.seed % 2:
        return _other_side(side.seed).image
    return None


def judge(side: Side, save: Path | None = None) -> Judged:
    """What a sheet is taken for; where that is wrong, its picture goes into the folder `save`."""
    page = side.draw(np.random.default_rng(side.seed)).done()
    made = scan(page.image, side.preset, 7000 + side.seed, behind=_behind(side))
    group = side.draw.__name__.replace("_", " ")
    source = SourcePage(1, made.pixels, float(made.dpi), bitonal=False)
    return _judged(source, f"{group}-{side.preset.name}-{side.seed}", group, side.draw in EMPTY, save)


def judge_real(page: Known, save: Path | None = None) -> Judged:
    """The same of a real scan."""
    return _judged(page.scanned(), f"{page.file} {page.page}", "real", bool(page.blank), save)


def _judged(source: SourcePage, name: str, group: str, blank: bool, save: Path | None) -> Judged:
    found = stages.judged(source).blank
    if found != blank and save is not None:
        cv2.imwrite(str(save / f"{name.replace('/', '_')}-taken-for-{'blank' if found else 'content'}.png"), source.pixels)
    return Judged(name, group, blank, found)

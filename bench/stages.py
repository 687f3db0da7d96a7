"""Single stages of `pipeline.page`, so that each can be measured by itself. The only module here that knows how they are called."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from pipeline import blank, ink, page
from pipeline.model import Pixels, ReadSettings, SourcePage
from pipeline.ocr import Engines, Layout
from pipeline.ocr_tesserocr import TesserocrEngine
from pipeline.page_upright import find_standing

SETTINGS = ReadSettings()


@dataclass(frozen=True, slots=True)
class Stood:
    """How a page was found to lie, the picture that is read, and the processor time of finding out how it lies."""

    rotation: int  # degrees clockwise
    angle: float | None  # degrees, counter-clockwise positive; None: left as it is
    picture: Pixels  # H×W grey, even, upright and level, at `SETTINGS.ocr_dpi`
    cpu: float  # seconds; making the picture even is not in it


@cache
def engine() -> TesserocrEngine:
    """One recogniser a process, as the workers have it."""
    return TesserocrEngine(SETTINGS.language, SETTINGS.page_seconds)


@cache
def engines() -> Engines:
    """What a worker reads with."""
    return Engines(engine(), TesserocrEngine(SETTINGS.second_language, SETTINGS.page_seconds))


def stood(source: SourcePage) -> Stood:
    """A page made even, upright and level, as it is before it is read."""
    found = ink.find_ink(source.pixels)
    even = page._even(source, found.frame, SETTINGS.ocr_dpi)
    started = time.process_time()
    standing = find_standing(found, even, engine(), SETTINGS.ocr_dpi)
    spent = time.process_time() - started
    return Stood(standing.rotation, standing.slant, standing.undone(even, 255), spent)


def judged(source: SourcePage) -> blank.Blankness:
    """Blank or not."""
    return blank.judge_blank(ink.find_ink(source.pixels), source.pixels)


def recognised(picture: Pixels) -> None:
    """Nothing but recognition, by the product's own Tesseract with its model and settings; the words are not fetched."""
    reader = engine()._reader
    reader.SetPageSegMode(int(Layout.PAGE))
    reader.SetImageBytes(picture.tobytes(), picture.shape[1], picture.shape[0], 1, picture.shape[1])
    reader.SetSourceResolution(SETTINGS.ocr_dpi)
    reader.Recognize(0)
    reader.Clear()


def read(source: SourcePage) -> None:
    """The whole way of a page."""
    page.read_page(source, engines(), SETTINGS)


def cpu_of(work: Callable[[], None]) -> float:
    """Seconds of this process's time that it takes."""
    started = time.process_time()
    work()
    return time.process_time() - started

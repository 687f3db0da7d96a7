"""The seam to character recognition: an upright page image in, words with boxes and confidence out (hOCR terms).

Two engines keep it: tesserocr calls the Tesseract library in this process and is the default, pytesseract starts the program
for every page. It does not prepare images, order blocks or judge what was read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from pipeline.errors import EngineMissing
from pipeline.model import Pixels, ReadSettings, Words
from pipeline.ocr_tsv import Layout

__all__ = ["Engines", "Layout", "OcrEngine", "open_engine", "open_engines"]


class OcrEngine(Protocol):
    """One engine serves one thread; opening it is dear, reading with it is not."""

    @property
    def version(self) -> str:
        """Program, version and language, part of the key under which readings are kept."""
        ...

    def read(self, image: Pixels, dpi: float, layout: Layout = Layout.PAGE) -> Words:
        """The words of an upright page, H×W or H×W×3 uint8 at `dpi`, NFC, in the engine's order of lines.

        Raises `TimedOut` when the page took longer than `ReadSettings.page_seconds`.
        """
        ...


@dataclass(frozen=True, slots=True)
class Engines:
    """What one process reads with."""

    pages: OcrEngine  # reads whole pages
    unsure: OcrEngine | None = None  # another model, for a second look at what that one is unsure of; None: there is none

    @property
    def version(self) -> str:
        return self.pages.version


def open_engines(settings: ReadSettings) -> Engines:
    """The engines that the settings name; raises `EngineMissing` as `open_engine` does."""
    second = settings.second_language
    return Engines(open_engine(settings), open_engine(replace(settings, language=second)) if second else None)


def open_engine(settings: ReadSettings) -> OcrEngine:
    """The engine that the settings name; raises `EngineMissing` that says which package to install."""
    if settings.engine == "tesserocr":
        from pipeline.ocr_tesserocr import TesserocrEngine

        return TesserocrEngine(settings.language, settings.page_seconds)
    if settings.engine == "pytesseract":
        from pipeline.ocr_pytesseract import PytesseractEngine

        return PytesseractEngine(settings.language, settings.page_seconds)
    raise EngineMissing(f"unknown engine {settings.engine!r}: choose tesserocr or pytesseract")

"""Tesseract in this process, through tesserocr: no start, no model load and no file per page.

One engine holds one Tesseract, kept alive from page to page; it belongs to one thread of one process. It knows nothing of
pages, only of pixels.
"""

from __future__ import annotations

import ctypes
import os
import time
from pathlib import Path

# Tesseract's OpenMP threads fight with the worker processes, up to thirty times slower; the library reads this only when loaded.
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

import tesserocr
from PIL import Image

from pipeline.boxes import line_of
from pipeline.errors import EngineMissing, TimedOut
from pipeline.model import Box, Pixels, Word, Words
from pipeline.ocr_tsv import CODE_CHARACTERS, VARIABLES, Layout, find_tessdata, word_of

_SEVERITY_NONE = 6  # L_SEVERITY_NONE of Leptonica's environ.h


def _silence_leptonica() -> None:
    """Leptonica prints harmless complaints about odd boxes on stderr, where people read what `sohoa` says to them.

    tesserocr has no switch for it, so the library that its wheel brings is told directly; one of the system keeps its voice.
    """
    for library in (Path(tesserocr.__file__).parents[1] / "tesserocr.libs").glob("liblept*"):
        ctypes.CDLL(str(library)).setMsgSeverity(_SEVERITY_NONE)


class TesserocrEngine:
    """The `OcrEngine` that calls the Tesseract library."""

    def __init__(self, language: str, page_seconds: int) -> None:
        _silence_leptonica()
        folder = find_tessdata(language)
        self._language = language
        self._page_seconds = page_seconds
        try:
            self._reader = tesserocr.PyTessBaseAPI(path=f"{folder}/", lang=language, oem=tesserocr.OEM.LSTM_ONLY)
        except RuntimeError as error:
            raise EngineMissing(f"{language} in {folder}: {error}") from error
        for variable, value in VARIABLES.items():
            self._reader.SetVariable(variable, value)

    @property
    def version(self) -> str:
        """For example "tesseract 5.5.4 vie tesserocr"."""
        return f"{tesserocr.tesseract_version().splitlines()[0]} {self._language} tesserocr"

    def read(self, image: Pixels, dpi: float, layout: Layout = Layout.PAGE) -> Words:
        """The words of an upright page, H×W or H×W×3 uint8 at `dpi`, in Tesseract's order."""
        reader = self._reader
        reader.SetPageSegMode(int(layout))
        reader.SetVariable("tessedit_char_whitelist", CODE_CHARACTERS if layout is Layout.CODE else "")
        if image.ndim == 2:
            reader.SetImageBytes(image.tobytes(), image.shape[1], image.shape[0], 1, image.shape[1])
        else:
            reader.SetImage(Image.fromarray(image[:, :, ::-1]))
        reader.SetSourceResolution(round(dpi))
        try:
            # The deadline stops the recogniser between words, and what it has by then is returned as if it were all.
            started = time.perf_counter()
            done = reader.Recognize(self._page_seconds * 1000)
            if not done or time.perf_counter() - started >= self._page_seconds:
                raise TimedOut(f"recognition took over {self._page_seconds} s")
            return Words(image.shape[1], image.shape[0], tuple(map(line_of, self._lines(image.shape[1], image.shape[0]))))
        finally:
            reader.Clear()

    def _lines(self, width: int, height: int) -> list[list[Word]]:
        """What was recognised, word by word, which takes half the time of writing and reading the table of words."""
        lines: list[list[Word]] = []
        found = self._reader.GetIterator()
        while found is not None:
            if found.IsAtBeginningOf(tesserocr.RIL.TEXTLINE):
                lines.append([])
            place = found.BoundingBox(tesserocr.RIL.WORD)
            if place is not None and not found.Empty(tesserocr.RIL.WORD):
                text, percent = found.GetUTF8Text(tesserocr.RIL.WORD), found.Confidence(tesserocr.RIL.WORD)
                word = word_of(text, Box(*place), percent, width, height)
                lines[-1] += [word] if word is not None else []
            if not found.Next(tesserocr.RIL.WORD):
                break
        return [words for words in lines if words]

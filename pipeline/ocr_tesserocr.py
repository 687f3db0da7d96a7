"""Tesseract in this process, through tesserocr: no start, no model load and no file per page.

One engine holds one Tesseract for reading and, once a page is in doubt, a second one for orientation; it belongs to one
thread of one process. It knows nothing of pages, only of pixels.
"""

from __future__ import annotations

import os
import time

# Tesseract's OpenMP threads fight with the worker processes, up to thirty times slower; the library reads this only when loaded.
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

import tesserocr
from PIL import Image

from pipeline.errors import EngineMissing, TimedOut
from pipeline.model import Pixels, Words
from pipeline.ocr_tsv import Layout, Orientation, find_tessdata, words_of_tsv


class TesserocrEngine:
    """The `OcrEngine` that calls the Tesseract library."""

    def __init__(self, language: str, page_seconds: int) -> None:
        folder = find_tessdata(language)
        self._folder = f"{folder}/"
        self._language = language
        self._page_seconds = page_seconds
        self._orienter: tesserocr.PyTessBaseAPI | None = None
        try:
            self._reader = tesserocr.PyTessBaseAPI(path=self._folder, lang=language, oem=tesserocr.OEM.LSTM_ONLY)
        except RuntimeError as error:
            raise EngineMissing(f"{language} in {folder}: {error}") from error

    @property
    def version(self) -> str:
        """For example "tesseract 5.5.4 vie tesserocr"."""
        return f"{tesserocr.tesseract_version().splitlines()[0]} {self._language} tesserocr"

    def read(self, image: Pixels, dpi: float, layout: Layout = Layout.PAGE) -> Words:
        """The words of an upright page, H×W or H×W×3 uint8 at `dpi`, in Tesseract's order."""
        self._reader.SetPageSegMode(int(layout))
        self._show(self._reader, image, dpi)
        started = time.perf_counter()
        done = self._reader.Recognize(self._page_seconds * 1000)
        if not done or time.perf_counter() - started >= self._page_seconds:
            self._reader.Clear()
            raise TimedOut(f"recognition took over {self._page_seconds} s")
        table = self._reader.GetTSVText(0)
        self._reader.Clear()
        return words_of_tsv(table, image.shape[1], image.shape[0])

    def orientation(self, image: Pixels, dpi: float) -> Orientation | None:
        """Which way the page stands; None when there is too little text to tell."""
        if self._orienter is None:
            self._orienter = tesserocr.PyTessBaseAPI(path=self._folder, lang="osd", psm=tesserocr.PSM.OSD_ONLY)
        self._show(self._orienter, image, dpi)
        found = self._orienter.DetectOrientationScript()
        self._orienter.Clear()
        if not found:
            return None
        # The library says how far the text was turned clockwise; what undoes it is the rest of the circle.
        return Orientation(-int(found["orient_deg"]) % 360, float(found["orient_conf"]))

    @staticmethod
    def _show(api: tesserocr.PyTessBaseAPI, image: Pixels, dpi: float) -> None:
        if image.ndim == 2:
            api.SetImageBytes(image.tobytes(), image.shape[1], image.shape[0], 1, image.shape[1])
        else:
            api.SetImage(Image.fromarray(image[:, :, ::-1]))
        api.SetSourceResolution(round(dpi))

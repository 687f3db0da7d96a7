"""Tesseract as a child process, through pytesseract: slower, but a crash of Tesseract ends the child only.

It serves where tesserocr has no wheel.
"""

from __future__ import annotations

import os

import pytesseract
from PIL import Image

from pipeline.errors import EngineMissing, TimedOut
from pipeline.model import Pixels, Words
from pipeline.ocr_tsv import CODE_CHARACTERS, VARIABLES, Layout, find_tessdata, words_of_tsv

os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # inherited by the child: its OpenMP threads would fight with the other workers


class PytesseractEngine:
    """The `OcrEngine` that starts the Tesseract program."""

    def __init__(self, language: str, page_seconds: int) -> None:
        self._folder = find_tessdata(language)
        self._language = language
        self._page_seconds = page_seconds
        try:
            self._program = str(pytesseract.get_tesseract_version())
        except pytesseract.TesseractNotFoundError as error:
            raise EngineMissing("apt-get install tesseract-ocr") from error

    @property
    def version(self) -> str:
        """For example "tesseract 5.3.0 vie pytesseract"."""
        return f"tesseract {self._program} {self._language} pytesseract"

    def read(self, image: Pixels, dpi: float, layout: Layout = Layout.PAGE) -> Words:
        """The words of an upright page, H×W or H×W×3 uint8 at `dpi`, in Tesseract's order."""
        picture = Image.fromarray(image if image.ndim == 2 else image[:, :, ::-1])
        config = f'--oem 1 --psm {int(layout)} --dpi {round(dpi)} --tessdata-dir "{self._folder}"'
        config += "".join(f" -c {name}={value}" for name, value in VARIABLES.items())
        config += f" -c tessedit_char_whitelist={CODE_CHARACTERS}" if layout is Layout.CODE else ""
        try:
            table = pytesseract.image_to_data(picture, lang=self._language, config=config, timeout=self._page_seconds)
        except RuntimeError as error:
            if isinstance(error, pytesseract.TesseractError) or "timeout" not in str(error).lower():
                raise
            raise TimedOut(f"recognition took over {self._page_seconds} s") from error
        return words_of_tsv(str(table), image.shape[1], image.shape[0])

"""The text that a page of a PDF was made with, and its place. Runs in the child process only.

Words come as PDFium tells them apart, line by line in the order of the file. Characters without a meaning outside their font
become U+FFFD, so that whoever decides about the text can count them. It does not judge whether the text is right.
"""

from __future__ import annotations

import ctypes
import unicodedata
from dataclasses import dataclass, field

import pypdfium2.raw as pdfium

from pipeline.limits import MAX_TEXT_CHARS, MAX_WORD_CHARS
from pipeline.model import Box, Line, Word, Words

UNKNOWN = "\ufffd"

_GRID = 1 << 24  # for positions on the page in whole numbers
_SOFT_HYPHEN = "\u00ad"
_LIGATURES = range(0xFB00, 0xFB07)
_MEANINGLESS = ("Cc", "Co", "Cn", "Cs")
_NO_WIDTH = "Cf"


@dataclass(slots=True)
class _Extent:
    """What a word covers, in points of the page before /Rotate."""

    left: float
    bottom: float
    right: float
    top: float

    def add(self, left: float, bottom: float, right: float, top: float) -> None:
        self.left, self.bottom = min(self.left, left), min(self.bottom, bottom)
        self.right, self.top = max(self.right, right), max(self.top, top)


@dataclass(slots=True)
class _Collector:
    """Lines in the making. Word boxes are in the pixels of a `width`×`height` image of the page as it is shown."""

    page: pdfium.FPDF_PAGE
    width: int
    height: int
    lines: list[Line] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    text: str = ""
    extent: _Extent | None = None

    def end_word(self) -> None:
        text, extent = unicodedata.normalize("NFC", self.text)[:MAX_WORD_CHARS], self.extent
        self.text, self.extent = "", None
        box = self._box(extent) if text and extent else None
        if box is not None:
            self.words.append(Word(text, box, 1.0))

    def end_line(self) -> None:
        self.end_word()
        if self.words:
            boxes = [word.box for word in self.words]
            around = Box(min(b.left for b in boxes), min(b.top for b in boxes), max(b.right for b in boxes), max(b.bottom for b in boxes))
            self.lines.append(Line(tuple(self.words), around))
        self.words = []

    def _box(self, extent: _Extent) -> Box | None:
        """None for what lies outside the page or has no area."""
        x, y = ctypes.c_int(), ctypes.c_int()
        across, down = [], []
        for corner in ((extent.left, extent.bottom), (extent.right, extent.top)):
            pdfium.FPDF_PageToDevice(self.page, 0, 0, _GRID, _GRID, 0, *corner, x, y)
            across.append(min(max(round(x.value / _GRID * self.width), 0), self.width))
            down.append(min(max(round(y.value / _GRID * self.height), 0), self.height))
        box = Box(min(across), min(down), max(across), max(down))
        return box if box.width and box.height else None


def text_of(page: pdfium.FPDF_PAGE, width: int, height: int) -> Words | None:
    """The text of the page for a `width`×`height` image of it; None where there is none, or more than a page can hold."""
    text_page = pdfium.FPDFText_LoadPage(page)
    if not text_page:
        return None
    try:
        count = pdfium.FPDFText_CountChars(text_page)
        if not 0 < count <= MAX_TEXT_CHARS:
            return None
        collector = _Collector(page, width, height)
        for index in range(count):
            _take(text_page, index, collector)
        collector.end_line()
    finally:
        pdfium.FPDFText_ClosePage(text_page)
    return Words(width, height, tuple(collector.lines)) if collector.lines else None


def _take(text_page: pdfium.FPDF_TEXTPAGE, index: int, into: _Collector) -> None:
    character = chr(min(pdfium.FPDFText_GetUnicode(text_page, index), 0x10FFFF))
    if character in "\r\n":
        into.end_line()
    elif character.isspace():
        into.end_word()
    elif shown := _shown(text_page, index, character):
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        if not pdfium.FPDFText_GetCharBox(text_page, index, left, right, bottom, top):
            return
        into.text += shown
        extent = left.value, bottom.value, right.value, top.value
        if into.extent is None:
            into.extent = _Extent(*extent)
        else:
            into.extent.add(*extent)


def _shown(text_page: pdfium.FPDF_TEXTPAGE, index: int, character: str) -> str:
    """The character as it reads: hyphens at the end of a line stay as printed, ligatures become letters, what has no meaning U+FFFD."""
    if pdfium.FPDFText_IsHyphen(text_page, index) == 1:
        return "-"
    category = unicodedata.category(character)
    if character == _SOFT_HYPHEN or category == _NO_WIDTH:
        return ""
    if category in _MEANINGLESS or pdfium.FPDFText_HasUnicodeMapError(text_page, index) == 1:
        return UNKNOWN
    return unicodedata.normalize("NFKC", character) if ord(character) in _LIGATURES else character

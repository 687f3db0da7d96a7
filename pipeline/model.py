"""The frozen values that travel between the stages of the pipeline, and nothing else.

Pixel coordinates have their origin at the top left, x to the right, y down. Pages are numbered from 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
"""H×W (grey, 0 black, 255 white) or H×W×3 (BGR), uint8, C-contiguous."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, top-left origin; `right` and `bottom` are exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class SourcePage:
    """One page image as the scan file holds it, before anything is altered."""

    number: int  # in its file, from 1
    pixels: Pixels
    dpi: float  # from the paper size where the file tells it, else assumed (see scan.py)
    bitonal: bool  # the file stored one bit a pixel (CCITT G4, JBIG2)
    notes: tuple[str, ...] = ()  # codes of what the reader had to mend, e.g. "truncated", "dpi_assumed"
    words: Words | None = None  # visible text that a page of a PDF was made with, in the pixels of `pixels`, unjudged; none of a scan


class Symbology(StrEnum):
    """The kinds of code that are read; names as in ISO/IEC 15424 and by Kodak for patch codes."""

    QR = "QRCode"
    CODE_128 = "Code128"
    CODE_39 = "Code39"
    PATCH_T = "PatchT"
    UNREADABLE_QR = "UnreadableQR"  # finder pattern of a QR that does not decode; payload empty


@dataclass(frozen=True, slots=True)
class Code:
    """A QR, bar or patch code found on a page image as scanned (not yet turned upright)."""

    symbology: Symbology
    payload: str  # NFC text; for a citizen card never the clear payload, see codes.py
    box: Box
    citizen_card: bool = False  # the QR of a CCCD: says nothing about a dossier, never stored in clear


@dataclass(frozen=True, slots=True)
class Word:
    """A recognised word (hOCR `ocrx_word`)."""

    text: str  # NFC, no white space
    box: Box
    confidence: float  # 0..1 (hOCR x_wconf / 100)
    raw: str | None = None  # what the engine read first, where `text` was chosen over it


@dataclass(frozen=True, slots=True)
class Line:
    """A recognised line (hOCR `ocr_line`), words from left to right."""

    words: tuple[Word, ...]
    box: Box

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Words:
    """What was read on a page: lines in reading order, boxes in the pixels of a `width`×`height` image."""

    width: int
    height: int
    lines: tuple[Line, ...] = ()

    def __iter__(self) -> Iterator[Word]:
        return (word for line in self.lines for word in line.words)

    @property
    def text(self) -> str:
        """One printed line per line, NFC."""
        return "\n".join(line.text for line in self.lines)

    @property
    def confidence(self) -> float | None:
        """Mean word confidence weighted by letters, 0..1; None when nothing was read."""
        letters = sum(len(word.text) for word in self)
        if not letters:
            return None
        return sum(word.confidence * len(word.text) for word in self) / letters


@dataclass(frozen=True, slots=True)
class Heading:
    """A printed line in the upper part of a page that may be its title, or part of it."""

    text: str  # NFC, as read
    top: float  # of the line, share of the height of the page
    size: float  # height of its letters, in times that of the page's usual line
    off_centre: float  # distance of its middle from that of the page's text, share of the width of the page
    width: float  # share of the width of the page


@dataclass(frozen=True, slots=True)
class Folio:
    """A page number as printed: `2`, `- 2 -`, `Trang 2/5`."""

    number: int
    total: int | None = None


class Encoding(StrEnum):
    """How the picture of a page is compressed in the PDF (names of PDF stream filters in use)."""

    JPEG = "DCTDecode"
    G4 = "CCITTFaxDecode"


@dataclass(frozen=True, slots=True)
class AccessImage:
    """The upright, faithful picture of a page that people look at, encoded as the PDF will hold it.

    G4 is one strip without end-of-line codes whose black runs are ink: /K -1, /BlackIs1 false, /Columns `width`, /Rows `height`.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"ser_json_bytes": "base64", "val_json_bytes": "base64"}  # where it is kept as JSON

    encoded: bytes
    encoding: Encoding
    width: int  # pixels
    height: int  # pixels
    dpi: float
    grey: bool  # one component (always true for G4)


@dataclass(frozen=True, slots=True)
class PageReading:
    """All that the pipeline found out about one page."""

    number: int  # in its file, from 1
    codes: tuple[Code, ...]
    blank: bool
    ink: float  # share of the page covered by text-like ink, the evidence for `blank`
    rotation: int  # degrees clockwise that were applied: 0, 90, 180, 270
    skew: float | None  # degrees, counter-clockwise positive, found before correction; None: left as it was
    dpi: float  # of the source image
    words: Words  # in the pixels of `access`
    access: AccessImage
    notes: tuple[str, ...]  # from the source page and from reading it
    seconds: float  # spent on this page
    headings: tuple[Heading, ...] = ()  # what may be its title, from top to bottom
    folio: Folio | None = None  # the page number printed on it
    likeness: str = ""  # perceptual hash of the upright picture, 16 hexadecimal digits; empty: a blank page
    printed_numbers: tuple[str, ...] = ()  # dossier numbers read once more from the head of a receipt or sheet without a readable code

    @property
    def confidence(self) -> float | None:
        return self.words.confidence


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a person said about a page, over what the pipeline would find out."""

    rotation: int | None = None  # degrees clockwise to turn it by: 0, 90, 180, 270; None: find out
    blank: bool | None = None  # False: there is something to keep on it; None: find out


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """How pages are read. Its values, with `pipeline_version`, decide whether a stored result still holds."""

    engine: str = "tesserocr"  # or "pytesseract"
    language: str = "vie"
    second_language: str = "Vietnamese"  # model of the second look at what the first is unsure of; empty: none
    ocr_dpi: int = 200  # resolution handed to the engine
    access_dpi: int = 200  # at most, for the picture in the PDF
    jpeg_quality: int = 70  # of that picture
    page_seconds: int = 60  # wall time one page may take
    reread: bool = False  # recognise pages, too, that were made with their text

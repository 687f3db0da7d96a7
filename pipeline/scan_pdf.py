"""Pages of PDF files, through PDFium. Runs in the child process only.

A page that is a scanned image comes out pixel for pixel: it is drawn on the image's own grid, so that all that PDF can do to
an image (masks, colour spaces, /Rotate, stamps on top) is right without being done here. Other pages are drawn at 300 dpi.
"""

from __future__ import annotations

import ctypes
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2.raw as pdfium

from pipeline.errors import Broken, Encrypted, TooManyPages
from pipeline.limits import MAX_PAGES, MIN_DPI
from pipeline.model import Pixels
from pipeline.scan_pdf_count import uncounted_pages
from pipeline.scan_pdf_page import WHOLE_PAGE, Content, Picture, content_of
from pipeline.scan_pdf_text import text_of
from pipeline.scan_raster import Raster, assumed_dpi, fitting_scale, grey_if_equal, told_dpi

DRAWN_DPI = 300.0
"""Resolution of pages that are text, drawings or a collage."""

_TAIL_BYTES = 2048
_PAGES_BEFORE_REOPENING = 20  # PDFium keeps the compressed images of all pages it has shown
_POINTS = 72.0  # per inch
_MOSTLY = 0.5
_READABLE_DPI = 150.0
_INSET = 0.1  # pixels; keeps PDFium from rounding an image on the grid up to one more row, which would resample it
_GRID = 1 << 24  # for positions on the page in whole numbers; exact in the floats PDFium counts in


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an image is, as shares of the page as it is shown."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class _Drawing:
    """How a page is drawn: size in pixels, and the transformation that puts `main` on the pixel grid."""

    width: int
    height: int
    matrix: pdfium.FS_MATRIX | None
    reduced: bool


class PdfSource:
    """An open PDF."""

    def __init__(self, path: str) -> None:
        """Raises Encrypted, TooManyPages, or Broken, also when none of its pages can be opened."""
        pdfium.FPDF_InitLibrary()
        self._path = path
        self._document = _load(path)
        self._form = _Form(self._document)
        self._shown = 0
        self.pages = int(pdfium.FPDF_GetPageCount(self._document))
        if self.pages > MAX_PAGES:
            raise TooManyPages(f"{self.pages}")
        if not any(self._opens(number) for number in range(1, self.pages + 1)):
            raise Broken("no page can be opened")
        uncounted = uncounted_pages(Path(path), self.pages)
        if uncounted:
            raise Broken(f"{uncounted} more pages than the file counts")
        self._notes = () if _ends(Path(path)) else ("truncated",)

    def page(self, number: int) -> Raster:
        """Page `number`, from 1. Raises Broken."""
        if self._shown >= _PAGES_BEFORE_REOPENING:
            self._form.close()
            pdfium.FPDF_CloseDocument(self._document)
            self._document, self._shown = _load(self._path), 0
            self._form = _Form(self._document)
        self._shown += 1
        page = pdfium.FPDF_LoadPage(self._document, number - 1)
        if not page:
            raise Broken("the page cannot be opened")
        try:
            return _read(page, self._form, self._notes)
        finally:
            pdfium.FPDF_ClosePage(page)

    def _opens(self, number: int) -> bool:
        page = pdfium.FPDF_LoadPage(self._document, number - 1)
        if page:
            pdfium.FPDF_ClosePage(page)
        return bool(page)


class _Form:
    """The form of a PDF, if it has one: PDFium draws its fields, visible signatures among them, apart from all else."""

    def __init__(self, document: pdfium.FPDF_DOCUMENT) -> None:
        self._callbacks = pdfium.FPDF_FORMFILLINFO(version=2)  # none of them set; has to live as long as the form
        there = pdfium.FPDF_GetFormType(document) != pdfium.FORMTYPE_NONE
        self._handle = pdfium.FPDFDOC_InitFormFillEnvironment(document, self._callbacks) if there else None

    def draw(self, bitmap: pdfium.FPDF_BITMAP, page: pdfium.FPDF_PAGE, width: int, height: int) -> None:
        if self._handle:
            pdfium.FPDF_FFLDraw(self._handle, bitmap, page, 0, 0, width, height, 0, pdfium.FPDF_ANNOT)

    def close(self) -> None:
        """To be called before the document is closed."""
        if self._handle:
            pdfium.FPDFDOC_ExitFormFillEnvironment(self._handle)


def _load(path: str) -> pdfium.FPDF_DOCUMENT:
    document = pdfium.FPDF_LoadDocument(path.encode() + b"\0", None)
    if not document:
        locked = pdfium.FPDF_GetLastError() in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        raise Encrypted() if locked else Broken("no PDF structure")
    return document


def _ends(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-min(_TAIL_BYTES, file.seek(0, os.SEEK_END)), os.SEEK_END)
        return b"%%EOF" in file.read(_TAIL_BYTES)


def _read(page: pdfium.FPDF_PAGE, form: _Form, notes: tuple[str, ...]) -> Raster:
    across = pdfium.FPDF_GetPageWidthF(page)  # points, /Rotate applied
    down = pdfium.FPDF_GetPageHeightF(page)
    if not (0 < across < 1e7 and 0 < down < 1e7):  # also false for what is no number
        raise Broken("a page without a size")
    content = content_of(page, across * down)
    main = _scanned_image(content, across * down)
    drawing = _drawing(page, content, main, across, down)
    plain = main is not None and content.pictures == (main,) and not content.drawn_on_top and not pdfium.FPDFPage_GetAnnotCount(page)
    pixels = _draw(page, form, drawing, grey=plain and main is not None and main.grey)
    dpi = drawing.width / across * _POINTS
    if told_dpi(dpi, drawing.width, drawing.height) is None:
        dpi, notes = assumed_dpi(drawing.width, drawing.height), (*notes, "dpi_assumed")
    if drawing.reduced:
        notes = (*notes, "reduced")
    made_with_text = main is None and content.text_on_top and not content.hidden_text
    words = text_of(page, drawing.width, drawing.height) if made_with_text else None
    return Raster(pixels, dpi, plain and main is not None and main.bits == 1, notes, words)


def _scanned_image(content: Content, page_area: float) -> Picture | None:
    """The image that is the page: the finest of those that cover it (scanners may lay a sharp mask over a coarse background)."""
    covering = [picture for picture in content.pictures if picture.area >= WHOLE_PAGE * page_area and picture.dpi >= MIN_DPI]
    main = max(covering, key=lambda picture: picture.dpi, default=None)
    if main is None or (content.text_on_top and main.dpi < _READABLE_DPI):
        return None
    return main


def _resolution(content: Content, main: Picture | None, page_area: float) -> float:
    if main is not None:
        return main.dpi
    # A page scanned into strips or tiles: the resolution of the median square inch of image.
    covered = sum(picture.area for picture in content.pictures)
    if covered < _MOSTLY * page_area or content.text_on_top:
        return DRAWN_DPI
    half = 0.0
    for picture in sorted(content.pictures, key=lambda picture: picture.dpi):
        half += picture.area
        if half >= covered / 2:
            return max(picture.dpi, _READABLE_DPI)
    return DRAWN_DPI


def _drawing(page: pdfium.FPDF_PAGE, content: Content, main: Picture | None, across: float, down: float) -> _Drawing:
    if main is not None and main.upright and abs(main.dpi_across / main.dpi_down - 1) < 0.02:
        exact = _on_grid(page, main, across, down)
        if exact is not None:
            return exact
    dpi = _resolution(content, main, across * down)
    wide, high = across / _POINTS * dpi, down / _POINTS * dpi
    scale = fitting_scale(wide, high, dpi)
    return _Drawing(max(1, round(wide * scale - 0.25)), max(1, round(high * scale - 0.25)), None, scale < 1)


def _on_grid(page: pdfium.FPDF_PAGE, main: Picture, across: float, down: float) -> _Drawing | None:
    """Draw so that a pixel of the image is a pixel of the page; None when the image is too fine for that."""
    place = _place(page, main)
    if place.width <= 0 or place.height <= 0:
        return None
    turned = main.turned != (pdfium.FPDFPage_GetRotation(page) % 2 == 1)
    columns, rows = (main.height, main.width) if turned else (main.width, main.height)
    width, height = round(columns / place.width), round(rows / place.height)
    if width < 1 or height < 1 or fitting_scale(width, height, width / across * _POINTS) < 1:
        return None
    # FPDF_RenderPageBitmapWithMatrix transforms the page as it is shown, in points from its top left corner.
    a = (columns - 2 * _INSET) / (place.width * across)
    d = (rows - 2 * _INSET) / (place.height * down)
    e = round(place.left * width) + _INSET - place.left * across * a
    f = round(place.top * height) + _INSET - place.top * down * d
    return _Drawing(width, height, pdfium.FS_MATRIX(a, 0, 0, d, e, f), reduced=False)


def _place(page: pdfium.FPDF_PAGE, picture: Picture) -> _Place:
    x, y = ctypes.c_int(), ctypes.c_int()
    corners = []
    for corner in (picture.corner, picture.opposite):
        pdfium.FPDF_PageToDevice(page, 0, 0, _GRID, _GRID, 0, *corner, x, y)
        corners.append((x.value / _GRID, y.value / _GRID))
    (x0, y0), (x1, y1) = corners
    return _Place(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _draw(page: pdfium.FPDF_PAGE, form: _Form, drawing: _Drawing, *, grey: bool) -> Pixels:
    width, height = drawing.width, drawing.height
    kind, channels = (pdfium.FPDFBitmap_Gray, 1) if grey else (pdfium.FPDFBitmap_BGRx, 4)
    pixels = np.full((height, width, channels), 255, np.uint8)
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, kind, pixels.ctypes.data_as(ctypes.c_void_p), width * channels)
    if not bitmap:
        raise MemoryError
    try:
        if drawing.matrix is None:
            pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, pdfium.FPDF_ANNOT)
        else:
            clip = pdfium.FS_RECTF(0, 0, width, height)
            pdfium.FPDF_RenderPageBitmapWithMatrix(bitmap, page, drawing.matrix, clip, pdfium.FPDF_ANNOT)
        form.draw(bitmap, page, width, height)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    return pixels[:, :, 0] if grey else grey_if_equal(pixels)

"""What is on a page of a PDF: its images with their place and resolution, and what lies on top of them.

Looks at a bounded number of page objects, into form XObjects too, and decodes no image.
"""

from __future__ import annotations

import ctypes
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium

WHOLE_PAGE = 0.9
"""Share of the page that the image of a scanned page covers at least."""

_MAX_OBJECTS = 50_000
_MAX_DEPTH = 4  # form XObjects inside form XObjects
_STRAIGHT = 1e-3  # share of its length by which a side may lean

_Matrix = npt.NDArray[np.float64]
"""3×3, for row vectors as in ISO 32000-1, 8.3.4."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image on the page. `matrix` puts the unit square into the page's own coordinates, in points."""

    width: int  # pixels
    height: int  # pixels
    bits: int  # of a pixel
    grey: bool
    matrix: tuple[float, float, float, float, float, float]

    @property
    def dpi_across(self) -> float:
        """Pixels per inch along the image's rows."""
        return self.width * 72 / max(1e-6, math.hypot(self.matrix[0], self.matrix[1]))

    @property
    def dpi_down(self) -> float:
        """Pixels per inch along the image's columns."""
        return self.height * 72 / max(1e-6, math.hypot(self.matrix[2], self.matrix[3]))

    @property
    def dpi(self) -> float:
        return max(self.dpi_across, self.dpi_down)

    @property
    def area(self) -> float:
        """Square points."""
        a, b, c, d = self.matrix[:4]
        return abs(a * d - b * c)

    @property
    def turned(self) -> bool:
        """Whether rows of the image run up or down the page (before /Rotate)."""
        return abs(self.matrix[1]) > abs(self.matrix[0])

    @property
    def upright(self) -> bool:
        """Whether its sides are parallel to those of the page."""
        a, b, c, d = (abs(value) for value in self.matrix[:4])
        return max(a, d) * _STRAIGHT > max(b, c) or max(b, c) * _STRAIGHT > max(a, d)

    @property
    def corner(self) -> tuple[float, float]:
        return self.matrix[4], self.matrix[5]

    @property
    def opposite(self) -> tuple[float, float]:
        a, b, c, d, e, f = self.matrix
        return a + c + e, b + d + f


@dataclass(frozen=True, slots=True)
class Content:
    """The images of a page in the order they are painted."""

    pictures: tuple[Picture, ...]
    text_on_top: bool  # text that is visible: not under an image of the whole page, nor the invisible layer of an OCR program
    hidden_text: bool  # text that is not
    drawn_on_top: bool  # text, lines or shadings that are visible


def content_of(page: pdfium.FPDF_PAGE, page_area: float) -> Content:
    """What is on a page of `page_area` square points."""
    pictures: list[Picture] = []
    text, hidden, drawn = False, False, False
    for thing, outer in itertools.islice(_objects(page), _MAX_OBJECTS):
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            picture = _picture(page, thing, outer)
            if picture is not None:
                pictures.append(picture)
            if picture is not None and picture.area >= WHOLE_PAGE * page_area:
                hidden = hidden or text  # what was painted before is under it
                text, drawn = False, False
        elif kind != pdfium.FPDF_PAGEOBJ_TEXT:
            drawn = True
        elif pdfium.FPDFTextObj_GetTextRenderMode(thing) != pdfium.FPDF_TEXTRENDERMODE_INVISIBLE:
            text, drawn = True, True
        else:
            hidden = True
    return Content(tuple(pictures), text, hidden, drawn)


def _objects(page: pdfium.FPDF_PAGE) -> Iterator[tuple[pdfium.FPDF_PAGEOBJECT, _Matrix]]:
    """The objects of the page in painting order, each with the matrix of the forms around it."""
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        yield from _inside(pdfium.FPDFPage_GetObject(page, index), np.eye(3), _MAX_DEPTH)


def _inside(thing: pdfium.FPDF_PAGEOBJECT, outer: _Matrix, depth: int) -> Iterator[tuple[pdfium.FPDF_PAGEOBJECT, _Matrix]]:
    if pdfium.FPDFPageObj_GetType(thing) != pdfium.FPDF_PAGEOBJ_FORM:
        yield thing, outer
        return
    matrix = _matrix(thing)
    if matrix is None or not depth:
        return
    for index in range(pdfium.FPDFFormObj_CountObjects(thing)):
        yield from _inside(pdfium.FPDFFormObj_GetObject(thing, index), matrix @ outer, depth - 1)


def _matrix(thing: pdfium.FPDF_PAGEOBJECT) -> _Matrix | None:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(thing, found):
        return None
    matrix = np.array([[found.a, found.b, 0], [found.c, found.d, 0], [found.e, found.f, 1]], dtype=np.float64)
    return matrix if np.isfinite(matrix).all() else None


def _picture(page: pdfium.FPDF_PAGE, image: pdfium.FPDF_PAGEOBJECT, outer: _Matrix) -> Picture | None:
    inner = _matrix(image)
    width, height, metadata = ctypes.c_uint(), ctypes.c_uint(), pdfium.FPDF_IMAGEOBJ_METADATA()
    if inner is None or not pdfium.FPDFImageObj_GetImagePixelSize(image, width, height) or not width.value or not height.value:
        return None
    if not pdfium.FPDFImageObj_GetImageMetadata(image, page, metadata):
        return None
    m = inner @ outer
    a, b, c, d, e, f = (float(m[row, column]) for row in range(3) for column in range(2))
    grey = metadata.colorspace in (pdfium.FPDF_COLORSPACE_DEVICEGRAY, pdfium.FPDF_COLORSPACE_CALGRAY)
    return Picture(width.value, height.value, metadata.bits_per_pixel, grey, (a, b, c, d, e, f))

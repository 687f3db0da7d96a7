"""What the readers of `scan_pdf` and `scan_image` share: a page image on its way to the parent, and its resolution."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from pipeline.limits import ASSUMED_DPI, MAX_DPI, MAX_RENDER_PIXELS, MAX_SIDE, MIN_DPI
from pipeline.model import Pixels, Words

MAX_SCAN_DPI = 400.0
"""Finer scans are reduced to this: nothing that people or Tesseract read on paper is lost, and memory stays bounded."""

_MM = 25.4
_A4_LONG_SIDE = 297.0  # mm
_A_ASPECT = 2**0.5  # ISO 216
_ASPECT_TOLERANCE = 0.035
_GUESSES = (90.0, 650.0)  # dpi an office scanner can have used
_PAPER_LONG_SIDE = (60.0, 450.0)  # mm, from an identity card to A3
_DEFAULT_TAGS = 100.0  # 72 and 96 dpi are what software writes that does not know


@dataclass(frozen=True, slots=True)
class Raster:
    """A page image as `model.SourcePage` describes it, without its number."""

    pixels: Pixels
    dpi: float
    bitonal: bool
    notes: tuple[str, ...]
    words: Words | None = None


def fitting_scale(width: float, height: float, dpi: float | None) -> float:
    """By how much to shrink width×height pixels for the bounds on resolution, area and side; 1.0 when they are kept."""
    scale = min(1.0, math.sqrt(MAX_RENDER_PIXELS / (width * height)), MAX_SIDE / max(width, height))
    if dpi is not None and dpi > MAX_SCAN_DPI * 1.02:
        scale = min(scale, MAX_SCAN_DPI / dpi)
    return scale


def told_dpi(untrusted_dpi: object, width: int, height: int) -> float | None:
    """The resolution that a tag tells for an image of width×height pixels; None when it cannot be true of paper."""
    if not isinstance(untrusted_dpi, (int, float)) or not MIN_DPI <= untrusted_dpi <= MAX_DPI:
        return None
    long_side = max(width, height) / untrusted_dpi * _MM
    smallest, largest = _PAPER_LONG_SIDE
    if long_side > largest and untrusted_dpi <= _DEFAULT_TAGS:
        return None
    if long_side < smallest and guessed_dpi(width, height) is not None:
        return None
    return float(untrusted_dpi)


def guessed_dpi(width: int, height: int) -> float | None:
    """The resolution if the image is a sheet of A4, as its aspect and size say; None when they say nothing."""
    long_side, short_side = max(width, height), min(width, height)
    dpi = long_side / _A4_LONG_SIDE * _MM
    near = abs(long_side / short_side - _A_ASPECT) <= _ASPECT_TOLERANCE
    return dpi if near and _GUESSES[0] <= dpi <= _GUESSES[1] else None


def assumed_dpi(width: int, height: int) -> float:
    """The resolution where a file tells none."""
    return guessed_dpi(width, height) or ASSUMED_DPI


def grey_if_equal(pixels: Pixels) -> Pixels:
    """H×W of an H×W×3 or ×4 image whose first three channels are equal, else its first three channels."""
    if _equal(pixels[::16, ::16]) and _equal(pixels):
        return np.ascontiguousarray(pixels[:, :, 0])
    return np.ascontiguousarray(pixels[:, :, :3])


def _equal(pixels: Pixels) -> bool:
    return bool(np.array_equal(pixels[:, :, 0], pixels[:, :, 1]) and np.array_equal(pixels[:, :, 1], pixels[:, :, 2]))

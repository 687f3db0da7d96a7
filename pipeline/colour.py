"""Coloured ink over black print: seals, stamps and signatures are taken out of the grey image that is read, the words stay.

In the lightest of the three colour components red and blue ink all but vanish and black print does not. That component is used
only where coloured ink covers black print, so that what is printed in colour (titles of certificates) is read as it stands.
Known in document imaging as colour drop-out. The picture people get never passes through here.
"""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.ink import LONG_SIDE, UNIT
from pipeline.model import Pixels

_COLOURED = 40  # grey levels between lightest and darkest component, above those of the paper
_DARK = 70  # grey levels below the paper in the lightest component: black, not coloured
_JOINED = round(3 * UNIT)  # strokes of one seal or signature lie within so many pixels of each other
_SMALLEST = 8 * UNIT  # sides of a seal or a signature
_UNDER_IT = 0.004  # share of black in the region from which there is print under the coloured ink


def grey_for_reading(pixels: Pixels) -> Pixels:
    """The page (H×W or H×W×3 BGR uint8) in grey, H×W, coloured ink over black print lightened."""
    if pixels.ndim == 2:
        return pixels
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    scale = min(1.0, LONG_SIDE / max(grey.shape))
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    lightest = _lightest(small)
    chroma = np.asarray(cv2.subtract(lightest, cv2.min(cv2.min(small[:, :, 0], small[:, :, 1]), small[:, :, 2])), dtype=np.uint8)
    coloured = (cv2.medianBlur(chroma, 3) > float(np.median(chroma[::4, ::4])) + _COLOURED).astype(np.uint8)
    if not coloured.any():
        return grey
    regions = cv2.morphologyEx(coloured, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_JOINED, _JOINED)))
    black = (lightest < float(np.percentile(lightest[::4, ::4], 75)) - _DARK) & (coloured == 0)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(regions, connectivity=8)
    for label, (left, top, width, height, area) in enumerate(stats.tolist()):
        if label == 0 or min(width, height) < _SMALLEST:
            continue
        box = np.s_[top : top + height, left : left + width]
        inside = np.asarray(labels[box] == label)
        if np.count_nonzero(black[box] & inside) >= _UNDER_IT * area:
            _lighten(grey, pixels, inside.astype(np.uint8), (left / scale, top / scale))
    return grey


def _lightest(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.max(cv2.max(pixels[:, :, 0], pixels[:, :, 1]), pixels[:, :, 2]), dtype=np.uint8)


def _lighten(grey: Pixels, pixels: Pixels, region: Pixels, at: tuple[float, float]) -> None:
    """Put the lightest component into `grey` where `region` (reduced, its corner `at` in the page) is 1, its paper as light as before."""
    scale = max(grey.shape) / min(LONG_SIDE, max(grey.shape))
    left, top = round(at[0]), round(at[1])
    right, bottom = (
        min(side, round(start + length * scale)) for side, start, length in zip(grey.shape[::-1], at, region.shape[::-1], strict=True)
    )
    place = np.s_[top:bottom, left:right]
    where = cv2.resize(cv2.dilate(region, np.ones((3, 3), np.uint8)), (right - left, bottom - top), interpolation=cv2.INTER_NEAREST) > 0
    light = _lightest(pixels[place])
    gain = float(np.percentile(grey[place], 90)) / max(1.0, float(np.percentile(light, 90)))
    grey[place] = np.where(where, np.minimum(light * gain, 255).astype(np.uint8), grey[place])

"""Ink on paper, at a size where a page is told by its ink: for slant, blankness and unread text, not for reading.

A page is reduced to about 100 dpi (1,170 pixels along the longer side of A4), the paper is estimated as what is left when
small dark things are filled in, and what is clearly darker than the paper is ink. Of that, what has the size of letters and
strokes is kept apart from rules, frames, dark borders and dust. It decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from pipeline.model import Box, Pixels

LONG_SIDE = 1170  # pixels: A4 at 100 dpi
UNIT = 100 / 25.4  # pixels a millimetre of A4 at that size; smaller papers are seen larger, which does no harm
FAINTEST = 18  # grey levels below the paper: less is show-through, grain or noise
_FRAME_SHARE = 0.4  # of the brightness of the sheet: darker is no paper
_SHARE_OF_STRONGEST = 0.35  # of the depth of the darkest ink: less is show-through or noise beside it


@dataclass(frozen=True, slots=True)
class Ink:
    """The ink of a page on its reduced image."""

    depth: Pixels  # H×W grey levels below the paper, 0 is paper; all that is dark
    text: Pixels  # H×W the same where ink has the size of letters, 0 elsewhere
    frame: Pixels  # H×W, 255 where the picture shows no sheet: the dark edge of an open lid, of a bound spine
    scale: float  # pixels of the reduced image per pixel of the page


def find_ink(pixels: Pixels) -> Ink:
    """The ink of a page image, H×W or H×W×3 uint8; of a colour image the darkest component counts, so that red seals are ink."""
    scale = min(1.0, LONG_SIDE / max(pixels.shape[:2]))
    height, width = (max(1, round(side * scale)) for side in pixels.shape[:2])
    small = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA) if scale < 1 else pixels
    grey = np.asarray(small if small.ndim == 2 else cv2.min(cv2.min(small[:, :, 0], small[:, :, 1]), small[:, :, 2]), dtype=np.uint8)
    frame = _frame(grey)
    depth = np.asarray(cv2.subtract(_paper(grey), grey), dtype=np.uint8)
    depth[cv2.dilate(frame, np.ones((9, 9), np.uint8)) > 0] = 0
    depth = _without_streaks(depth)
    return Ink(depth, _letters(depth), frame, scale)


def _without_streaks(depth: Pixels) -> Pixels:
    """Columns that are dark from top to bottom of a sixth of the page lose that darkness: dirt on the glass of a feeder."""
    bands = np.array_split(depth, 6 if len(depth) >= 60 else 1)
    return np.vstack([cv2.subtract(band, np.broadcast_to(_constant(band), band.shape).copy()) for band in bands]).astype(np.uint8)


def _constant(band: Pixels) -> Pixels:
    return np.percentile(band[::2], 40, axis=0).astype(np.uint8)


def _frame(grey: Pixels) -> Pixels:
    """255 where solid darkness, 2 mm thick or more, reaches in from the edge of the image."""
    dark = np.where(grey < _FRAME_SHARE * np.percentile(grey[::4, ::4], 75), 255, 0).astype(np.uint8)
    padded = cv2.copyMakeBorder(dark, 9, 9, 9, 9, cv2.BORDER_REPLICATE)
    solid = cv2.morphologyEx(padded, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))[9:-9, 9:-9]
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=8)
    height, width = grey.shape
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    right, bottom = left + stats[:, cv2.CC_STAT_WIDTH], top + stats[:, cv2.CC_STAT_HEIGHT]
    outer = (left == 0) | (top == 0) | (right == width) | (bottom == height)
    outer[0] = False
    return np.where(outer[labels], 255, 0).astype(np.uint8) if count > 1 else np.zeros_like(grey)


def threshold(depth: Pixels) -> int:
    """Grey levels below the paper from which darkness is ink, on this page."""
    strongest = float(np.percentile(depth[::2, ::2], 99.5))
    return int(max(FAINTEST, _SHARE_OF_STRONGEST * strongest))


def _paper(grey: Pixels) -> Pixels:
    """The grey of the sheet under the ink: a closing fills in strokes up to 4 mm wide, a median takes the specks of the closing."""
    closed = cv2.dilate(grey, np.ones((15, 15), np.uint8))
    return np.asarray(cv2.medianBlur(closed, 21), dtype=np.uint8)


def _letters(depth: Pixels) -> Pixels:
    """`depth` where connected ink is 0.8-12 mm high and at most 40 mm wide: letters, syllables, short strokes."""
    dark = (depth > threshold(depth)).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    width, height, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    kept = (height >= 0.8 * UNIT) & (height <= 12 * UNIT) & (width >= 0.3 * UNIT) & (width <= 40 * UNIT)
    kept &= (area >= 4) & (area > 0.08 * width * height)
    kept[0] = False
    return np.where(kept[labels], depth, 0).astype(np.uint8)


def vertical_rules(depth: Pixels) -> tuple[Box, ...]:
    """Upright ruled lines of 10 mm and more, in the pixels of `depth` (H×W, upright page, 0 is paper)."""
    dark = (depth > threshold(depth)).astype(np.uint8)
    runs = cv2.morphologyEx(cv2.dilate(dark, np.ones((1, 3), np.uint8)), cv2.MORPH_OPEN, np.ones((40, 1), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    boxes = (Box(int(left), int(top), int(left + width), int(top + height)) for left, top, width, height, _ in stats[1:])
    return tuple(box for box in boxes if box.width <= 3 * UNIT)

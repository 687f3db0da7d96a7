"""Ink on paper, at a size where a page is told by its ink: for slant, blankness and unread text, not for reading.

A page is reduced to about 100 dpi (1,170 pixels along the longer side of A4), the paper is estimated as what is left when
small dark things are filled in, and what is clearly darker than the paper is ink. Of that, what has the size of letters and
strokes is kept apart from rules, frames, dark borders and dust. It decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.model import Box, Pixels

LONG_SIDE = 1170  # pixels: A4 at 100 dpi
UNIT = 100 / 25.4  # pixels a millimetre of A4 at that size; smaller papers are seen larger, which does no harm
FAINTEST = 18  # grey levels below the paper: less is show-through, grain or noise
_ALONG, _ASIDE = 0.4, 0.15  # shares of the picture: how long a dark strip is that is no print, and how near an edge it stands
_FRAME_SHARE = 0.4  # of the brightness of the sheet: darker is no paper
_SHARE_OF_RULES = 0.6  # of the least depth of ink: rules are thinner than strokes and pale sooner
_SHORTEST_UPRIGHT, _SHORTEST_LEVEL = 41, 101  # pixels: no letter is so high, no dash so long
_RUN = 21  # pixels down which a line is averaged: noise falls to a quarter, a line that slants by 3 degrees stays in its column
_LINE_LEAST, _LINE_NOISES = 2.0, 4.0  # grey levels, and deviations of the noise, by which a line stands out of its blur
_LINE_SHARPER = 0.9  # the same in depths of that blur; what shines through does by less
_LINE_GAP, _SHORTEST_LINE = 31, 60  # pixels: a gap that a line may have; no letter is so high
_LINE_BLUR = 1.5  # pixels, sigma
_SHARE_OF_STRONGEST = 0.35  # of the depth of the darkest ink: less is show-through or noise beside it


@dataclass(frozen=True, slots=True)
class Ink:
    """The ink of a page on its reduced image."""

    depth: Pixels  # H×W grey levels below the paper, 0 is paper; all that is dark
    text: Pixels  # H×W the same where ink has the size of letters, 0 elsewhere
    frame: Pixels  # H×W, 255 where the picture shows no sheet: the dark edge of an open lid, of a bound spine
    scale: float  # pixels of the reduced image per pixel of the page
    streaked: Pixels  # H×W as `depth`, with the columns that dirt on the glass of a feeder draws


@dataclass(frozen=True, slots=True)
class Line:
    """A thin line that runs down the picture: a streak, or a rule of a sheet that lies sideways. Pixels."""

    top: int
    bottom: int
    x: float  # at the top
    drift: float  # how much further right it ends
    bent: float  # standard deviation from the straight line


def find_ink(pixels: Pixels) -> Ink:
    """The ink of a page image, H×W or H×W×3 uint8; of a colour image the darkest component counts, so that red seals are ink."""
    scale = min(1.0, LONG_SIDE / max(pixels.shape[:2]))
    height, width = (max(1, round(side * scale)) for side in pixels.shape[:2])
    small = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA) if scale < 1 else pixels
    grey = np.asarray(small if small.ndim == 2 else cv2.min(cv2.min(small[:, :, 0], small[:, :, 1]), small[:, :, 2]), dtype=np.uint8)
    frame = _frame(grey)
    depth = np.asarray(cv2.subtract(_paper(grey), grey), dtype=np.uint8)
    depth[cv2.dilate(frame, np.ones((9, 9), np.uint8)) > 0] = 0
    calm = _without_streaks(depth)
    return Ink(calm, _letters(calm), frame, scale, depth)


def _without_streaks(depth: Pixels) -> Pixels:
    """Columns that are dark from top to bottom of a sixth of the page lose that darkness: dirt on the glass of a feeder."""
    bands = np.array_split(depth, 6 if len(depth) >= 60 else 1)
    return np.vstack([cv2.subtract(band, np.broadcast_to(_constant(band), band.shape).copy()) for band in bands]).astype(np.uint8)


def _constant(band: Pixels) -> Pixels:
    return np.percentile(band[::2], 40, axis=0).astype(np.uint8)


def _frame(grey: Pixels) -> Pixels:
    """255 where solid darkness, 2 mm thick or more, reaches in from the edge of the image, or stands along it.

    The second is what is left of a dark border once a scanner's own program has levelled the page and filled its corners.
    """
    dark = np.where(grey < _FRAME_SHARE * np.percentile(grey[::4, ::4], 75), 255, 0).astype(np.uint8)
    padded = cv2.copyMakeBorder(dark, 9, 9, 9, 9, cv2.BORDER_REPLICATE)
    solid = cv2.morphologyEx(padded, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))[9:-9, 9:-9]
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=8)
    height, width = grey.shape
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    right, bottom = left + stats[:, cv2.CC_STAT_WIDTH], top + stats[:, cv2.CC_STAT_HEIGHT]
    outer = (left == 0) | (top == 0) | (right == width) | (bottom == height)
    long = (right - left >= _ALONG * width) | (bottom - top >= _ALONG * height)
    aside = (right < _ASIDE * width) | (left > (1 - _ASIDE) * width) | (bottom < _ASIDE * height) | (top > (1 - _ASIDE) * height)
    round_about = (right - left > (1 - _ASIDE) * width) & (bottom - top > (1 - _ASIDE) * height)
    outer |= long & (aside | round_about) & (stats[:, cv2.CC_STAT_AREA] < _ASIDE * width * height)
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
    """Upright ruled lines of 10 mm and more, in the pixels of `depth` (H×W, upright page, 0 is paper); streaks may be among them."""
    dark = np.asarray(cv2.dilate(_faintly_dark(depth), np.ones((1, 3), np.uint8)), dtype=np.uint8)
    return tuple(box for box in _runs(dark, 1, _SHORTEST_UPRIGHT) if box.width <= 3 * UNIT)


def horizontal_rules(depth: Pixels) -> tuple[Box, ...]:
    """Level ruled lines of 25 mm and more, in the pixels of `depth` (H×W, upright page, 0 is paper)."""
    dark = np.asarray(cv2.dilate(_faintly_dark(depth), np.ones((3, 1), np.uint8)), dtype=np.uint8)
    return tuple(box for box in _runs(dark, _SHORTEST_LEVEL, 1) if box.height <= 3 * UNIT)


def _faintly_dark(depth: Pixels) -> Pixels:
    """1 where there is ink, be it as pale as thin rules come out."""
    return (depth > max(FAINTEST / 2, _SHARE_OF_RULES * threshold(depth))).astype(np.uint8)


def _runs(dark: Pixels, width: int, height: int) -> list[Box]:
    """Where `dark` fills a window of that size but for a twentieth, as boxes around what the windows cover."""
    filled = (cv2.blur(dark.astype(np.float32), (width, height)) >= 0.95).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(filled, connectivity=8)
    right, down = width // 2 - width // 20, height // 2 - height // 20  # less what a window may lack
    rows, columns = dark.shape
    return [
        Box(max(0, left - right), max(0, top - down), min(columns, left + wide + right), min(rows, top + high + down))
        for left, top, wide, high, _ in stats[1:].tolist()
    ]


def upright_lines(streaked: Pixels) -> tuple[Line, ...]:
    """Thin, sharp, upright lines of 15 mm and more, in the pixels of `streaked` (H×W, 0 is paper): streaks and rules, no shine-through."""
    depth = streaked.astype(np.float32)
    blurred = cv2.GaussianBlur(depth, (0, 0), sigmaX=_LINE_BLUR, sigmaY=0.1)
    sharp = cv2.blur(depth - blurred, (1, _RUN))
    soft = cv2.blur(blurred - float(np.median(depth[::3, ::3])), (1, _RUN))
    noise = 1.48 * float(np.median(np.abs(sharp[::3, ::3])))
    dark = ((sharp > max(_LINE_LEAST, _LINE_NOISES * noise)) & (sharp > _LINE_SHARPER * soft)).astype(np.uint8)
    joined = cv2.dilate(cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((_LINE_GAP, 1), np.uint8)), np.ones((1, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    narrow = stats[:, cv2.CC_STAT_WIDTH] <= stats[:, cv2.CC_STAT_HEIGHT] / 8 + 6
    narrow[0] = False
    lines = []
    for index in np.nonzero(narrow & (stats[:, cv2.CC_STAT_HEIGHT] >= _SHORTEST_LINE))[0]:
        left, top, width, height = (int(value) for value in stats[index, :4])
        box = np.s_[top : top + height, left : left + width]
        lines.append(_line(left, top, np.where(labels[box] == index, np.maximum(sharp[box], 0), 0)))
    return tuple(line for line in lines if line is not None)


def _line(left: int, top: int, weight: npt.NDArray[np.float32]) -> Line | None:
    """The straight line through `weight`, H×W, of which the upper left corner is given; None where it has gaps."""
    total = weight.sum(axis=1)
    rows = np.nonzero(total)[0]
    if len(rows) < 0.9 * len(weight):
        return None
    middle = (weight @ np.arange(weight.shape[1]))[rows] / total[rows]
    slope, start = (float(term) for term in np.polyfit(rows, middle, 1))
    return Line(top, top + len(weight), left + start, slope * len(weight), float(np.std(middle - slope * rows - start)))

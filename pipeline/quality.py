"""What is wrong with the picture of a page, as codes, so that a clerk can be told what to do about it.

Measured on letters: how dark they are, how sharp, whether they run out of the picture or into black; and on the paper: how
bright it is. The flags advise; nothing is withheld or altered because of them. Whether a page is legible is for recognition to say.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.ink import UNIT, Ink
from pipeline.model import Pixels

LOW_DPI, FADED, BLURRED, CUT_OFF, DARK = "low_dpi", "faded", "blurred", "cut_off", "dark"

_LEAST_DPI = 195.0  # 200, less what rounding of the paper size takes
_LEAST_CONTRAST = 0.16  # of the brightness of the paper
_WIDEST_EDGE = 0.2  # mm, from paper to ink: what paper and optics may do
_WIDEST_EDGE_PIXELS = 2.2  # in addition to it: what sampling does
_PALE_INK = 0.004  # of the page: ink that the eye of `blank` found and no letter among it has the depth of ink
_DARKEST_PAPER = 110  # grey level of a sheet that lies in the light
_BLACK = 0.12  # of the picture: more than a spine, or a lid that stood open a little, leaves
_WINDOW = 64  # pixels of the reduced image, side of a piece of text that is looked at
_WINDOWS = 8
_LETTERS = 60  # pixels of ink in such a piece, at the least
_REACH = 3  # pixels: what ends so near to an edge runs out of it
_INWARD = 1.5 * UNIT  # how far such a mark comes in
_FEWEST, _SPREAD = 5, 45 * UNIT  # marks along one edge, and how far they lie apart: more than a seal across the edge leaves

_Marks = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Strokes:
    """How the letters of a page look, as the median of some pieces of text."""

    contrast: float  # of ink, as a share of the brightness of the paper
    edge: float  # pixels of the page from paper to ink


def judge_quality(found: Ink, pixels: Pixels, dpi: float, *, bitonal: bool, blank: bool, ink: float) -> tuple[str, ...]:
    """Codes of what a better scan would mend, in a fixed order. `found` is the ink of `pixels`: H×W or H×W×3, as it lay on the glass.

    Of a blank page only the resolution is judged; contrast, sharpness and light of a `bitonal` page cannot be seen any more.
    `ink`: share of the page that ink covers, as `blank` measured it.
    """
    flags = [LOW_DPI] if dpi < _LEAST_DPI else []
    if blank:
        return tuple(flags)
    if not bitonal:
        strokes = measure_strokes(found, pixels)
        pale = ink > _PALE_INK if strokes is None else strokes.contrast < _LEAST_CONTRAST
        flags += [FADED] * pale
        flags += [BLURRED] * (strokes is not None and strokes.edge > _WIDEST_EDGE_PIXELS + _WIDEST_EDGE * dpi / 25.4)
    flags += [CUT_OFF] * _runs_out(found.text)
    flags += [DARK] * ((not bitonal and _paper(found, pixels) < _DARKEST_PAPER) or _runs_into_black(found))
    return tuple(flags)


def _paper(found: Ink, pixels: Pixels) -> float:
    """Grey level of the sheet where it is lit."""
    step = max(1, round(8 / found.scale / 3))
    sample = pixels[::step, ::step]
    grey = sample if sample.ndim == 2 else sample.max(axis=2)  # of coloured paper the brightest component
    frame = cv2.resize(found.frame, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_NEAREST)
    sheet = grey[frame == 0]
    return float(np.percentile(sheet, 75)) if sheet.size else 0.0


def measure_strokes(found: Ink, pixels: Pixels) -> Strokes | None:
    """How letters look in the pieces of the page that hold most of them; None where there are too few."""
    across, down = (max(1, round(side / _WINDOW)) for side in found.text.shape[::-1])
    amount = cv2.resize((found.text > 0).astype(np.float32), (across, down), interpolation=cv2.INTER_AREA)
    order = np.argsort(-amount, axis=None)[:_WINDOWS]
    places = [np.unravel_index(place, amount.shape) for place in order if amount.flat[place] * _WINDOW**2 >= _LETTERS]
    seen = [stroke for row, column in places if (stroke := _strokes(found, pixels, int(row), int(column), amount.shape)) is not None]
    if not seen:
        return None
    return Strokes(float(np.median([one.contrast for one in seen])), float(np.median([one.edge for one in seen])))


def _strokes(found: Ink, pixels: Pixels, row: int, column: int, shape: tuple[int, ...]) -> Strokes | None:
    height, width = pixels.shape[:2]
    top, bottom = row * height // shape[0], (row + 1) * height // shape[0]
    left, right = column * width // shape[1], (column + 1) * width // shape[1]
    part = pixels[top:bottom, left:right]
    grey = np.asarray(part if part.ndim == 2 else part.min(axis=2), dtype=np.uint8)
    calm = cv2.GaussianBlur(grey, (0, 0), 0.8).astype(np.float32)
    paper, ink = (float(level) for level in np.percentile(calm, (75, 2)))
    if paper - ink < 4:
        return None
    steep = float(np.percentile(np.hypot(*_slopes(calm)), 98))
    return Strokes((paper - ink) / max(paper, 1.0), (paper - ink) / max(steep, 0.1))


def _slopes(grey: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Grey levels a pixel, across and down."""
    across = cv2.Sobel(grey, cv2.CV_32F, 1, 0, scale=1 / 8)
    down = cv2.Sobel(grey, cv2.CV_32F, 0, 1, scale=1 / 8)
    return np.asarray(across, dtype=np.float32), np.asarray(down, dtype=np.float32)


def _runs_out(text: Pixels) -> bool:
    """Whether lines of text end at an edge of the picture."""
    _, _, table, _ = cv2.connectedComponentsWithStats((text > 0).astype(np.uint8), connectivity=8)
    marks = np.asarray(table, dtype=np.int32)[1:]
    height, width = text.shape
    left, top = marks[:, cv2.CC_STAT_LEFT], marks[:, cv2.CC_STAT_TOP]
    wide, high = marks[:, cv2.CC_STAT_WIDTH], marks[:, cv2.CC_STAT_HEIGHT]
    right, bottom = width - left - wide, height - top - high
    beside = ((left, wide, top), (right, wide, top), (top, high, left), (bottom, high, left))
    return any(_row(along[(gap < _REACH) & (inward >= _INWARD)]) for gap, inward, along in beside)


def _runs_into_black(found: Ink) -> bool:
    """Whether lines of text end where the picture shows no sheet."""
    if cv2.countNonZero(found.frame) < _BLACK * found.frame.size:
        return False
    near = cv2.dilate(found.frame, np.ones((17, 17), np.uint8)) > 0  # ink is looked for from 4 pixels off the frame
    _, labels, table, _ = cv2.connectedComponentsWithStats((found.text > 0).astype(np.uint8), connectivity=8)
    touching = np.unique(labels[near & (labels > 0)])
    marks = np.asarray(table, dtype=np.int32)[touching]
    marks = marks[np.maximum(marks[:, cv2.CC_STAT_WIDTH], marks[:, cv2.CC_STAT_HEIGHT]) >= _INWARD]
    return _row(marks[:, cv2.CC_STAT_TOP]) or _row(marks[:, cv2.CC_STAT_LEFT])


def _row(places: _Marks) -> bool:
    """Whether marks at these places along an edge are more than chance or a seal across it."""
    return len(places) >= _FEWEST and int(places.max() - places.min()) >= _SPREAD

"""The upright page: which quarter turn and which small slant bring its text lines level.

Everything is measured on the ink of an image of about 100 dpi; finer ones cost time and win nothing. The slant is found by
projection profiles (W. Postl, "Detection of linear oblique structures and skew scan in digitized documents", ICPR 1986):
where text is level, the ink of neighbouring pixel rows differs most. A page whose ink does not say clearly how it lies is left
alone. The quarter turn is judged by how ink is spread above and below its lines: Vietnamese and Latin lines carry more of it
above. What stays in doubt is for the caller to settle by reading a strip each way.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.model import Pixels

WIDEST = 15.0  # degrees: a sheet that lies more obliquely was not fed but thrown
NARROWEST = 0.08  # degrees: 0.3 mm over the width of A4; turning it would cost sharpness and win nothing
_COARSE, _FINE = 0.4, 0.05  # degrees between the angles tried
_THINNED = 3  # every so manyth pixel is enough to find the coarse angle
CLEAR = 1.5  # how many times better than any angle 1.5 degrees away the best must be
CLEAR_OF_ALL_INK = 3.0  # the same where rules and pictures have to do for want of text
_BEYOND_DOUBT = 4.0  # from which lines run across the page; of its two directions only one is ever as clear
_ENOUGH = 60_000  # pixels of ink: more say the same
_FEWEST = 300  # pixels of ink on the reduced image, two or three words

_Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Slant:
    """How far text lines lean."""

    angle: float  # degrees, counter-clockwise positive
    clearness: float  # score of this angle over the best of those 1.5 degrees and more away; 1 says nothing


@dataclass(frozen=True, slots=True)
class Stand:
    """Whether level lines stand on their feet, by the ink above and below them."""

    lines: int  # that were judged
    agreement: float  # -1..1: ink in lines with more above, less that in lines with more below
    above: float  # -1..1: mean surplus of ink above the body of the lines

    @property
    def upright(self) -> bool:
        """True only where there is no doubt; the thresholds leave out every wrongly standing page of the corpus."""
        return self.lines >= 10 and self.agreement >= 0.5 and self.above >= 0.03


def find_slant(ink: Pixels, clear: float = CLEAR, widest: float = WIDEST) -> Slant | None:
    """The slant of the ink on a reduced image (H×W, 0 is paper), at most `widest` degrees to either side.

    None with too little ink, or where no angle is `clear`.
    """
    ys, xs = np.nonzero(ink)
    if len(ys) < _FEWEST:
        return None
    spare = np.s_[:: 1 + len(ys) // _ENOUGH]
    ys, xs = ys[spare], xs[spare]
    weights = ink[ys, xs].astype(np.float64)
    # Pixels sit on a grid that is sharpest at 0 degrees; spreading each over its height in a fixed pattern takes that bias away.
    spread = (xs * 0.6180339887 + ys * 0.7548776662) % 1.0 - 0.5
    across, down = xs.astype(np.float64), ys + spread
    coarse = np.arange(-widest, widest + _COARSE, _COARSE)
    few = np.s_[::_THINNED]
    scores = np.array([_sharpness(across[few], down[few], weights[few], angle) for angle in coarse])
    best = float(coarse[scores.argmax()])
    clearness = float(scores.max() / max(scores[np.abs(coarse - best) >= 1.5].max(), 1e-9))
    if clearness < clear or abs(best) >= widest:
        return None
    fine: _Numbers = best + np.arange(-10, 11, dtype=np.float64) * _FINE
    return Slant(_peak(fine, np.array([_sharpness(across, down, weights, angle) for angle in fine])), clearness)


def _sharpness(across: _Numbers, down: _Numbers, weights: _Numbers, angle: float) -> float:
    """Sum of squared differences of neighbouring rows, the page sheared level against `angle`."""
    rows = down + across * np.tan(np.deg2rad(angle))
    rows -= rows.min()
    whole = rows.astype(np.int64)
    part = (rows - whole) * weights
    count = int(whole.max()) + 2
    profile = np.bincount(whole, weights - part, count) + np.bincount(whole + 1, part, count)
    return float(np.sum(np.diff(profile) ** 2))


def _peak(angles: _Numbers, scores: _Numbers) -> float:
    """The top of the parabola through the highest of the smoothed scores and its neighbours, in degrees."""
    smooth = np.convolve(scores, [0.25, 0.5, 0.25], "same")
    top = int(np.clip(smooth[1:-1].argmax() + 1, 2, len(angles) - 3))
    left, middle, right = smooth[top - 1 : top + 2]
    bend = left - 2 * middle + right
    shift = 0.5 * (left - right) / bend if bend < 0 else 0.0
    return float(angles[top] + np.clip(shift, -1, 1) * _FINE)


def possible_turns(text: Pixels, level: Slant | None) -> tuple[int, ...]:
    """The quarter turns, degrees clockwise, that may make a page upright; a single 0 where that is beyond doubt.

    `text`: its text ink on a reduced image; `level`: the slant of that as it lies.
    """
    across = level is not None and level.clearness >= _BEYOND_DOUBT
    sideways = None if across else find_slant(quarter_turned(text, 90))
    if level is not None and (sideways is None or level.clearness > 2 * sideways.clearness):
        return (0,) if judge_stand(text, level.angle).upright else (0, 180)
    if sideways is not None and (level is None or sideways.clearness > 2 * level.clearness):
        return (90, 270)
    return (0, 90, 180, 270)


def judge_stand(text: Pixels, angle: float) -> Stand:
    """How the lines of a reduced text image stand, levelled by `angle` degrees first."""
    profile = np.asarray(turned(text, angle, 0).sum(axis=1, dtype=np.float64))
    profile = np.convolve(profile, [0.25, 0.5, 0.25], "same")
    inked = np.concatenate([[False], profile > 0.06 * np.percentile(profile, 98), [False]])
    edges = np.diff(inked.astype(np.int8))
    surplus: list[float] = []
    weight: list[float] = []
    for top, bottom in zip(np.nonzero(edges == 1)[0], np.nonzero(edges == -1)[0], strict=True):
        if 6 <= bottom - top <= 45:  # 1.5 to 11 mm: a line of text
            line = profile[top:bottom]
            body = np.nonzero(line > 0.5 * line.max())[0]
            surplus.append(float(line[: body[0]].sum() - line[body[-1] + 1 :].sum()) / float(line.sum()))
            weight.append(float(line.sum()))
    if not weight:
        return Stand(0, 0.0, 0.0)
    return Stand(len(weight), float(np.average(np.sign(surplus), weights=weight)), float(np.average(surplus, weights=weight)))


def densest_band(text: Pixels) -> tuple[float, float]:
    """Top and bottom, as shares of the height, of the 24 mm across the page that hold the most text ink."""
    rows = text.sum(axis=1, dtype=np.float64)
    height = min(len(rows), round(24 * 100 / 25.4))
    sums = np.convolve(rows, np.ones(height), "valid")
    top = int(sums.argmax())
    return top / len(rows), (top + height) / len(rows)


def cut(pixels: Pixels, band: tuple[float, float]) -> Pixels:
    """The part of an image between two shares of its height."""
    top, bottom = (round(share * pixels.shape[0]) for share in band)
    return np.ascontiguousarray(pixels[top : max(bottom, top + 1)])


def quarter_turned(pixels: Pixels, rotation: int) -> Pixels:
    """The image turned clockwise by 0, 90, 180 or 270 degrees."""
    return np.ascontiguousarray(np.rot90(pixels, -(rotation // 90)))


def turned(pixels: Pixels, angle: float, fill: int) -> Pixels:
    """The image turned clockwise by `angle` degrees about its centre to undo a slant, at the same size, corners filled.

    Beyond 2 degrees the size grows so that no corner of the sheet is cut off.
    """
    if angle == 0:
        return pixels
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -angle, 1.0)
    out_width, out_height = turned_size(width, height, angle)
    matrix[0, 2] += (out_width - width) / 2
    matrix[1, 2] += (out_height - height) / 2
    filling = (fill,) * 3
    moved = cv2.warpAffine(pixels, matrix, (out_width, out_height), flags=cv2.INTER_LINEAR, borderValue=filling)
    return np.asarray(moved, dtype=np.uint8)


def turned_size(width: int, height: int, angle: float) -> tuple[int, int]:
    """Width and height of the image that `turned` makes."""
    if abs(angle) <= 2.0:
        return width, height
    sine, cosine = abs(np.sin(np.deg2rad(angle))), abs(np.cos(np.deg2rad(angle)))
    return round(width * cosine + height * sine), round(width * sine + height * cosine)

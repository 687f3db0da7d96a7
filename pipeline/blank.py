"""Blank or not, with the evidence: the share of the sheet that ink covers.

A sheet is blank when nothing on it was put there by a person or a printer: shine-through of the other side, punch holes, staples,
dust, streaks, stains, dark edges, tinted paper and marks in the outermost margin are no content. A seal, a signature, a page
number, a pencil note or a ruled form is. Ink, however pale, has sharp edges; what shines through was blurred by the paper. It never removes
anything; in doubt a page is not blank.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.ink import UNIT, Ink, Line, upright_lines
from pipeline.model import Pixels

_DEEP = 0.27  # of the brightness of the paper: nothing that shines through is as dark
_DEEP_WIDE = 0.17  # the same of what is no speck: ink of a scanner out of focus; only what is large and black shines through so much
_BLUR = 1.5  # pixels of the reduced image, sigma: about what paper does to the ink of its other side
_SHARPER = 0.75  # times the blurred depth by which sharp ink stands out of it; shine-through does by half at most
_DEEP_LINES, _LINES = 0.1, 0.18  # the same of whole lines of text, and how many rows of the page they fill together
_PALE_LINES, _SOFT_LINES, _SOFT = 0.05, 0.6, 0.25  # the same of pale ink out of focus, softer than what shines through a sheet in focus
_FAINTER = 1.0  # the same, where a scribble is known by many faint pixels
_LEAST, _NOISES = 7.0, 4.5  # how far sharp ink stands out: grey levels on lit paper, and standard deviations of the paper's noise
_FAINT_LEAST, _FAINT_NOISES = 5.0, 3.0  # the same for a scribble
_SHEET, _ON_SCRAP = 600, 0.001  # pixels: what is no longer is no sheet, and has no margins; of its area, more than dust
_PLAINLY = 0.025  # of the page: neither dust nor edges make so much ink
_STROKE = 3  # pixels, side of the shortest piece of a stroke
_FEWEST = 12  # pixels of ink of a mark that counts
_SCRIBBLES = (((30, 18), 55), ((18, 12), 25))  # pixels: about 8 by 5 and 5 by 3 mm, and how many faint ones there are no accident
_MARGIN = 8.9 * UNIT  # from the edge of the sheet: small marks there come from the scanner or a neighbouring sheet
_EDGE = 5.6 * UNIT  # from the edge of the picture: nothing is printed there; a sheet that lies slanted shows its own edge
_THIN = 2.3 * UNIT  # the same as far as the margin goes, where it is no thicker than this
_SMALL = 4.5 * UNIT  # side of a small mark
_CORNER, _STAPLE = 20 * UNIT, 8 * UNIT  # where staples sit, and their side
_DUST = 1.5 * UNIT  # side of the largest speck
_STREAK = 25  # pixels in one column: no upright stroke of a letter is as long
_PIECE = 17  # pixels in a column that pieces of a streak have together at the least; a printed 1 has 12
_LONE_PIECE = 15  # the same of one that is a pixel wide; no stem is
_LONG = 100  # pixels: of a line of which the slant is known
_DRIFT, _BENT = 0.6, 0.15  # pixels: a streak leaves its column by less; what is no straight line leaves its own by more
_BESIDE, _ENDS = 16 * UNIT, 11.4 * UNIT  # from the sides of the picture a sheet shows its edge, from top and bottom streaks end
_REACH = 21  # pixels above and below a streak where pieces belong to it
_LEVEL, _APART = 4, 8  # pixels: between ends at the same height; between lines that are two
_HOLE_SIDE = (3.5 * UNIT, 9 * UNIT)
_HOLE_REACH = 22 * UNIT  # how far from the edge holes are punched
_ROUND = 0.72  # of the circle around it that a hole covers; a streak or a speck beside it makes that circle larger
_PATCH, _PATCH_SIDE, _PATCHES = 9, 16, 12  # mean depth, pixels, and how many are looked at
_PATTERN = 1.45  # times the energy of the paper's noise that a pattern in a patch has

_Flags = npt.NDArray[np.bool_]
_Counts = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Blankness:
    """Whether a page is blank, and by what."""

    blank: bool
    ink: float  # share of the page area covered by what counts as content


@dataclass(frozen=True, slots=True)
class _Relief:
    """How far pixels stand out of what lies around them."""

    sharp: Pixels  # H×W grey levels above `soft`
    soft: Pixels  # H×W grey levels below the paper, blurred
    noise: float  # standard deviation of `sharp` on paper
    level: int  # depth of the paper itself: what the estimate of it lies above its mean

    def ink(self, least: float, noises: float, sharper: float) -> _Flags:
        return np.asarray((self.sharp > max(least, noises * self.noise)) & (self.sharp > sharper * self.soft))


def judge_blank(found: Ink, pixels: Pixels) -> Blankness:
    """Judge a page by its ink and, where a pale patch leaves doubt, by its image: H×W or H×W×3, the one `found` is of."""
    depth = found.depth
    relief = _relief(depth)
    paper = _paper(pixels)
    wide = np.asarray(cv2.subtract(cv2.medianBlur(depth, 5), np.full_like(depth, relief.level)), dtype=np.uint8)
    deep = (depth > _DEEP * paper) | (wide > _DEEP_WIDE * paper)
    dark = (relief.ink(_LEAST * min(1.0, paper / 200), _NOISES, _SHARPER) | deep).astype(np.uint8)
    share = cv2.countNonZero(dark) / depth.size
    if share > (_PLAINLY if max(depth.shape) > _SHEET else _ON_SCRAP) or _many_lines(relief, wide, paper):
        return Blankness(blank=False, ink=share)
    dark, columns = _without_streaks(dark)
    joined = cv2.dilate(dark, np.ones((3, 3), np.uint8))  # strokes of one letter, letters of one word
    _, marks, table, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    labels, stats = np.asarray(marks, dtype=np.int32), np.asarray(table, dtype=np.int32)
    inked = np.bincount(labels[dark > 0], minlength=len(stats))
    strokes = np.bincount(labels[_strokes(dark)], minlength=len(stats))
    beside = _marginal(stats, depth.shape) | _hole(stats, labels)
    beside[0] = False
    content = (strokes > 0) & (inked >= _FEWEST) & ~(_dust(stats) | _streak(stats, columns) | beside)
    content[0] = False
    lines = upright_lines(found.streaked) if not content.any() or _thin(stats)[content].all() else ()
    beside |= _on_streak(stats, lines)
    content &= ~beside
    share = float(inked[content].sum()) / depth.size
    if content.any() or _ruled(lines, depth.shape):
        return Blankness(blank=False, ink=share)
    hidden = cv2.dilate(beside[labels].astype(np.uint8), np.ones((15, 15), np.uint8)) > 0
    return Blankness(not _scribble(relief, hidden) and not _pattern(relief, hidden, found.scale, pixels), 0.0)


def _relief(depth: Pixels) -> _Relief:
    blurred = np.asarray(cv2.GaussianBlur(depth, (0, 0), _BLUR), dtype=np.uint8)
    sample = np.ascontiguousarray(blurred[::3, ::3])
    unlike = cv2.absdiff(np.ascontiguousarray(depth[::3, ::3]), sample)
    noise = 1.25 * float(np.minimum(unlike, 12).mean())  # the mean deviation is 0.8 standard deviations; ink is bounded
    level = int(np.median(sample))
    sharp, soft = cv2.subtract(depth, blurred), cv2.subtract(blurred, np.full_like(blurred, level))
    return _Relief(np.asarray(sharp, dtype=np.uint8), np.asarray(soft, dtype=np.uint8), noise, level)


def _paper(pixels: Pixels) -> float:
    """Grey level of the sheet, in its darkest component as ink is measured."""
    sample = pixels[::24, ::24]
    return float(np.percentile(sample if sample.ndim == 2 else sample.min(axis=2), 75))


def _without_streaks(dark: Pixels) -> tuple[Pixels, _Counts]:
    """`dark` without thin upright lines, as dirt on the glass of a feeder draws them, and how much of them each column had."""
    thin = cv2.subtract(dark, cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)))
    upright = cv2.morphologyEx(thin, cv2.MORPH_OPEN, np.ones((_STREAK, 1), np.uint8))
    columns = cv2.reduce(upright, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S).ravel()
    rest = cv2.subtract(dark, cv2.dilate(upright, np.ones((1, 3), np.uint8)))
    return np.asarray(rest, dtype=np.uint8), np.asarray(columns, dtype=np.int32)


def _around(columns: npt.NDArray[np.float64] | _Counts) -> npt.NDArray[np.float64]:
    """Of each column and two on either side of it together."""
    return np.asarray(np.convolve(columns, np.ones(5))[2:-2], dtype=np.float64)


def _many_lines(relief: _Relief, wide: Pixels, paper: float) -> bool:
    """Whether blurred ink is all over the page."""
    if _rows(wide > _DEEP_LINES * paper) > _LINES:
        return True
    if _rows(wide > _PALE_LINES * paper) <= _SOFT_LINES:
        return False
    pale = relief.soft > _PALE_LINES * paper
    return bool(pale.any() and relief.sharp[pale].mean() < _SOFT * relief.soft[pale].mean())


def _rows(wide: _Flags) -> float:
    """Share of the rows, or columns, that blurred ink is in: what shines through comes from few things, where it is deep."""
    margin = round(_MARGIN)
    inner = wide[margin:-margin, margin:-margin]
    return max(float(np.mean(inner.sum(axis=axis) >= 6)) for axis in (0, 1)) if inner.size else 0.0


def _strokes(dark: Pixels) -> _Flags:
    """Where dark pixels touch to more than a speck."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    kept = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) >= _STROKE
    kept[0] = False
    return np.asarray(kept[labels])


def _sides(stats: _Counts) -> tuple[_Counts, _Counts]:
    """Widths and heights of the marks, without the pixel that joining added on every side."""
    return stats[:, cv2.CC_STAT_WIDTH] - 2, stats[:, cv2.CC_STAT_HEIGHT] - 2


def _dust(stats: _Counts) -> _Flags:
    width, height = _sides(stats)
    return np.asarray(np.maximum(width, height) <= _DUST)


def _streak(stats: _Counts, columns: _Counts) -> _Flags:
    """What is left of thin upright lines: narrow pieces that have more of their kind above or below. A lone 1 is none."""
    width, height = _sides(stats)
    narrow = (width <= 5) & (height >= 3 * width)
    middle = stats[:, cv2.CC_STAT_LEFT] + stats[:, cv2.CC_STAT_WIDTH] // 2
    lengths = columns + np.bincount(middle, weights=np.where(narrow, height, 0), minlength=len(columns))[: len(columns)]
    return np.asarray(narrow & ((_around(lengths)[middle] >= _PIECE) | ((width <= 1) & (height >= _LONE_PIECE))))


def _thin(stats: _Counts) -> _Flags:
    width, height = _sides(stats)
    return np.asarray((width <= 2) & (height >= 3 * width))


def _on_streak(stats: _Counts, lines: tuple[Line, ...]) -> _Flags:
    """Thin upright pieces in the column of a streak, where it is stronger than elsewhere."""
    middle = stats[:, cv2.CC_STAT_LEFT] + stats[:, cv2.CC_STAT_WIDTH] / 2 - 0.5
    top, bottom = stats[:, cv2.CC_STAT_TOP], stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT]
    near = np.zeros(len(stats), dtype=np.bool_)
    for line in lines:
        if abs(line.drift) < _DRIFT:
            near |= (abs(middle - line.x) <= 2) & (top >= line.top - _REACH) & (bottom <= line.bottom + _REACH)
    return np.asarray(near & _thin(stats))


def _ruled(lines: tuple[Line, ...], shape: tuple[int, ...]) -> bool:
    """Whether there are rules among the lines: a streak neither slants, as a sheet does, nor ends where another one ends, twice."""
    height, width = shape
    inner = [line for line in lines if min(line.x, line.x + line.drift) > _BESIDE and max(line.x, line.x + line.drift) < width - _BESIDE]
    if any(line.bottom - line.top >= _LONG and abs(line.drift) >= _DRIFT and line.bent <= _BENT for line in inner):
        return True
    ended = [line for line in lines if line.top > _ENDS and line.bottom < height - _ENDS]
    return any(
        abs(one.top - other.top) <= _LEVEL and abs(one.bottom - other.bottom) <= _LEVEL and abs(one.x - other.x) >= _APART
        for one, other in combinations(ended, 2)
    )


def _marginal(stats: _Counts, shape: tuple[int, ...]) -> _Flags:
    """Small marks in the outermost margin, staples in a corner, strips along the edge: what lies beside a slanted sheet."""
    width, height = _sides(stats)
    x, y = stats[:, cv2.CC_STAT_LEFT] + 1 + width / 2, stats[:, cv2.CC_STAT_TOP] + 1 + height / 2
    outer = (x < _MARGIN) | (y < _MARGIN) | (x > shape[1] - _MARGIN) | (y > shape[0] - _MARGIN)
    small = outer & (width <= _SMALL) & (height <= _SMALL)
    gap_x, gap_y = np.minimum(x, shape[1] - x) - width / 2, np.minimum(y, shape[0] - y) - height / 2
    strip = (gap_x + width < np.where(width <= _THIN, _MARGIN, _EDGE)) | (gap_y + height < np.where(height <= _THIN, _MARGIN, _EDGE))
    corner = (gap_x + width < _CORNER) & (gap_y + height < _CORNER) & (np.maximum(width, height) <= _STAPLE)
    return np.asarray(small | strip | corner)


def _hole(stats: _Counts, labels: _Counts) -> _Flags:
    """Round marks of the size of a punch, near an edge: the hole or the ring of its shadow."""
    width, height = _sides(stats)
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    far_right, far_bottom = labels.shape[1] - left - width, labels.shape[0] - top - height
    near = np.minimum(np.minimum(left, top), np.minimum(far_right, far_bottom)) < _HOLE_REACH
    least, most = _HOLE_SIDE
    sized = (np.minimum(width, height) >= least) & (np.maximum(width, height) <= most) & (np.abs(width - height) <= 0.3 * width)
    found = np.asarray(near & sized)
    for index in np.nonzero(found)[0]:
        box = np.s_[top[index] : top[index] + height[index] + 2, left[index] : left[index] + width[index] + 2]
        outline = cv2.convexHull(cv2.findNonZero((labels[box] == index).astype(np.uint8)))
        _, radius = cv2.minEnclosingCircle(outline)
        found[index] = cv2.contourArea(outline) >= _ROUND * np.pi * radius**2
    return found


def _scribble(relief: _Relief, hidden: _Flags) -> bool:
    """Whether faint sharp pixels crowd somewhere: handwriting so thin that it falls apart."""
    faint = (relief.ink(_FAINT_LEAST, _FAINT_NOISES, _FAINTER) & ~hidden).astype(np.uint8)
    margin = min(round(_MARGIN), (min(faint.shape) - 1) // 2)  # of a scrap something is left, too
    height, width = faint.shape
    inner, columns = _without_streaks(np.ascontiguousarray(faint[margin : height - margin, margin : width - margin]))
    inner[:, _around(columns) > 0] = 0
    return any(cv2.boxFilter(inner, cv2.CV_16S, size, normalize=False).max() >= crowd for size, crowd in _SCRIBBLES)


def _pattern(relief: _Relief, hidden: _Flags, scale: float, pixels: Pixels) -> bool:
    """Whether a pale patch has a pattern too fine for the reduced image: the ridges of a thumb, the dots of a picture."""
    pale = (cv2.blur(relief.soft, (13, 13)) > _PATCH) & ~hidden
    _, marks, table, _ = cv2.connectedComponentsWithStats(pale.astype(np.uint8), connectivity=8)
    labels, stats = np.asarray(marks, dtype=np.int32), np.asarray(table, dtype=np.int32)
    large = np.minimum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) >= _PATCH_SIDE
    large &= ~_marginal(stats, pale.shape)
    large[0] = False
    order = [int(index) for index in np.argsort(-stats[:, cv2.CC_STAT_AREA]) if large[index]]
    return any(_patterned(labels, index, stats[index], scale, pixels) for index in order[:_PATCHES])


def _patterned(labels: _Counts, index: int, stats: _Counts, scale: float, pixels: Pixels) -> bool:
    """Whether the patch `index` of `labels` has more detail finer than 0.25 mm than the paper around it, and than what is coarser in it."""
    left, top = max(0, int(stats[cv2.CC_STAT_LEFT]) - 10), max(0, int(stats[cv2.CC_STAT_TOP]) - 10)
    right, bottom = (int(stats[n] + stats[n + 2]) + 10 for n in (cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP))
    part = pixels[round(top / scale) : round(bottom / scale), round(left / scale) : round(right / scale)]
    grey = part if part.ndim == 2 else part.min(axis=2)
    twice = min(1.0, 2 * scale)  # twice the reduced image, about 200 dpi
    crop = cv2.resize(grey, None, fx=twice, fy=twice, interpolation=cv2.INTER_AREA).astype(np.float32)
    shown = (labels[top:bottom, left:right] == index).astype(np.uint8)
    inside = cv2.resize(shown, crop.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
    fine, coarse = cv2.GaussianBlur(crop, (0, 0), 2.0), cv2.GaussianBlur(crop, (0, 0), 5.0)
    detail, relief = (crop - fine) ** 2, (fine - coarse) ** 2
    if inside.all() or not inside.any():
        return False
    of_patch, of_paper = float(np.median(detail[inside])), float(np.median(detail[~inside]))
    return of_patch > _PATTERN * of_paper + 2 and of_patch - of_paper > float(np.median(relief[inside]))

"""Blank or not, with the evidence: the share of the sheet that text-like ink covers.

A sheet is blank when nothing on it was put there by a person or a printer: shine-through of the other side, punch holes, dust,
streaks, dark edges, tinted paper and marks in the outermost margin are no content. A seal, a signature, a page number or a
pencil note is. It never removes anything; in doubt a page is not blank.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.model import Pixels

_MM = 100 / 25.4  # pixels of the reduced image a millimetre
_DEPTH = 26  # grey levels below the paper: shine-through stays above it, the faintest pencil goes below
_MARGIN = 8.9 * _MM  # from the edge of the sheet: small marks there come from the scanner or a neighbouring sheet
_EDGE = 5.6 * _MM  # from the edge of the picture: nothing is printed there; a sheet that lies slanted shows its own edge
_THIN = 2.3 * _MM  # the same as far as the margin goes, where it is no thicker than this
_SMALL = 4.5 * _MM  # side of a small mark
_DUST = 1.5 * _MM  # side of the largest speck
_HOLE_SIDE = (3.5 * _MM, 9 * _MM)
_HOLE_REACH = 22 * _MM  # how far from the edge holes are punched

_Flags = npt.NDArray[np.bool_]
_Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Blankness:
    """Whether a page is blank, and by what."""

    blank: bool
    ink: float  # share of the page area covered by what counts as content


def judge_blank(depth: Pixels) -> Blankness:
    """Judge a page by its ink: grey levels below the paper on an image of about 100 dpi, H×W, 0 is paper."""
    dark = (depth > _DEPTH).astype(np.uint8)
    joined = cv2.dilate(dark, np.ones((3, 3), np.uint8))  # strokes of one letter, letters of one word
    _, marks, table, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    labels, stats = np.asarray(marks, dtype=np.int64), np.asarray(table, dtype=np.int64)
    inked: _Counts = np.bincount(labels[dark > 0], minlength=len(stats))
    content = ~(_dust(stats, inked) | _streak(stats) | _marginal(stats, depth.shape) | _hole(stats, labels, inked))
    content[0] = False
    share = float(inked[content].sum()) / depth.size
    return Blankness(not content.any(), share)


def _sides(stats: _Counts) -> tuple[_Counts, _Counts]:
    """Widths and heights of the marks, without the pixel that joining added on every side."""
    return stats[:, cv2.CC_STAT_WIDTH] - 2, stats[:, cv2.CC_STAT_HEIGHT] - 2


def _dust(stats: _Counts, inked: _Counts) -> _Flags:
    width, height = _sides(stats)
    return np.asarray((np.maximum(width, height) <= _DUST) | (inked < 12))


def _streak(stats: _Counts) -> _Flags:
    """Thin straight lines down the page, as dirt on the glass of a feeder draws them."""
    width, height = _sides(stats)
    return np.asarray((width <= 4) & (height >= 6 * width))


def _marginal(stats: _Counts, shape: tuple[int, ...]) -> _Flags:
    """Small marks whose middle lies in the outermost margin, and strips along the edge: what lies beside a slanted sheet."""
    width, height = _sides(stats)
    x, y = stats[:, cv2.CC_STAT_LEFT] + 1 + width / 2, stats[:, cv2.CC_STAT_TOP] + 1 + height / 2
    outer = (x < _MARGIN) | (y < _MARGIN) | (x > shape[1] - _MARGIN) | (y > shape[0] - _MARGIN)
    small = outer & (width <= _SMALL) & (height <= _SMALL)
    gap_x, gap_y = np.minimum(x, shape[1] - x) - width / 2, np.minimum(y, shape[0] - y) - height / 2
    strip = (gap_x + width < np.where(width <= _THIN, _MARGIN, _EDGE)) | (gap_y + height < np.where(height <= _THIN, _MARGIN, _EDGE))
    return np.asarray(small | strip)


def _hole(stats: _Counts, labels: _Counts, inked: _Counts) -> _Flags:
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
        found[index] = cv2.contourArea(outline) >= 0.82 * np.pi * radius**2
    return found

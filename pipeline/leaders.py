"""Dotted lines of forms taken out of the picture that the engine reads: it reads them as letters, and the words on them worse.

A leader is told by its dots alone: spots smaller than any letter, so many of them side by side, at one height and with nothing of the
kind above or below, as no print but a leader has them. Dots of i, stops and marks stand singly or a few, and stay. The picture people
get is not touched. Rules are left alone: the engine tells the columns of a table by them and reads worse without.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.model import Pixels

_DARK = 150  # grey level below which a dot is ink; paler ones the engine does not mistake for letters
_LARGEST = 0.65  # mm, of a dot each way
_WINDOW = 12.0  # mm along a line in which dots are counted
_MANY = 7  # dots in such a window, which only a leader has
_SOME = 3  # the same where text stands on a leader that goes on beside it
_FEWEST = 40  # dots on a page: of fewer, the rest was too pale to be seen, and half a leader is read worse than a whole one
_SPECKS = 1200  # single dark pixels on a page: more of them are noise and no dots
_CLEAR = 1.2  # mm above and below a leader that are looked at
_CLEARLY = 3.0  # times as many dots in the line as in the lines above and below
_LARGER = 1.8  # times the usual area of a leader's dots: the dot below a vowel is larger
_FOLDED = 4  # columns counted as one, for speed

_Integers = npt.NDArray[np.int32]
_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Dots:
    """Small spots: which, where, how large."""

    labels: _Integers  # numbers of the spots among all
    x: npt.NDArray[np.intp]
    y: npt.NDArray[np.intp]
    area: _Integers


def without_leaders(even: Pixels, dpi: float) -> Pixels:
    """The same upright, level page (H×W, white paper, dark ink) with white where leaders were; the very image where there are none."""
    dark = (even < _DARK).astype(np.uint8)
    count, labels, stats, centres = cv2.connectedComponentsWithStats(dark, connectivity=8)
    dots = _dots(np.asarray(stats, np.int32), np.asarray(centres, np.float64), _LARGEST * dpi / 25.4)
    if len(dots.labels) < _MANY:
        return even
    chosen = np.zeros(count, np.uint8)
    chosen[dots.labels[_in_leaders(dots, even.shape[0], even.shape[1], dpi / 25.4)]] = 1
    if np.count_nonzero(chosen) < _FEWEST:
        return even
    taken = chosen[labels]
    beside = cv2.dilate(cv2.subtract(dark, taken), np.ones((3, 3), np.uint8))
    fringed = cv2.dilate(taken, np.ones((5, 5), np.uint8))
    cleared = even.copy()
    cleared[(fringed > 0) & (beside == 0)] = 255
    return cleared


def _dots(stats: _Integers, centres: npt.NDArray[np.float64], largest: float) -> _Dots:
    width, height, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    noisy = np.count_nonzero(area == 1) > _SPECKS
    small = (width <= largest) & (height <= largest) & (area >= (2 if noisy else 1))
    small[0] = False
    labels = np.flatnonzero(small).astype(np.int32)
    at = np.rint(centres[labels]).astype(np.intp)
    return _Dots(labels, at[:, 0], at[:, 1], area[labels])


def _in_leaders(dots: _Dots, height: int, width: int, mm: float) -> _Flags:
    """Which dots are a leader's, one flag each."""
    x, y = dots.x // _FOLDED, dots.y
    spots = np.zeros((height, width // _FOLDED + 1), np.float32)
    np.add.at(spots, (y, x), 1)
    along, tall = 2 * round(_WINDOW * mm / 2 / _FOLDED) + 1, 2 * round(_CLEAR * mm) + 1
    here = cv2.boxFilter(spots, -1, (along, 3), normalize=False, borderType=cv2.BORDER_CONSTANT)
    near = cv2.boxFilter(spots, -1, (along, tall), normalize=False, borderType=cv2.BORDER_CONSTANT)
    excess = here - _CLEARLY * (near - here) / (tall / 3 - 1)
    sure = excess >= _MANY
    count, parts = cv2.connectedComponents((excess >= _SOME).astype(np.uint8), connectivity=8)
    leads = np.zeros(count, np.bool_)
    leads[np.unique(parts[sure])] = True
    inside = leads[parts[y, x]]
    certain = inside & sure[y, x]
    if not certain.any():
        return np.zeros(len(dots.labels), np.bool_)
    usual = max(4.0, float(np.median(dots.area[certain])))
    return np.asarray(inside & (dots.area <= _LARGER * usual), dtype=np.bool_)
